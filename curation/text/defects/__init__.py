"""Text defects: what no caption should have, with positions and a repair in natural text, a plug-in kind.

A detector is one file here with one decorated function, asked about one caption in the company of its image::

    @defect_detector("duplicate", title="Same caption twice")
    def duplicate(image: ImageText, i: int) -> Iterator[Defect]: ...

``language`` names the only language that a detector reads; it is not asked about captions in another one.
``needs="analysis"`` says that it needs parsed captions, ``needs="siblings"`` that it compares the captions of an
image: neither can tell anything of a text that stands alone. ``normalised_away=True`` says that the normalisation
of a published layout drops what the defect is about: then it is none of an export in that layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from curation.registry import Plugin, Registry
from curation.text.analysis import Analysis
from curation.text.parse import analyse

CONTEXT_LENGTH = 77
"""Tokens that CLIP's text tower reads, the two that mark start and end included."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: the detector's name, the half-open character range, what stands there, and what should.

    ``right`` replaces ``wrong``; an empty string takes it out, None says that only a person can tell.
    """

    kind: str
    start: int
    end: int
    wrong: str
    right: str | None = None


@dataclass(frozen=True)
class ImageText:
    """The captions of one image, in any order, and what is known of them.

    ``parsed`` holds one analysis per caption; without it English captions are parsed on first use (seconds for
    the first of all). ``known_words`` are spelt right here, whatever the word list says: names, terms of the field.
    ``count_tokens`` counts as the encoder does, both marks included; ``context_length`` is what it reads at most.
    Raises ``ValueError`` where analyses and captions do not go together.
    """

    captions: Sequence[str]
    parsed: Sequence[Analysis] | None = None
    language: str = "en"
    known_words: Collection[str] = frozenset()
    count_tokens: Callable[[str], int] | None = None
    context_length: int = CONTEXT_LENGTH

    def __post_init__(self) -> None:
        if self.parsed is not None and [analysis.text for analysis in self.parsed] != list(self.captions):
            raise ValueError("the analyses are not those of the captions: give one per caption, in the same order")

    @cached_property
    def analyses(self) -> Sequence[Analysis]:
        """One analysis per caption, in order."""
        return self.parsed if self.parsed is not None else tuple(analyse(self.captions))


Detector = Callable[..., Iterator[Defect]]
Needs = Literal["text", "analysis", "siblings"]

defect_detectors: Registry[Detector] = Registry("defect detector", __name__)


def defect_detector(
    name: str,
    *,
    title: str,
    language: str | None = None,
    needs: Needs = "text",
    normalised_away: bool = False,
) -> Callable[[Detector], Detector]:
    """Register a detector: the language that it needs (None for any), and what it must know."""
    return defect_detectors.register(name, title=title, language=language, needs=needs, normalised_away=normalised_away)


def find_in_image(
    captions: Sequence[str],
    analyses: Sequence[Analysis] | None = None,
    *,
    language: str = "en",
    normalised: bool = False,
    known_words: Collection[str] = frozenset(),
    count_tokens: Callable[[str], int] | None = None,
    context_length: int = CONTEXT_LENGTH,
) -> list[list[Defect]]:
    """Return the defects of each caption of one image, by position.

    ``normalised`` says that the captions are those of an export whose layout drops punctuation: what it drops is
    no defect there. For the other settings see ``ImageText``; without ``count_tokens`` nothing is too long.
    Raises ``ValueError`` where analyses and captions do not go together.
    """
    image = ImageText(captions, analyses, language, known_words, count_tokens, context_length)
    asked = [plugin for plugin in _detectors(language) if not (normalised and plugin.facts["normalised_away"])]
    return [_found(image, i, asked) for i in range(len(captions))]


def find_defects(text: str, *, language: str = "en") -> list[Defect]:
    """Return the defects that a text shows by itself, unparsed and without its siblings, by position.

    >>> [(d.wrong, d.right) for d in find_defects("an white white table under a umbrella")]
    [('an', 'a'), ('white white', 'white'), ('a', 'an')]
    """
    asked = [plugin for plugin in _detectors(language) if plugin.facts["needs"] == "text"]
    return _found(ImageText((text,), language=language), 0, asked)


def new_defects(old: str, new: str, *, language: str = "en") -> list[Defect]:
    """Return the defects that ``new`` shows by itself and ``old`` does not: those that an edit brought in."""
    known = Counter(map(_what, find_defects(old, language=language)))
    fresh = []
    for defect in find_defects(new, language=language):
        if known[_what(defect)] > 0:
            known[_what(defect)] -= 1
        else:
            fresh.append(defect)
    return fresh


def _detectors(language: str) -> list[Plugin[Detector]]:
    """Return the detectors that can read the language: ``en-GB`` is English."""
    spoken = language.lower().replace("_", "-").split("-")[0]
    return [plugin for plugin in defect_detectors if plugin.facts["language"] in (None, spoken)]


def _found(image: ImageText, i: int, asked: Sequence[Plugin[Detector]]) -> list[Defect]:
    found = [defect for plugin in asked for defect in plugin.run(image, i)]
    return sorted(found, key=lambda defect: (defect.start, defect.end, defect.kind))


def _what(defect: Defect) -> tuple[str, str, str | None]:
    return defect.kind, defect.wrong.lower(), defect.right and defect.right.lower()
