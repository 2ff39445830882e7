"""Colour, size, pattern and material words for nouns that have none, read from the picture.

XMAI (Ramshetty et al., ACL 2023) puts attributes before nouns; here they must be *true and telling* instead of
confusing, so the sign of the image term is the other way round. First short probes ("a red ball") are compared
with the image and its crops, since a whole-image similarity does not bind attributes to things; they recur over
captions, so that encoding them is nearly free. Then only the likeliest words are tried in the whole caption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from curation.records import Suggestion
from curation.retrieval.blocks import FloatArray, IndexArray
from curation.suggesters import Asking, CaptionContext, suggester
from curation.suggesters.edits import Insertion, apply, modifier_place
from curation.text.analysis import Noun
from curation.text.articles import article_for
from curation.text.lexicon import lexicon
from curation.text.worddiff import inserted_spans

SOURCE = "attribute_words"
_ATTESTED_ONLY = frozenset({"material"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A noun and a kind of attribute it has none of, with the words that could stand there."""

    noun: Noun
    name: str
    kind: str
    words: tuple[str, ...]

    def probes(self) -> list[str]:
        """Return one short phrase per word, and one without any: "a red ball" ... "a ball"; or "red balls"."""
        heads = [*(f"{word} {self.name}" for word in self.words), self.name]
        return heads if self.noun.plural else [f"{article_for(head)} {head}" for head in heads]

    def edit(self, context: CaptionContext, word: str) -> str:
        """Return the caption with ``word`` put before the noun."""
        return apply(context.text, [Insertion(modifier_place(self.noun, self.kind), word)])


@dataclass(frozen=True, slots=True)
class Contest:
    """The words of one slot: logits (w,), the crop each fits best (w,) or None, and the best words first (b,).

    ``unsaid`` is the logit of the bare noun. It competes, so that among words none of which is true (a cup is
    neither of brick nor of leather) the least wrong one does not look probable.
    """

    slot: Slot
    unsaid: float
    logits: FloatArray
    crops: IndexArray | None
    best: IndexArray

    @property
    def finalists(self) -> list[str]:
        return [self.slot.words[w] for w in self.best]

    def chances(self, gains: FloatArray) -> FloatArray:
        """Return the probability of each finalist (b,), given what the whole caption gains by it, as logits (b,).

        The finalists share what the probes left them among all words of the slot and none, so that a slot where
        nothing stands out stays low.
        """
        highest = max(self.logits.max(), self.unsaid)
        every = np.exp(self.logits - highest)
        left = every[self.best].sum() / (every.sum() + np.exp(self.unsaid - highest))
        final = self.logits[self.best] + gains
        among = np.exp(final - final.max())
        return np.asarray(left * among / among.sum(), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Judge:
    """One image beside its rivals (r, d), and its crops (c, d): what words are compared with."""

    own: FloatArray
    rivals: FloatArray | None
    crops: FloatArray | None
    rivals_weight: float
    temperature: float

    def contest(self, slot: Slot, probes: FloatArray, keep: int) -> Contest:
        """Compare the words of a slot by their probes (w + 1, d): in the best crop, or in the whole picture.

        How large a thing is shows only in the whole picture.
        """
        if self.crops is None or not len(self.crops) or slot.kind == "size":
            logits, best_crop = self.contrast(probes), None
        else:
            by_crop = probes @ self.crops.T
            logits, best_crop = by_crop.max(axis=1) / self.temperature, by_crop.argmax(axis=1)
        words = logits[:-1]
        return Contest(slot, float(logits[-1]), words, best_crop, np.argsort(-words, kind="stable")[:keep])

    def contrast(self, texts: FloatArray) -> FloatArray:
        """Return logits (m,): similarity with the own image minus a share of the rivals' mean."""
        score = texts @ self.own
        if self.rivals is not None and len(self.rivals):
            score = score - self.rivals_weight * (texts @ self.rivals.T).mean(axis=1)
        return np.asarray(score / self.temperature, dtype=np.float32)


@suggester(SOURCE, title="Attribute words seen in the picture", needs="vectors", preference=1)
def attribute_words(
    context: CaptionContext,
    *,
    keep: int = 3,
    threshold: float = 0.5,
    listed: float = 0.1,
    softening: float = 2.0,
    rivals_weight: float = 0.5,
    caption_weight: float = 0.5,
) -> Asking:
    """Try attribute words before bare nouns and keep those that fit this image better than its rivals."""
    slots = list(_slots(context))
    if not slots or context.own is None:
        return []
    probes = [slot.probes() for slot in slots]
    vectors = yield [probe for group in probes for probe in group]
    parts = np.split(vectors, np.cumsum([len(group) for group in probes])[:-1])
    judge = Judge(context.own, context.rivals, context.crops, rivals_weight, softening * context.temperature)
    contests = [judge.contest(slot, part, keep) for slot, part in zip(slots, parts, strict=True)]
    edits = [[contest.slot.edit(context, word) for word in contest.finalists] for contest in contests]
    vectors = yield [context.text, *(edit for group in edits for edit in group)]
    gains = judge.contrast(vectors[1:]) - judge.contrast(vectors[:1])
    found = []
    for contest, gain in zip(contests, np.split(gains, np.cumsum([len(g) for g in edits])[:-1]), strict=True):
        chances = contest.chances(caption_weight * gain)
        for place in np.argsort(-chances, kind="stable"):
            suggestion = _suggestion(context, contest, int(place), float(chances[place]))
            if chances[place] >= listed:
                found.append(replace(suggestion, kind="attribute"))
            if chances[place] >= threshold and gain[place] > 0:
                found.append(suggestion)
    return found


def _slots(context: CaptionContext) -> Iterator[Slot]:
    words, known = lexicon(), context.known_words
    for noun in context.analysis.nouns:
        for kind in noun.missing if noun.carries else ():
            fitting = [word for word in words.insertable.get(kind, ()) if known is None or word in known]
            if kind in _ATTESTED_ONLY:
                fitting = [word for word in fitting if f"{word} {noun.lemma}" in context.known_pairs]
            if fitting:
                yield Slot(noun, context.analysis.name(noun).lower(), kind, tuple(fitting))


def _suggestion(context: CaptionContext, contest: Contest, place: int, chance: float) -> Suggestion:
    slot, word = contest.slot, contest.finalists[place]
    text = slot.edit(context, word)
    evidence: dict[str, Any] = {
        "slot": slot.name,
        "slot_span": [slot.noun.name_start, slot.noun.end],
        "type": slot.kind,
        "word": word,
        "probability": round(chance, 4),
    }
    if contest.crops is not None:
        evidence["crop"] = int(contest.crops[contest.best[place]])
    return Suggestion(text, SOURCE, "rewrite", inserted_spans(context.text, text), evidence)
