"""The import form: choose a file, see what it would bring, then write it. Nothing is written before the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from curation.importers import importers, sniff
from curation.importers.items import ImportRefused, Problem
from curation.importers.records_of import columns_of
from curation.importers.stage import Staged, stage
from curation.jobs.chains import prepare_all
from curation.records import SPLITS, RegrainError
from curation.store import DatabaseError, datasets
from curation.store.datasets import Changes
from curation.ui import cards
from curation.ui.screen import Screen, needing, panel
from curation.ui.wording import counted

STAGED = "staged"
DONE = "import-done"

COLUMN_SETTINGS = (
    "image",
    "captions",
    "number",
    "new_text",
    "split_column",
    "language_column",
    "generated_column",
    "id_column",
)
"""Settings of the table importer that name columns."""

USUAL_NAMES = {
    "image": ("image", "image_name", "file_name", "filename", "file", "image_id"),
    "captions": ("caption", "captions", "text", "sentence", "sentences", "raw"),
    "number": ("i", "number"),
    "new_text": ("new_text",),
    "split_column": ("split",),
    "language_column": ("language", "lang"),
    "generated_column": ("generated",),
    "id_column": ("caption_id", "sentid"),
}
"""Names that such columns usually have: chosen beforehand where a file has them."""

LABELS = {
    "image": "Column of the image name",
    "captions": "Columns of the captions",
    "lists": "Caption cells hold JSON lists",
    "number": "Column of the caption's number",
    "new_text": "Column of a later wording",
    "split_column": "Column of the split",
    "split": "Split",
    "language_column": "Column of the language",
    "language": "Language",
    "generated_column": "Column: written by a model?",
    "id_column": "Column of the caption's own id",
    "restval": "Restval counts as",
    "name": "Image name from an id",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What the form asks for; two equal requests have the same report."""

    importer: str
    source: Path
    settings: tuple[tuple[str, Any], ...]
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Report:
    """A staged set with what the store says of it."""

    request: Request
    staged: Staged
    changes: Changes


def show(screen: Screen) -> None:
    """Draw the form."""
    if message := st.session_state.pop(DONE, ""):
        st.success(cards.escape_markdown(message))
    try:
        source = _source(screen)
        if source is None:
            return
        request = _request(source, sniff(source))
    except (RegrainError, OSError) as problem:
        cards.error(str(problem))
        return
    st.button("Check the files", on_click=_check, args=(screen, request), type="primary", disabled=request is None)
    if refused := st.session_state.get("import-refused"):
        _refusal(refused)
    report: Report | None = st.session_state.get(STAGED)
    if report is not None and request is not None:
        if report.request == request:
            _report(screen, report)
        else:
            cards.text("The form has changed since the last check: check again.", size="small")


def _source(screen: Screen) -> Path | None:
    where = st.segmented_control(
        "Where is the file?",
        ("On this machine", "Upload"),
        default="On this machine",
        required=True,
        key="import-where",
    )
    if where == "Upload":
        uploaded = st.file_uploader(
            "Captions file", key="import-upload", help="Images are read from a folder on this machine."
        )
        return _kept(screen, uploaded.name, uploaded.getvalue()) if uploaded else None
    typed = st.text_input(
        "Path of the captions file, or of a folder of images",
        key="import-path",
        placeholder="~/data/dataset_coco.json",
    )
    return _path(typed)


def _path(typed: str | None) -> Path | None:
    """Return a typed path, None for an empty one; raises ``RegrainError`` where ``~NAME`` is nobody."""
    try:
        return Path(typed.strip()).expanduser() if typed and typed.strip() else None
    except RuntimeError:
        raise RegrainError(f"{typed}: there is no such home folder. Write the whole path.") from None


def _kept(screen: Screen, name: str, content: bytes) -> Path:
    """Keep an uploaded file in the workspace under a harmless name, so that the import can be repeated."""
    folder = screen.workspace.folder / "uploads"
    folder.mkdir(exist_ok=True)
    path = folder / (re.sub(r"[^\w.-]+", "_", Path(name).name).lstrip(".")[-100:] or "upload")
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)
    return path


def _request(source: Path, names: list[str]) -> Request | None:
    if not names:
        kinds = ", ".join(plugin.title for plugin in importers)
        cards.error(f"{source.name} has none of the known formats ({kinds}). Check that it is the right file.")
        return None
    left, right = st.columns(2)
    with left:
        name = st.selectbox(
            "Format",
            names,
            format_func=lambda one: importers.get(one).title,
            help="Recognised from the beginning of the file; the likeliest is chosen.",
            key=f"import-format:{source}",
        )
    plugin = importers.get(name)
    with right:
        folder = None
        if not plugin.facts["pictures_beside"]:
            folder = _path(st.text_input("Image folder (empty: text only, images are named)", key="import-folder"))
    cards.text(plugin.help, size="small")
    chosen = _settings(name, source, plugin.settings)
    return Request(name, source, tuple(sorted(chosen.items())), folder)


