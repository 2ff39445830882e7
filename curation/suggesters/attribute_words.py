"""Colour, size, pattern and material words for nouns that have none, read from the picture.

XMAI (Ramshetty et al., ACL 2023) puts attributes before nouns; here they must be *true and telling* instead of
confusing, so the sign of the image term is the other way round. First short probes ("a red ball") are compared
with the image and its crops, since a whole-image similarity does not bind attributes to things; they recur over
captions, so that encoding them is nearly free. Then only the likeliest words are tried in the whole caption.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Slot:
    """A noun and a kind of attribute it has none of, with the words that could stand there."""

    noun: Noun
    name: str
    kind: str
    words: tuple[str, ...]

    def probes(self) -> list[str]:
        """Return one short phrase per word: "a red ball", or "red balls"."""
        heads = [f"{word} {self.name}" for word in self.words]
        return heads if self.noun.plural else [f"{article_for(head)} {head}" for head in heads]

    def edit(self, context: CaptionContext, word: str) -> str:
        """Return the caption with ``word`` put before the noun."""
        return apply(context.text, [Insertion(modifier_place(self.noun, self.kind), word)])


@dataclass(frozen=True, slots=True)
class Contest:
    """The words of one slot with their agreement (w,) by probe, and the best of them, best first."""

    slot: Slot
    agreement: FloatArray
    best: IndexArray

    def chances(self, gains: FloatArray) -> FloatArray:
        """Return the probability of each of the best words.

        ``gains`` (b,) is what the whole caption adds to them, in the unit of ``agreement``. The best share what
        the probes left them among all words of the slot, so that a slot where nothing stands out stays low.
        """
        every = np.exp(self.agreement - self.agreement.max())
        among_best = np.exp(self.agreement[self.best] + gains - (self.agreement[self.best] + gains).max())
        left = every[self.best].sum() / every.sum()
        return np.asarray(left * among_best / among_best.sum(), dtype=np.float32)


@suggester(SOURCE, title="Attribute words seen in the picture", needs="vectors", preference=1)
def attribute_words(
    context: CaptionContext,
    *,
    keep: int = 3,
    threshold: float = 0.5,
    listed: float = 0.1,
    temperature: float = 0.02,
    rivals_weight: float = 0.5,
) -> Asking:
    """Try attribute words before bare nouns and keep those that fit this image better than its rivals."""
    slots = list(_slots(context))
    if not slots or context.own is None:
        return []
    vectors = yield [probe for slot in slots for probe in slot.probes()]
    agreement = _agreement(vectors, context, context.own, rivals_weight) / temperature
    cuts = np.cumsum([len(slot.words) for slot in slots])[:-1]
    contests = [
        Contest(slot, part, np.argsort(-part, kind="stable")[:keep])
        for slot, part in zip(slots, np.split(agreement, cuts), strict=True)
    ]
    edits = [contest.slot.edit(context, contest.slot.words[w]) for contest in contests for w in contest.best]
    vectors = yield [context.text, *edits]
    contrast = _contrast(vectors, context.own, context.rivals, rivals_weight)
    gains = np.split(contrast[1:] - contrast[0], np.cumsum([len(contest.best) for contest in contests])[:-1])
    return [
        suggestion
        for contest, gain in zip(contests, gains, strict=True)
        for word, p in _winners(contest, gain, temperature)
        for suggestion in _suggestions(context, contest.slot, word, p, listed=listed, threshold=threshold)
    ]


def _slots(context: CaptionContext) -> Iterator[Slot]:
    words, known = lexicon(), context.known_words
    for noun in context.analysis.nouns:
        for kind in noun.missing if noun.carries else ():
            fitting = tuple(w for w in words.insertable.get(kind, ()) if known is None or w in known)
            if len(fitting) > 1:
                yield Slot(noun, context.analysis.name(noun).lower(), kind, fitting)


def _agreement(probes: FloatArray, context: CaptionContext, own: FloatArray, rivals_weight: float) -> FloatArray:
    """Return how well short phrases (m, d) fit the image (m,): contrast of the whole plus the best crop."""
    whole = _contrast(probes, own, context.rivals, rivals_weight)
    if context.crops is None or not len(context.crops):
        return whole
    return np.asarray(whole + (probes @ context.crops.T).max(axis=1), dtype=np.float32)


def _contrast(texts: FloatArray, own: FloatArray, rivals: FloatArray | None, rivals_weight: float) -> FloatArray:
    """Return the cosine with the own image minus a share of the rivals' mean (m,): a word fits *this* image."""
    score = texts @ own
    if rivals is None or not len(rivals):
        return np.asarray(score, dtype=np.float32)
    return np.asarray(score - rivals_weight * (texts @ rivals.T).mean(axis=1), dtype=np.float32)


def _winners(contest: Contest, gains: FloatArray, temperature: float) -> Iterator[tuple[str, float]]:
    """Yield the words that the whole caption gains by, with their probability, likeliest first."""
    chances = contest.chances(gains / temperature)
    for place in np.argsort(-chances, kind="stable"):
        if gains[place] > 0:
            yield contest.slot.words[contest.best[place]], float(chances[place])


def _suggestions(
    context: CaptionContext, slot: Slot, word: str, p: float, *, listed: float, threshold: float
) -> Iterator[Suggestion]:
    """Yield the insertion for the attributes screen, and for the rewrites screen where it is likely enough."""
    text = slot.edit(context, word)
    spans = inserted_spans(context.text, text)
    evidence = {
        "slot": slot.name,
        "slot_span": [slot.noun.name_start, slot.noun.end],
        "type": slot.kind,
        "word": word,
        "probability": round(p, 4),
    }
    if p >= listed:
        yield Suggestion(text, SOURCE, "attribute", spans, evidence)
    if p >= threshold:
        yield Suggestion(text, SOURCE, "rewrite", spans, dict(evidence))
