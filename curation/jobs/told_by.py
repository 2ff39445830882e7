"""What the captions of other images tell: of those that look alike, or whose captions are alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from curation.jobs import shards
from curation.store import Store, captions

if TYPE_CHECKING:
    from curation.suggesters import Neighbour
    from curation.text.analysis import Analysis

ALIKE = 25
"""So many images with similar captions are asked what they tell, where pictures cannot be compared."""


def write(folder: Path, store: Store, splits: Sequence[str], gallery: Sequence[str]) -> None:
    """Write which captions each image has, and the images of the gallery's rows, for a worker."""
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    table = captions.in_splits(store, splits)
    for caption, image, text in zip(*(table[c].to_pylist() for c in ("id", "image_id", "text_hash")), strict=True):
        told[image].append((caption, text))
    shards.write_json(folder / "told_by.json", told)
    shards.write_json(folder / "gallery.json", list(gallery))


class ToldBy:
    """Captions by image, as a worker reads them; ``analyses`` are those of the texts by hash."""

    def __init__(self, folder: Path, analyses: Mapping[str, Analysis]) -> None:
        self._captions: dict[str, list[tuple[str, str]]] = shards.read_json(folder / "told_by.json")
        self._gallery: list[str] = shards.read_json(folder / "gallery.json")
        self._analyses = analyses
        self._alike: dict[str, list[str]] = {}

    def of_rows(self, rows: Iterable[int]) -> list[Neighbour]:
        """Return the analysed captions of images of the gallery."""
        return self._told(self._gallery[row] for row in rows)

    def look_for(self, images: Iterable[str]) -> None:
        """Find the images whose captions are alike, for all ``images`` at once: the words are weighed once."""
        from curation.text.alike import Alike

        wanted = sorted(set(images))
        if not wanted:
            return
        texts = {
            image: [self._analyses[text].text for _, text in told if text in self._analyses]
            for image, told in self._captions.items()
        }
        self._alike = Alike(texts).nearest(wanted, ALIKE)

    def alike(self, image: str) -> list[Neighbour]:
        """Return the analysed captions of the images that ``look_for`` found for this one."""
        return self._told(self._alike.get(image, ()))

    def _told(self, images: Iterable[str]) -> list[Neighbour]:
        from curation.suggesters import Neighbour

        told = (one for image in images for one in self._captions.get(image, ()))
        return [Neighbour(caption, self._analyses[text]) for caption, text in told if text in self._analyses]
