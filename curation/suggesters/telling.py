"""What other captions tell that could be put in, and the few sets of it that are worth a person's look, together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from curation.suggesters import CaptionContext
from curation.suggesters.choosing import Choice, choose
from curation.suggesters.detail import Detail
from curation.suggesters.details import details
from curation.suggesters.edits import Insertion, apply
from curation.suggesters.likelihood import Prior, chances, content_words, shipped
from curation.suggesters.same_things import How
from curation.text.analysis import Analysis
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

FEWEST = 2
"""So many similar images must be told of a detail before anybody is asked whether it holds here."""

MOST_USUAL = 24
"""No more of those are weighed against each other, the ones of most images."""

_DOUBT_OF_MATCH: dict[How, int] = {"word": 0, "only": 0, "scene": 0, "subject": 1, "loose": 2}
_DOUBTFUL_KINDS = frozenset({"action", "deed", "object", "beside", "one", "garment"})
"""What somebody does, or what is there besides, belongs elsewhere more often than an attribute or a place."""


@dataclass(frozen=True, slots=True)
class Told:
    """What may be put in: by the image's other captions (their indices), and by captions of similar images (ids)."""

    siblings: Mapping[Detail, set[int]]
    usual: Mapping[Detail, set[str]]
    heard: Mapping[str, int]
    """Of how many similar images each word of a detail is told."""

    @property
    def all(self) -> list[Detail]:
        return [*self.siblings, *self.usual]


def told(context: CaptionContext, *, max_words: int = 6) -> Told:
    """Return every detail that may be put in.

    What a gate would drop from the finished suggestion is left out here, so that it takes no other's place. Similar
    images are asked only where no pictures can be compared: where they can, ``neighbours`` does it better.
    """
    able = _gate(context)
    siblings: defaultdict[Detail, set[int]] = defaultdict(set)
    for sibling in context.siblings:
        for detail in _details(context, sibling.analysis, max_words):
            siblings[detail].add(sibling.i)
    sure = {detail: who for detail, who in _once(siblings).items() if able(detail)}
    if context.has_vectors or not context.neighbours:
        return Told(sure, {}, {})
    ids: defaultdict[Detail, set[str]] = defaultdict(set)
    images: defaultdict[Detail, set[str]] = defaultdict(set)
    for neighbour in context.neighbours:
        for detail in _details(context, neighbour.analysis, max_words):
            ids[detail].add(neighbour.caption_id)
            images[detail].add(neighbour.image)
    known = {detail.insertion for detail in sure}
    often = [d for d, by in _once(images).items() if len(by) >= FEWEST and d.insertion not in known]
    often = [detail for detail in often if detail.kind != "number"]
    often.sort(key=lambda d: (-len(images[d]), d.insertion))
    usual = {detail: ids[detail] for detail in often[:MOST_USUAL] if able(detail)}
    return Told(sure, usual, _heard(images))


def _details(context: CaptionContext, other: Analysis, max_words: int) -> Iterable[Detail]:
    found = details(context.analysis, other, context.agreed, loosely=True)
    return (detail for detail in found if 0 < detail.words <= max_words)


def _once(found: Mapping[Detail, set[Any]]) -> dict[Detail, set[Any]]:
    """Return each insertion once: as the surest detail that makes it, of all who tell it."""
    by_words: defaultdict[Insertion, list[Detail]] = defaultdict(list)
    for detail in found:
        by_words[detail.insertion].append(detail)
    return {
        min(alike, key=lambda detail: detail.how == "loose"): set[Any]().union(*(found[detail] for detail in alike))
        for alike in by_words.values()
    }


def _gate(context: CaptionContext) -> Callable[[Detail], bool]:
    agreed = context.agreed
    return lambda detail: context.gates.lets_pass(context.text, apply(context.text, [detail.insertion]), agreed)


def _heard(images: Mapping[Detail, set[str]]) -> dict[str, int]:
    words: defaultdict[str, set[str]] = defaultdict(set)
    for detail, told_of in images.items():
        for word in content_words(detail.insertion.words):
            words[word] |= told_of
    return {word: len(told_of) for word, told_of in words.items()}


def chosen_together(
    context: CaptionContext, found: Told, *, keep: int = 5, max_words: int = 6, prior: Prior | None = None
) -> list[Choice]:
    """Return at most ``keep`` sets of details, chosen so that one of them is likely what a person would put in."""
    prior = prior or shipped()
    others = [sibling.analysis.text for sibling in context.siblings]
    likely = chances(found.all, context.text, others, idf=context.idf, alike=found.heard, prior=prior)
    return choose(found.all, likely, keep=keep, max_words=max_words, unheard=prior.unheard, doubt=doubt)


def doubt(detail: Detail) -> int:
    """Return how much it is in doubt that a detail is told of the right thing and reads well: 0 is surest."""
    doubtful = detail.kind in _DOUBTFUL_KINDS or (detail.kind == "place" and not _names_a_place(detail))
    return max(_DOUBT_OF_MATCH[detail.how], int(doubtful))


def _names_a_place(detail: Detail) -> bool:
    """Whether somebody is on a street, not on a machine or against a man: those are often another's."""
    last = lexicon().singular(tokens(detail.insertion.words)[-1])
    return lexicon().noun_class(last) == "place"
