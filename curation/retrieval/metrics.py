"""Recall, ranks and their summaries for caption sets with several captions per image.

Text to image: every caption is a query with one right image. Image to text: an image is found as soon as any
of its captions is, so its rank is that of its best caption. Ties are pessimistic (see ``ranks``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from curation.retrieval.blocks import TIE, FloatArray, IndexArray, Vectors, check_index, row_blocks
from curation.retrieval.ranks import own_scores, ranks_of_rows

KS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Metrics:
    """Summary of the ranks of one direction.

    ``recall`` maps K to R@K in percent [0, 100], high = good; ranks are 1-based, low = good; ``mrr`` is the
    mean reciprocal rank in (0, 1], high = good.
    """

    queries: int
    recall: dict[int, float]
    median_rank: float
    mean_rank: float
    mrr: float


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Both directions over one gallery, with the ranks that resampling needs.

    ``text_ranks`` (q,) belong to the captions; ``image_ranks`` (a,) to ``image_rows`` (a,), the images that
    have captions: images without any (distractors) compete but do not query.
    """

    text_to_image: Metrics
    image_to_text: Metrics
    text_ranks: IndexArray
    image_ranks: IndexArray
    image_rows: IndexArray

    @property
    def r_sum(self) -> float:
        """Sum of all recalls of both directions: of six recalls, [0, 600], for K of 1, 5 and 10."""
        return sum(self.text_to_image.recall.values()) + sum(self.image_to_text.recall.values())


def summarise(ranks: IndexArray, ks: Sequence[int] = KS) -> Metrics:
    """Summarise 1-based ranks (q,); ``ValueError`` where there are none or one is below 1."""
    if not len(ranks) or ranks.min() < 1:
        raise ValueError("metrics need at least one rank, and ranks begin at 1")
    return Metrics(
        queries=len(ranks),
        recall={k: 100.0 * float(np.mean(ranks <= k)) for k in ks},
        median_rank=float(np.median(ranks)),
        mean_rank=float(np.mean(ranks)),
        mrr=float(np.mean(1.0 / ranks)),
    )


def evaluate(
    texts: Vectors,
    images: Vectors,
    image_of: IndexArray,
    *,
    ks: Sequence[int] = KS,
    block_rows: int | None = None,
) -> Evaluation:
    """Evaluate both directions in one pass over the scores.

    ``texts`` (q, d), ``images`` (g, d), ``image_of`` (q,) the row of each caption's own image. Raises
    ``ValueError`` for shapes that do not fit, indices out of range, no captions, NaN or infinity.
    """
    image_of = check_index(image_of, len(texts), len(images), "image_of")
    image_rows = np.unique(image_of)
    best_own = _best_own(texts, images, image_of)
    text_ranks = np.empty(len(texts), dtype=np.int64)
    better = np.zeros(len(images), dtype=np.int64)  # captions of other images that beat an image's best own
    for rows, scores in row_blocks(texts, images, block_rows=block_rows):
        mine = image_of[rows]
        text_ranks[rows] = ranks_of_rows(scores, mine)
        scores[np.arange(len(scores)), mine] = -np.inf
        better += np.count_nonzero(scores >= best_own - TIE, axis=0)
    image_ranks = 1 + better[image_rows]
    return Evaluation(summarise(text_ranks, ks), summarise(image_ranks, ks), text_ranks, image_ranks, image_rows)


def _best_own(texts: Vectors, images: Vectors, image_of: IndexArray) -> FloatArray:
    """Return per image the score of its best caption (g,), -inf for an image without captions."""
    best = np.full(len(images), -np.inf, dtype=np.float32)
    np.maximum.at(best, image_of, own_scores(texts, images, image_of))
    return best
