import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.agreement import (
    MISSING,
    Ratings,
    Resampling,
    against_gold,
    against_rest,
    collect,
    overall,
    pairs,
    reason_table,
    share_difference,
    verdict_table,
)
from curation.agreement import measures as m
from curation.agreement.resampling import drawn, drawn_sparse, kinds_of
from tests.agreement.test_libraries import answers, ratings_of

QUICK = Resampling(samples=60)


def test_clusters_are_drawn_as_a_whole_with_their_items():
    """Sums over resamples have the mean and spread of drawing the clusters one by one."""
    rng = np.random.default_rng(0)
    features, kind, clusters = rng.normal(size=(5, 2)), rng.integers(5, size=300), rng.integers(40, size=300)
    per_cluster = np.stack([features[kind[clusters == c]].sum(axis=0) for c in range(40)])
    found = drawn(features, kind, clusters, Resampling(samples=20_000, seed=1))
    sums = np.concatenate(list(found.resampled))
    assert found.clusters == 40
    assert found.whole[0] == pytest.approx(per_cluster.sum(axis=0))
    assert sums.mean(axis=0) == pytest.approx(per_cluster.sum(axis=0), abs=0.6)
    assert np.cov(sums.T) == pytest.approx(40 * np.cov(per_cluster.T, bias=True), rel=0.06, abs=1.0)


def test_few_sums_per_item_are_drawn_the_same_way():
    rng = np.random.default_rng(0)
    columns, clusters = rng.integers(4, size=300), rng.permutation(np.arange(300) % 40)
    per_cluster = np.stack([np.bincount(columns[clusters == c], minlength=4) for c in range(40)])
    found = drawn_sparse(columns, clusters, 5, Resampling(samples=20_000, seed=1))
    sums = np.concatenate(list(found.resampled))
    assert found.whole[0].tolist() == [*per_cluster.sum(axis=0).tolist(), 0]
    assert sums[:, 4].max() == 0  # nothing ever fell there
    assert np.cov(sums[:, :4].T) == pytest.approx(40 * np.cov(per_cluster.T, bias=True), rel=0.06, abs=1.5)


def test_interval_covers_the_truth_about_as_often_as_it_says():
    """The truth is the measure over very many items of the same kind."""
    truth = {name: getattr(overall(ratings_of(answers(99, 50_000, 3, 3, 0.2), 3), QUICK), name).value
             for name in ("percent", "cohen", "fleiss", "alpha", "ac1")}  # fmt: skip
    covered = dict.fromkeys(truth, 0)
    for seed in range(100):
        found = overall(ratings_of(answers(seed, 80, 3, 3, 0.2), 3), Resampling(samples=200, seed=seed))
        for name, value in truth.items():
            covered[name] += getattr(found, name).low <= value <= getattr(found, name).high
    assert all(85 <= number <= 100 for number in covered.values()), covered


def test_same_seed_same_intervals():
    ratings = ratings_of(answers(1, 60, 3, 3, 0.2), 3)
    assert overall(ratings, Resampling(seed=4)) == overall(ratings, Resampling(seed=4))
    assert overall(ratings, Resampling(seed=4)).percent != overall(ratings, Resampling(seed=5)).percent


def test_one_image_with_many_captions_is_one_observation():
    codes = np.repeat(answers(1, 30, 2, 3, 0.0), 10, axis=0)
    alone = ratings_of(codes, 3)
    grouped = Ratings(codes, alone.categories, alone.people, np.arange(300) // 10, alone.reasons)
    narrow, wide = overall(alone, QUICK).percent, overall(grouped, QUICK).percent
    assert narrow.value == wide.value
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_table_of_answers_crashes_and_every_figure_is_in_range(data):
    n, people, q = (data.draw(st.integers(0, 8)), data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4)))
    row = st.lists(st.integers(MISSING, q - 1), min_size=people, max_size=people)
    codes = np.array(data.draw(st.lists(row, min_size=n, max_size=n)), dtype=np.int64).reshape(n, people)
    ratings = ratings_of(codes, q, ordinal=data.draw(st.booleans()))
    found = overall(ratings, Resampling(samples=5))
    everyone = [against_rest(ratings, one, Resampling(samples=5)) for one in ratings.people]
    for score in (found.percent, found.cohen, found.fleiss, found.alpha, found.ac1, *(one.percent for one in everyone)):
        assert (score.value is None) <= bool(score.why)
        if score.value is not None:
            assert score.value <= 1 + 1e-9
        if score.low is not None:
            assert score.low <= score.high <= 1 + 1e-9
    if found.percent.value is not None:
        assert found.percent.value >= 0
    verdict_table(ratings), reason_table(ratings), pairs(ratings, Resampling(samples=5))


def test_one_person_alone_agrees_with_nobody_and_it_says_so():
    found = overall(ratings_of(np.array([[0], [1]]), 2), QUICK)
    assert (found.items, found.percent.value) == (0, None)
    assert "two people" in found.percent.why
    assert against_rest(ratings_of(np.array([[0], [1]]), 2), "person 0", QUICK).percent.value is None


def test_people_without_an_item_in_common():
    ratings = ratings_of(np.array([[0, MISSING], [MISSING, 1]]), 2)
    assert overall(ratings, QUICK).items == 0
    assert pairs(ratings, QUICK) == {}


