import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curation.retrieval import ranks
from curation.retrieval.blocks import row_blocks

whole = st.integers(-2, 2).map(float)


@st.composite
def problems(draw):
    q, g, d = draw(st.integers(1, 5)), draw(st.integers(1, 8)), draw(st.integers(1, 3))
    queries = draw(arrays(np.float32, (q, d), elements=whole))
    gallery = draw(arrays(np.float32, (g, d), elements=whole))
    return queries, gallery, draw(arrays(np.int64, q, elements=st.integers(0, g - 1)))


@settings(max_examples=200, deadline=None)
@given(problem=problems(), delta=st.sampled_from([0.0, 1.0, 2.5]), block_rows=st.integers(1, 6))
def test_view_equals_a_loop_over_the_gallery(problem, delta, block_rows):
    queries, gallery, own = problem
    seen = ranks.view(queries, gallery, own, delta=delta, temperature=0.5, block_rows=block_rows)
    for i, query in enumerate(queries.astype(np.float64)):
        scores = [float(query @ item) for item in gallery.astype(np.float64)]
        mine = scores[own[i]]
        others = [(s, -j) for j, s in enumerate(scores) if j != own[i]]
        best, rival = max(others, default=(-1.0, 1))
        assert seen.own[i] == mine
        assert seen.rank[i] == 1 + sum(s >= mine for s, _ in others)
        assert seen.close[i] == sum(s >= mine - delta for s, _ in others)
        assert (seen.best_other[i], seen.rival[i]) == (best, -rival)
        assert seen.margin[i] == mine - best
        weights = np.exp(np.array(scores) / 0.5)
        share = weights / weights.sum()
        assert seen.entropy[i] == pytest.approx(-(share * np.log(share)).sum(), abs=1e-5)


def test_single_functions_agree_with_the_view(unit_rows):
    queries, gallery = unit_rows(40, 8), unit_rows(30, 8, seed=1)
    own = np.arange(40) % 30
    seen = ranks.view(queries, gallery, own, delta=0.1, temperature=0.05)
    np.testing.assert_array_equal(ranks.ranks(queries, gallery, own), seen.rank)
    np.testing.assert_array_equal(ranks.count_within(queries, gallery, own, 0.1), seen.close)
    np.testing.assert_allclose(ranks.margins(queries, gallery, own), seen.margin, atol=1e-6)
    np.testing.assert_allclose(ranks.own_scores(queries, gallery, own), seen.own, atol=1e-6)
    np.testing.assert_allclose(ranks.entropy(queries, gallery, 0.05), seen.entropy, atol=1e-6)


def test_a_picture_held_twice_never_beats_its_twin(unit_rows):
    gallery = unit_rows(5000, 64)
    gallery[4999] = gallery[0]  # another block, another rounding
    queries = np.repeat(gallery[:1], 3, axis=0)
    assert ranks.ranks(queries, gallery, np.array([0, 4999, 0])).tolist() == [2, 2, 2]


def test_scores_that_differ_by_rounding_are_ties_on_any_scale():
    scores = np.array([[0.3, 0.3 - 2e-7, 0.3 - 1e-5], [30.0, 30.0 - 4e-6, 30.0 - 1e-3]], np.float32)
    assert ranks.ranks_of_rows(scores, np.array([0, 0])).tolist() == [2, 2]


def test_an_encoder_that_sees_nothing_ranks_last():
    same = np.ones((6, 1), np.float32)
    assert ranks.ranks(same, same, np.arange(6)).tolist() == [6] * 6


def test_entropy_reaches_from_one_item_to_all():
    gallery = np.eye(4, dtype=np.float32)
    queries = np.stack([gallery[0], np.full(4, 0.5, np.float32)])
    sure, unsure = ranks.entropy(queries, gallery, 0.01)
    assert sure == pytest.approx(0.0, abs=1e-6)
    assert unsure == pytest.approx(np.log(4), abs=1e-6)


def test_float16_galleries_are_read_in_blocks(unit_rows):
    queries, gallery = unit_rows(7, 16), unit_rows(9000, 16, seed=1).astype(np.float16)
    blocks = list(row_blocks(queries, gallery, block_rows=3))
    assert [rows for rows, _ in blocks] == [slice(0, 3), slice(3, 6), slice(6, 7)]
    scores = np.concatenate([block for _, block in blocks])
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, queries @ gallery.astype(np.float32).T, atol=1e-6)


@pytest.mark.parametrize("change", [{"delta": -0.1}, {"temperature": 0.0}, {"own": np.array([0, 5])}])
def test_bad_settings_are_refused(change, unit_rows):
    good = {"queries": unit_rows(2, 4), "gallery": unit_rows(5, 4), "own": np.array([0, 1])}
    with pytest.raises(ValueError, match="must"):
        ranks.view(**good | change)
