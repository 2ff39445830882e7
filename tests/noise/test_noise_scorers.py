import numpy as np
import pytest

from curation.noise import PairContext
from curation.noise.cosine_distance import cosine_distance


def test_cosine_distance_reaches_from_zero_to_two():
    images = np.array([[1, 0], [1, 0], [1, 0], [0.6, 0.8]], np.float32)
    texts = np.array([[1, 0], [0, 1], [-1, 0], [1, 0]], np.float32)
    raw = cosine_distance(PairContext(images, texts, ["a", "b", "c", "d"]))
    np.testing.assert_allclose(raw, [0, 1, 2, 0.4], atol=1e-6)


def test_pairs_that_do_not_fit_together_are_refused(unit_rows):
    images, texts = unit_rows(3, 4), unit_rows(3, 4, seed=1)
    with pytest.raises(ValueError, match="not the same pairs"):
        PairContext(images, texts, ["a", "b"])
    with pytest.raises(ValueError, match="same d"):
        PairContext(images, unit_rows(3, 5), ["a", "b", "c"])
    with pytest.raises(ValueError, match="both or neither"):
        PairContext(images, texts, ["a", "b", "c"], reference_images=images)
    with pytest.raises(ValueError, match="reference images"):
        PairContext(images, texts, ["a", "b", "c"], images, texts[:2])
