"""What the import form says where a path cannot be read: a message, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.store import DatabaseError, datasets
from tests.pages.conftest import Open, texts

UNREADABLE = Path("/proc/self/mem")  # refused to every user, root too


@pytest.mark.parametrize(
    ("path", "said"),
    [
        pytest.param(
            str(UNREADABLE),
            "the system refuses to read it",
            marks=pytest.mark.skipif(not UNREADABLE.exists(), reason="this system has no /proc"),
        ),
        ("~nobody-of-that-name/x.csv", "there is no such home folder"),
        ("x" * 5_000, "the system refuses to read it"),
    ],
)
def test_a_path_that_cannot_be_read_is_a_message(empty: Path, page: Open, path: str, said: str) -> None:
    app = page("datasets")
    app.text_input(key="import-path").set_value(path).run()
    assert not app.exception
    assert said in texts(app)


def test_an_image_folder_of_nobody_is_a_message(empty: Path, page: Open, tmp_path: Path) -> None:
    source = tmp_path / "captions.csv"
    source.write_text("image,caption\na.jpg,a red ball\n", encoding="utf-8")
    app = page("datasets")
    app.text_input(key="import-path").set_value(str(source)).run()
    app.text_input(key="import-folder").set_value("~nobody-of-that-name/pictures").run()
    assert not app.exception
    assert "there is no such home folder" in texts(app)


def test_a_full_disk_while_writing_is_a_message(
    empty: Path, page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DatabaseError("no space left on device")

    source = tmp_path / "captions.csv"
    source.write_text("image,caption\na.jpg,a red ball\n", encoding="utf-8")
    app = page("datasets")
    app.text_input(key="import-path").set_value(str(source)).run()
    monkeypatch.setattr(datasets, "add", full)
    for label in ("Check the files", "Import 1 caption"):
        (button,) = [one for one in app.button if one.label.startswith(label)]
        button.click().run()
        assert not app.exception
    assert "Nothing was imported: no space left on device" in texts(app)
