"""Facts taken from scenes: in five grades of detail, at random, and with one attribute changed."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Final

import numpy as np

from curation.demo.facts import ATTRIBUTES, BESIDE, Facts, Mention, holds
from curation.demo.scenes import BACKGROUNDS, Scene, Thing, relation
from curation.demo.wording import FOREIGN

GRADES: Final = (1, 2, 3, 4, 5)


def graded(scene: Scene, grade: int) -> Facts:
    """Return facts of a scene, from 1 (the kind of its first thing) to 5 (all there is to say).

    Each grade claims all that the one before it claims.
    """
    things = scene.things
    if grade <= 1:
        return Facts((Mention(things[0].kind),))
    if grade == 2:
        return Facts((Mention(things[0].kind, things[0].colour),))
    if grade == 3:
        first = Mention(things[0].kind, things[0].colour)
        return Facts((first, *(Mention(t.kind) for t in things[1:])), None, scene.background)
    if grade == 4:
        mentions = tuple(Mention(t.kind, t.colour) for t in things)
        return Facts(mentions, _beside(things), scene.background)
    return whole_facts(scene)


def five_facets(scene: Scene, rng: np.random.Generator) -> list[Facts]:
    """Return five captions' facts, from coarse to middling, each holding something that the others lack.

    In order: a kind; a kind with its colour; with its pattern; with its size and the background; and what lies
    beside what (a scene of one thing: its colour and the background).
    """
    things = [scene.things[i] for i in rng.permutation(len(scene.things))]
    first, second, third = (things[i % len(things)] for i in range(3))
    facets = [
        Facts((Mention(first.kind),)),
        Facts((Mention(second.kind, colour=second.colour),)),
        Facts((Mention(third.kind, pattern=third.pattern),)),
        Facts((Mention(first.kind, size=first.size),), None, scene.background),
    ]
    if len(things) == 1:
        return [*facets, Facts((Mention(first.kind, first.colour),), None, scene.background)]
    return [*facets, Facts((Mention(first.kind), Mention(second.kind, second.colour)), relation(first, second))]


def finer(facts: Facts, scene: Scene) -> Facts:
    """Return facts that claim all that is true of the mentioned things, and the background.

    Raises ``ValueError`` where the facts are false of the scene.
    """
    for things in permutations(scene.things, len(facts.mentions)):
        mentions = tuple(Mention(t.kind, t.colour, t.pattern, t.size) for t in things)
        whole = Facts(mentions, facts.relation or _relation(things), scene.background)
        fits = all(m.fits(t) for m, t in zip(facts.mentions, things, strict=True))
        if fits and facts.background in (None, scene.background) and holds(whole, scene):
            return whole
    raise ValueError(f"{facts} is not true of {scene}")


def some_facts(scene: Scene, rng: np.random.Generator, said: Sequence[Thing] | None = None) -> Facts:
    """Return a random part of a scene's facts, coarse as often as fine.

    `said` limits the things that may be mentioned; where it is given, sizes and relations are left out, since a
    crop shows neither.
    """
    things = list(scene.things if said is None else said)
    detail = rng.random()
    count = min(len(things), 1 + int(rng.random() < 0.2 + 0.7 * detail) + int(rng.random() < detail))
    chosen = [things[i] for i in rng.permutation(len(things))[:count]]
    mentions = tuple(_some_mention(thing, detail, rng, sized=said is None) for thing in chosen)
    related = None
    if len(chosen) > 1 and said is None and rng.random() < 0.25 + 0.5 * detail:
        related = _beside(chosen) if rng.random() < 0.2 else _relation(chosen)
    background = scene.background if rng.random() < 0.2 + 0.5 * detail or not mentions else None
    return Facts(mentions, related, background)


def one_changed(facts: Facts, scene: Scene, rng: np.random.Generator) -> Facts:
    """Return the facts with one attribute or the background changed so that they are false of the scene.

    Raises ``ValueError`` where there is nothing to change.
    """
    changes = [(i, name) for i, m in enumerate(facts.mentions) for name in ATTRIBUTES if getattr(m, name)]
    if facts.background:
        changes.append((-1, "background"))
    if not changes:
        raise ValueError(f"there is no attribute to change in {facts}")
    while True:
        i, name = changes[int(rng.integers(len(changes)))]
        values = BACKGROUNDS if i < 0 else ATTRIBUTES[name]
        value = values[int(rng.integers(len(values)))]
        changed = replace(facts, background=value) if i < 0 else _with_mention(facts, i, name, value)
        if not holds(changed, scene):
            return changed


def foreign_facts(facts: Facts, rng: np.random.Generator) -> Facts:
    """Return the facts with a colour, pattern or material that nothing in this world has."""
    name = "colour" if rng.random() < 0.3 else "pattern"
    words = FOREIGN[name]
    return _with_mention(facts, int(rng.integers(len(facts.mentions))), name, words[int(rng.integers(len(words)))])


def whole_facts(scene: Scene, sized: bool = True) -> Facts:
    """Return all that is true of the things and the background, without relations."""
    mentions = tuple(Mention(t.kind, t.colour, t.pattern, t.size if sized else None) for t in scene.things)
    return Facts(mentions, _relation(scene.things) if sized else None, scene.background)


def _with_mention(facts: Facts, i: int, name: str, value: str) -> Facts:
    mention = replace(facts.mentions[i], **{name: value})
    return replace(facts, mentions=(*facts.mentions[:i], mention, *facts.mentions[i + 1 :]))


def _some_mention(thing: Thing, detail: float, rng: np.random.Generator, *, sized: bool) -> Mention:
    kind, colour, pattern, size = (
        rng.random(4) < (0.55 + 0.6 * detail, 0.3 + 0.6 * detail, *(0.15 + 0.65 * detail,) * 2)
    ).tolist()
    if not (kind or colour or pattern):
        kind, colour, pattern = np.roll((True, False, False), int(rng.integers(3))).tolist()
    return Mention(
        thing.kind if kind else None,
        thing.colour if colour else None,
        thing.pattern if pattern else None,
        thing.size if size and sized else None,
    )


def _relation(things: Sequence[Thing]) -> str | None:
    return relation(things[0], things[1]) if len(things) > 1 else None


def _beside(things: Sequence[Thing]) -> str | None:
    return BESIDE if len(things) > 1 and relation(things[0], things[1]) in ("left", "right") else None
