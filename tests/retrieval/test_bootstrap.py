import numpy as np
import pytest

from curation.retrieval.bootstrap import mean_interval, paired_difference


def slow_interval(values, clusters, samples, level, seed):
    """Resample whole clusters one draw at a time."""
    rng = np.random.default_rng(seed)
    labels = sorted(set(clusters.tolist()))
    means = []
    for _ in range(samples):
        drawn = [labels[j] for j in rng.integers(len(labels), size=len(labels))]
        means.append(np.concatenate([values[clusters == label] for label in drawn]).mean())
    return np.quantile(means, [(1 - level) / 2, (1 + level) / 2])


def test_equals_resampling_clusters_one_by_one():
    rng = np.random.default_rng(3)
    clusters = rng.integers(0, 9, size=40)  # groups of unequal size
    values = rng.normal(size=40)
    found = mean_interval(values, clusters, samples=150, level=0.9, seed=5)
    low, high = slow_interval(values, clusters, 150, 0.9, 5)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.estimate == pytest.approx(values.mean())


def test_captions_of_one_image_count_as_one_observation():
    rng = np.random.default_rng(0)
    per_image = rng.normal(size=60)
    values, images = np.repeat(per_image, 5), np.repeat(np.arange(60), 5)
    clustered = mean_interval(values, images)
    single = mean_interval(per_image, np.arange(60))
    naive = mean_interval(values, np.arange(300))
    assert (clustered.low, clustered.high) == pytest.approx((single.low, single.high))
    assert naive.high - naive.low < 0.6 * (clustered.high - clustered.low)


def test_interval_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for trial in range(200):
        values = rng.normal(loc=0.3, size=80)
        found = mean_interval(values, np.arange(80), samples=300, seed=trial)
        covered += found.low <= 0.3 <= found.high
    assert 0.88 <= covered / 200 <= 0.99


def test_paired_difference_of_hits():
    before = np.array([0, 0, 1, 1, 0, 0], bool)
    after = np.array([1, 1, 1, 1, 1, 1], bool)
    found = paired_difference(before, after, np.array(["a", "a", "b", "b", "c", "c"]), samples=500)
    assert found.estimate == pytest.approx(4 / 6)
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert paired_difference(before, before, np.arange(6)).clear_of_zero is False


def test_same_seed_same_interval():
    values, clusters = np.random.default_rng(0).normal(size=30), np.arange(30) // 3
    assert mean_interval(values, clusters, seed=7) == mean_interval(values, clusters, seed=7)
    assert mean_interval(values, clusters, seed=7) != mean_interval(values, clusters, seed=8)


@pytest.mark.parametrize(
    ("values", "clusters", "options"),
    [([], [], {}), ([1.0], [1, 2], {}), ([1.0], [1], {"level": 1.0}), ([1.0], [1], {"samples": 0})],
)
def test_bad_input_is_refused(values, clusters, options):
    with pytest.raises(ValueError, match="must"):
        mean_interval(np.array(values), np.array(clusters), **options)
    with pytest.raises(ValueError, match="one length"):
        paired_difference(np.zeros(2), np.zeros(3), np.arange(2))
