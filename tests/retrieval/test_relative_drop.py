"""The fall of retrieval, against slow and obvious computations."""

import numpy as np
import pytest

from curation.retrieval.robustness import relative_drop, robustness


def test_figures_of_a_small_set():
    found = robustness(np.array([1, 1, 2, 10]), np.array([1, 2, 4, 20]), np.array(["a", "a", "b", "c"]))
    before, after = (1 + 1 + 1 / 2 + 1 / 10) / 4, (1 + 1 / 2 + 1 / 4 + 1 / 20) / 4
    assert found.mrr_before.estimate == pytest.approx(before)
    assert found.mrr_after.estimate == pytest.approx(after)
    assert found.relative_drop.estimate == pytest.approx((before - after) / before)
    assert found.mrr_change.estimate == pytest.approx(after - before)
    assert found.recall_change[1].estimate == pytest.approx(-25.0)
    assert found.recall_change[10].estimate == pytest.approx(-25.0)
    assert (found.before.recall[1], found.after.recall[1], found.images) == (50.0, 25.0, 3)


def test_the_interval_resamples_whole_images():
    rng = np.random.default_rng(3)
    before, after = rng.random(40) + 0.1, rng.random(40) + 0.1
    images = rng.integers(0, 9, 40)
    found = relative_drop(before, after, images, samples=300, seed=5)
    slow, draws = [], np.random.default_rng(5)
    groups = sorted(set(images.tolist()))
    for start in range(0, 300, 100):
        for drawn in draws.integers(len(groups), size=(min(100, 300 - start), len(groups))):
            rows = [n for g in drawn for n in range(40) if images[n] == groups[g]]
            slow.append(1 - after[rows].sum() / before[rows].sum())
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(slow, [0.025, 0.975])))
    assert found.low < found.estimate < found.high


def test_nothing_changed_is_no_drop():
    ranks = np.array([1, 3, 7])
    found = robustness(ranks, ranks, np.arange(3))
    assert (found.relative_drop.estimate, found.relative_drop.low, found.relative_drop.high) == (0, 0, 0)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="one length"):
        robustness(np.array([1]), np.array([1, 2]), np.arange(1))
