"""Detected objects: imported by a command, kept by image, and used by suggestions."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.commands import Console, run
from curation.session import open_session
from curation.store import objects
from tests.pages.small_workspace import build


@pytest.fixture
def session(tmp_path: Path):
    opened = open_session(build(tmp_path / "small").folder, serve=False)
    yield opened
    opened.close()


def called(session, path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    said: list[str] = []
    args = {"path": str(path), "image": "image", "objects": "objects", "attributes": "attributes", "rows_of": None}
    assert run(session, "objects", args | {"person": "ana"}, Console(json=False, out=said.append, err=said.append)) == 0
    return "".join(said)


def test_objects_are_kept_by_image_and_replaced(session, tmp_path: Path) -> None:
    head = "image,objects,attributes\n"
    said = called(
        session, tmp_path / "a.csv", head + "scene-00.png,\"['ball']\",\"['red']\"\nelsewhere,\"['x']\",\"['']\"\n"
    )
    assert said == "1 objects in 1 images; 1 images are not in this workspace\n"
    assert objects.of_images(session.store, ["scene-00", "scene-01"]) == {"scene-00": [("ball", ["red"])]}
    called(session, tmp_path / "b.csv", head + "scene-00,\"['ball', 'box']\",\"['blue', '']\"\n")
    assert objects.of_images(session.store, ["scene-00"]) == {"scene-00": [("ball", ["blue"]), ("box", [])]}
