"""Every image as its captions describe it, seen from every caption: a gallery that needs no encoder.

An image is the sum of its captions' content words, each with its weight, as a unit vector; for its own captions
without the caption that looks. Cosines of words are coarse themselves, but they are there before anything is
encoded and in every language that has blanks between words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from curation.coarse import CoarseContext

BLOCK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class WordView:
    """Cosines of words, all (n,): ``own`` with the own image's other captions, ``best`` with the best other image.

    ``rank`` is the 1-based pessimistic rank of the own image, ``images`` the number of images.
    """

    own: NDArray[np.float64]
    best: NDArray[np.float64]
    rank: NDArray[np.int64]
    images: int


def word_view(context: CoarseContext) -> WordView:
    """Compare every caption with every image, block by block; n captions and g images take n * g steps."""
    n = len(context.texts)
    words = _words(context)
    names, image = np.unique(context.image, return_inverse=True)
    gallery = _summed(words, image, len(names))
    own = _own(words, gallery, image)
    queries, columns = _unit(words), _unit(gallery).T.tocsr()
    best, rank = np.zeros(n), np.ones(n, dtype=np.int64)
    for start in range(0, n, BLOCK):
        rows = slice(start, min(n, start + BLOCK))
        cosines = (queries[rows] @ columns).toarray()
        cosines[np.arange(len(cosines)), image[rows]] = -1.0
        best[rows] = cosines.max(axis=1)
        rank[rows] += (cosines >= own[rows, None] - 1e-9).sum(axis=1)
    return WordView(own, np.maximum(best, 0.0), rank, len(names))


def _words(context: CoarseContext) -> csr_matrix:
    """Return the weights of each caption's content words (n, vocabulary)."""
    from scipy.sparse import csr_matrix

    vocabulary = sorted(set().union(*context.content))
    place = {word: column for column, word in enumerate(vocabulary)}
    weight = np.array([context.idf(word) for word in vocabulary])
    columns = [sorted(place[word] for word in words) for words in context.content]
    flat = np.array([column for row in columns for column in row], dtype=np.int64)
    ends = np.cumsum([0, *map(len, columns)])
    return csr_matrix((weight[flat], flat, ends), shape=(len(columns), max(1, len(vocabulary))))


def _summed(words: csr_matrix, image: NDArray[np.int64], images: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    n = len(image)
    member = csr_matrix((np.ones(n), (image, np.arange(n))), shape=(images, n))
    return (member @ words).tocsr()


def _own(words: csr_matrix, gallery: csr_matrix, image: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cosine of each caption with the rest of its image's captions; 0 where there is no rest."""
    return np.asarray(_unit(words).multiply(_unit((gallery[image] - words).tocsr())).sum(axis=1)).ravel()


def _unit(rows: csr_matrix) -> csr_matrix:
    from scipy.sparse import diags

    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags(1.0 / np.maximum(length, 1e-9)) @ rows).tocsr()
