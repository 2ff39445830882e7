"""What other captions tell that could be put in, and the few sets of it that are worth a person's look, together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from curation.suggesters import CaptionContext
from curation.suggesters.choosing import Choice, choose
from curation.suggesters.consistency import Consistency
from curation.suggesters.detail import Detail
from curation.suggesters.details import details
from curation.suggesters.edits import Insertion, apply
from curation.suggesters.likelihood import Prior, chances, content_words, shipped
from curation.text.analysis import Analysis
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

FEWEST = 2
"""So many similar images must be told of a detail before anybody is asked whether it holds here."""

MOST_USUAL = 24
"""No more of those are weighed against each other, the ones of most images."""

_DOUBTFUL_KINDS = frozenset({"action", "deed", "beside"})
"""What somebody does, or what is there besides, belongs elsewhere more often than an attribute or a place."""

_LESS_SURE_KINDS = frozenset({"object", "one", "garment"})


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


def asks_similar(context: CaptionContext) -> bool:
    """Whether similar images are asked: where pictures can be compared ``neighbours`` does it better."""
    return bool(context.neighbours) and not context.has_vectors


def told(context: CaptionContext, *, max_words: int = 6, counts: Literal["siblings", "usual"] = "siblings") -> Told:
    """Return every detail that may be put in.

    What a gate would drop from the finished suggestion is left out here, so that it takes no other's place. Two
    suggesters ask, and what is dropped must count once: ``counts`` says of which details it does.
    """
    siblings: defaultdict[Detail, set[int]] = defaultdict(set)
    agreed = context.agreed  # of all captions: not to be worked out for each
    for sibling in context.siblings:
        for detail in _details(context, sibling.analysis, agreed, max_words):
            siblings[detail].add(sibling.i)
    able = _gate(context, counts=counts == "siblings")
    sure = {detail: who for detail, who in _once(siblings).items() if able(detail)}
    if not asks_similar(context):
        return Told(sure, {}, {})
    ids: defaultdict[Detail, set[str]] = defaultdict(set)
    images: defaultdict[Detail, set[str]] = defaultdict(set)
    for neighbour in context.neighbours:
        for detail in _details(context, neighbour.analysis, agreed, max_words):
            ids[detail].add(neighbour.caption_id)
            images[detail].add(neighbour.image)
    known = {detail.insertion for detail in sure}
    often = [d for d, by in _once(images).items() if len(by) >= FEWEST and d.insertion not in known]
    often = [detail for detail in often if detail.kind != "number"]
    often.sort(key=lambda d: (-len(images[d]), d.insertion))
    able = _gate(context, counts=counts == "usual")
    usual = {detail: ids[detail] for detail in often[:MOST_USUAL] if able(detail)}
    return Told(sure, usual, _heard(images))


def _details(context: CaptionContext, other: Analysis, agreed: Consistency, max_words: int) -> Iterable[Detail]:
    found = details(context.analysis, other, agreed, loosely=True)
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


def _gate(context: CaptionContext, *, counts: bool) -> Callable[[Detail], bool]:
    gates, agreed = context.gates if counts else context.gates.counting_anew(), context.agreed
    return lambda detail: gates.lets_pass(context.text, apply(context.text, [detail.insertion]), agreed)


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
    prior, doubts = prior or shipped(), partial(doubt, context.analysis)
    others = [sibling.analysis.text for sibling in context.siblings]
    likely = chances(found.all, context.text, others, idf=context.idf, alike=found.heard, prior=prior)
    return choose(found.all, likely, keep=keep, max_words=max_words, unheard=prior.unheard, doubt=doubts)


def doubt(target: Analysis, detail: Detail) -> int:
    """Return how much it is in doubt that a detail is told of the right thing, and read so: from 0 to 4.

    0 an attribute of the same thing, what somebody wears, where everybody is; 1 where one of several is; 2 what
    somebody does, what is there besides; 3 and 4 what is told of something that is only probably the same.
    """
    if detail.how == "loose":
        return 4 if detail.kind in _DOUBTFUL_KINDS else 3
    if detail.kind in _DOUBTFUL_KINDS or detail.how == "subject":
        return 2
    return int(detail.kind in _LESS_SURE_KINDS or _is_said_behind_others(target, detail))


def _is_said_behind_others(target: Analysis, detail: Detail) -> bool:
    """Whether a place may be read of somebody else, or of no place; and whether a part is that of a thing."""
    if detail.kind == "part":
        return target.nouns[detail.noun].noun_class != "person"
    if detail.kind != "place":
        return False
    living = sum(noun.noun_class in ("person", "animal") for noun in target.nouns)
    last = lexicon().singular(tokens(detail.insertion.words)[-1])
    return lexicon().noun_class(last) != "place" or (living > 1 and detail.how != "scene")
