import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.retrieval.hubness import hubs, measure, n_k
from curation.retrieval.topk import top_of_rows

# Six queries by eight gallery items; the expected figures come from an independent float64 implementation.
SCORES = np.array(
    [
        [0.2957, 0.1986, 0.1663, 0.3823, 0.1573, 0.2856, 0.2875, 0.1840],
        [0.2608, 0.1941, 0.3247, 0.2482, 0.1011, 0.1699, 0.2986, 0.2496],
        [0.1629, 0.1479, 0.4947, 0.2457, 0.1515, 0.1616, 0.2256, 0.1921],
        [0.1921, 0.1913, 0.4129, 0.3289, 0.0791, 0.2433, 0.1724, 0.1770],
        [0.2008, 0.2642, 0.2476, 0.2152, 0.2345, 0.1449, 0.2480, 0.2641],
        [0.2195, 0.1820, 0.2968, 0.2339, 0.1092, 0.2109, 0.3200, 0.2155],
    ],
    dtype=np.float32,
)
KNOWN = {
    1: {
        "counts": [0, 1, 3, 1, 0, 0, 1, 0],
        "skewness": 1.3426342267,
        "robin_hood": 0.5,
        "gini": 0.625,
        "antihub_rate": 0.5,
        "hub_rate": 0.125,
        "hub_occurrence": 0.5,
        "largest": 3,
    },
    3: {
        "counts": [2, 1, 4, 4, 0, 1, 5, 1],
        "skewness": 0.3538001921,
        "robin_hood": 0.3472222222,
        "gini": 0.4166666667,
        "antihub_rate": 0.125,
        "hub_rate": 0.125,
        "hub_occurrence": 0.2777777778,
        "largest": 5,
    },
}


@pytest.mark.parametrize("k", [1, 3])
def test_known_values(k):
    counts = n_k(top_of_rows(SCORES, k)[1], 8)
    expected = dict(KNOWN[k])
    assert counts.tolist() == expected.pop("counts")
    found = measure(counts, k)
    assert (found.k, found.queries, found.items) == (k, 6, 8)
    for name, value in expected.items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-6), name


def slow_measures(counts):
    g, total = len(counts), sum(counts)
    mean = total / g
    m2 = sum((n - mean) ** 2 for n in counts) / g
    m3 = sum((n - mean) ** 3 for n in counts) / g
    hub = [n for n in counts if n * g >= 2 * total]
    return {
        "skewness": m3 / m2**1.5 if m2 else 0.0,
        "robin_hood": sum(abs(n - mean) for n in counts) / (2 * total),
        "antihub_rate": sum(n == 0 for n in counts) / g,
        "hub_rate": len(hub) / g,
        "hub_occurrence": sum(hub) / total,
        "gini": sum(abs(a - b) for a in counts for b in counts) / (2 * g * total),
        "largest": max(counts),
    }


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30).filter(lambda counts: sum(counts) > 0))
def test_measures_equal_their_definitions(counts):
    found = measure(np.array(counts), 1)
    for name, value in slow_measures(counts).items():
        assert getattr(found, name) == pytest.approx(value, abs=1e-9), name


def test_even_counts_show_no_hubness():
    found = measure(np.full(10, 4), 4)
    assert (found.skewness, found.robin_hood, found.gini, found.hub_rate) == (0, 0, 0, 0)
    assert not hubs(np.full(10, 4)).any()


def test_exactly_twice_the_mean_is_a_hub():
    assert hubs(np.array([4, 2, 1, 1])).tolist() == [True, False, False, False]


@given(st.integers(1, 5), st.integers(5, 9), st.integers(1, 20))
def test_n_k_sums_to_k_times_queries(k, g, q):
    index = np.argsort(np.random.default_rng(0).random((q, g)), axis=1)[:, :k]
    counts = n_k(index, g)
    assert counts.tolist() == [sum(j in row for row in index.tolist()) for j in range(g)]
    assert counts.sum() == k * q


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="N_3"):
        measure(np.array([1, 3]), 3)
    with pytest.raises(ValueError, match="lie in"):
        n_k(np.array([[0, 4]]), 4)
