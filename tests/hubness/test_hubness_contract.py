"""What every mitigation must hold to; a new one is tested by being there."""

import numpy as np
import pytest

from curation.hubness import Banks, mitigations

q, g, m, d = 17, 23, 40, 8


@pytest.fixture(params=list(mitigations), ids=lambda plugin: plugin.name)
def plugin(request):
    return request.param


@pytest.fixture
def banks(unit_rows):
    return Banks(unit_rows(m, d, seed=1), unit_rows(g, d, seed=2))


@pytest.fixture
def scores(unit_rows, banks):
    return unit_rows(q, d, seed=3) @ banks.gallery.T


def test_shape_type_and_finite(plugin, banks, scores):
    corrected = plugin.run(banks)(scores)
    assert corrected.shape == (q, g)
    assert corrected.dtype == np.float32
    assert np.isfinite(corrected).all()


def test_it_changes_the_order_of_some_row(plugin, banks, scores):
    corrected = plugin.run(banks)(scores)
    assert (np.argsort(-corrected, axis=1) != np.argsort(-scores, axis=1)).any()


def test_inputs_stay_as_they_were(plugin, banks, scores):
    before = scores.copy(), banks.queries.copy(), banks.gallery.copy()
    plugin.run(banks)(scores)
    for old, new in zip(before, (scores, banks.queries, banks.gallery), strict=True):
        np.testing.assert_array_equal(old, new)


def test_same_input_same_output(plugin, banks, scores):
    np.testing.assert_array_equal(plugin.run(banks)(scores), plugin.run(banks)(scores))


def test_rows_do_not_depend_on_each_other(plugin, banks, scores):
    correct = plugin.run(banks)
    single = np.concatenate([correct(scores[i : i + 1]) for i in range(q)])
    np.testing.assert_allclose(single, correct(scores), atol=1e-5)


def test_reordering_is_respected(plugin, banks, scores):
    rng = np.random.default_rng(4)
    rows, columns, bank = rng.permutation(q), rng.permutation(g), rng.permutation(m)
    expected = plugin.run(banks)(scores)[rows][:, columns]
    moved = Banks(banks.queries[bank], banks.gallery[columns])
    np.testing.assert_allclose(plugin.run(moved)(scores[rows][:, columns]), expected, atol=1e-5)


def test_a_bank_of_one_query_is_enough(plugin, unit_rows, banks, scores):
    corrected = plugin.run(Banks(unit_rows(1, d, seed=5), banks.gallery))(scores)
    assert np.isfinite(corrected).all()


def test_float16_banks_are_welcome(plugin, banks, scores):
    half = Banks(banks.queries.astype(np.float16), banks.gallery.astype(np.float16))
    np.testing.assert_allclose(plugin.run(half)(scores), plugin.run(banks)(scores), atol=0.05)


def test_settings_are_keywords_with_defaults(plugin, banks, scores):
    assert plugin.settings
    explicit = plugin.run(banks, **plugin.settings)(scores)
    np.testing.assert_array_equal(explicit, plugin.run(banks)(scores))
