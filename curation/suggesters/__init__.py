"""Suggesters: a caption and its context in, finer captions out, each with its source and evidence.

A suggester is one file here with one decorated function. It returns its suggestions, or it is a generator that
*asks for the vectors of texts by yielding them* and returns its suggestions at the end::

    @suggester("attribute_words", title="Attribute words", needs="vectors")
    def attribute_words(context: CaptionContext, *, keep: int = 3) -> Proposal:
        probes = [...]
        vectors = yield probes          # (len(probes), d) float32, unit rows, in the order asked for
        ...
        return suggestions

Where there is a masked language model, ``yield from fillings_of(gaps)`` asks it (see ``requests``). So each is written
for one caption, while ``suggest_batch`` runs thousands of them in step and answers what all of them ask for in one
call, every text once. What nobody may see (text defects, sensitive words) is dropped
there, and the standing among the rivals is computed there, for all suggesters alike.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from curation.records import RegrainError, Suggestion
from curation.registry import Registry
from curation.retrieval.blocks import FloatArray
from curation.suggesters.consistency import Consistency, consistency
from curation.suggesters.endpoint import Usage
from curation.suggesters.fluency import Fluency
from curation.suggesters.gates import Gates
from curation.suggesters.requests import Asks
from curation.suggesters.slots import DetectedObject
from curation.text.analysis import Analysis
from curation.text.idf import Idf

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another caption of the same image; ``i`` is its index there, named in the evidence."""

    i: int
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A caption of a similar image; ``caption_id`` is named in the evidence."""

    caption_id: str
    analysis: Analysis

    @property
    def image(self) -> str:
        """The image that the caption belongs to, as its id says."""
        return self.caption_id.rpartition("#")[0]


@dataclass(frozen=True, slots=True)
class CaptionContext:
    """What a suggester may know of one caption.

    ``own`` (d,) is the vector of its image, ``rivals`` (r, d) those of the nearest other images, ``crops``
    (c, d) those of parts of its image: unit rows of the encoder that ``embed_texts`` belongs to, None where
    nothing is encoded. ``temperature`` is that encoder's own: what its cosines are divided by to become logits.

    ``known_words`` are the words of the workspace's captions: a word that nobody ever wrote about these pictures
    is neither fluent here nor known to a small encoder; None knows every word. ``known_pairs`` is the union of
    their ``Analysis.attribute_pairs``: a material is proposed only for things that somebody called so ("brick
    wall"), since pictures hardly show it. ``fluency`` counts how often. ``idf`` says how rare a word is in the
    workspace's captions, ``gates`` what nobody may see. ``fills_gaps`` says that a masked language model answers.
    """

    analysis: Analysis
    siblings: Sequence[Sibling] = ()
    own: FloatArray | None = None
    rivals: FloatArray | None = None
    crops: FloatArray | None = None
    boxes: Sequence[Box] = ()
    known_words: frozenset[str] | None = None
    known_pairs: Collection[str] = frozenset()
    fluency: Fluency = field(default_factory=Fluency)
    objects: Sequence[DetectedObject] = ()
    neighbours: Sequence[Neighbour] = ()
    picture: Path | None = None
    examples: Sequence[tuple[str, str]] = ()
    answers: Path | None = None
    usage: Usage = field(default_factory=Usage)
    temperature: float = 0.01
    idf: Idf | None = None
    gates: Gates = field(default_factory=Gates)
    fills_gaps: bool = False

    @property
    def text(self) -> str:
        return self.analysis.text

    @property
    def agreed(self) -> Consistency:
        """What the captions of the image agree on."""
        return consistency([self.analysis, *(sibling.analysis for sibling in self.siblings)])

    @property
    def has_vectors(self) -> bool:
        return self.own is not None


Asking = Asks[list[Suggestion]]
Proposal = list[Suggestion] | Asking
Suggester = Callable[..., Proposal]

suggesters: Registry[Suggester] = Registry("suggester", __name__)


def suggester(
    name: str,
    *,
    title: str,
    needs: Literal["text", "vectors", "language", "suggestions", "endpoint"] = "text",
    preference: int = 10,
    asked_for: bool = False,
    changes_nothing: Collection[str] = (),
) -> Callable[[Suggester], Suggester]:
    """Register a suggester; on equal merit the one with the lower ``preference`` is shown first.

    One that needs an ``endpoint`` waits for others: it is called for several captions at once, in threads, as its
    setting ``at_once`` says, and returns a list. One that needs ``language`` runs where there is a masked language
    model, be there vectors or not. One that needs ``suggestions`` is called after the others, with what they found as
    its second argument. One that must be ``asked_for`` runs only where the settings name it. ``changes_nothing`` names
    settings that the suggestions do not depend on, so that changing them keeps these.
    """
    facts = {"needs": needs, "preference": preference, "asked_for": asked_for, "changes_nothing": changes_nothing}
    return suggesters.register(name, title=title, **facts)


def check_settings(settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise ``RegrainError`` where settings name a suggester that there is not, a setting that it has not, or a value
    of another type than that setting's default, or a number below 0.
    """
    for name, values in settings.items():
        known = suggesters.get(name).settings
        for key, value in values.items():
            if key not in known:
                raise RegrainError(f"the suggester {name} has no setting {key!r} (it has: {', '.join(known)})")
            if not _is_like(value, known[key]):
                raise RegrainError(f"{key} of the suggester {name} is {_A[type(known[key])]}, not {value!r}")


_A = {float: "a number from 0", int: "a whole number from 0", str: "a text", bool: "true or false"}


def _is_like(value: Any, default: Any) -> bool:
    """Whether a value has the type of a default; a whole number will do for any number, true and false for none.

    Weights, counts, shares, seconds and prices: no number of a suggester is negative or endless.
    """
    wanted = (int, float) if isinstance(default, float) else type(default)
    if isinstance(value, int | float) and not 0 <= value < float("inf"):
        return False
    return isinstance(value, wanted) and isinstance(value, bool) == isinstance(default, bool)


def running(
    chosen: Mapping[str, Mapping[str, Any]], off: Collection[str] = (), *, language: bool = True
) -> dict[str, dict[str, Any]]:
    """Return the suggesters that run: those that need not be asked for, and the chosen; each with its settings, without
    those that change nothing of what it finds.

    ``chosen`` are settings by name, ``off`` the names of those that do not run whatever else is said; without
    ``language`` there is no masked language model. Raises as ``check_settings`` does.
    """
    check_settings(chosen)
    for name in off:
        suggesters.get(name)
    able = (one for one in suggesters if one.name in chosen or not one.facts["asked_for"])
    able = (one for one in able if one.name not in off and (language or one.facts["needs"] != "language"))
    whole = ((one, one.settings | dict(chosen.get(one.name, {}))) for one in able)
    return {
        one.name: {key: value for key, value in values.items() if key not in one.facts["changes_nothing"]}
        for one, values in whole
    }
