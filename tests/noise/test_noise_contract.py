"""What every noise scorer must hold to; a new one is tested by being there."""

import numpy as np
import pytest

from curation.noise import PairContext, noise_scorers

n, d = 60, 16


@pytest.fixture(params=list(noise_scorers), ids=lambda plugin: plugin.name)
def plugin(request):
    return request.param


def pairs_of(images, texts, references):
    captions = [f"caption {i}" for i in range(len(texts))]
    return PairContext(images, texts, captions, *references)


@pytest.fixture
def pairs(unit_rows):
    """Return pairs that fit well, except that the first twelve have their images permuted."""
    images = unit_rows(n, d, seed=1)
    texts = images + 0.3 * unit_rows(n, d, seed=2)
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    images[:12] = np.roll(images[:12], 1, axis=0)
    references = unit_rows(30, d, seed=3)
    near = references + 0.3 * unit_rows(30, d, seed=4)
    return pairs_of(images, texts, (references, near / np.linalg.norm(near, axis=1, keepdims=True)))


def test_shape_finite_and_range(plugin, pairs):
    raw = plugin.run(pairs)
    low, high = plugin.facts["range"]
    assert raw.shape == (n,)
    assert raw.dtype == np.float32
    assert np.isfinite(raw).all()
    assert low <= raw.min() <= raw.max() <= high


def test_planted_mismatches_look_more_suspicious(plugin, pairs):
    raw = plugin.run(pairs)
    wrong_above_right = np.mean(raw[:12, None] > raw[None, 12:])
    assert wrong_above_right > 0.9


def test_inputs_stay_as_they_were(plugin, pairs):
    before = pairs.image_vectors.copy(), pairs.text_vectors.copy()
    plugin.run(pairs)
    np.testing.assert_array_equal(pairs.image_vectors, before[0])
    np.testing.assert_array_equal(pairs.text_vectors, before[1])


def test_same_input_same_output(plugin, pairs):
    np.testing.assert_array_equal(plugin.run(pairs), plugin.run(pairs))


def test_reordering_is_respected(plugin, pairs):
    order = np.random.default_rng(0).permutation(n)
    moved = PairContext(
        pairs.image_vectors[order],
        pairs.text_vectors[order],
        [pairs.captions[i] for i in order],
        pairs.reference_images,
        pairs.reference_texts,
    )
    np.testing.assert_allclose(plugin.run(moved), plugin.run(pairs)[order], atol=1e-6)


def test_references_are_optional(plugin, pairs):
    alone = PairContext(pairs.image_vectors, pairs.text_vectors, pairs.captions)
    assert np.isfinite(plugin.run(alone)).all()


def test_a_single_pair_is_enough(plugin, pairs):
    one = PairContext(pairs.image_vectors[:1], pairs.text_vectors[:1], pairs.captions[:1])
    assert np.isfinite(plugin.run(one)).all()
