"""Images whose captions are alike: neighbours where there is no picture, or nothing to compare pictures with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

CELLS_AT_ONCE = 16_000_000
"""So many similarities are held at a time, 8 bytes each, be it of many images among few or of few among a million."""


class Alike:
    """Finds for an image those whose captions share its telling words (TF-IDF, cosine; Salton & Buckley 1988).

    ``captions`` maps image ids to their captions; images without a telling word have no neighbours and are nobody's.
    """

    def __init__(self, captions: Mapping[str, Sequence[str]]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._ids = list(captions)
        self._row = {image: row for row, image in enumerate(self._ids)}
        texts = [" ".join(captions[image]) for image in self._ids]
        try:
            self._vectors: Any = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(texts)
        except ValueError:  # no words, or nothing but stop words
            self._vectors = None

    def nearest(self, images: Sequence[str], number: int) -> dict[str, list[str]]:
        """Return for each of ``images`` at most ``number`` others, the likest first; ids that are unknown have none."""
        found: dict[str, list[str]] = {image: [] for image in images}
        rows = [self._row[image] for image in images if image in self._row]
        if self._vectors is None:
            return found
        at_once = max(1, CELLS_AT_ONCE // len(self._ids))
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            cosines = (self._vectors[part] @ self._vectors.T).toarray()
            cosines[np.arange(len(part)), part] = 0
            for row, near in zip(part, cosines, strict=True):
                order = np.argsort(-near, kind="stable")[:number]
                found[self._ids[row]] = [self._ids[n] for n in order if near[n] > 0]
        return found
