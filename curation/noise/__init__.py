"""Noise scorers, a plug-in kind: how suspicious each image-text pair is of not belonging together.

A scorer is called with a ``PairContext`` and its settings and returns raw scores (n,) float32, finite,
high = suspicious. It does not alter its input, and reordering the pairs reorders the result alike. Raw scores
depend on the encoder: ``calibrate`` turns those of any scorer into percentile and probability. The fact
``range`` of a plug-in gives the bounds that its raw scores keep.

::

    @noise_scorer("cosine_distance", title="Cosine distance", range=(0.0, 2.0))
    def cosine_distance(pairs: PairContext) -> FloatArray: ...
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from curation.registry import Registry
from curation.retrieval.blocks import FloatArray, Vectors, check_shapes

NoiseScorer = Callable[..., FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class PairContext:
    """Pairs to be judged: row i of ``image_vectors`` (n, d) and ``text_vectors`` (n, d) is pair i, unit rows.

    An image with five captions stands in five rows. ``captions`` are the n texts. ``reference_images`` and
    ``reference_texts`` (r, d), if given, are pairs of the train split, for methods that compare neighbours.
    Raises ``ValueError`` where lengths do not fit.
    """

    image_vectors: Vectors
    text_vectors: Vectors
    captions: Sequence[str]
    reference_images: Vectors | None = None
    reference_texts: Vectors | None = None

    def __post_init__(self) -> None:
        check_shapes(self.text_vectors, self.image_vectors)
        if not len(self.image_vectors) == len(self.text_vectors) == len(self.captions):
            raise ValueError(
                f"{len(self.image_vectors)} image vectors, {len(self.text_vectors)} text vectors and "
                f"{len(self.captions)} captions are not the same pairs"
            )
        if (self.reference_images is None) != (self.reference_texts is None):
            raise ValueError("reference images and reference texts are pairs: give both or neither")
        if self.reference_images is not None and self.reference_texts is not None:
            check_shapes(self.reference_images, self.image_vectors)
            if self.reference_images.shape != self.reference_texts.shape:
                raise ValueError(
                    f"reference images {self.reference_images.shape} and texts {self.reference_texts.shape} "
                    "are not the same pairs"
                )

    def __len__(self) -> int:
        return len(self.captions)


noise_scorers: Registry[NoiseScorer] = Registry("noise scorer", __name__)
noise_scorer = noise_scorers.register
