import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.mixture import GaussianMixture

from curation.noise.calibrate import VARIANCE_FLOOR, calibrate, fit_mixture, percentile, posterior


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40))
def test_percentile_counts_ties_half(values):
    found = percentile(np.array(values, float))
    for value, share in zip(values, found, strict=True):
        below, equal = sum(v < value for v in values), sum(v == value for v in values)
        assert share == pytest.approx(100 * (below + equal / 2) / len(values))


def two_humps(seed, noisy=0.2, apart=5.0, n=2000):
    rng = np.random.default_rng(seed)
    wrong = rng.random(n) < noisy
    return np.where(wrong, rng.normal(apart, 1.5, n), rng.normal(0, 1, n)), wrong


@pytest.mark.parametrize("noisy", [0.05, 0.2, 0.5])
def test_two_groups_are_found_and_told_apart(noisy):
    raw, wrong = two_humps(1, noisy)
    found = calibrate(raw)
    assert found.mixture.bimodal
    assert found.mixture.weights[1] == pytest.approx(wrong.mean(), abs=0.02)
    assert np.mean((found.probability > 0.5) == wrong) > 0.97


@pytest.mark.parametrize("seed", range(3))
def test_fit_agrees_with_another_implementation(seed):
    raw, _ = two_humps(seed, apart=4.0)
    ours = fit_mixture(raw)
    scaled = (raw - raw.min()) / np.ptp(raw)
    theirs = GaussianMixture(2, reg_covar=VARIANCE_FLOOR, tol=1e-6, max_iter=500, random_state=0)
    theirs.fit(scaled[:, None])
    order = np.argsort(theirs.means_.ravel())
    means = raw.min() + np.ptp(raw) * theirs.means_.ravel()[order]
    np.testing.assert_allclose(ours.means, means, atol=0.02)
    np.testing.assert_allclose(ours.weights, theirs.weights_[order], atol=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_one_group_gets_no_probability(seed):
    found = calibrate(np.random.default_rng(seed).normal(size=1500))
    assert found.probability is None
    assert found.percentile.shape == (1500,)


def test_a_small_sample_of_one_group_is_rarely_taken_for_two():
    samples = (np.random.default_rng(seed).normal(size=60) for seed in range(100))
    assert sum(calibrate(raw).probability is not None for raw in samples) <= 3


@pytest.mark.parametrize("seed", range(5))
def test_heavy_tails_are_not_a_second_group(seed):
    found = calibrate(np.random.default_rng(seed).laplace(size=1500))
    assert found.mixture.gain > 0  # two normals do fit better, but around one and the same middle
    assert found.probability is None


@pytest.mark.parametrize("raw", [np.zeros(50), np.arange(49.0), np.array([]), np.array([3.0])])
def test_too_little_to_fit(raw):
    found = calibrate(raw)
    assert found.mixture is None
    assert found.probability is None
    assert found.percentile.shape == raw.shape


def test_probability_never_falls_as_scores_rise_not_even_in_the_tails():
    rng = np.random.default_rng(0)
    raw = np.concatenate([rng.normal(0, 0.3, 900), rng.normal(3, 1.5, 300), [-6.0]])  # a very clean pair
    found = calibrate(raw)
    ordered = found.probability[np.argsort(raw)]
    assert (np.diff(ordered) >= 0).all()
    assert found.probability[-1] < 0.05
    assert 0 <= ordered[0] <= ordered[-1] <= 1


def test_order_of_pairs_does_not_matter():
    raw, _ = two_humps(4)
    order = np.random.default_rng(0).permutation(len(raw))
    np.testing.assert_allclose(calibrate(raw[order]).probability, calibrate(raw).probability[order])


def test_posterior_of_nothing_is_nothing():
    raw, _ = two_humps(0)
    assert posterior(np.array([]), fit_mixture(raw)).shape == (0,)


@pytest.mark.parametrize("bad", [np.array([0.0, np.nan]), np.zeros((2, 2))])
def test_bad_scores_are_refused(bad):
    with pytest.raises(ValueError, match="finite numbers"):
        calibrate(bad)
