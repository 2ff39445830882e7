"""BERT and its kin behind the contract of a masked language model, by transformers."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from curation.language import LIKELIEST, Filling, Gap
from curation.language.places import check, folder_of, is_here
from curation.records import RegrainError

if TYPE_CHECKING:
    from torch import Tensor

BATCH: Final = 32
"""Sequences per pass; of each the whole vocabulary is held for every token."""

_WORD = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*")
_SPACES = ("Ġ", "▁")
"""How tokenisers that know blanks mark a token that begins a word; WordPiece marks those that do not."""


@dataclass(frozen=True, slots=True)
class _Masked:
    """Tokens with masks among them; ``place`` is the mask that is looked at."""

    ids: tuple[int, ...]
    place: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a model says of one mask: log-probabilities of the tokens asked for, and the likeliest whole words."""

    of: dict[int, float]
    likeliest: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class BertModel:
    """A model of transformers with its tokeniser, in evaluation mode on one device."""

    name: str
    device: str
    model: Any
    tokenizer: Any

    def fill(self, gaps: Sequence[Gap]) -> list[Filling]:
        """Return one filling per gap; see ``MaskedModel.fill``.

        A word of several pieces is read from left to right: each piece has the earlier ones before it and masks for
        the later ones, so that the first does not give away the rest (Kauf & Ivanova, ACL 2023).
        """
        first = [self._masked(gap, (), 1) for gap in gaps]
        steps = [[list(self._steps(gap, word)) for word in gap.words] for gap in gaps]
        wanted: defaultdict[_Masked, set[int]] = defaultdict(set)
        for masked in first:
            wanted[masked] |= set()
        for masked, piece in (one for words in steps for word in words for one in word):
            wanted[masked].add(piece)
        seen = self._seen(wanted)
        return [
            Filling(seen[masked].likeliest, tuple(_chance(seen, word) for word in words))
            for masked, words in zip(first, steps, strict=True)
        ]

    def _steps(self, gap: Gap, word: str) -> Iterator[tuple[_Masked, int]]:
        """Yield each piece of a word with what it is read from; nothing for a word that the model cannot write."""
        pieces = self._ids(f" {word}")
        if self.tokenizer.unk_token_id in pieces:
            return
        for n, piece in enumerate(pieces):
            yield self._masked(gap, tuple(pieces[:n]), len(pieces) - n), piece

    def _masked(self, gap: Gap, before: tuple[int, ...], masks: int) -> _Masked:
        """Return a gap's text as tokens with the model's own marks, cut around the gap where it is too long."""
        start, end = self._marks
        inside = (*([self.tokenizer.mask_token_id] * gap.article), *before, *([self.tokenizer.mask_token_id] * masks))
        left, right = self._ids(gap.left.rstrip()), self._ids(gap.right)
        room = max(0, self._longest - len(start) - len(inside) - len(end))
        most = max(room // 2, room - len(right))
        left = left[len(left) - min(len(left), most) :]
        right = right[: room - len(left)]
        ids = (*start, *left, *inside, *right, *end)
        return _Masked(ids, len(start) + len(left) + len(inside) - masks)

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False)) if text.strip() else []

    def _seen(self, wanted: dict[_Masked, set[int]]) -> dict[_Masked, _Seen]:
        """Look at every mask once, those of like length together."""
        found: dict[_Masked, _Seen] = {}
        ordered = sorted(wanted, key=lambda one: len(one.ids))
        for batch in (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)):
            for masked, logs in zip(batch, self._log_probabilities(batch), strict=True):
                found[masked] = _Seen({piece: float(logs[piece]) for piece in wanted[masked]}, self._likeliest(logs))
        return found

    def _log_probabilities(self, batch: Sequence[_Masked]) -> Tensor:
        """Return the log-probability of every token (n, v) at the place of each mask."""
        import torch

        longest = max(len(one.ids) for one in batch)
        ids = torch.full((len(batch), longest), self.tokenizer.pad_token_id or 0)
        attention = torch.zeros((len(batch), longest), dtype=torch.long)
        for row, one in enumerate(batch):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
            attention[row, : len(one.ids)] = 1
        with torch.inference_mode():
            logits = self.model(input_ids=ids.to(self.device), attention_mask=attention.to(self.device)).logits
            rows = logits[torch.arange(len(batch)), torch.tensor([one.place for one in batch])].float()
            return torch.log_softmax(rows, dim=-1).cpu()

    def _likeliest(self, logs: Tensor) -> tuple[tuple[str, float], ...]:
        ids, words = self._whole_words
        best = logs[ids].topk(min(LIKELIEST, len(words)))
        told: dict[str, float] = {}
        for log, place in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            told[words[place]] = told.get(words[place], 0.0) + math.exp(log)  # "Red" and "red" are one word
        return tuple(sorted(told.items(), key=lambda one: -one[1]))

    @cached_property
    def _whole_words(self) -> tuple[Tensor, list[str]]:
        """Return the tokens that are whole words, and these words in lower case."""
        import torch

        tokens = self.tokenizer.convert_ids_to_tokens(list(range(len(self.tokenizer))))
        blanks = any(token.startswith(_SPACES) for token in tokens)
        special = set(self.tokenizer.all_special_ids)
        found = [
            (n, word.lower())
            for n, token in enumerate(tokens)
            if n not in special and (word := _whole(token, blanks)) and _WORD.fullmatch(word)
        ]
        return torch.tensor([n for n, _ in found], dtype=torch.long), [word for _, word in found]

    @cached_property
    def _marks(self) -> tuple[list[int], list[int]]:
        """Return the tokens that the model wants before and behind a text, such as [CLS] and [SEP]."""
        whole, plain = self.tokenizer.encode("a"), self.tokenizer.encode("a", add_special_tokens=False)
        at = next(n for n in range(len(whole)) if whole[n : n + len(plain)] == plain)
        return whole[:at], whole[at + len(plain) :]

    @cached_property
    def _longest(self) -> int:
        positions = int(getattr(self.model.config, "max_position_embeddings", 512))
        return min(positions - 2, int(self.tokenizer.model_max_length))  # some count positions from 2


def load(name: str, device: str = "cpu") -> BertModel:
    """Load a model; see ``load_masked_model``."""
    check(name)
    folder = folder_of(name)
    here = folder is not None or is_here(name)
    from safetensors import SafetensorError
    from transformers import AutoModelForMaskedLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call,unused-ignore]
    source = str(folder or name)
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=here)
        model, facts = AutoModelForMaskedLM.from_pretrained(source, local_files_only=here, output_loading_info=True)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, SafetensorError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise RegrainError(
            f"the masked language model {name} could not be loaded: {reason}. Name a folder that transformers' "
            "save_pretrained wrote, with its tokeniser, or a masked language model of the hub"
        ) from error
    if tokenizer.mask_token_id is None:
        raise RegrainError(f"{name} has no token for a mask: it is no masked language model")
    if facts["missing_keys"]:
        missing = ", ".join(sorted(facts["missing_keys"])[:3])
        raise RegrainError(f"{name} lacks weights of a masked language model ({missing}): choose a whole one")
    return BertModel(name, device, model.to(device).eval(), tokenizer)


def _whole(token: str, blanks: bool) -> str:
    """Return the word that a token is by itself, empty where it is the middle of one."""
    if blanks:
        return token[1:] if token.startswith(_SPACES) else ""
    return "" if token.startswith("##") else token


def _chance(seen: dict[_Masked, _Seen], word: list[tuple[_Masked, int]]) -> float:
    return math.exp(sum(seen[masked].of[piece] for masked, piece in word)) if word else 0.0
