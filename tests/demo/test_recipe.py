"""The demo's plan: what is planted, and that the truth says so."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.demo.defects import plant_defect, repaired
from curation.demo.facts import holds
from curation.demo.recipe import DemoPlan, make_demo, true_pairs
from curation.demo.scenes import relation
from curation.demo.writing import CAPTIONS_FILE, TRUTH_FILE, write_demo


@pytest.fixture(scope="module")
def plan() -> DemoPlan:
    return make_demo(seed=3, n_train=60, n_test=40, n_pool=120)


def test_same_seed_same_plan(plan: DemoPlan) -> None:
    assert make_demo(3, 60, 40, 120) == plan
    assert make_demo(4, 60, 40, 120) != plan


def test_counts_and_ids(plan: DemoPlan) -> None:
    assert Counter(image.split for image in plan.images) == {"train": 60, "test": 40, "pool": 120}
    assert len({image.id for image in plan.images}) == 220
    per_image = Counter(caption.image_id for caption in plan.captions)
    assert set(per_image.values()) == {5}
    assert set(per_image) == {image.id for image in plan.images if image.split != "pool"}


def test_captions_are_true_unless_they_are_noise(plan: DemoPlan) -> None:
    scenes = {image.id: image.scene for image in plan.images}
    for caption in plan.captions:
        assert holds(caption.facts, scenes[caption.image_id]) is not caption.noise
        if caption.noise:
            assert caption.swapped_from not in (None, caption.image_id)
        if caption.new_facts is not None:
            assert holds(caption.new_facts, scenes[caption.image_id])
            assert caption.new_facts.detail >= caption.facts.detail


def test_shares_of_what_is_planted(plan: DemoPlan) -> None:
    swapped = [caption for caption in plan.captions if caption.swapped_from]
    assert 0.08 <= len(swapped) / len(plan.captions) <= 0.10
    assert 0 < sum(caption.noise for caption in swapped) <= len(swapped)
    assert any(caption.defect for caption in plan.captions)
    assert {caption.generated for caption in plan.captions} == {True, False}
    test_ids = {image.id for image in plan.images if image.split == "test"}
    assert {c.image_id in test_ids for c in plan.captions if c.new_text} == {True}


def test_pool_holds_copies_and_matches(plan: DemoPlan) -> None:
    images = {image.id: image for image in plan.images}
    copies = [image for image in plan.images if image.copy_of]
    matches = [image for image in plan.images if image.match_of]
    assert (len(copies), len(matches)) == (6, 7)
    for image in copies:
        assert image.scene == images[str(image.copy_of)].scene
    for image in matches:
        target = images[str(image.match_of)].scene
        looks = [[(t.kind, t.colour, t.pattern, t.size) for t in s.things] for s in (image.scene, target)]
        assert looks[0] == looks[1]
        assert image.scene.background == target.background
        if len(target.things) > 1:
            assert relation(*image.scene.things[:2]) == relation(*target.things[:2])


def test_true_pairs_agree_with_holds(plan: DemoPlan) -> None:
    scenes = {image.id: image.scene for image in plan.images if image.split == "pool"}
    pairs = true_pairs(plan)
    captions = {(c.image_id, c.i): c for c in plan.captions}
    assert len(pairs) == 200
    for key, found in list(pairs.items())[:60]:
        facts = captions[key].new_facts or captions[key].facts
        assert found == [image_id for image_id, scene in scenes.items() if holds(facts, scene)]


def test_defects_can_be_repaired() -> None:
    sorts = set()
    for seed in range(120):
        text = ("There is an orange umbrella on the grass.", "a red car left of a tree", "A cup")[seed % 3]
        broken, defect = plant_defect(text, np.random.default_rng(seed))
        sorts.add(defect.sort)
        assert broken != text
        assert broken[defect.start : defect.end] == defect.wrong
        if defect.sort != "lost apostrophe":  # which also puts the opening words away
            assert repaired(broken, defect) == text
    assert sorts == {"article", "repeated word", "misspelt", "lost apostrophe", "double space"}


def test_files(plan: DemoPlan, tmp_path: Path) -> None:
    small = make_demo(seed=3, n_train=2, n_test=2, n_pool=3)
    done: list[int] = []
    write_demo(small, tmp_path / "demo", tmp_path / "apart", workers=1, progress=done.append)
    assert done == [7]
    rows = [json.loads(line) for line in (tmp_path / "demo" / CAPTIONS_FILE).read_text().splitlines()]
    assert len(rows) == 4 * 5 + 3
    assert set(rows[0]) == {"image", "split", "caption", "generated", "new_text"}
    for image in small.images:
        with Image.open(tmp_path / "demo" / "images" / f"{image.id}.jpg") as picture:
            assert picture.size == (320, 320)
    assert not (tmp_path / "demo" / TRUTH_FILE).exists()
    truth = [json.loads(line) for line in (tmp_path / "apart" / TRUTH_FILE).read_text().splitlines()]
    assert Counter(row["record"] for row in truth) == {"image": 7, "caption": 20}


def test_a_copy_is_another_file_of_the_same_picture(tmp_path: Path) -> None:
    one = make_demo(seed=3, n_train=0, n_test=1, n_pool=0)
    image = one.images[0]
    copy = replace(image, id="copy", copy_of=image.id, moved=(0.006, -0.006), quality=50)
    write_demo(replace(one, images=(image, copy)), tmp_path, tmp_path / "truth", workers=1)
    first, second = (np.asarray(Image.open(tmp_path / "images" / f"{i.id}.jpg"), dtype=float) for i in (image, copy))
    assert 0 < np.abs(first - second).mean() < 12
