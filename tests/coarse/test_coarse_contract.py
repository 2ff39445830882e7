"""What every coarse signal must hold to; a new one is tested by being there."""

from dataclasses import replace

import numpy as np
import pytest

from curation.coarse import CoarseContext, coarse_signals
from curation.coarse.swapping import Swaps
from curation.text.parse import analyse

COARSE = "people are outside outside"  # a word twice: a text defect
FINE = "a bearded man in a checked red shirt repairs the rusty chain of two small blue bicycles near a stone bridge"
# The coarse caption's image is described otherwise by its other captions, the fine one's image much the same way.
TEXTS = [
    COARSE,
    FINE,
    "a dog runs",
    "a dog runs",
    COARSE,
    "a bearded man in a red shirt repairs the chain of two small blue bicycles near a stone bridge",
    "?",
    "young people with a dog wait for a bus",
    "old people and a dog walk to a bus",
]
IMAGE = np.array([0, 1, 2, 3, 3, 1, 4, 0, 0])


@pytest.fixture(params=list(coarse_signals), ids=lambda plugin: plugin.name)
def plugin(request):
    return request.param


@pytest.fixture
def context(unit_rows):
    gallery = unit_rows(20, 8, seed=1)
    own = IMAGE.copy()
    texts = 0.3 * gallery[own] + 0.1 * unit_rows(len(TEXTS), 8, seed=2)
    texts[1] = gallery[1]  # the fine caption points straight at its image, the coarse ones elsewhere
    texts[[0, 4]] = gallery.mean(axis=0) + 0.2 * gallery[10]
    texts /= np.linalg.norm(texts, axis=1, keepdims=True)
    swaps = Swaps(np.array([1, 1, 5]), unit_rows(3, 8, seed=3))
    return CoarseContext(TEXTS, IMAGE, list(analyse(TEXTS)), texts.astype(np.float32), gallery, own, swaps=swaps)


def reordered(context, order):
    return replace(
        context,
        texts=[context.texts[n] for n in order],
        analyses=[context.analyses[n] for n in order],
        image=context.image[order],
        text_vectors=context.text_vectors[order],
        own=context.own[order],
        swaps=Swaps(np.argsort(order)[context.swaps.row], context.swaps.vectors),
    )


def test_values_are_finite_and_one_per_caption(plugin, context):
    values = plugin.run(context).values
    assert values.shape == (len(TEXTS),)
    assert values.dtype == np.float64
    assert np.isfinite(values).all()


def test_high_is_coarse(plugin, context):
    values = plugin.run(context).values
    assert values[0] > values[1]


def test_every_value_has_a_reason_in_words(plugin, context):
    signal = plugin.run(context)
    for row in range(len(TEXTS)):
        assert signal.reason(row).strip()


def test_order_and_numbering_of_images_tell_nothing(plugin, context):
    order = np.random.default_rng(0).permutation(len(TEXTS))
    signal, shuffled = plugin.run(context), plugin.run(reordered(context, order))
    np.testing.assert_allclose(shuffled.values, signal.values[order], rtol=1e-5, atol=1e-6)
    renamed = plugin.run(replace(context, image=(context.image + 3) % 5))
    np.testing.assert_array_equal(renamed.values, signal.values)


def test_same_input_same_output_and_inputs_unchanged(plugin, context):
    before = context.text_vectors.copy(), context.gallery.copy(), context.image.copy()
    first = plugin.run(context).values
    np.testing.assert_array_equal(plugin.run(context).values, first)
    for array, kept in zip((context.text_vectors, context.gallery, context.image), before, strict=True):
        np.testing.assert_array_equal(array, kept)
