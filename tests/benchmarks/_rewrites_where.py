"""Where in the picture a detail is seen, on drawn scenes: how often the box holds the middle of the right thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from curation.demo.facts import Facts, relation_holds
from curation.demo.scenes import Thing
from curation.records import Suggestion
from curation.retrieval.blocks import FloatArray
from curation.suggesters import Box
from curation.suggesters.looking import Part, parts
from curation.suggesters.where import clear_best
from tests.benchmarks._rewrites_demo import KIND_OF, MEANS, PLACE_OF, SEED, DemoCase, DemoWorld, demo_world

SAID = {word: (kind, value) for kind, values in MEANS.items() for word, value in values.items()}
BACKDROPS = {words.split("the ")[-1].split(" a ")[-1]: place for words, place in PLACE_OF.items()}
LEADS = np.arange(0.0, 6.0, 0.5)
RIGHT_ENOUGH = 0.97
TRAIN_TARGETS = 150


@dataclass(frozen=True, eq=False)
class Known:
    """A detail that is true of its scene: of these ``things``, or of the backdrop where there is none.

    ``place`` is what the evidence says of it, None where it says nothing.
    """

    case: DemoCase
    part: Part
    things: tuple[Thing, ...]
    place: dict[str, Any] | None

    def is_in(self, box: Box) -> bool:
        """Whether the middle of a right thing lies in a box."""
        left, top, right, bottom = box
        return any(left <= thing.x <= right and top <= thing.y <= bottom for thing in self.things)


def where() -> dict[str, float]:
    """Boxes of the details of all suggestions, each detail of a caption once."""
    world = demo_world()
    details = list(_known(world, world.suggest()))
    things = [one for one in details if one.things]
    backdrops = [one for one in details if not one.things]
    boxed = [one for one in things if one.place and "box" in one.place]
    return {
        "demo_where_details": float(len(things)),
        "demo_where_coverage": 100 * len(boxed) / len(things),
        "demo_where_right": 100 * float(np.mean([one.is_in(one.place["box"]) for one in boxed if one.place])),
        "demo_where_random_crop": 100
        * float(np.mean([one.is_in(box) for one in things for box in one.case.context.boxes])),
        "demo_where_whole_picture": 100 * float(np.mean([bool(one.place and "whole" in one.place) for one in things])),
        "demo_where_backdrops_boxed": 100
        * float(np.mean([bool(one.place and "box" in one.place) for one in backdrops])),
    }


def lead_on_train() -> dict[str, float]:
    """The smallest lead from which enough boxes are right, on scenes of the train split."""
    world = demo_world(SEED, TRAIN_TARGETS, "train")
    things = [one for one in _known(world, world.suggest()) if one.things]
    probes = world.embed([one.part.probe for one in things])  # type: ignore[operator]
    for lead in LEADS:
        hits = [hit for one, row in zip(things, probes, strict=True) if (hit := _hit(one, row, lead)) is not None]
        if np.mean(hits) >= RIGHT_ENOUGH:
            return {"demo_where_train_lead": float(lead), "demo_where_train_right": 100 * float(np.mean(hits))}
    return {}


def _hit(one: Known, probe: FloatArray, lead: float) -> bool | None:
    """Return whether the box is right, None where there is none."""
    context = one.case.context
    assert context.crops is not None and context.own is not None
    seen = context.crops @ probe
    if float(context.own @ probe) >= seen.max():
        return None
    best = clear_best(seen, context.boxes, lead * context.temperature)
    return None if best is None else one.is_in(context.boxes[best])


def _known(world: DemoWorld, found: Sequence[Sequence[Suggestion]]) -> Iterator[Known]:
    """Yield the details of which it is known where they are; those that are false of the scene are nowhere."""
    for case, each in zip(world.cases, found, strict=True):
        told: dict[Part, dict[str, Any] | None] = {}
        for one in each:
            places = {place["name"]: place for place in one.evidence.get("where", ())}
            told |= {part: places.get(part.name) for part in parts(case.context, one)}
        for part, place in told.items():
            things = _things(case, part)
            if things or BACKDROPS.get(part.name) == case.scene.background:
                yield Known(case, part, things, place)


def _things(case: DemoCase, part: Part) -> tuple[Thing, ...]:
    """Return the things that a detail can be said of, with all that the caption says besides."""
    *words, last = part.name.split()
    if last not in KIND_OF or any(word not in SAID for word in words):
        return ()
    said = dict(SAID[word] for word in words)
    able = [
        thing
        for thing in case.scene.things
        if thing.kind == KIND_OF[last] and all(getattr(thing, kind) == value for kind, value in said.items())
    ]
    noun = case.context.analysis.nouns[part.noun] if part.noun >= 0 else None
    mention = case.mention_of.get((noun.name_start, noun.end)) if noun is not None and noun.lemma == last else None
    if mention is None:
        return tuple(able)
    facts = case.caption.facts
    ways = [way for way in permutations(case.scene.things, len(facts.mentions)) if _stand(facts, way)]
    return tuple({way[mention] for way in ways} & set(able))


def _stand(facts: Facts, things: tuple[Thing, ...]) -> bool:
    """Whether these things can be what the caption mentions, in this order."""
    fit = all(mention.fits(thing) for mention, thing in zip(facts.mentions, things, strict=True))
    return fit and (facts.relation is None or relation_holds(facts.relation, things[0], things[1]))
