"""Training batches: pictures in groups of siblings that differ in one fact, captions, and the truth of every pair."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from curation.demo.captions import foreign_facts, graded, some_facts, whole_facts
from curation.demo.drawing import draw
from curation.demo.facts import ATTRIBUTES, Facts, truth_matrix
from curation.demo.scenes import BACKGROUNDS, Scene, Thing, draw_scene_facts, place_again
from curation.demo.topics import topics
from curation.demo.wording import phrase

PIXELS: Final = 96
GRID: Final = 3  # cells per side for which the batch says what is seen
CAPTIONS_EACH: Final = 2
SIBLINGS: Final = 4
FOREIGN_CAPTIONS: Final = 16  # captions in a batch that say what is nowhere in this world
CLOSE_UPS: Final = 0.3  # share of groups that show a part of the scene only
MENTIONED, SEEN = 0.75, 0.25  # visible share from which a thing in a crop is mentioned, or counts as being there

Window = tuple[float, float, float]
WHOLE: Final[Window] = (0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Batch:
    """`n` pictures and `q` captions: two for each picture, and then some that are true of none.

    Caption i belongs to picture i // 2 while i < 2 n.
    pictures (n, 96, 96, 3) uint8; tokens (q, t) int64; truth (q, n) bool; group (n,) int64; cells (n, 3, 3, 4) int64:
    kind, colour, pattern and size seen in each cell, -1 where nothing is; topics_shown (n, topics) and topics_said
    (2 n, topics) bool, see `topics`.
    """

    pictures: NDArray[np.uint8]
    tokens: NDArray[np.int64]
    truth: NDArray[np.bool_]
    group: NDArray[np.int64]
    cells: NDArray[np.int64]
    topics_shown: NDArray[np.bool_]
    topics_said: NDArray[np.bool_]


def make_batch(seed: tuple[int, int], size: int, tokenise: Callable[[list[str]], NDArray[np.int64]]) -> Batch:
    """Make one batch of `size` pictures; the same seed gives the same batch."""
    rng = np.random.default_rng(seed)
    views: list[tuple[Scene, Window]] = []
    groups: list[int] = []
    while len(views) < size:
        close = rng.random() < CLOSE_UPS
        for scene in siblings(rng, min(SIBLINGS, size - len(views))):
            views.append((scene, some_window(scene, rng) if close else WHOLE))
            groups.append(len(groups) // SIBLINGS)
    facts = [fact for scene, window in views for fact in _captions(scene, window, rng)]
    shown = [_visible(scene, window, SEEN) for scene, window in views]
    whole = [whole_facts(scene, window == WHOLE) for scene, (_, window) in zip(shown, views, strict=True)]
    foreign = [foreign_facts(fact, rng) for fact in facts[:: max(1, len(facts) // FOREIGN_CAPTIONS)] if fact.mentions]
    return Batch(
        pictures=np.stack([np.asarray(draw(scene, PIXELS, window)) for scene, window in views]),
        tokens=tokenise([phrase(fact, rng) for fact in (*facts, *foreign)]),
        truth=np.concatenate([truth_matrix(facts, shown), np.zeros((len(foreign), size), dtype=np.bool_)]),
        group=np.array(groups),
        cells=np.stack([seen_in_cells(scene, window) for scene, window in views]),
        topics_shown=np.stack([topics(fact) for fact in whole]),
        topics_said=np.stack([topics(fact) for fact in facts]),
    )


def siblings(rng: np.random.Generator, count: int) -> list[Scene]:
    """Return a scene and changed versions of it, each of which differs in one fact."""
    first = draw_scene_facts(rng)
    return [first] + [_changed(first, rng) for _ in range(count - 1)]


def some_window(scene: Scene, rng: np.random.Generator) -> Window:
    """Return a random window, most often one that holds a whole thing of the scene."""
    if rng.random() < 0.25:
        side = float(rng.uniform(0.3, 0.6))
        return float(rng.uniform(0, 1 - side)), float(rng.uniform(0, 1 - side)), side
    thing = scene.things[int(rng.integers(len(scene.things)))]
    side = float(min(0.9, thing.extent * rng.uniform(1.05, 2.4)))
    left, top, right, bottom = thing.box
    x = float(np.clip(rng.uniform(right - side, left), 0, 1 - side))
    y = float(np.clip(rng.uniform(bottom - side, top), 0, 1 - side))
    return x, y, side


def seen_in_cells(scene: Scene, window: Window) -> NDArray[np.int64]:
    """(GRID, GRID, 4): codes of kind, colour, pattern and size of the thing over each cell's centre, else -1."""
    left, top, side = window
    cells = np.full((GRID, GRID, len(ATTRIBUTES)), -1, dtype=np.int64)
    centres = (np.arange(GRID) + 0.5) / GRID * side
    for thing in scene.things:
        half = max(0.42 * thing.extent, 0.5 * side / GRID)
        rows = np.abs(centres + top - thing.y) <= half
        columns = np.abs(centres + left - thing.x) <= half
        cells[np.ix_(rows, columns)] = [values.index(getattr(thing, name)) for name, values in ATTRIBUTES.items()]
    return cells


def _captions(scene: Scene, window: Window, rng: np.random.Generator) -> list[Facts]:
    if window != WHOLE:
        said = _visible(scene, window, MENTIONED).things
        return [some_facts(scene, rng, said) for _ in range(CAPTIONS_EACH)]
    finest = graded(scene, 5 if rng.random() < 0.8 else 4)
    return [finest if rng.random() < 0.5 else some_facts(scene, rng), some_facts(scene, rng)]


def _visible(scene: Scene, window: Window, share: float) -> Scene:
    """The scene with only those things of which the window shows at least a share."""
    if window == WHOLE:
        return scene
    return replace(scene, things=tuple(t for t in scene.things if _shown(t, window) >= share))


def _shown(thing: Thing, window: Window) -> float:
    left, top, right, bottom = thing.box
    across = min(right, window[0] + window[2]) - max(left, window[0])
    down = min(bottom, window[1] + window[2]) - max(top, window[1])
    return max(0.0, across) * max(0.0, down) / thing.extent**2


def _changed(scene: Scene, rng: np.random.Generator) -> Scene:
    """Change one attribute of a thing, swap one between two things, or change places or background."""
    change = rng.random()
    if change < 0.1:
        return replace(scene, background=BACKGROUNDS[int(rng.integers(len(BACKGROUNDS)))])
    if change < 0.25 and len(scene.things) > 1:
        return place_again(rng, scene)
    name = ("kind", "colour", "pattern")[int(rng.choice(3, p=(0.38, 0.27, 0.35)))]
    i = int(rng.integers(len(scene.things)))
    things = list(scene.things)
    if change < 0.5 and len(things) > 1:
        j = (i + 1) % len(things)
        mine, other = getattr(things[i], name), getattr(things[j], name)
        things[i], things[j] = _with(things[i], name, other), _with(things[j], name, mine)
    else:
        values = ATTRIBUTES[name]
        things[i] = _with(things[i], name, values[int(rng.integers(len(values)))])
    return replace(scene, things=tuple(things))


def _with(thing: Thing, name: str, value: str) -> Thing:
    changes: dict[str, Any] = {name: value}
    return replace(thing, **changes)
