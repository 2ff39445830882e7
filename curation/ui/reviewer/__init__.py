"""The reviewer: one component for all five review queues, and the same item as a plain form.

``reviewer(review, key=..., on_decisions=...)`` mounts it. What goes where:

Python -> browser (``data``): the fields of ``Review`` (see ``items``), with ``acked {stream, number}``,
``refused [{number, decision_id, item_id, message}]`` and ``error`` from the tab's ``Ledger``.

Browser -> Python: one state value ``outbox``::

    {session, stream, sent_at, ignored, decisions: [
        {id, number, item_id, queue, caption_id, image_id, revision_id, suggestion_id,
         verdict, reason, text, undoes, basis, shown_ms, ignored}, ...]}

Where ``Review.answers`` names an address, the outbox goes there instead (``answers_route``), and the answer is a part
of ``data``; the page then runs for a new address, for what stands around the reviewer, and where no answer comes.

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
    Answer,
    Chip,
    HistoryEntry,
    Item,
    Offer,
    OtherCaption,
    Picture,
    Place,
    Rival,
    Slot,
    SlotOption,
    to_json,
)
from curation.ui.reviewer.outbox import Ledger, OnDecisions, OnLook, apply_entries, read_outbox
from curation.ui.reviewer.screenful import (
    Choice,
    Coming,
    Empty,
    Example,
    Guidelines,
    Recent,
    Review,
    Standing,
    Tab,
    choices,
    session_id,
)
from curation.ui.reviewer.settings import OnSettings, Settings
from curation.ui.theme import tokens_css

__all__ = [
    "Answer",
    "Chip",
    "Choice",
    "Coming",
    "Empty",
    "Example",
    "Guidelines",
    "HistoryEntry",
    "Item",
    "Offer",
    "OnDecisions",
    "OnLook",
    "OnSettings",
    "OtherCaption",
    "Picture",
    "Place",
    "Recent",
    "Review",
    "Rival",
    "Settings",
    "Slot",
    "SlotOption",
    "Standing",
    "Tab",
    "acknowledged",
    "apply_entries",
    "choices",
    "read_outbox",
    "reviewer",
    "session_id",
    "to_json",
]

FOLDER = Path(__file__).parent
SCRIPTS = (
    "words",
    "dom",
    "outbox",
    "post",
    "claim",
    "agenda",
    "pictures",
    "live",
    "places",
    "panels",
    "answers",
    "side",
    "notices",
    "paint",
    "actions",
    "keys",
    "own_keys",
    "reviewer",
)


def reviewer(
    review: Review,
    *,
    key: str,
    on_decisions: OnDecisions,
    on_settings: OnSettings | None = None,
    on_look: OnLook | None = None,
) -> None:
    """Mount the reviewer and hand each new decision to ``on_decisions`` once, in order.

    ``on_decisions(decisions, ignored)`` returns one ``Outcome`` per decision when they are durable. What it
    raises is shown to the person as NOT saved and tried again; a ``RegrainError`` about a single decision is
    shown as refused. It runs in the callback, so the items of this run already follow from it. ``on_settings``
    keeps how the person wants the keys; without it they last as long as the tab. ``on_look(item_id)`` makes an item,
    as it stands now, the first of the next run's items; without it a refused item is shown as it was sent.
    """
    ledger: Ledger = st.session_state.setdefault(f"{key}:{review.session}", Ledger())

    def sent(name: str) -> Any:
        return (st.session_state.get(key) or {}).get(name)

    def on_outbox_change() -> None:
        ledger.take(sent("outbox"), review, on_decisions)

    def on_settings_change() -> None:
        ledger.settle(sent("settings"), review, on_settings)

    def on_look_change() -> None:
        ledger.look(sent("look"), review, on_look)

    data: dict[str, Any] = to_json(review)
    data["server"] = ledger.id
    data["acked"] = {"stream": ledger.stream, "number": ledger.acked}
    data["refused"] = to_json(ledger.refused)
    data["error"] = ledger.error
    data["settings_error"] = ledger.settings_error
    data["settled"] = ledger.settled
    data["looked"] = ledger.looked
    data["can_look"] = on_look is not None
    _component()(
        key=key,
        data=data,
        on_outbox_change=on_outbox_change,
        on_settings_change=on_settings_change,
        on_look_change=on_look_change,
        on_rested_change=lambda: None,  # the run itself is what the browser asks for
    )


def acknowledged(key: str, session: str) -> tuple[str, int]:
    """Return what a tab's outbox has had acknowledged by this server: its stream and the highest number."""
    ledger: Ledger | None = st.session_state.get(f"{key}:{session}")
    return (ledger.stream, ledger.acked) if ledger else ("", 0)


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