def _settings(importer: str, source: Path, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Draw one field per setting of the importer and return what differs from its defaults."""
    columns = columns_of(source) if importer == "table" else []
    chosen = {}
    with st.container(horizontal=True):
        for name, default in defaults.items():
            value = _setting(importer, name, default, columns)
            if value != default:
                chosen[name] = value
    return chosen


def _setting(importer: str, name: str, default: Any, columns: list[str]) -> Any:
    label, key = LABELS.get(name, name.replace("_", " ")), f"import:{importer}:{name}:{','.join(columns)}"
    if name in ("split", "restval"):
        options = ["", *SPLITS] if default == "" else list(SPLITS)
        return st.selectbox(
            label, options, index=options.index(default), key=key, width=200,
            format_func=lambda split: split or "from the file",
        )  # fmt: skip
    usual = [one for one in columns if one.lower() in USUAL_NAMES.get(name, ())][:1]
    if name == "captions" and columns:
        return tuple(st.multiselect(label, columns, default=usual, key=key, width=420))
    if name in COLUMN_SETTINGS and columns:
        options = columns if name == "image" else ["", *columns]
        index = options.index(usual[0]) if usual else 0
        return st.selectbox(label, options, index=index, key=key, width=200, format_func=lambda one: one or "none")
    if isinstance(default, bool):
        return st.checkbox(label, default, key=key)
    return st.text_input(label, str(default), key=key, width=200)


@needing("import")
def _check(screen: Screen, request: Request | None) -> None:
    st.session_state.pop(STAGED, None)
    st.session_state.pop("import-refused", None)
    if request is None:
        return
    try:
        with st.spinner("Reading the files; nothing is written yet …", show_time=True):
            staged = stage(request.importer, request.source, settings=dict(request.settings), folder=request.folder)
            st.session_state[STAGED] = Report(request, staged, datasets.plan(screen.store, staged))
    except ImportRefused as refused:
        st.session_state["import-refused"] = (refused.problems, refused.total)
    except (RegrainError, OSError) as problem:
        st.session_state["import-refused"] = ((), 0, str(problem))


def _refusal(refused: tuple[Any, ...]) -> None:
    problems, total = refused[0], refused[1]
    if not problems:
        cards.error(refused[2])
        return
    st.error(f"Nothing was imported: {counted(total, 'problem')} must be mended first.")
    _problem_table(problems, total)


def _report(screen: Screen, report: Report) -> None:
    preflight, changes = report.staged.preflight, report.changes
    with panel("report", "What this import would do"):
        cards.stats(_figures(report))
        for fact in preflight.lines()[: -len(preflight.problems) or None][:6]:
            cards.text(fact, size="small")
        if preflight.problems:
            with st.expander(f"{counted(preflight.problem_count, 'thing')} to know"):
                _problem_table(preflight.problems, preflight.problem_count)
        if changes.nothing:
            st.info("Everything in this file is already there: nothing would change.")
        label = f"Import {counted(changes.captions_added, 'caption')} and {counted(changes.images_added, 'image')}"
        if not changes.captions_added and changes.revisions_added:
            label = f"Import {counted(changes.revisions_added, 'new text')}"
        st.button(label, on_click=_write, args=(screen, report), type="primary", disabled=changes.nothing)


def _figures(report: Report) -> list[cards.Stat]:
    preflight, changes = report.staged.preflight, report.changes
    pictures = f"{preflight.held:,} with a file" if preflight.named != preflight.images else "named only"
    broken = preflight.missing + preflight.unreadable
    return [
        cards.Stat("Images added", f"{changes.images_added:,}", f"{changes.images_there:,} already there · {pictures}"),
        cards.Stat("Captions added", f"{changes.captions_added:,}", f"{changes.captions_there:,} already there"),
        cards.Stat("New texts", f"{changes.revisions_added:,}", "become revisions of captions"),
        cards.Stat(
            "Differ, left alone", f"{changes.captions_differ:,}", "captions that are there with another text",
            tone="warn" if changes.captions_differ else "",
        ),
        cards.Stat(
            "Images missing or broken",
            f"{broken:,}",
            f"{preflight.missing:,} missing, {preflight.unreadable:,} unreadable",
            tone="warn" if broken else "",
        ),
    ]  # fmt: skip


def _problem_table(problems: tuple[Problem, ...], total: int) -> None:
    rows = [{"File": one.file, "Row": one.row, "What": one.rule, "What to do": one.remedy} for one in problems]
    st.dataframe(rows, hide_index=True)
    if total > len(problems):
        cards.text(f"The first {len(problems):,} of {total:,}.", size="small")


@needing("import")
def _write(screen: Screen, report: Report) -> None:
    request, staged = report.request, report.staged
    folder = staged.folder
    try:
        with st.spinner("Importing, in one transaction …", show_time=True):
            changes = datasets.add(
                screen.store,
                staged,
                name=request.source.stem,
                importer=request.importer,
                source=request.source.name,
                root=screen.workspace.stored_root(folder) if folder else None,
                person=screen.person,
            )
    except (RegrainError, OSError, DatabaseError) as problem:
        st.session_state["import-refused"] = ((), 0, f"Nothing was imported: {problem}")
        return
    st.session_state.pop(STAGED, None)
    prepare_all(screen.session.supervisor)
    st.session_state[DONE] = (
        f"Imported {counted(changes.captions_added, 'caption')}, {counted(changes.images_added, 'image')} and "
        f"{counted(changes.revisions_added, 'new text')}. They are being prepared for review."
    )
