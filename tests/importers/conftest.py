from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

Write = Callable[[str, Any], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the test's folder: bytes and text as they are, anything else as JSON."""

    def write(name: str, content: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with one good picture in each of two folders, an empty one, a text file called .jpg and a link out."""
    folder = tmp_path / "photos"
    (folder / "val").mkdir(parents=True)
    Image.new("RGB", (8, 6), "red").save(folder / "a.jpg")
    Image.new("RGB", (8, 6), "blue").save(folder / "val" / "b.png")
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("not a picture")
    outside = tmp_path / "outside.jpg"
    Image.new("RGB", (8, 6), "green").save(outside)
    (folder / "link.jpg").symlink_to(outside)
    return folder
