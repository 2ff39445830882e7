"""Word weights."""

import pytest

from curation.text.idf import fit_idf


def test_weight_falls_with_the_number_of_captions():
    idf = fit_idf(["a man", "a dog", "a a cat"])
    assert idf("a") == pytest.approx(0.0)
    assert idf("a") < idf("dog") < idf("unseen") == pytest.approx(1.0)


def test_nothing_counted_makes_every_word_rare():
    assert fit_idf([])("dog") == 1.0
