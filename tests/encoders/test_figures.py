"""The figures beside the weights: they meet the goals, speak of these weights, and a small sample agrees with them."""

import json

from curation.demo.evaluation import held_out, zero_shot
from curation.demo.measure import FIGURES_FILE, GOALS, missed
from curation.encoders import Encoder
from curation.encoders.embedded import CHECKSUMS, FOLDER
from curation.encoders.weights import verify_checksum


def figures() -> dict[str, dict[str, float]]:
    return json.loads((FOLDER / FIGURES_FILE).read_text())


def test_every_goal_is_met() -> None:
    assert missed(figures()) == []


def test_a_missed_goal_is_named() -> None:
    worse = figures()
    worse["zero_shot"]["kind"] = 0.5
    assert missed(worse) == [f"zero_shot/kind is 0.500, the goal is {GOALS['zero_shot/kind']}"]


def test_weights_are_small_and_whole() -> None:
    checksums = json.loads((FOLDER / CHECKSUMS).read_text())
    for file, checksum in checksums.items():
        verify_checksum(FOLDER / file, checksum)
    assert sum((FOLDER / file).stat().st_size for file in checksums) <= 8_000_000


def test_a_small_sample_agrees(embedded: Encoder) -> None:
    shares = zero_shot(embedded.images, embedded.texts, 60)
    assert min(shares["kind"], shares["colour"], shares["pattern"]) >= 0.9


def test_held_out_scenes_are_not_those_of_the_demo() -> None:
    from curation.demo.recipe import make_demo

    planned = {image.scene for image in make_demo(20_261_123, 40, 40, 40).images}
    assert planned.isdisjoint(held_out(100, 0))
