"""Details that the image's other captions tell: written by people who saw the picture, so likely to be true.

About 40 % of the content words that the FG renovation inserted into Flickr30K stand in the sibling captions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from curation.records import Suggestion
from curation.suggesters import CaptionContext, suggester
from curation.suggesters.choosing import choose
from curation.suggesters.detail import PHRASES, Detail
from curation.suggesters.details import details
from curation.suggesters.edits import apply, words_put_in
from curation.suggesters.likelihood import chances, shipped
from curation.text.analysis import Analysis
from curation.text.worddiff import inserted_spans

SOURCE = "siblings"

_LOOSE = frozenset({"beside", "deed", "object", "action"})
"""Kinds of which the place or the sense is less sure than of what stands at its noun."""

Told = Mapping[Detail, set[int]]
"""Each detail with the indices of the captions that tell it."""


@suggester(SOURCE, title="The image's other captions", preference=0)
def siblings(context: CaptionContext, *, keep: int = 5, max_words: int = 6) -> list[Suggestion]:
    """Move in what the image's other captions tell of the same thing: attributes, clothing, places, counts, deeds."""
    target = context.analysis
    told = told_by_siblings(context, max_words=max_words)
    if not told:
        return []
    others = [sibling.analysis.text for sibling in context.siblings]
    likely = chances(told, target.text, others, idf=context.idf)
    chosen = choose(list(told), likely, keep=keep, max_words=max_words, unheard=shipped().unheard)
    found = [_suggestion(target, one, told) for one in _surest_first(chosen)]
    found = [one for one in found if words_put_in(target.text, one.text) <= max_words]
    return found + [_slot_suggestion(target, one, told) for one in _by_support(told) if one.kind not in PHRASES]


def told_by_siblings(context: CaptionContext, *, max_words: int = 6) -> dict[Detail, set[int]]:
    """Return every detail that may be put in, with the indices of the captions that tell it.

    What a gate would drop from the finished suggestion is left out here, so that it takes no other's place.
    """
    target = context.analysis
    told: defaultdict[Detail, set[int]] = defaultdict(set)
    agreed = context.agreed
    for sibling in context.siblings:
        for detail in details(target, sibling.analysis, agreed):
            if 0 < detail.words <= max_words:
                told[detail].add(sibling.i)
    texts = {detail: apply(target.text, [detail.insertion]) for detail in told}
    return {detail: who for detail, who in told.items() if context.gates.lets_pass(target.text, texts[detail], agreed)}


def _surest_first(chosen: Sequence[tuple[Detail, ...]]) -> list[tuple[Detail, ...]]:
    """Show first what is surest: told of the same thing, alone; last what was matched by position, or put beside.

    All of them are chosen together, so that their order costs nothing.
    """
    return sorted(chosen, key=lambda one: (max(map(_doubt, one)), len(one)))


def _doubt(detail: Detail) -> int:
    if detail.how == "subject":
        return 2
    return 1 if detail.kind in _LOOSE else 0


def _by_support(told: Told) -> list[Detail]:
    return sorted(told, key=lambda d: (-len(told[d]), d.insertion.at, d.insertion.words))


def _suggestion(target: Analysis, chosen: Sequence[Detail], told: Told) -> Suggestion:
    text = apply(target.text, [detail.insertion for detail in chosen])
    in_order = sorted(chosen, key=lambda detail: detail.insertion)
    evidence = {
        "captions": sorted(set().union(*(told[detail] for detail in chosen))),
        "told": [sorted(told[detail]) for detail in in_order],
        "types": [detail.kind for detail in chosen],
        "words": [detail.insertion.words for detail in chosen],
        "matched": [detail.how for detail in chosen],
        "insertions": [list(detail.insertion) for detail in chosen],
        "slots": [_slot(target, detail) for detail in chosen],
    }
    return Suggestion(text, SOURCE, "rewrite", inserted_spans(target.text, text), evidence)


def _slot(target: Analysis, detail: Detail) -> str:
    """Name what is told of which noun, as a single attribute's evidence does."""
    noun = target.nouns[detail.noun]
    return f"{detail.kind} of {[noun.name_start, noun.end]}"


def _slot_suggestion(target: Analysis, detail: Detail, told: Told) -> Suggestion:
    """Return a single attribute for the attributes screen."""
    noun = target.nouns[detail.noun]
    text = apply(target.text, [detail.insertion])
    evidence = {
        "captions": sorted(told[detail]),
        "slot": target.name(noun),
        "slot_span": [noun.name_start, noun.end],
        "type": detail.kind,
        "word": detail.insertion.words,
    }
    return Suggestion(text, SOURCE, "attribute", inserted_spans(target.text, text), evidence)
