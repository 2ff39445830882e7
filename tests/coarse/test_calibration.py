"""Reliability bins, calibration error and AUC against slow, obvious references."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.coarse.calibration import auc, calibration_error, reliability

pairs = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=40)


@given(pairs)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows):
    score = np.array([value / 8 for value, _ in rows])
    coarse = np.array([label for _, label in rows])
    won = [(s > t) + 0.5 * (s == t) for s in score[coarse] for t in score[~coarse]]
    assert auc(score, coarse) == (pytest.approx(np.mean(won)) if won else None)


def test_bins_hold_equally_many_and_state_what_was_observed():
    probability = np.linspace(0.05, 0.95, 20)
    coarse = np.arange(20) >= 10
    bins = reliability(probability, coarse)
    assert [one["number"] for one in bins] == [2.0] * 10
    assert [one["observed"] for one in bins] == [0.0] * 5 + [1.0] * 5
    assert bins[0]["predicted"] == pytest.approx(probability[:2].mean())


def test_calibration_error_is_the_mean_gap_weighted_by_the_number():
    probability, coarse = np.full(10, 0.3), np.arange(10) < 3
    assert calibration_error(probability, coarse, bins=1) == pytest.approx(0.0)
    assert calibration_error(np.full(10, 0.8), coarse, bins=1) == pytest.approx(0.5)
    assert calibration_error(np.empty(0), np.empty(0, dtype=bool)) == 0.0
