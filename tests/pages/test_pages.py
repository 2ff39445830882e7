"""Every page on an empty and on a prepared workspace; what it must say and must not load."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from curation.store import Store, datasets, queues, settings
from tests.pages.conftest import ROOT, Open, texts

PAGES = ["home", *sorted(path.stem for path in (ROOT / "pages").glob("*.py"))]
REVIEW = ["coarse", "rewrites", "attributes", "noise", "pool"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_an_empty_workspace(empty: Path, page: Open, name: str) -> None:
    shown = texts(page(name))
    assert "Traceback" not in shown


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_a_prepared_workspace(prepared: Path, page: Open, name: str) -> None:
    page(name)


def test_an_empty_home_says_what_to_do_first(empty: Path, page: Open) -> None:
    shown = texts(page("home"))
    assert "Nothing imported yet" in shown
    assert 'href="datasets"' in shown


def test_home_shows_what_is_left_with_what_it_means(prepared: Path, page: Open) -> None:
    shown = texts(page("home"))
    for fact in (
        "Twelve scenes",
        "16 images",
        "48 captions",
        "pool of 8",
        "captions to judge",
        "<b>36</b>",
        "<b>24</b>",
    ):
        assert fact in shown
    assert "Draft" in shown and "0 captions changed" in shown


@pytest.mark.parametrize("name", REVIEW)
def test_an_empty_review_screen_says_why_and_links_on(empty: Path, page: Open, name: str) -> None:
    shown = texts(page(name, plain="1"))
    assert "No captions yet" in shown
    assert 'href="datasets"' in shown


def test_rewrites_are_empty_until_something_is_coarse(prepared: Path, page: Open) -> None:
    shown = texts(page("rewrites", plain="1"))
    assert "Judge coarse captions" in shown


def test_a_workspace_in_use_names_its_holder(prepared: Path, page: Open) -> None:
    import subprocess
    import sys

    script = (
        "import sys; from pathlib import Path; from curation.store import Store;"
        "store = Store.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read(); store.close()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(prepared / "curation.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"open\n"
        shown = texts(page("home"))
        assert "The workspace is in use" in shown
        assert f"PID {holder.pid}" in shown
        assert "captions to judge" not in shown
    finally:
        holder.communicate()
    assert "captions to judge" in texts(page("home"))


def test_captions_are_never_read_as_markup(prepared: Path, store: Store, page: Open) -> None:
    from curation.records import Decision
    from curation.store import decisions

    evil = "<img src=x onerror=alert(1)> **bold** :red[x] $y$"
    (outcome,) = decisions.decide(
        store, [Decision("d1", "ana", "coarse", "scene-00#0", "scene-00#0@1", "edit", text=evil)]
    )
    assert outcome.applied
    app = page("coarse", plain="1", item="scene-00#0")
    shown = texts(app)
    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt; **bold**" in shown
    done = texts(page("coarse", tab="done"))
    assert "<img src=x" not in done and "&lt;img src=x" in done


def test_the_person_is_the_one_in_the_address(prepared: Path, page: Open) -> None:
    app = page("coarse", plain="1")
    assert "ana" in texts(app)


def test_the_splits_in_review_can_be_changed(prepared: Path, store: Store, page: Open) -> None:
    app = page("datasets")
    app.button_group(key="review-splits").set_value(["train"]).run()
    assert not app.exception
    assert settings.get(store, "review_splits") == ["train"]
    assert queues.counts(store)["coarse"]["todo"] == 12
    assert queues.counts(store)["pool"]["todo"] == 0


def test_the_workspace_can_be_renamed(prepared: Path, store: Store, page: Open) -> None:
    page("datasets").text_input(key="workspace-name").set_value("  Twelve   finer scenes ").run()
    assert settings.get(store, "name") == "Twelve finer scenes"


def test_a_file_is_checked_then_imported(empty: Path, page: Open, tmp_path: Path) -> None:
    from curation.ui import opened

    source = tmp_path / "captions.csv"
    source.write_text("image,caption,split\na.jpg,a red ball,test\na.jpg,a ball,test\nb.jpg,,test\n", encoding="utf-8")
    app = page("datasets")
    app.text_input(key="import-path").set_value(str(source)).run()
    _button(app, "Check the files").click().run()
    assert not app.exception
    store = opened.opened().store
    assert datasets.totals(store)["captions"] == 0
    assert "empty" in texts(app)
    _button(app, "Import 2 captions").click().run()
    assert not app.exception
    assert datasets.totals(store)["captions"] == 2
    assert "Imported 2 captions, 2 images" in texts(app)
    _button(app, "Check the files").click().run()
    assert "already there" in texts(app)


def test_a_broken_file_is_refused_with_its_place(empty: Path, page: Open, tmp_path: Path) -> None:
    from curation.ui import opened

    source = tmp_path / "captions.jsonl"
    source.write_text('{"image": "a.jpg", "caption": "a red ball"}\n{"image": "b.jpg", "capt', encoding="utf-8")
    app = page("datasets")
    app.text_input(key="import-path").set_value(str(source)).run()
    assert not app.exception
    shown = texts(app)
    assert "captions.jsonl, row 2: the line is not valid JSON" in shown
    assert "copy the file again if it is cut off" in shown
    assert datasets.totals(opened.opened().store)["captions"] == 0


def test_missing_pictures_are_listed_before_anything_is_written(empty: Path, page: Open, tmp_path: Path) -> None:
    source, folder = tmp_path / "captions.csv", tmp_path / "pictures"
    source.write_text("image,caption\na.jpg,a red ball\n", encoding="utf-8")
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"")
    app = page("datasets")
    app.text_input(key="import-path").set_value(str(source)).run()
    app.text_input(key="import-folder").set_value(str(folder)).run()
    _button(app, "Check the files").click().run()
    assert "0 missing, 1 unreadable" in texts(app)
    assert "a.jpg has no bytes" in app.dataframe[0].value.to_string()


def _button(app: AppTest, start: str) -> Button:
    (found,) = [button for button in app.button if button.label.startswith(start)]
    return found
