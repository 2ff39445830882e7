"""Known values of each mitigation, computed independently in float64, and the traps of each."""

import numpy as np
import pytest

from curation.hubness import Banks, mitigations
from curation.hubness.csls import csls
from curation.hubness.inverted_softmax import inverted_softmax
from curation.hubness.nnn import nnn
from curation.records import RegrainError

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
BANK_SCORES = np.array(
    [
        [0.1770, 0.2577, 0.1930, 0.1639, 0.1436, 0.1301, 0.2122, 0.2592],
        [0.2242, 0.1505, 0.2812, 0.2454, 0.0908, 0.1597, 0.1897, 0.1966],
        [0.1657, 0.2668, 0.2807, 0.2064, 0.1853, 0.2105, 0.3552, 0.1636],
        [0.1313, 0.1943, 0.2233, 0.2280, 0.0958, 0.2255, 0.2747, 0.1145],
        [0.2626, 0.1169, 0.3189, 0.1868, 0.1970, 0.2063, 0.2535, 0.2140],
        [0.1361, 0.2055, 0.1816, 0.1860, 0.0305, 0.2019, 0.2107, 0.2062],
        [0.2167, 0.1905, 0.3744, 0.1355, 0.1567, 0.2609, 0.3332, 0.2137],
        [0.0867, 0.2387, 0.2872, 0.1983, 0.1900, 0.2017, 0.2305, 0.1954],
        [0.2382, 0.1450, 0.2409, 0.1864, 0.1441, 0.2287, 0.1782, 0.2310],
        [0.1654, 0.2593, 0.2499, 0.1978, 0.1755, 0.2638, 0.2556, 0.1982],
    ],
    dtype=np.float32,
)
# With the gallery on the axes, a bank query's vector is its row of scores.
BANKS = Banks(BANK_SCORES, np.eye(8, dtype=np.float32))


def test_nnn_known_values():
    bias = [0.235425, 0.255625, 0.315425, 0.219525, 0.18695, 0.244725, 0.304675, 0.229475]
    first = [0.11913125, 0.00688125, -0.07026875, 0.21765625, 0.0170875, 0.10205625, 0.05899375, 0.01189375]
    np.testing.assert_allclose(BANKS.topk_mean(4), bias, atol=1e-6)
    corrected = nnn(BANKS, k=4, alpha=0.75)(SCORES)
    np.testing.assert_allclose(corrected[0], first, atol=1e-6)
    assert corrected.argmax(axis=1).tolist() == [3, 2, 2, 2, 4, 6]


def test_nnn_clamps_k_to_the_bank():
    np.testing.assert_array_equal(nnn(BANKS, k=128)(SCORES), nnn(BANKS, k=10)(SCORES))
    np.testing.assert_allclose(BANKS.topk_mean(128), BANK_SCORES.mean(axis=0), atol=1e-6)


def test_inverted_softmax_known_values():
    first = [
        *(-0.4778889599, -2.8097177137, -4.885446427, 1.3102923781),
        *(-2.3492322366, -1.0313115022, -2.2177802904, -2.8353915424),
    ]
    corrected = inverted_softmax(BANKS, beta=20.0)(SCORES)
    np.testing.assert_allclose(corrected[0], first, atol=2e-6)
    assert corrected.argmax(axis=1).tolist() == [3, 0, 2, 3, 4, 6]


def test_inverted_softmax_stays_finite_where_exp_would_overflow():
    banks = Banks(np.array([[1.0], [0.95]], np.float32), np.ones((1, 1), np.float32))
    corrected = inverted_softmax(banks, beta=200.0)(np.array([[1.0]], np.float32))
    np.testing.assert_allclose(corrected, [[-np.log1p(np.exp(-10.0))]], atol=1e-4)


def test_csls_known_values():
    first = [0.002, -0.20485, -0.35305, 0.1889, -0.2179, -0.03015, -0.1082, -0.2161]
    corrected = csls(BANKS, k=2)(SCORES)
    np.testing.assert_allclose(corrected[0], first, atol=1e-6)
    assert corrected.argmax(axis=1).tolist() == [3, 2, 2, 2, 7, 6]


def test_csls_ranks_as_nnn_with_half_alpha():
    left, right = csls(BANKS, k=3)(SCORES), nnn(BANKS, k=3, alpha=0.5)(SCORES)
    np.testing.assert_array_equal(np.argsort(-left, axis=1), np.argsort(-right, axis=1))


def test_an_empty_bank_says_what_to_do():
    with pytest.raises(RegrainError, match="train or val"):
        Banks(np.empty((0, 8), np.float32), np.eye(8, dtype=np.float32))


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(RegrainError, match="did you mean 'csls'"):
        mitigations.get("cslss")
