"""Who tells a detail: captions, similar images, the picture, the detector, a model. The more of them, the likelier.

Sources are compared by what they say of which thing, not by whole texts: "red" that a caption tells of the shirt and
"red" that the picture shows of the shirt are one detail told twice, whatever else stands in their suggestions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from curation.records import Suggestion
from curation.suggesters.looking import Part, parts
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

if TYPE_CHECKING:
    from curation.suggesters import CaptionContext

Said = tuple[str, str]
"""A thing and a word that is said of it."""

SEEING = {
    "attribute_words": "picture", "stress_words": "picture", "masked_words": "picture", "vision_model": "model",
}  # fmt: skip
"""What sources stand for that look at the picture themselves. What a masked language model expects is no voice: only
the picture is, where that bears its word out."""


@dataclass(slots=True)
class Voices:
    """Who tells something: the image's other ``captions`` by index, similar ``images`` by id, and ``seen`` by whom."""

    captions: set[int] = field(default_factory=set)
    images: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.captions) + len(self.images) + len(self.seen)

    def add(self, other: Voices) -> None:
        self.captions |= other.captions
        self.images |= other.images
        self.seen |= other.seen

    def common(self, other: Voices) -> Voices:
        return Voices(self.captions & other.captions, self.images & other.images, self.seen & other.seen)


def supported(context: CaptionContext, found: Sequence[Suggestion]) -> list[Suggestion]:
    """Return the suggestions for one caption with who tells them.

    ``evidence["support"]`` holds for each detail its ``name`` and those who tell it: ``captions``, ``images`` and
    ``seen`` ("picture", "detector", "model"). ``evidence["voices"]`` counts them for the detail that has fewest.
    """
    told = [(one, parts(context, one)) for one in found]
    voices: defaultdict[Said, Voices] = defaultdict(Voices)
    for suggestion, details in told:
        for detail, said_by in zip(details, _said_by(suggestion, len(details)), strict=True):
            for said in _said(context, detail):
                voices[said].add(said_by)
    detected = _detected(context)
    for said in detected & voices.keys():
        voices[said].seen.add("detector")
    return [_with_support(context, suggestion, details, voices) for suggestion, details in told]


def _said_by(suggestion: Suggestion, count: int) -> list[Voices]:
    """Return who stands behind each of the details of one suggestion; ``count`` says how many these are.

    Single attributes are listed even where the picture hardly shows them: only a rewrite means that it does.
    """
    evidence = suggestion.evidence
    sources = evidence.get("sources", [suggestion.source])
    if "combined" in sources:  # its details were told by others, each for itself
        return [Voices() for _ in range(count)]
    looked = [name for name in sources if name != "masked_words" or "probability" in evidence]
    seen = {SEEING[name] for name in looked if name in SEEING and suggestion.kind == "rewrite"}
    images = {name.rpartition("#")[0] for name in evidence.get("neighbours", ())}
    by_detail = evidence.get("told", ())
    if len(by_detail) != count:
        by_detail = [evidence.get("captions", ())] * count
    return [Voices(set(captions), set(images), set(seen)) for captions in by_detail]


def _said(context: CaptionContext, detail: Part) -> Iterator[Said]:
    """Yield what a detail says of which thing: of its noun, or of the last thing in the phrase."""
    thing = _thing_of(context, detail)
    for word in sorted(detail.words):
        yield thing, word


def _thing_of(context: CaptionContext, detail: Part) -> str:
    words, nouns = lexicon(), context.analysis.nouns
    if detail.before_noun:
        noun = nouns[detail.noun]
        alike = Counter(one.lemma for one in nouns)[noun.lemma] > 1  # of two balls each is another thing
        return f"{words.same_thing(noun.lemma)} {detail.noun if alike else ''}".strip()
    last = next(word for word in reversed(tokens(detail.name)) if word in detail.words)
    return words.same_thing(words.singular(last))


def _detected(context: CaptionContext) -> set[Said]:
    """Return what detections say: that a thing is there, and what it is like."""
    return {(one.thing, said) for one in context.objects for said in (one.noun, *map(str.lower, one.attributes))}


def _with_support(
    context: CaptionContext, suggestion: Suggestion, details: Sequence[Part], voices: dict[Said, Voices]
) -> Suggestion:
    support, counts = [], []
    for detail in details:
        first, *rest = (voices[said] for said in _said(context, detail))
        common = first
        for other in rest:
            common = common.common(other)
        counts.append(len(common))
        if common:
            support.append({"name": detail.name} | _told(common))
    if not support:
        return suggestion
    return replace(suggestion, evidence={**suggestion.evidence, "support": support, "voices": min(counts)})


def _told(voices: Voices) -> dict[str, Any]:
    told = {"captions": sorted(voices.captions), "images": sorted(voices.images), "seen": sorted(voices.seen)}
    return {name: values for name, values in told.items() if values}
