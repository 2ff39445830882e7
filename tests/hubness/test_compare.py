import numpy as np
import pytest

from curation.hubness import Banks, mitigations
from curation.hubness.compare import compare
from curation.records import RegrainError
from curation.retrieval.bootstrap import paired_difference


@pytest.fixture
def hubby(unit_rows):
    """Return queries, gallery, own items and banks of a space in which a few gallery items are near all."""
    rng = np.random.default_rng(0)
    gallery = unit_rows(80, 24, seed=1)
    centre = np.ones(24, np.float32) / np.sqrt(24)
    gallery[:6] += 1.5 * centre
    gallery /= np.linalg.norm(gallery, axis=1, keepdims=True)
    own = np.repeat(np.arange(80), 3)

    def near(items, seed):
        noise = np.random.default_rng(seed).normal(size=(len(items), 24)) * 0.22
        rows = (gallery[items] + noise + 0.6 * centre).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return near(own, 2), gallery, own, Banks(near(rng.integers(80, size=400), 3), gallery)


def slow_row(queries, gallery, own, correct, k):
    scores = correct(queries @ gallery.T)
    counts = [0] * len(gallery)
    ranks = []
    for i, row in enumerate(scores.tolist()):
        for j in sorted(range(len(row)), key=lambda j: (-row[j], j))[:k]:
            counts[j] += 1
        ranks.append(sum(score >= row[own[i]] - 1e-6 for score in row))
    return counts, np.array(ranks)


def test_equals_the_full_matrix_for_any_block_size(hubby):
    queries, gallery, own, banks = hubby
    names = [plugin.name for plugin in mitigations]
    rows = compare(queries, gallery, own, banks, names, k=5, block_rows=7, samples=50)
    assert [row.name for row in rows] == ["raw", *names]
    for row in rows:
        correct = (lambda s: s) if row.name == "raw" else mitigations.get(row.name).run(banks)
        counts, ranks = slow_row(queries, gallery, own, correct, 5)
        assert row.counts.tolist() == counts
        np.testing.assert_array_equal(row.ranks, ranks)
        assert row.recall_1 == pytest.approx(100 * np.mean(ranks <= 1))
        assert row.recall_10 == pytest.approx(100 * np.mean(ranks <= 10))
        assert row.hubness.largest == max(counts)


def test_gain_is_paired_and_clustered_by_image(hubby):
    queries, gallery, own, banks = hubby
    raw, after = compare(queries, gallery, own, banks, ["nnn"], samples=300, seed=4)
    expected = paired_difference(100 * (raw.ranks <= 1), 100 * (after.ranks <= 1), own, samples=300, seed=4)
    assert after.gain_1 == expected
    assert after.gain_1.estimate == pytest.approx(after.recall_1 - raw.recall_1)
    assert raw.gain_1 is None
    assert raw.gain_10 is None


def test_mitigation_lessens_planted_hubs(hubby):
    queries, gallery, own, banks = hubby
    raw, after = compare(queries, gallery, own, banks, ["nnn"], samples=50, settings={"nnn": {"k": 16}})
    assert set(np.argsort(-raw.counts)[:6]) == set(range(6))
    assert after.hubness.skewness < raw.hubness.skewness
    assert after.hubness.robin_hood < raw.hubness.robin_hood
    assert after.hubness.largest < raw.hubness.largest
    assert after.recall_1 > raw.recall_1
    assert after.settings == {"k": 16, "alpha": 0.75}


def test_banks_of_another_gallery_and_unknown_names_are_refused(hubby, unit_rows):
    queries, gallery, own, banks = hubby
    with pytest.raises(ValueError, match="not of this one"):
        compare(queries, gallery, own, Banks(banks.queries, unit_rows(3, 24)), ["nnn"])
    with pytest.raises(RegrainError, match="no mitigation is called"):
        compare(queries, gallery, own, banks, ["none"])
