import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from curation.retrieval import topk as topk_module
from curation.retrieval.topk import top_of_rows, topk

# Small whole numbers: dot products are exact in float32, so that ties are plenty and truly equal.
whole = st.integers(-2, 2)


def slow_topk(queries, gallery, k, exclude=None):
    """Sort every row by falling score, then by index."""
    rows = []
    for i, query in enumerate(queries.astype(np.float64)):
        left = [j for j in range(len(gallery)) if exclude is None or exclude[i] != j]
        scores = {j: float(query @ gallery[j].astype(np.float64)) for j in left}
        rows.append(sorted(left, key=lambda j: (-scores[j], j))[:k])
    return rows


@st.composite
def problems(draw):
    q, g, d = draw(st.integers(1, 6)), draw(st.integers(1, 40)), draw(st.integers(1, 3))
    queries = draw(arrays(np.float32, (q, d), elements=whole.map(float)))
    gallery = draw(arrays(np.float32, (g, d), elements=whole.map(float)))
    exclude = draw(st.none() | arrays(np.int64, q, elements=st.integers(0, g - 1)))
    return queries, gallery, draw(st.integers(1, g + 2)), exclude, draw(st.integers(1, 9))


@settings(max_examples=200, deadline=None)
@given(problem=problems())
def test_equals_a_sort_by_score_then_index_for_any_block_size(problem):
    queries, gallery, k, exclude, block = problem
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topk_module, "BLOCK_COLUMNS", block)  # many steps of the running threshold
        scores, index = topk(queries, gallery, k, block_rows=block, exclude=exclude)
    expected = slow_topk(queries, gallery, k, exclude)
    assert index.tolist() == expected
    assert scores.dtype == np.float32
    assert index.dtype == np.int64
    for i, row in enumerate(expected):
        assert scores[i].tolist() == [float(queries[i] @ gallery[j]) for j in row]


@settings(max_examples=100, deadline=None)
@given(arrays(np.float32, (4, 12), elements=whole.map(float)), st.integers(1, 14))
def test_top_of_rows_equals_a_stable_sort(scores, k):
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    values, index = top_of_rows(scores, k)
    np.testing.assert_array_equal(index, expected)
    np.testing.assert_array_equal(values, np.take_along_axis(scores, expected, axis=1))


def test_float16_memory_map_gives_the_neighbours_of_its_float32_copy(tmp_path, unit_rows):
    gallery = unit_rows(3000, 32, seed=1).astype(np.float16)
    np.save(tmp_path / "vectors.npy", gallery)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    queries = unit_rows(50, 32, seed=2)
    scores, index = topk(queries, mapped, 7)
    expected_scores, expected = topk(queries, gallery.astype(np.float32), 7)
    np.testing.assert_array_equal(index, expected)
    np.testing.assert_allclose(scores, expected_scores, atol=1e-6)


def test_exclude_minus_one_leaves_nothing_out(unit_rows):
    vectors = unit_rows(20, 8)
    exclude = np.full(20, -1)
    exclude[3] = 3
    _, index = topk(vectors, vectors, 1, exclude=exclude)
    assert index[3, 0] != 3
    assert np.delete(index[:, 0], 3).tolist() == [i for i in range(20) if i != 3]


def test_inputs_stay_as_they_were(unit_rows):
    queries, gallery = unit_rows(9, 4), unit_rows(11, 4, seed=1)
    before = queries.copy(), gallery.copy()
    topk(queries, gallery, 3, exclude=np.arange(9))
    np.testing.assert_array_equal(queries, before[0])
    np.testing.assert_array_equal(gallery, before[1])


def test_no_queries_give_no_rows(unit_rows):
    scores, index = topk(np.empty((0, 4), np.float32), unit_rows(5, 4), 2)
    assert scores.shape == index.shape == (0, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 0}, "k must be at least 1"),
        ({"gallery": np.empty((0, 4), np.float32)}, "gallery is empty"),
        ({"gallery": np.ones((5, 3), np.float32)}, "same d"),
        ({"gallery": np.full((5, 4), np.nan, np.float32)}, "NaN"),
        ({"queries": np.full((3, 4), np.inf, np.float32)}, "infinity"),
        ({"exclude": np.array([0, 1, 5])}, "exclude must lie in"),
        ({"exclude": np.array([0, 1])}, "exclude must be"),
        ({"exclude": np.zeros(3)}, "integers"),
    ],
)
def test_bad_input_is_refused(change, message, unit_rows):
    good = {"queries": unit_rows(3, 4), "gallery": unit_rows(5, 4), "k": 2}
    with pytest.raises(ValueError, match=message):
        topk(**good | change)