def test_the_same_answer_everywhere_leaves_kappa_open_but_not_the_share():
    found = overall(ratings_of(np.zeros((20, 3), dtype=np.int64), 4), QUICK)
    assert (found.percent.value, found.percent.low) == (1.0, 1.0)
    assert found.ac1.value == 1.0  # Gwet: no answer is hard to give
    for score in (found.cohen, found.fleiss, found.alpha):
        assert score.value is None
        assert "same" in score.why


def test_one_rare_answer_gets_a_kappa_without_an_interval():
    codes = np.zeros((60, 2), dtype=np.int64)
    codes[0] = 1
    found = overall(ratings_of(codes, 2), QUICK)
    assert found.cohen.value == 1.0
    assert found.cohen.low is None
    assert "resamples" in found.cohen.why


def test_against_the_rest_equals_counting_by_hand():
    codes = answers(3, 50, 4, 3, 0.3)
    found = against_rest(ratings_of(codes, 3), "person 2", QUICK)
    shares = []
    for row in codes:
        others = [one for place, one in enumerate(row) if place != 2 and one != MISSING]
        if row[2] != MISSING and others:
            shares.append(np.mean([one == row[2] for one in others]))
    assert found.items == len(shares)
    assert found.percent.value == pytest.approx(np.mean(shares), abs=1e-12)


def test_against_gold_counts_what_both_answered():
    own, gold = np.array([0, 1, 2, MISSING, 1]), np.array([0, 1, 1, 1, MISSING])
    found = against_gold("ann", own, gold, np.arange(5), 3, QUICK)
    assert (found.items, found.percent.value) == (3, pytest.approx(2 / 3))
    nothing = against_gold("ann", own, np.full(5, MISSING), np.arange(5), 3, QUICK)
    assert (nothing.items, nothing.percent.value) == (0, None)


ROWS = [
    ("a#0", "a", "ann", "fine", ""),
    ("a#0", "a", "bob", "reject", "count"),
    ("a#0", "a", "cem", "reject", "count"),
    ("b#0", "b", "ann", "fine", ""),
    ("b#0", "b", "bob", "fine", ""),
    ("c#0", "c", "ann", "unsure", ""),
    ("c#0", "c", "bob", "reject", "place"),
]


def test_the_table_of_verdicts_counts_pairs_in_both_directions():
    table = verdict_table(collect(ROWS, ("fine", "reject")))
    assert table.counts == ((2.0, 2.0), (2.0, 2.0))


def test_the_table_of_reasons_says_what_others_answered():
    table = reason_table(collect(ROWS, ("fine", "reject")), ("place", "count"))
    assert table.rows == ("count",)  # for `place` there is no second answer
    assert table.counts == ((1.0, 1.0),)


def test_answers_that_are_none_are_left_out():
    ratings = collect(ROWS, ("fine", "reject"))
    assert ratings.codes.tolist() == [[0, 1, 1], [0, 0, MISSING], [MISSING, 1, MISSING]]
    assert collect([], ("fine",)).codes.shape == (0, 0)


def test_a_difference_of_shares_with_its_interval():
    """100 images with one item each: 60 of 80 aided, 5 of 20 unaided."""
    first, second = np.zeros((4, 2)), np.zeros((4, 2))
    first[0], first[1] = (1, 1), (0, 1)
    second[2], second[3] = (1, 1), (0, 1)
    found = share_difference(first, second, np.array([60, 20, 5, 15]), Resampling(samples=4000))
    assert found.value == pytest.approx(0.75 - 0.25)
    spread = np.sqrt(0.75 * 0.25 / 80 + 0.25 * 0.75 / 20)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(spread, rel=0.08)
    assert share_difference(first, second, np.array([60, 20, 0, 0]), QUICK).value is None


def test_kinds_of_items_are_told_apart():
    kinds, kind = kinds_of(np.array([[1, 0], [0, 2], [1, 0]]))
    assert kinds[kind].tolist() == [[1, 0], [0, 2], [1, 0]]
    assert len(kinds) == 2


@pytest.mark.parametrize("options", [{"level": 1.0}, {"samples": 0}])
def test_bad_options_are_refused(options):
    with pytest.raises(ValueError, match="level must"):
        Resampling(**options)


def test_arrays_of_different_lengths_are_refused():
    codes = np.zeros((2, 2), dtype=np.int64)
    with pytest.raises(ValueError, match="do not go with"):
        Ratings(codes, ("a",), ("ann",), np.arange(2), codes)
    with pytest.raises(ValueError, match="codes must lie"):
        Ratings(codes + 3, ("a",), ("ann", "bob"), np.arange(2), codes)


def test_ordinal_measures_forgive_near_misses():
    near = ratings_of(np.array([[0, 1], [1, 1], [2, 2], [3, 3], [0, 0]]), 4, ordinal=True)
    far = ratings_of(np.array([[0, 3], [1, 1], [2, 2], [3, 3], [0, 0]]), 4, ordinal=True)
    for name in ("alpha", "ac2"):
        assert getattr(overall(near, QUICK), name).value > getattr(overall(far, QUICK), name).value
    assert m.quadratic_weights(4)[0].tolist() == pytest.approx([1, 8 / 9, 5 / 9, 0])
