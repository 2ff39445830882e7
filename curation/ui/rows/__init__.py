"""Rows with verdicts: several texts on one screen, each judged by a key or a button of its own, undone by key.

``rows(...)`` mounts the component. Python -> browser: the fields of ``Rows``. Browser -> Python: one state value
``acts``, ``{session, acts: [{id, row, verdict, revision_id, basis, text} or {id, undo}, ...]}``: all that is not
answered yet, in order, under ids that the browser made, so that what is sent twice is carried out once. It is kept in
``sessionStorage`` until it is answered, and a row shows as saved only then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from curation.records import RegrainError
from curation.ui.grid import Undo
from curation.ui.reviewer.items import Chip, DiffOp, Picture, check_address, to_json
from curation.ui.reviewer.screenful import Choice
from curation.ui.theme import tokens_css

FOLDER = Path(__file__).parent
DOM = FOLDER.parent / "reviewer" / "dom.js"
MOST_ACTS = 500
REMEMBERED = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Repair:
    """A wording that mends a row's text: the whole text, and its diff against the row's as (op, text) runs."""

    text: str
    diff: tuple[tuple[DiffOp, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One text to judge. ``state`` says what it was judged, ``note`` what else there is to know; a row that is not
    ``open`` can be looked at only. ``revision_id`` and ``basis`` go back with the verdict: what was seen, and the
    decision that it rested on.
    """

    id: str
    text: str
    revision_id: str = ""
    basis: str = ""
    marks: tuple[tuple[int, int], ...] = ()
    chips: tuple[Chip, ...] = ()
    pictures: tuple[Picture, ...] = ()
    state: str = ""
    note: str = ""
    open: bool = True
    href: str = ""
    repair: Repair | None = None

    def __post_init__(self) -> None:
        if self.href:
            check_address(self.href)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, such as the captions of one picture, under a title and a note."""

    rows: tuple[Row, ...]
    title: str = ""
    note: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """What the screen shows. ``session`` binds acts to person, workspace and queue; ``view`` names the page shown:
    where it changes, the first open row is in focus again. Keys of ``choices`` are the person's own, empty where single
    keys are off, as is ``undo_key``.
    """

    session: str
    view: str
    groups: tuple[Group, ...]
    choices: tuple[Choice, ...]
    undo: Undo | None = None
    undo_key: str = "z"
    repair_key: str = "f"
    link_label: str = "Open"


@dataclass(frozen=True, slots=True)
class Act:
    """What the person did: a verdict on a row as they saw it (an edit with its ``text``), or ``undo`` of a decision."""

    id: str
    row: str = ""
    verdict: str = ""
    revision_id: str = ""
    basis: str = ""
    undo: str = ""
    text: str = ""


OnAct = Callable[[Act], str]
"""Carry an act out; returns what is to be said of it, empty for nothing. Runs in the callback, before the page."""


def rows(shown: Rows, *, key: str, on_act: OnAct) -> None:
    """Mount the rows and hand each new act to ``on_act`` once, in order.

    What it raises as ``RegrainError`` is said as refused; any other error leaves the act and those after it unanswered,
    so that they are sent again.
    """
    name = f"{key}:{shown.session}"
    kept: dict[str, Any] = st.session_state.setdefault(name, {"message": "", "done": [], "error": ""})

    def on_acts_change() -> None:
        kept["error"] = ""
        try:
            for act in read((st.session_state.get(key) or {}).get("acts"), shown.session):
                if act.id not in kept["done"]:
                    kept["message"] = _carried_out(act, on_act)
                    kept["done"] = [*kept["done"], act.id][-REMEMBERED - MOST_ACTS :]
        except Exception as problem:  # an exception in a callback would take the component off the page
            log.exception("a verdict was not carried out")
            kept["error"] = str(problem) if isinstance(problem, RegrainError) else type(problem).__name__

    data = to_json(shown) | {name: kept[name] for name in ("message", "done", "error")}
    _component()(key=key, data=data, on_acts_change=on_acts_change)


def _carried_out(act: Act, on_act: OnAct) -> str:
    try:
        return on_act(act)
    except RegrainError as problem:
        return f"Not saved: {problem}"


def read(raw: object, session: str) -> list[Act]:
    """Return what the browser sent; raises ``RegrainError`` where it is malformed or of another session."""
    if not isinstance(raw, dict) or raw.get("session") != session:
        raise RegrainError("this page belongs to another person or queue: reload it")
    acts = raw.get("acts")
    if not isinstance(acts, list) or len(acts) > MOST_ACTS:
        raise RegrainError("the browser sent verdicts that cannot be read: reload the page")
    return [_act(one) for one in acts]


def _act(raw: object) -> Act:
    names = ("id", "row", "verdict", "revision_id", "basis", "undo", "text")
    texts = {name: raw.get(name, "") for name in names} if isinstance(raw, dict) else {}
    if not texts or not all(isinstance(one, str) for one in texts.values()) or not 0 < len(texts["id"]) <= 64:
        raise RegrainError("the browser sent a verdict that cannot be read: reload the page")
    return Act(**texts)


@cache
def _component() -> Any:
    return st.components.v2.component(
        "regrain.rows",
        html=(FOLDER / "rows.html").read_text(encoding="utf-8"),
        css=tokens_css(".rw") + (FOLDER / "rows.css").read_text(encoding="utf-8"),
        js=DOM.read_text(encoding="utf-8") + (FOLDER / "rows.js").read_text(encoding="utf-8"),
    )
