import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.pool import duplicates
from curation.pool.duplicates import (
    duplicate_of,
    near_duplicate_pairs,
    nearest_similarity,
    target_of,
    threshold_from,
)
from curation.records import RegrainError


def slow_duplicate_of(vectors, threshold):
    twin = [-1] * len(vectors)
    for j in range(len(vectors)):
        for i in range(j):
            if twin[i] == -1 and float(vectors[i] @ vectors[j]) >= threshold:
                twin[j] = i
                break
    return twin


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 24), max_size=30), st.sampled_from([0.7, 0.9, 0.99]), st.integers(1, 7))
def test_lowest_index_is_kept_and_chains_are_thinned(steps, threshold, block):
    angles = np.array(steps, np.float64) * np.pi / 36  # points on half a circle, many of them the same
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "BLOCK", block)
        twin = duplicate_of(vectors, threshold)
        i, j, score = near_duplicate_pairs(vectors, threshold)
    assert twin.tolist() == slow_duplicate_of(vectors, threshold)
    n = range(len(vectors))
    expected = [(a, b) for a in n for b in n if a < b and float(vectors[a] @ vectors[b]) >= threshold]
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == expected
    assert (score >= threshold - 1e-6).all()


def test_a_chain_keeps_both_ends():
    angles = np.radians([0, 10, 20])
    chain = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert duplicate_of(chain, float(np.cos(np.radians(12)))).tolist() == [-1, 0, -1]


def test_too_low_a_threshold_is_named(unit_rows):
    with pytest.raises(RegrainError, match="raise the threshold"):
        near_duplicate_pairs(unit_rows(30, 4), -1.0, most_pairs=100)


def test_a_target_repeated_in_the_pool_is_found(unit_rows):
    targets, pool = unit_rows(5, 32), unit_rows(8, 32, seed=1)
    pool[6] = targets[2] + 0.02 * pool[0]
    pool[6] /= np.linalg.norm(pool[6])
    assert target_of(pool, targets, 0.95).tolist() == [-1, -1, -1, -1, -1, -1, 2, -1]


def test_threshold_comes_from_nearest_neighbours(unit_rows):
    vectors = unit_rows(300, 8)
    nearest = nearest_similarity(vectors)
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -np.inf)
    np.testing.assert_allclose(nearest, scores.max(axis=1), atol=1e-6)
    threshold = threshold_from(nearest, quantile=0.9)
    assert np.mean(nearest > threshold) == pytest.approx(0.1, abs=0.01)


def test_thresholds_need_something_to_come_from(unit_rows):
    with pytest.raises(ValueError, match="at least two"):
        nearest_similarity(unit_rows(1, 4))
    with pytest.raises(ValueError, match="quantile"):
        threshold_from(np.array([0.5], np.float32), quantile=1.0)
    with pytest.raises(ValueError, match="similarities"):
        threshold_from(np.array([], np.float32))
