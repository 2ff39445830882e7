"""Rivals for every caption from an unlabeled pool, the likeliest false negatives first.

As in the enlarged pools of the fine-grained benchmarks (Chen et al., SIGIR 2023): the images nearest to the
target and those nearest to the caption are united and rid of near-duplicates. A rival that fits the caption
as well as the own image may be a true match; it must be judged before it is called a distractor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from curation.pool.duplicates import duplicate_of, target_of
from curation.records import Candidate
from curation.retrieval.blocks import FloatArray, IndexArray, Vectors, check_index
from curation.retrieval.ranks import own_scores
from curation.retrieval.topk import topk

CHUNK = 8192


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Caption-candidate pairs, riskiest first; all arrays are (n,), indices refer to the arrays handed in.

    - ``caption``, ``image``: row of the caption and of the pool image.
    - ``by_text``, ``by_image``: whether it is among the k nearest to the caption, to the own image (or both).
    - ``text_score``, ``image_score``: cosine with the caption, with the caption's own image, [-1, 1].
    - ``margin``: ``text_score`` minus the cosine of caption and own image, [-2, 2]; above 0 the pool image
      fits the caption better than its own picture does, so high = likely a false negative.

    ``repeats_target`` and ``repeats_pool`` (p,) name, per pool image, the target or the earlier pool image
    for whose sake it was dropped as a near-duplicate, or -1.
    """

    caption: IndexArray
    image: IndexArray
    by_text: NDArray[np.bool_]
    by_image: NDArray[np.bool_]
    text_score: FloatArray
    image_score: FloatArray
    margin: FloatArray
    repeats_target: IndexArray
    repeats_pool: IndexArray

    def __len__(self) -> int:
        return len(self.caption)

    def rows(self, caption_ids: Sequence[str], image_ids: Sequence[str]) -> list[Candidate]:
        """Return the pairs as records; a pair found both ways is ``via`` text, the riskier one."""
        records = []
        for at in range(len(self)):
            via: Literal["text", "image"] = "text" if self.by_text[at] else "image"
            score = self.text_score[at] if via == "text" else self.image_score[at]
            names = caption_ids[int(self.caption[at])], image_ids[int(self.image[at])]
            records.append(Candidate(*names, via, float(np.clip(score, -1.0, 1.0))))
        return records


def find_candidates(
    texts: Vectors,
    targets: Vectors,
    image_of: IndexArray,
    pool: Vectors,
    *,
    duplicate_threshold: float,
    k: int = 10,
) -> Candidates:
    """Return the k nearest pool images by caption and the k nearest by own image, united per caption.

    ``texts`` (c, d) captions, ``targets`` (t, d) their images, ``image_of`` (c,) the target of each caption,
    ``pool`` (p, d); unit rows, memory maps welcome. Pool images whose cosine with any target, or with an
    earlier pool image that is kept, reaches ``duplicate_threshold`` take no part: the same picture can be
    neither distractor nor second match. The threshold depends on the encoder, see ``pool.duplicates``.
    Order: falling margin, then caption, then pool image. Raises ``ValueError`` for shapes that do not fit.
    """
    image_of = check_index(image_of, len(texts), len(targets), "image_of")
    repeats_target = target_of(pool, targets, duplicate_threshold)
    free = np.flatnonzero(repeats_target == -1)
    repeats_pool = np.full(len(pool), -1, dtype=np.int64)
    rivals = pool[free]
    twin = duplicate_of(rivals, duplicate_threshold)
    repeats_pool[free[twin >= 0]] = free[twin[twin >= 0]]
    kept, rivals = free[twin == -1], rivals[twin == -1]
    caption, place, by_text, by_image = _united(texts, targets, image_of, rivals, k)
    text_score = _cosines(texts, caption, rivals, place)
    image_score = _cosines(targets, image_of[caption], rivals, place)
    margin = text_score - own_scores(texts, targets, image_of)[caption]
    image = kept[place]
    order = np.lexsort((image, caption, -margin))
    return Candidates(
        caption=caption[order],
        image=image[order],
        by_text=by_text[order],
        by_image=by_image[order],
        text_score=text_score[order],
        image_score=image_score[order],
        margin=margin[order],
        repeats_target=repeats_target,
        repeats_pool=repeats_pool,
    )


def _united(
    texts: Vectors, targets: Vectors, image_of: IndexArray, rivals: Vectors, k: int
) -> tuple[IndexArray, IndexArray, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the united pairs ordered by caption and rival, and by which way each was found."""
    if not len(rivals):
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing.astype(np.bool_), nothing.astype(np.bool_)
    near_text = topk(texts, rivals, k)[1]
    near_image = topk(targets, rivals, k)[1][image_of]
    first = np.arange(len(texts))[:, None] * len(rivals)
    text_keys, image_keys = (first + near_text).ravel(), (first + near_image).ravel()
    keys = np.union1d(text_keys, image_keys)
    return (
        keys // len(rivals),
        keys % len(rivals),
        np.isin(keys, text_keys, assume_unique=True),
        np.isin(keys, image_keys, assume_unique=True),
    )


def _cosines(left: Vectors, i: IndexArray, right: Vectors, j: IndexArray) -> FloatArray:
    """Return the cosines of ``left[i]`` and ``right[j]`` (n,), a chunk at a time."""
    out = np.empty(len(i), dtype=np.float32)
    for start in range(0, len(i), CHUNK):
        part = slice(start, start + CHUNK)
        pair = np.asarray(left[i[part]], np.float32), np.asarray(right[j[part]], np.float32)
        out[part] = np.einsum("nd,nd->n", *pair)
    return out
