"""The grid: many items on one screen, and one verdict for those that are chosen or for all that the filter leaves.

``grid(...)`` mounts the component. Python -> browser: the fields of ``Grid``. Browser -> Python: one state value
``act``, either ``{session, batch, verdict, all, ids}`` or ``{session, batch, undo}``; ``batch`` is an id that the
browser made, so that an act that is sent twice is carried out once.
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
from curation.ui.reviewer.items import check_address, to_json
from curation.ui.theme import tokens_css

FOLDER = Path(__file__).parent
DOM = FOLDER.parent / "reviewer" / "dom.js"
LONGEST_SELECTION = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """One item: its picture's address (None where none is held), what stands for it, its text, and facts in words."""

    id: str
    text: str
    alt: str
    facts: str
    href: str
    url: str | None = None

    def __post_init__(self) -> None:
        for address in (self.href, self.url):
            if address is not None:
                check_address(address)


@dataclass(frozen=True, slots=True)
class BulkVerdict:
    """A verdict that can be given to many items at once."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Undo:
    """What the undo key takes back: a decision, of a batch where it was made with others."""

    decision: str
    label: str


@dataclass(frozen=True, slots=True)
class Grid:
    """What the grid shows. ``total`` is how many open items the filter leaves; ``view`` names filter and order:
    where it changes, the selection is given up. ``session`` binds acts to person, workspace and queue. ``undo_key`` is
    the person's own key for undo, lower case; empty where single keys are off.
    """

    session: str
    view: str
    items: tuple[Card, ...]
    total: int
    verdicts: tuple[BulkVerdict, ...]
    undo: Undo | None = None
    undo_key: str = "z"


@dataclass(frozen=True, slots=True)
class Act:
    """What the person asked for: a verdict for ``ids`` (None for all), or to take a decision back."""

    batch: str
    verdict: str = ""
    ids: tuple[str, ...] | None = None
    undo: str = ""


OnAct = Callable[[Act], str]
"""Carry an act out; returns what came of it in words. Runs in the callback, before the page."""


def grid(shown: Grid, *, key: str, on_act: OnAct) -> None:
    """Mount the grid; what is refused or fails is said in its place, and nothing is lost by a second press."""
    name = f"{key}:{shown.session}"
    kept: dict[str, Any] = st.session_state.setdefault(name, {"message": "", "done": []})

    def on_act_change() -> None:
        try:
            act = read((st.session_state.get(key) or {}).get("act"), shown.session)
            kept["message"] = on_act(act) if act.batch not in kept["done"] else kept["message"]
            kept["done"] = [*kept["done"], act.batch][-50:]
        except Exception as problem:  # an exception in a callback would take the component off the page
            log.exception("a bulk verdict was not carried out")
            words = str(problem) if isinstance(problem, RegrainError) else f"{type(problem).__name__}: {problem}"
            kept["message"] = f"Not saved: {words}"
            kept["done"] = [*kept["done"], str(_sent(key).get("batch", ""))][-50:]

    data = to_json(shown) | {"message": kept["message"], "done": kept["done"]}
    _component()(key=key, data=data, on_act_change=on_act_change)


def read(raw: object, session: str) -> Act:
    """Return what the browser sent; raises ``RegrainError`` where it is malformed or of another session."""
    if not isinstance(raw, dict) or raw.get("session") != session:
        raise RegrainError("this page belongs to another person or queue: reload it")
    batch, ids, undo = raw.get("batch"), raw.get("ids", []), raw.get("undo", "")
    texts = isinstance(batch, str) and isinstance(undo, str) and isinstance(ids, list)
    if not texts or not batch or len(str(batch)) > 64 or not all(isinstance(one, str) for one in ids):
        raise RegrainError("the browser sent a bulk verdict that cannot be read: reload the page")
    if len(ids) > LONGEST_SELECTION:
        raise RegrainError(f"{len(ids):,} items were chosen one by one: choose all, or narrow the filter")
    return Act(str(batch), str(raw.get("verdict", "")), None if raw.get("all") else tuple(ids), str(undo))


def _sent(key: str) -> dict[str, Any]:
    raw = (st.session_state.get(key) or {}).get("act")
    return raw if isinstance(raw, dict) else {}


@cache
def _component() -> Any:
    return st.components.v2.component(
        "regrain.grid",
        html=(FOLDER / "grid.html").read_text(encoding="utf-8"),
        css=tokens_css(".gr") + (FOLDER / "grid.css").read_text(encoding="utf-8"),
        js=DOM.read_text(encoding="utf-8") + (FOLDER / "grid.js").read_text(encoding="utf-8"),
    )
