"""Answers that this browser tab could not save yet: told on every page that is no review screen, and by ``sign_out``.

They stay in the tab's ``sessionStorage`` until a server has them. Only the present person's outboxes are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from curation.records import QUEUES
from curation.ui.reviewer import acknowledged, session_id
from curation.ui.theme import tokens_css
from curation.ui.wording import QUEUE_TITLES

FOLDER = Path(__file__).parent

_CSS = """
.unsaved:not(:empty) { background: var(--warn-bg); color: var(--warn); border: 1px solid var(--warn); font-size: 14px;
  border-radius: var(--radius); padding: 8px 14px; box-shadow: 0 4px 18px #0003; }
.unsaved p { margin: 0; }
.unsaved a { color: inherit; font-weight: 600; }
"""


Known = Callable[[Sequence[str]], Collection[str]]
"""Return those of some decisions' ids that were applied."""

MOST_IDS = 5000


def notice(person: str, workspace: str, *, known: Known) -> None:
    """Say which answers of this person still wait in this tab, with the way to the screen that sends them.

    An answer that was saved, but whose word of it did not reach the tab before it left the screen, is taken off.
    """
    key = "unsaved-notice"

    def on_open_change() -> None:
        ids = (st.session_state.get(key) or {}).get("open") or []
        asked = [one for one in ids if isinstance(one, str)][:MOST_IDS] if isinstance(ids, list) else []
        st.session_state[f"{key}:saved"] = sorted(known(asked))

    data = {"mine": outboxes(person, workspace), "saved": st.session_state.get(f"{key}:saved", [])}
    with st.container(key="unsaved"):
        _component()(key=key, data=data, on_open_change=on_open_change)


def outboxes(person: str, workspace: str) -> dict[str, dict[str, Any]]:
    """Return this person's outboxes by the name that the browser keeps them under: title, address, what is saved."""
    found = {}
    for queue in QUEUES:
        session = session_id(person, workspace, queue)
        stream, acked = acknowledged(f"review:{queue}", session)
        name = urlencode({"as": name}) if (name := st.query_params.get("as", "")) else ""
        href = f"{queue}?{name}" if name else queue
        found[session] = {"title": QUEUE_TITLES[queue], "href": href, "stream": stream, "acked": acked}
    return found


def script(name: str) -> str:
    """Return a script of this room with what it reads the outboxes by."""
    return "\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in ("unsaved", name))


@cache
def _component() -> Any:
    return st.components.v2.component(
        "regrain.unsaved",
        html='<div class="unsaved" role="status"></div>',
        css=tokens_css(".unsaved") + _CSS,
        js=script("unsaved_notice"),
    )
