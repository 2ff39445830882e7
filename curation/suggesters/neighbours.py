"""Details that captions of similar images tell, kept only where this image bears them out better than its rivals do.

What is true of a similar picture is often true of this one, and said in words that people use; but it is no more than a
guess, so that the picture decides: it must gain by the detail, and clearly more than its rivals gain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

import numpy as np

from curation.records import Suggestion
from curation.retrieval.blocks import FloatArray
from curation.suggesters import Asking, CaptionContext, suggester
from curation.suggesters.consistency import Consistency
from curation.suggesters.contests import Weights, contested
from curation.suggesters.detail import PHRASES, Detail
from curation.suggesters.details import details
from curation.suggesters.edits import apply, words_put_in
from curation.suggesters.fluency import usual_words
from curation.suggesters.requests import Asks
from curation.suggesters.slots import Slot, open_slots
from curation.text.worddiff import inserted_spans

SOURCE: Final = "neighbours"

MOST_TRIED = 12
"""So many details are compared with the picture, those that most neighbours tell."""

COMPETING: Final = 2
"""Words of a type that go into the last round: an attribute that is not among them is another thing's."""

Told = dict[Detail, set[str]]
"""Each detail with the ids of the captions that tell it."""


@suggester(SOURCE, title="Captions of similar images", needs="vectors", preference=3)
def neighbours(
    context: CaptionContext, *, keep: int = 3, gain: float = 2.0, max_words: int = 6, sure: float = 0.5
) -> Asking:
    """Move in what captions of similar images tell of such things, where the picture agrees more than its rivals do.

    ``gain`` is by how much more its own logit must rise than the mean of the rivals', in the encoder's temperature.
    Of several details of one type for one noun only the best is kept. A single attribute must also have a lead of
    ``sure`` over the other words of its type in the crop where it fits best: 0.5 is the first place.
    """
    told = _told(context, max_words)
    own, rivals = context.own, context.rivals
    if not told or own is None or rivals is None or not len(rivals):
        return []
    tried, texts = list(told), [apply(context.text, [detail.insertion]) for detail in told]
    vectors = yield [context.text, *texts]
    rise, theirs = _rises(vectors, own, rivals, context.temperature)
    lead = rise - theirs.mean(axis=1)
    able = [n for n in np.argsort(-lead, kind="stable").tolist() if rise[n] > 0 and lead[n] >= gain]
    leads = yield from _leads(context, [tried[n] for n in able])
    able = [n for n in able if leads.get(tried[n], 1.0) >= sure]
    kept = list(_best_of_each(tried, able))[:keep]
    return [_suggestion(context, tried[n], texts[n], told[tried[n]], float(lead[n])) for n in kept]


def _told(context: CaptionContext, max_words: int) -> Told:
    """Return what may be put in and no gate keeps back, with the captions that tell it: what most of them tell."""
    target, agreed = context.analysis, context.agreed
    told: defaultdict[Detail, set[str]] = defaultdict(set)
    for neighbour in context.neighbours:
        for detail in details(target, neighbour.analysis, agreed):
            if 0 < detail.words <= max_words and detail.kind != "number":
                told[detail].add(neighbour.caption_id)
    likeliest = sorted(told, key=lambda one: (-len(told[one]), one.insertion.at, one.insertion.words))
    return {detail: told[detail] for detail in islice(_shown(context, likeliest, agreed, max_words), MOST_TRIED)}


def _shown(context: CaptionContext, likeliest: list[Detail], agreed: Consistency, max_words: int) -> Iterator[Detail]:
    """Yield those details that no gate keeps back, as long as somebody asks: gates cost more than all else here."""
    text = context.text
    for detail in likeliest:
        new = apply(text, [detail.insertion])
        if words_put_in(text, new) <= max_words and context.gates.reason_to_drop(text, new, agreed) is None:
            yield detail


def _rises(
    vectors: FloatArray, own: FloatArray, rivals: FloatArray, temperature: float
) -> tuple[FloatArray, FloatArray]:
    """Return by how much the logits of the own image (m,) and of its rivals (m, r) rise with each of m edits."""
    steps = np.asarray((vectors[1:] - vectors[:1]) / temperature, dtype=np.float32)
    return steps @ own, steps @ rivals.T


def _leads(context: CaptionContext, tried: list[Detail]) -> Asks[dict[Detail, float]]:
    """Return for each single attribute its lead over the other words of its type, in [0, 1]; 0 where it is not first.

    The whole picture says that something in it is red, not that the ball is: that takes crops, and words to compete.
    """
    opened = {(slot.noun, slot.kind): slot for slot in open_slots(context) if not slot.behind}
    told: dict[Detail, Slot] = {}
    for detail in tried:
        slot = opened.get((context.analysis.nouns[detail.noun], detail.kind))
        if slot is not None:
            told[detail] = replace(slot, words=tuple(dict.fromkeys([*slot.words, detail.insertion.words])))
    slots = list(told.values())
    usual = yield from usual_words(context, slots)
    groups = yield from contested(context, slots, usual, Weights(), COMPETING)
    leads = {detail: 0.0 for detail in told}
    for detail, group in zip(told, groups, strict=True):
        leads[detail] = next((one.lead for one in group if one.word == detail.insertion.words), 0.0)
    return leads


def _best_of_each(tried: list[Detail], able: list[int]) -> Iterator[int]:
    """Yield the best detail of each type and noun: two neighbours may tell two colours."""
    seen = set()
    for n in able:
        slot = (tried[n].noun, tried[n].kind)
        if slot not in seen:
            seen.add(slot)
            yield n


def _suggestion(context: CaptionContext, detail: Detail, text: str, who: set[str], lead: float) -> Suggestion:
    noun = context.analysis.nouns[detail.noun]
    span = [noun.name_start, noun.end]
    evidence = {
        "neighbours": sorted(who),
        "type": detail.kind,
        "words": [detail.insertion.words],
        "gain": round(lead, 3),
        "insertions": [list(detail.insertion)],
        "slots": [f"{detail.kind} of {span}"],
    }
    if detail.kind not in PHRASES:
        evidence |= {"slot": context.analysis.name(noun), "slot_span": span, "word": detail.insertion.words}
    return Suggestion(text, SOURCE, "rewrite", inserted_spans(context.text, text), evidence)
