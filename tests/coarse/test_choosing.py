"""What to judge next and what a budget buys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.coarse.choosing import budget, budgets, mixed_order

chances = st.lists(st.integers(0, 20), min_size=1, max_size=60).map(lambda found: np.array(found) / 20)


@given(chances, st.integers(0, 10))
def test_an_order_holds_every_caption_once(probability, tenths):
    keys = [f"k{n}" for n in range(len(probability))]
    order = mixed_order(probability, keys, informative_share=tenths / 10)
    assert sorted(order.tolist()) == list(range(len(probability)))


@given(chances)
def test_the_ends_of_the_share_are_the_two_pure_orders(probability):
    keys = [f"k{n:02d}" for n in range(len(probability))]
    likeliest = probability[mixed_order(probability, keys, informative_share=0.0)]
    assert (np.diff(likeliest) <= 0).all()
    uncertain = np.abs(probability[mixed_order(probability, keys, informative_share=1.0)] - 0.5)
    assert (np.diff(uncertain) >= 0).all()


def test_the_uncertain_are_mixed_in_evenly():
    probability = np.array([0.99, 0.98, 0.97, 0.96, 0.95, 0.52, 0.47, 0.1])
    order = mixed_order(probability, list("abcdefgh"), informative_share=0.25)
    assert probability[order].tolist() == [0.99, 0.98, 0.97, 0.52, 0.96, 0.95, 0.47, 0.1]


def test_ties_are_broken_by_key_and_not_by_place():
    probability, keys = np.full(5, 0.7), ["c", "a", "e", "b", "d"]
    shuffled = np.array([4, 2, 0, 1, 3])
    first = [keys[n] for n in mixed_order(probability, keys)]
    again = [[keys[n] for n in shuffled][m] for m in mixed_order(probability[shuffled], [keys[n] for n in shuffled])]
    assert first == again == sorted(keys)


def test_bad_shares_and_budgets_are_refused():
    with pytest.raises(ValueError, match="from 0 to 1"):
        mixed_order(np.array([0.5]), ["a"], informative_share=1.5)
    with pytest.raises(ValueError, match="one per caption"):
        mixed_order(np.array([0.5]), [])
    with pytest.raises(ValueError, match="from 0 to 2"):
        budget(np.array([0.5, 0.5]), 3)


def test_the_interval_of_a_budget_holds_the_share_as_often_as_it_says():
    rng = np.random.default_rng(0)
    probability = np.sort(rng.beta(0.6, 1.2, size=800))[::-1]
    said = budget(probability, 300)
    truth = rng.random((2000, 800)) < probability
    shares = truth[:, :300].sum(axis=1) / truth.sum(axis=1)
    assert said.share == pytest.approx(shares.mean(), abs=0.003)
    assert np.mean((shares >= said.low) & (shares <= said.high)) == pytest.approx(0.95, abs=0.02)


def test_judging_everything_finds_everything_and_earlier_finds_count():
    probability = np.array([0.9, 0.4, 0.1])
    everything = budget(probability, 3)
    assert (everything.share, everything.low, everything.high) == (1.0, 1.0, 1.0)
    assert budget(probability, 0).share == 0.0
    assert budget(probability, 0, already=2).share == pytest.approx(2 / 3.4)
    assert budget(np.zeros(3), 1).share == 1.0  # nothing is left to be found


@given(st.lists(st.floats(0, 1), max_size=30), st.data())
def test_budgets_are_what_sums_over_head_and_tail_give(chances, data):
    probability = np.array(chances, dtype=np.float64)
    wanted = data.draw(st.lists(st.integers(0, len(chances)), max_size=5))
    already = data.draw(st.integers(0, 3))
    for said, judged in zip(budgets(probability, wanted, already=already), wanted, strict=True):
        head, tail = sum(chances[:judged]) + already, sum(chances[judged:])
        assert said.judged == judged
        assert said.share == pytest.approx(head / (head + tail) if head + tail > 0 else 1.0, abs=1e-9)
        if head + tail > 0:
            assert (said.found, said.coarse) == (pytest.approx(head), pytest.approx(head + tail))
        assert 0 <= said.low <= said.share + 1e-12 and said.share - 1e-12 <= said.high <= 1
