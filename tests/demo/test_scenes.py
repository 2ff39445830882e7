"""Scenes and their pictures."""

from itertools import combinations

import numpy as np
import pytest

from curation.demo.drawing import draw
from curation.demo.scenes import (
    BACKGROUNDS,
    COLOURS,
    KINDS,
    MARGIN,
    Scene,
    Thing,
    draw_scene_facts,
    place_again,
    relation,
)
from curation.demo.shapes import SHAPES
from curation.demo.stickers import PALETTE


def scene_of(seed: int, **fixed: int) -> Scene:
    return draw_scene_facts(np.random.default_rng(seed), **fixed)


def test_same_seed_same_scene_and_picture() -> None:
    first, again, other = scene_of(4), scene_of(4), scene_of(5)
    assert first == again != other
    assert draw(first, 64).tobytes() == draw(again, 64).tobytes() != draw(other, 64).tobytes()


@pytest.mark.parametrize("seed", range(40))
def test_things_lie_apart_and_inside(seed: int) -> None:
    scene = scene_of(seed)
    for thing in scene.things:
        assert min(thing.box) >= MARGIN - 1e-9
        assert max(thing.box) <= 1 - MARGIN + 1e-9
    for a, b in combinations(scene.things, 2):
        assert (a.kind, a.colour) != (b.kind, b.colour)
        left, right = sorted((a, b), key=lambda t: t.x)
        upper, lower = sorted((a, b), key=lambda t: t.y)
        assert right.box[0] > left.box[2] or lower.box[1] > upper.box[3]


def test_relations_mirror_each_other() -> None:
    mirror = {"left": "right", "right": "left", "above": "below", "below": "above"}
    for seed in range(50):
        first, second = scene_of(seed, count=2).things
        assert relation(second, first) == mirror[relation(first, second)]


def test_placing_again_keeps_what_things_are() -> None:
    scene = scene_of(1, count=3)
    moved = place_again(np.random.default_rng(2), scene)
    assert [(t.kind, t.colour, t.pattern, t.size) for t in moved.things] == [
        (t.kind, t.colour, t.pattern, t.size) for t in scene.things
    ]
    assert [(t.x, t.y) for t in moved.things] != [(t.x, t.y) for t in scene.things]


@pytest.mark.parametrize("colour", COLOURS)
def test_a_plain_thing_shows_its_colour(colour: str) -> None:
    thing = Thing("ball", colour, "plain", "large", 0.5, 0.5, 0.4)
    pixels = np.asarray(draw(Scene("lake", 0, (thing,)), 96), dtype=float)[36:60, 36:60]
    distances = {name: np.abs(pixels - rgb).mean() for name, rgb in PALETTE.items()}
    assert min(distances, key=lambda name: distances[name]) == colour


def test_looks_differ_between_kinds_and_patterns() -> None:
    looks = set()
    for kind in KINDS:
        for pattern in ("plain", "striped", "dotted", "checked"):
            thing = Thing(kind, "blue", pattern, "large", 0.5, 0.5, 0.4)
            looks.add(draw(Scene("floor", 0, (thing,)), 48).tobytes())
    assert len(looks) == 4 * len(KINDS)
    assert set(SHAPES) == set(KINDS)


def test_a_window_shows_its_part() -> None:
    scene = Scene("road", 1, (Thing("ball", "red", "plain", "small", 0.25, 0.25, 0.2),))
    near = np.asarray(draw(scene, 64, (0.1, 0.1, 0.3)), dtype=float)
    far = np.asarray(draw(scene, 64, (0.6, 0.6, 0.3)), dtype=float)
    red = np.array(PALETTE["red"])
    assert np.abs(near[28:36, 28:36] - red).mean() < 40 < np.abs(far[28:36, 28:36] - red).mean()


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_backdrops_are_painted_at_every_size(background: str) -> None:
    scene = Scene(background, 0, (Thing("box", "blue", "plain", "small", 0.5, 0.5, 0.2),))
    for pixels in (32, 100):
        picture = draw(scene, pixels)
        assert (picture.size, picture.mode) == ((pixels, pixels), "RGB")
        assert np.asarray(picture).std() > 3
