"""The demo's world: scenes of one to three things before a backdrop, described by facts and drawn by seed.

All lengths are fractions of the picture's side; x grows to the right, y grows downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

KINDS: Final = ("ball", "box", "star", "kite", "car", "boat", "house", "tree", "fish", "cup", "umbrella", "flower")
COLOURS: Final = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "black")
PATTERNS: Final = ("plain", "striped", "dotted", "checked")
SIZES: Final = ("small", "large")
BACKGROUNDS: Final = ("grass", "beach", "snow", "floor", "wall", "night", "lake", "road")
BACKDROPS: Final = 4  # drawings of each background

MAX_THINGS: Final = 3
EXTENTS: Final = {"small": (0.23, 0.28), "large": (0.36, 0.42)}
MARGIN: Final = 0.02  # between things, and between a thing and the frame
CLEAR: Final = 0.06  # by how much one axis must dominate the other, so that a relation is beyond doubt

Relation = Literal["left", "right", "above", "below"]


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing: what it is, its centre (x, y) and the side of its square box."""

    kind: str
    colour: str
    pattern: str
    size: str
    x: float
    y: float
    extent: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        half = self.extent / 2
        return self.x - half, self.y - half, self.x + half, self.y + half


@dataclass(frozen=True, slots=True)
class Scene:
    """A background (and which drawing of it) with one to three things, largest claim to attention first."""

    background: str
    backdrop: int
    things: tuple[Thing, ...]


def relation(first: Thing, second: Thing) -> Relation:
    """Where `first` lies as seen from `second`, along the axis on which they are further apart."""
    across, down = first.x - second.x, first.y - second.y
    if abs(across) >= abs(down):
        return "left" if across < 0 else "right"
    return "above" if down < 0 else "below"


def draw_scene_facts(rng: np.random.Generator, *, count: int | None = None, background: str | None = None) -> Scene:
    """Make up one scene.

    `count` fixes the number of things (1 to 3), else one, two and three come at 3 : 4 : 3.
    No two things of a scene share both kind and colour.
    """
    count = count or int(rng.choice(3, p=(0.3, 0.4, 0.3))) + 1
    looks: list[tuple[str, str]] = []
    while len(looks) < count:
        look = (_pick(rng, KINDS), _pick(rng, COLOURS))
        if look not in looks:
            looks.append(look)
    patterns = [_pick(rng, PATTERNS) for _ in looks]
    places = _places(rng, count)
    things = tuple(
        Thing(kind, colour, pattern, size, x, y, extent)
        for (kind, colour), pattern, (size, x, y, extent) in zip(looks, patterns, places, strict=True)
    )
    return Scene(background or _pick(rng, BACKGROUNDS), int(rng.integers(BACKDROPS)), things)


def place_again(rng: np.random.Generator, scene: Scene) -> Scene:
    """Return the same things in the same sizes at other places."""
    places = _places(rng, len(scene.things), sizes=[thing.size for thing in scene.things])
    things = tuple(
        replace(thing, x=x, y=y, extent=extent) for thing, (_, x, y, extent) in zip(scene.things, places, strict=True)
    )
    return replace(scene, things=things)


def _pick(rng: np.random.Generator, values: Sequence[str]) -> str:
    return values[int(rng.integers(len(values)))]


def _places(
    rng: np.random.Generator, count: int, sizes: list[str] | None = None
) -> list[tuple[str, float, float, float]]:
    """Size, x, y and extent of things that neither touch nor leave their relations in doubt."""
    while True:
        chosen = sizes or [_pick(rng, SIZES) for _ in range(count)]
        for _ in range(20):
            shares = rng.random((count, 3)).tolist()
            places = [_place(size, *share) for size, share in zip(chosen, shares, strict=True)]
            if all(_apart(places[i], places[j]) for i in range(count) for j in range(i)):
                return places


def _place(size: str, extent_share: float, x_share: float, y_share: float) -> tuple[str, float, float, float]:
    low, high = EXTENTS[size]
    extent = low + extent_share * (high - low)
    edge = MARGIN + extent / 2
    return size, edge + x_share * (1 - 2 * edge), edge + y_share * (1 - 2 * edge), extent


def _apart(a: tuple[str, float, float, float], b: tuple[str, float, float, float]) -> bool:
    across, down = abs(a[1] - b[1]), abs(a[2] - b[2])
    return max(across, down) >= (a[3] + b[3]) / 2 + MARGIN and abs(across - down) >= CLEAR
