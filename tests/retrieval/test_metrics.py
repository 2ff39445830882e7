import numpy as np
import pytest

from curation.retrieval.metrics import evaluate, summarise

# Three images with five captions each; the scores stand for cosines. Values worked out independently.
SCORES = np.array(
    [
        [.2621, .3468, .1907, .2239, .1869, .2409, .2556, .2298, .2425, .1568, .2097, .1326, .2527, .2055, .1746],
        [.2516, .1348, .2906, .1511, .2347, .2017, .2422, .2431, .2292, .2709, .2209, .2231, .1986, .2554, .1428],
        [.2695, .2446, .2040, .2197, .1530, .2115, .2693, .1955, .2309, .1962, .2240, .2491, .1381, .2552, .2586],
    ],
    dtype=np.float32,
)  # fmt: skip
IMAGES = np.eye(3, dtype=np.float32)
TEXTS = SCORES.T.copy()
IMAGE_OF = np.repeat(np.arange(3), 5)


def test_published_protocol_on_known_values():
    result = evaluate(TEXTS, IMAGES, IMAGE_OF)
    assert result.text_ranks.tolist() == [2, 1, 3, 1, 2, 3, 3, 1, 3, 1, 1, 1, 3, 2, 1]
    assert result.image_ranks.tolist() == [1, 2, 3]
    assert result.image_to_text.recall == pytest.approx({1: 100 / 3, 5: 100, 10: 100})
    assert result.text_to_image.recall == pytest.approx({1: 140 / 3, 5: 100, 10: 100})
    assert result.r_sum == pytest.approx(480)
    assert result.text_to_image.median_rank == 2
    assert result.text_to_image.mean_rank == pytest.approx(1.8666667)
    assert result.text_to_image.mrr == pytest.approx(0.6777778)


def slow_image_ranks(texts, images, image_of):
    ranks = []
    for image in sorted(set(image_of.tolist())):
        scores = texts.astype(np.float64) @ images[image].astype(np.float64)
        best = max(s for s, own in zip(scores, image_of, strict=True) if own == image)
        rivals = (s for s, own in zip(scores, image_of, strict=True) if own != image)
        ranks.append(1 + sum(s >= best - 1e-9 for s in rivals))
    return ranks


def test_images_without_captions_compete_but_do_not_query(unit_rows):
    images, texts = unit_rows(12, 6), unit_rows(25, 6, seed=1)
    image_of = np.repeat([7, 2, 5, 0, 11], 5)
    result = evaluate(texts, images, image_of, block_rows=4)
    assert result.image_rows.tolist() == [0, 2, 5, 7, 11]
    assert result.image_ranks.tolist() == slow_image_ranks(texts, images, image_of)
    assert result.image_to_text.queries == 5
    assert result.text_to_image.queries == 25


def test_more_images_than_captions_are_not_transposed():
    images = np.eye(6, dtype=np.float32)
    texts = np.eye(6, dtype=np.float32)[[0, 1, 0]]
    assert evaluate(texts, images, np.array([0, 1, 2])).text_ranks.tolist() == [1, 1, 6]


def test_an_encoder_that_sees_nothing_finds_nothing_either_way():
    same = np.ones((4, 1), np.float32)
    result = evaluate(same, same, np.array([0, 0, 1, 2]))
    assert result.text_ranks.tolist() == [4, 4, 4, 4]
    assert result.image_ranks.tolist() == [3, 4, 4]  # an image's own captions do not beat each other


def test_summary_of_ranks():
    found = summarise(np.array([1, 2, 4, 20]), ks=(1, 5))
    assert found.recall == {1: 25.0, 5: 75.0}
    assert (found.queries, found.median_rank, found.mean_rank) == (4, 3.0, 6.75)
    assert found.mrr == pytest.approx((1 + 1 / 2 + 1 / 4 + 1 / 20) / 4)


@pytest.mark.parametrize("bad", [np.array([], np.int64), np.array([0, 1])])
def test_ranks_begin_at_one(bad):
    with pytest.raises(ValueError, match="rank"):
        summarise(bad)
