"""Work side by side: on as many cores as the worker may take, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Barrier, active_count
from typing import Any

import numpy as np
import pytest
from PIL import Image

from curation.jobs import gallery as galleries
from curation.jobs import shards
from curation.jobs.threads import batches, in_threads
from tests.jobs.colours import ColourEncoder


class Together(ColourEncoder):
    """An encoder whose every call waits for a second one at the same time."""

    barrier = Barrier(2, timeout=30)

    def images(self, pictures: Sequence[Any]) -> np.ndarray:
        self.barrier.wait()
        return super().images(pictures)

    def texts(self, strings: Sequence[str]) -> np.ndarray:
        self.barrier.wait()
        return super().texts(strings)


def test_suggesting_encodes_parts_of_images_and_texts_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGRAIN_THREADS", "2")
    monkeypatch.setattr(galleries, "load", lambda name, device: Together())
    files = {str(row): str(tmp_path / f"{colour}.png") for row, colour in enumerate(("red", "blue"))}
    for file in files.values():
        Image.new("RGB", (40, 30), Path(file).stem).save(file)
    shards.write_json(tmp_path / "files.json", files | {"2": str(tmp_path / "gone.png")})
    shards.write_array(tmp_path / "gallery.npy", np.zeros((4, 8), np.float32))
    gallery = galleries.Gallery(tmp_path, {"encoder": "together", "device": "cpu"})
    gallery.crop_ahead([0, -1, 1, 0])
    for row, colour in enumerate((0, 2)):
        crops = gallery.crops(row)  # known by now: nobody waits
        assert crops is not None and crops.argmax(axis=1).tolist() == [colour] * len(crops)
    assert gallery.crops(2) is None and gallery.crops(3) is None
    np.testing.assert_array_equal(gallery.texts(["a red", "a blue"]), ColourEncoder().texts(["a red", "a blue"]))


def test_similar_images_are_the_nearest_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(galleries, "load", lambda name, device: ColourEncoder())
    monkeypatch.setattr(galleries, "SIMILAR_IMAGES", 2)
    rows = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6]], np.float32)
    shards.write_json(tmp_path / "files.json", {})
    shards.write_array(tmp_path / "gallery.npy", rows)
    gallery = galleries.Gallery(tmp_path, {"encoder": "together", "device": "cpu"})
    assert [gallery.similar(row) for row in range(4)] == [[3, 2], [2, 3], [3, 1], [2, 0]]


def test_batches_keep_every_core_busy_and_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRAIN_THREADS", "3")
    assert [list(part) for part in batches(range(7), 100)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [len(part) for part in batches(range(10), 2)] == [2] * 5
    assert batches([], 5) == in_threads(len, []) == []
    before = active_count()
    assert max(in_threads(lambda part: active_count() - before, range(50))) <= 3
    monkeypatch.delenv("REGRAIN_THREADS")
    assert [len(part) for part in batches(range(10), 100)] == [10]
