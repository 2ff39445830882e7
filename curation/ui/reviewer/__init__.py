"""The reviewer: one component for all five review queues, and the same item as a plain form.

``reviewer(review, key=..., on_decisions=...)`` mounts it. What goes where:

Python -> browser (``data``): the fields of ``Review`` (see ``items``), with ``acked {stream, number}``,
``refused [{number, decision_id, item_id, message}]`` and ``error`` from the tab's ``Ledger``.

Browser -> Python: one state value ``outbox``::

    {session, stream, sent_at, ignored, decisions: [
        {id, number, item_id, queue, caption_id, image_id, revision_id, suggestion_id,
         verdict, reason, text, undoes, basis, shown_ms, ignored}, ...]}

- The whole unacknowledged list is sent each time. Numbers grow within a ``stream`` (one browser tab); the server
  applies each once and acknowledges the highest. The list is kept in ``sessionStorage`` under ``session`` until
  acknowledged and resent after a reload. No answer for 5 s shows "NOT saved" and a retry, which also runs by itself.
- ``verdict`` is a name of the queue's table, or ``undo`` with ``undoes``. ``accept`` and ``edit`` carry ``text``.
- ``basis`` is the decision that the item rested on when it was judged: the item's, or this tab's own latest one on it.
- The browser paints the next of ``items`` at once. It never takes an item off the screen that has no verdict yet.
- ``ignored`` counts presses that came within 120 ms of a new item or from auto-repeat: they are not guessed at.
- Undo paints the item again and sends ``undo``; judging an earlier item anew sends a new decision, after an undo
  where the first one had changed the text.

The scripts are plain files joined in the order of ``SCRIPTS``: one scope, one export, no build step.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from curation.ui.reviewer.items import (
    Chip,
    Choice,
    Empty,
    HistoryEntry,
    Item,
    Offer,
    OtherCaption,
    Picture,
    Recent,
    Review,
    Rival,
    Settings,
    Slot,
    SlotOption,
    Tab,
    choices,
    session_id,
    to_json,
)
from curation.ui.reviewer.outbox import Ledger, OnDecisions
from curation.ui.theme import tokens_css

__all__ = [
    "Chip",
    "Choice",
    "Empty",
    "HistoryEntry",
    "Item",
    "Offer",
    "OnDecisions",
    "OtherCaption",
    "Picture",
    "Recent",
    "Review",
    "Rival",
    "Settings",
    "Slot",
    "SlotOption",
    "Tab",
    "choices",
    "reviewer",
    "session_id",
]

FOLDER = Path(__file__).parent
SCRIPTS = ("words", "dom", "outbox", "agenda", "pictures", "panels", "paint", "actions", "keys", "reviewer")


def reviewer(review: Review, *, key: str, on_decisions: OnDecisions) -> None:
    """Mount the reviewer and hand each new decision to ``on_decisions`` once, in order.

    ``on_decisions(decisions, ignored)`` returns one ``Outcome`` per decision when they are durable. What it
    raises is shown to the person as NOT saved and tried again; a ``RegrainError`` about a single decision is
    shown as refused. It runs in the callback, so the items of this run already follow from it.
    """
    ledger: Ledger = st.session_state.setdefault(f"{key}:{review.session}", Ledger())

    def on_outbox_change() -> None:
        state = st.session_state.get(key) or {}
        ledger.take(state.get("outbox"), review, on_decisions)

    data: dict[str, Any] = to_json(review)
    data["acked"] = {"stream": ledger.stream, "number": ledger.acked}
    data["refused"] = to_json(ledger.refused)
    data["error"] = ledger.error
    _component()(key=key, data=data, on_outbox_change=on_outbox_change)


def script() -> str:
    """Return the component's JavaScript as one module."""
    return "\n".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)


@cache
def _component() -> Any:
    return st.components.v2.component(
        "regrain.reviewer",
        html=(FOLDER / "reviewer.html").read_text(encoding="utf-8"),
        css=tokens_css(".rg") + (FOLDER / "reviewer.css").read_text(encoding="utf-8"),
        js=script(),
    )
