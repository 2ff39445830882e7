import numpy as np
import pytest

from curation.pool.candidates import find_candidates
from curation.records import Candidate


@pytest.fixture
def scene(unit_rows):
    """Return texts, targets, image_of, pool; pool 3 repeats target 1, pool 9 repeats pool 4."""
    targets, pool = unit_rows(6, 24), unit_rows(40, 24, seed=1)
    image_of = np.repeat(np.arange(6), 2)
    texts = targets[image_of] + 0.5 * unit_rows(12, 24, seed=2)
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    pool[3], pool[9] = targets[1], pool[4]
    return texts, targets, image_of, pool


def slow_candidates(texts, targets, image_of, pool, threshold, k):
    kept = []
    for p, image in enumerate(pool):
        if max(targets @ image) < threshold and all(pool[other] @ image < threshold for other in kept):
            kept.append(p)
    rows = {}
    for c, text in enumerate(texts):
        own = targets[image_of[c]]
        by_text = sorted(kept, key=lambda p: (-float(pool[p] @ text), p))[:k]
        by_image = sorted(kept, key=lambda p: (-float(pool[p] @ own), p))[:k]
        for p in set(by_text) | set(by_image):
            rows[c, p] = (p in by_text, p in by_image, pool[p] @ text, pool[p] @ own, pool[p] @ text - own @ text)
    return rows


def test_equals_a_search_one_by_one(scene):
    found = find_candidates(*scene, duplicate_threshold=0.95, k=4)
    expected = slow_candidates(*scene, 0.95, 4)
    pairs = list(zip(found.caption.tolist(), found.image.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)) == len(found)
    assert set(pairs) == set(expected)
    for at, pair in enumerate(pairs):
        by_text, by_image, text_score, image_score, margin = expected[pair]
        assert (found.by_text[at], found.by_image[at]) == (by_text, by_image)
        values = [found.text_score[at], found.image_score[at], found.margin[at]]
        assert values == pytest.approx([text_score, image_score, margin], abs=1e-5)


def test_near_duplicates_take_no_part_and_say_why(scene):
    found = find_candidates(*scene, duplicate_threshold=0.95, k=40)
    assert found.repeats_target[3] == 1
    assert found.repeats_pool[9] == 4
    assert np.count_nonzero(found.repeats_target >= 0) == np.count_nonzero(found.repeats_pool >= 0) == 1
    assert set(found.image.tolist()) == set(range(40)) - {3, 9}


def test_a_true_match_in_the_pool_comes_first(scene):
    texts, targets, image_of, pool = scene
    pool[17] = texts[5]  # fits caption 5 better than its own picture does
    found = find_candidates(texts, targets, image_of, pool, duplicate_threshold=0.95)
    assert (found.caption[0], found.image[0]) == (5, 17)
    assert found.margin[0] > 0
    assert (np.diff(found.margin) <= 0).all()


def test_records_name_captions_and_images(scene):
    found = find_candidates(*scene, duplicate_threshold=0.95, k=3)
    rows = found.rows([f"a#{c}" for c in range(12)], [f"pool{p}" for p in range(40)])
    assert len(rows) == len(found)
    for at, row in enumerate(rows):
        via, score = ("text", found.text_score) if found.by_text[at] else ("image", found.image_score)
        caption, image = f"a#{found.caption[at]}", f"pool{found.image[at]}"
        assert row == Candidate(caption, image, via, pytest.approx(float(score[at])))
    assert {row.via for row in rows} == {"text", "image"}


@pytest.mark.parametrize("pool", [np.empty((0, 24), np.float32), "targets"])
def test_an_empty_pool_or_one_of_duplicates_gives_no_candidates(scene, pool):
    texts, targets, image_of, _ = scene
    pool = targets if isinstance(pool, str) else pool
    found = find_candidates(texts, targets, image_of, pool, duplicate_threshold=0.95)
    assert len(found) == 0
    assert found.rows([], []) == []
    assert len(found.repeats_target) == len(pool)


def test_inputs_stay_as_they_were_and_memory_maps_are_welcome(scene, tmp_path):
    texts, targets, image_of, pool = scene
    np.save(tmp_path / "pool.npy", pool.astype(np.float16))
    mapped = np.load(tmp_path / "pool.npy", mmap_mode="r")
    before = [array.copy() for array in scene]
    exact = find_candidates(*scene, duplicate_threshold=0.95, k=2)
    half = find_candidates(texts, targets, image_of, mapped, duplicate_threshold=0.95, k=2)
    np.testing.assert_array_equal(half.repeats_target, exact.repeats_target)
    np.testing.assert_allclose(half.margin, exact.margin, atol=2e-3)
    for old, new in zip(before, scene, strict=True):
        np.testing.assert_array_equal(old, new)


def test_an_own_image_out_of_range_is_refused(scene):
    texts, targets, image_of, pool = scene
    with pytest.raises(ValueError, match="image_of must lie in"):
        find_candidates(texts, targets, image_of + 1, pool, duplicate_threshold=0.95)
