"""Words that compete for a slot: how well the picture, its crops, the corpus and detections speak for each.

XMAI (Ramshetty et al., ACL 2023) scales each of its terms over its three candidates, so that only their order
counts and the best of three bad ones looks good. Here every term keeps its scale, and saying nothing competes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from curation.retrieval.blocks import FloatArray, IndexArray
from curation.suggesters.fluency import usual_words
from curation.suggesters.requests import Asks, vectors_of
from curation.suggesters.slots import Slot, open_slots

if TYPE_CHECKING:
    from curation.suggesters import CaptionContext

WHOLE_PICTURE_ONLY = frozenset({"size"})
"""How large a thing is shows only beside the others."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term counts: ``fluency`` and ``evidence`` beside the picture, whose own weight is ``image``.

    ``softening`` multiplies the encoder's temperature, ``rivals`` is the share of the rivals' mean similarity that
    is taken off, ``caption`` the weight of what the whole caption gains.
    """

    fluency: float = 0.2
    evidence: float = 2.0
    image: float = 1.0
    softening: float = 2.0
    rivals: float = 1.0
    caption: float = 0.25


@dataclass(frozen=True, slots=True)
class Contest:
    """The words of one slot: logits (w,), and the best words first (b,).

    ``unsaid`` is the logit of the bare noun. It competes, so that among words none of which is true (a cup is
    neither of brick nor of leather) the least wrong one does not look probable. ``usual`` (w,) is the probability
    of each word before this noun by the corpus or a language model.
    """

    slot: Slot
    unsaid: float
    logits: FloatArray
    usual: FloatArray
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
    """One image (d,) beside its rivals (r, d), and its crops (c, d): what words are compared with."""

    context: CaptionContext
    weights: Weights

    @property
    def temperature(self) -> float:
        return self.weights.softening * self.context.temperature

    def contest(self, slot: Slot, usual: FloatArray, probes: FloatArray, keep: int) -> Contest:
        """Compare the words of a slot by their probes (w + 1, d): in the best crop, or in the whole picture."""
        crops = self.context.crops
        if crops is None or not len(crops) or slot.kind in WHOLE_PICTURE_ONLY:
            seen = self.contrast(probes)
        else:
            seen = (probes @ crops.T).max(axis=1) / self.temperature
        detected = np.array([word in slot.detected for word in slot.words])
        said = self.weights.fluency * np.log(usual * len(usual)) + self.weights.evidence * detected
        logits = np.asarray(self.weights.image * seen[:-1] + said, dtype=np.float32)
        best = np.argsort(-logits, kind="stable")[:keep]
        return Contest(slot, float(self.weights.image * seen[-1]), logits, usual, best)

    def contrast(self, texts: FloatArray) -> FloatArray:
        """Return logits (m,): similarity with the own image minus a share of the rivals' mean."""
        assert self.context.own is not None
        score = texts @ self.context.own
        rivals = self.context.rivals
        if rivals is not None and len(rivals):
            score = score - self.weights.rivals * (texts @ rivals.T).mean(axis=1)
        return np.asarray(score / self.temperature, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Finalist:
    """One word of a contest in the whole caption: its text, probability, and what it does to the caption's logits.

    ``lead`` is its probability against the likeliest other word alone, in [0, 1]: whether a word is the right one
    shows better in that than in its share among two words (sizes) or eleven (colours). ``gain`` is against the
    rivals, high = telling; ``agreement`` (before, after) is the cosine with the own image.
    """

    contest: Contest
    place: int
    text: str
    chance: float
    lead: float
    gain: float
    agreement: tuple[float, float]

    @property
    def word(self) -> str:
        return self.contest.finalists[self.place]

    @property
    def usual(self) -> float:
        return float(self.contest.usual[self.contest.best[self.place]])

    def evidence(self) -> dict[str, Any]:
        """Return what a person is told."""
        slot = self.contest.slot
        at, words, skip = slot.insertion(self.word)
        found: dict[str, Any] = {
            "slot": slot.name,
            "slot_span": [slot.noun.name_start, slot.noun.end],
            "type": slot.kind,
            "word": self.word,
            "probability": round(self.chance, 4),
            "lead": round(self.lead, 4),
            "insertions": [[at, words, skip]],
        }
        if self.word in slot.detected:
            found["detected"] = True
        return found


def finalists(context: CaptionContext, weights: Weights, keep: int) -> Asks[list[list[Finalist]]]:
    """Return for each open slot its likeliest words, the likeliest first."""
    slots = list(open_slots(context)) if context.own is not None else []
    usual = yield from usual_words(context, slots)
    return (yield from contested(context, slots, usual, weights, keep))


def contested(
    context: CaptionContext, slots: Sequence[Slot], usual: Sequence[FloatArray], weights: Weights, keep: int
) -> Asks[list[list[Finalist]]]:
    """Return for each slot its likeliest words by picture, detections and how ``usual`` each word (w,) is there."""
    if not slots or context.own is None:
        return []
    probes = [slot.probes() for slot in slots]
    vectors = yield from vectors_of([probe for group in probes for probe in group])
    judge = Judge(context, weights)
    contests = [
        judge.contest(slot, chances, rows, keep)
        for slot, chances, rows in zip(slots, usual, _split(vectors, probes), strict=True)
    ]
    edits = [[contest.slot.edit(context.text, word) for word in contest.finalists] for contest in contests]
    vectors = yield from vectors_of([context.text, *(edit for group in edits for edit in group)])
    gains = judge.contrast(vectors[1:]) - judge.contrast(vectors[:1])
    agreement = vectors @ context.own
    return [
        _ordered(contest, texts, weights.caption, gain, float(agreement[0]), after)
        for contest, texts, gain, after in zip(
            contests, edits, _split(gains, edits), _split(agreement[1:], edits), strict=True
        )
    ]


def _ordered(
    contest: Contest, texts: list[str], share: float, gain: FloatArray, before: float, after: FloatArray
) -> list[Finalist]:
    chances = contest.chances(share * gain)
    found = [
        Finalist(contest, n, text, float(chances[n]), _lead(chances, n), float(gain[n]), (before, float(after[n])))
        for n, text in enumerate(texts)
    ]
    return sorted(found, key=lambda one: -one.chance)


def _lead(chances: FloatArray, place: int) -> float:
    """Return the share of one word beside the likeliest other one; 1 where there is no other."""
    others = np.delete(chances, place)
    return float(chances[place] / (chances[place] + others.max(initial=0.0)))


def _split(rows: FloatArray, groups: Sequence[Sequence[str]]) -> list[FloatArray]:
    return np.split(rows, np.cumsum([len(group) for group in groups])[:-1])
