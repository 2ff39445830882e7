"""What a caption says beside the other captions of its image: what they tell and it leaves out.

Runs as in ``curation.coarse.wording``: ``-dog`` where another caption tells of a dog and this one does not, ``--dog``
where several do, ``=dog`` where both do, ``+dog`` where only this one does; the same with the kind of word in
capitals. No index and no order of captions comes in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from curation.coarse import CoarseContext
from curation.coarse.wording import kind_of_word
from curation.retrieval.blocks import IndexArray

FloatColumn = NDArray[np.float64]


def company_runs(texts: Sequence[str], image: IndexArray) -> list[frozenset[str]]:
    """Return the runs of every caption (n,); none for a caption that is alone with its image.

    ``image`` (n,) numbers the image of each caption.
    """
    context = CoarseContext(texts, image)
    words = context.content
    return [frozenset(_told(words[row], [words[n] for n in others])) for row, others in enumerate(context.siblings)]


def image_means(values: FloatColumn, image: IndexArray) -> FloatColumn:
    """Return for every caption (n,) the mean of ``values`` (n,) over all captions of its image, its own included."""
    _, member = np.unique(image, return_inverse=True)
    return np.asarray((np.bincount(member, values) / np.bincount(member))[member])


def _told(own: frozenset[str], others: Sequence[frozenset[str]]) -> Iterator[str]:
    if not others:
        return
    told = Counter(word for words in others for word in words)
    for word, number in told.items():
        signs = ("=",) if word in own else ("-", "--")[: min(2, number)]
        for sign in signs:
            yield sign + word
            yield sign + kind_of_word(word).upper()
    for word in own - told.keys():
        yield "+" + word
        yield "+" + kind_of_word(word).upper()
