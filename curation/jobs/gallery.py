"""The images of the reviewed splits as a worker sees them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.jobs import shards
from curation.jobs.crops import crop_boxes, shares
from curation.jobs.kinds.encode import load, text_rows
from curation.jobs.threads import in_threads

if TYPE_CHECKING:
    from curation.encoders import Encoder

CROPPED_IMAGES_KEPT = 2000
SIMILAR_IMAGES = 3
"""So many similar images are asked what their captions tell."""


class Gallery:
    """Vectors by row, and crops made when needed."""

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        self.encoder: Encoder = load(facts["encoder"], facts["device"])
        self._rows = shards.read_array(folder / "gallery.npy")
        self._files: dict[str, str] = shards.read_json(folder / "files.json")
        self._crops: OrderedDict[int, NDArray[np.float32]] = OrderedDict()
        self._sizes: dict[int, tuple[int, int]] = {}

    def __getitem__(self, rows: int | list[int]) -> NDArray[np.float32]:
        return np.asarray(self._rows[rows], dtype=np.float32)

    def similar(self, row: int) -> list[int]:
        """Return the images most similar to one, the most similar first."""
        likeness = np.asarray(self._rows @ self._rows[row], dtype=np.float32)
        likeness[row] = -np.inf
        return [int(n) for n in np.argsort(-likeness, kind="stable")[:SIMILAR_IMAGES] if n != row]

    def texts(self, texts: list[str]) -> NDArray[np.float32]:
        """Return the vectors (n, d) of texts."""
        return text_rows(texts, self.encoder)

    def crops(self, row: int) -> NDArray[np.float32] | None:
        """Return the vectors (c, d) of the parts of an image, None where its file cannot be read any more."""
        self.crop_ahead([row])
        return self._crops.get(row)

    def crop_ahead(self, rows: Iterable[int]) -> None:
        """Encode the parts of images that will be asked for, several images side by side; -1 is no image."""
        new = sorted({row for row in rows if row >= 0} - self._crops.keys())
        for row, crops in zip(new, in_threads(self._cropped, new), strict=True):
            if crops is not None:
                self._crops[row] = crops
        while len(self._crops) > CROPPED_IMAGES_KEPT:
            self._crops.popitem(last=False)

    def _cropped(self, row: int) -> NDArray[np.float32] | None:
        from curation.encoders import UnreadableImage, load_image

        try:
            picture = load_image(Path(self._files[str(row)]))
        except (UnreadableImage, KeyError):
            return None
        self._sizes[row] = picture.size
        return self.encoder.images([picture.crop(box) for box in crop_boxes(*picture.size)])

    def boxes(self, row: int) -> list[tuple[float, float, float, float]]:
        """Return where the crops of an image lie, in shares of its sides; none where it could not be read."""
        return shares(*self._sizes[row]) if row in self._sizes else []
