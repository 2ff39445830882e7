"""The demo workspace as facts: which scenes, captions and planted mistakes there are. Nothing is drawn here.

`make_demo` is pure; `curation.demo.writing.write_demo` turns its plan into files.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from curation.demo.captions import finer, five_facets
from curation.demo.defects import Defect, plant_defect
from curation.demo.facts import Facts, holds, truth_matrix
from curation.demo.scenes import BACKDROPS, Scene, draw_scene_facts, place_again, relation
from curation.demo.wording import phrase, prompt

DemoSplit = Literal["train", "test", "pool"]

SWAPPED: Final = 0.10  # of the captions of train and of test
DEFECTIVE: Final = 0.05  # of the captions
GENERATED: Final = 0.30  # of the captions, in the one plain wording
WITH_NEW_TEXT: Final = 0.30  # of the test captions that stand where they belong
NEAR_DUPLICATES: Final = 0.05  # of the pool: a test target drawn again, moved a little and compressed harder
TRUE_MATCHES: Final = 0.06  # of the pool: another picture of which a test target's finest caption is true


@dataclass(frozen=True, slots=True)
class DemoImage:
    """One picture. `copy_of` names the target that it nearly repeats, `match_of` the target whose finest caption
    is true of it; `moved` is how far all things are shifted, in shares of the side; `quality` is JPEG's."""

    id: str
    split: DemoSplit
    scene: Scene
    copy_of: str | None = None
    match_of: str | None = None
    moved: tuple[float, float] = (0.0, 0.0)
    quality: int = 90


@dataclass(frozen=True, slots=True)
class DemoCaption:
    """Caption `i` of a picture, with what it claims.

    `swapped_from` names the picture that it was taken from; `noise` says that it is false of the picture where it
    stands. `new_text` is a finer wording, true of the picture, or None.
    """

    image_id: str
    i: int
    text: str
    facts: Facts
    generated: bool
    new_text: str | None = None
    new_facts: Facts | None = None
    swapped_from: str | None = None
    noise: bool = False
    defect: Defect | None = None


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """All of the demo, in file order: train, test, pool."""

    seed: int
    images: tuple[DemoImage, ...]
    captions: tuple[DemoCaption, ...]


def make_demo(seed: int, n_train: int = 2000, n_test: int = 1000, n_pool: int = 5000) -> DemoPlan:
    """Plan the demo. The same arguments give the same plan; another seed gives another world."""
    rng = np.random.default_rng(seed)
    train = [_new_image(rng, i, "train") for i in range(n_train)]
    test = [_new_image(rng, n_train + i, "test") for i in range(n_test)]
    pool = _pool(rng, test, n_train + n_test, n_pool)
    captions = [*_captions(rng, train, 0.0), *_captions(rng, test, WITH_NEW_TEXT)]
    return DemoPlan(seed, (*train, *test, *pool), tuple(captions))


def true_pairs(plan: DemoPlan, split: DemoSplit = "pool") -> dict[tuple[str, int], list[str]]:
    """Return for each test caption (image id, number) the pictures of a split of which its final text is true.

    The final text is the new text where there is one.
    """
    targets = {image.id for image in plan.images if image.split == "test"}
    captions = [caption for caption in plan.captions if caption.image_id in targets]
    gallery = [image for image in plan.images if image.split == split]
    if not gallery or not captions:
        return {(caption.image_id, caption.i): [] for caption in captions}
    pairs = {}
    for start in range(0, len(captions), 500):
        part = captions[start : start + 500]
        truth = truth_matrix([c.new_facts or c.facts for c in part], [image.scene for image in gallery])
        for caption, row in zip(part, truth, strict=True):
            pairs[caption.image_id, caption.i] = [gallery[j].id for j in np.flatnonzero(row)]
    return pairs


def _new_image(rng: np.random.Generator, number: int, split: DemoSplit) -> DemoImage:
    return DemoImage(f"scene-{number:05d}", split, draw_scene_facts(rng))


def _pool(rng: np.random.Generator, targets: list[DemoImage], first: int, n: int) -> list[DemoImage]:
    """Mostly other scenes, with near-duplicates and true matches of targets among them at random places."""
    copies, matches = (round(share * n) if targets else 0 for share in (NEAR_DUPLICATES, TRUE_MATCHES))
    sorts = rng.permutation([*["copy"] * copies, *["match"] * matches, *["other"] * (n - copies - matches)])
    pool = []
    for number, sort in enumerate(sorts, start=first):
        image = _new_image(rng, number, "pool")
        if sort != "other":
            target = targets[int(rng.integers(len(targets)))]
            image = _copy(rng, image, target) if sort == "copy" else _match(rng, image, target)
        pool.append(image)
    return pool


def _copy(rng: np.random.Generator, image: DemoImage, target: DemoImage) -> DemoImage:
    moved = tuple(float(v) for v in rng.uniform(-0.008, 0.008, 2))
    quality = int(rng.integers(45, 75))
    return replace(image, scene=target.scene, copy_of=target.id, moved=(moved[0], moved[1]), quality=quality)


def _match(rng: np.random.Generator, image: DemoImage, target: DemoImage) -> DemoImage:
    """Put the target's things elsewhere, before another drawing of its background, in the same relation."""
    scene = target.scene
    while True:
        again = replace(place_again(rng, scene), backdrop=(scene.backdrop + 1) % BACKDROPS)
        if len(scene.things) == 1 or relation(*again.things[:2]) == relation(*scene.things[:2]):
            return replace(image, scene=again, match_of=target.id)


def _captions(rng: np.random.Generator, images: list[DemoImage], with_new_text: float) -> list[DemoCaption]:
    captions = []
    for image in images:
        for i, facts in enumerate(five_facets(image.scene, rng)):
            generated = bool(rng.random() < GENERATED)
            text = prompt(facts) if generated else phrase(facts, rng)
            captions.append(DemoCaption(image.id, i, text, facts, generated))
    captions = _swapped(rng, captions, {image.id: image.scene for image in images})
    scenes = {image.id: image.scene for image in images}
    return [_finished(rng, caption, scenes[caption.image_id], with_new_text) for caption in captions]


def _swapped(rng: np.random.Generator, captions: list[DemoCaption], scenes: dict[str, Scene]) -> list[DemoCaption]:
    """Hand a share of the texts round in a circle, each to a caption of another picture."""
    chosen = rng.permutation(len(captions))[: round(SWAPPED * len(captions))].tolist()
    result = list(captions)
    for here, there in zip(chosen, [*chosen[1:], *chosen[:1]], strict=True):
        mine, other = captions[here], captions[there]
        if mine.image_id != other.image_id:
            false = not holds(other.facts, scenes[mine.image_id])
            result[here] = replace(
                mine, text=other.text, facts=other.facts, generated=other.generated,
                swapped_from=other.image_id, noise=false,
            )  # fmt: skip
    return result


def _finished(rng: np.random.Generator, caption: DemoCaption, scene: Scene, with_new_text: float) -> DemoCaption:
    """Add a finer new text or a defect to some captions."""
    chance = rng.random(2)
    if chance[0] < with_new_text and caption.swapped_from is None:
        facts = finer(caption.facts, scene)
        caption = replace(caption, new_facts=facts, new_text=phrase(facts, rng))
    if chance[1] < DEFECTIVE:
        text, defect = plant_defect(caption.text, rng)
        caption = replace(caption, text=text, defect=defect)
    return caption
