"""The way out: a button that says first what this browser tab has not saved yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from curation.ui import unsaved
from curation.ui.theme import tokens_css

_CSS = """
.sign-out { font: 400 14px/1.45 var(--st-font, var(--font)); color: var(--ink); }
.sign-out p { margin: 0 0 8px; color: var(--warn); }
.out { font: inherit; color: var(--muted); background: none; border: 1px solid var(--line); border-radius: 8px;
  padding: 5px 11px; margin: 0 6px 4px 0; cursor: pointer; }
.out:hover { border-color: var(--accent); color: var(--ink); }
.out.primary { background: var(--accent); border-color: var(--accent); color: light-dark(#fff, #0d1526);
  font-weight: 600; }
.out:focus-visible { outline: 2.5px solid var(--accent); outline-offset: 2px; }
"""


def sign_out(person: str, workspace: str, *, on_leave: Callable[[], None]) -> None:
    """Draw the button; ``on_leave`` is called when the person goes, knowing what is not saved."""
    data = {"mine": unsaved.outboxes(person, workspace)}
    if _component()(key="sign-out", data=data, on_leave_change=lambda: None).get("leave"):
        on_leave()


@cache
def _component() -> Any:
    return st.components.v2.component(
        "regrain.sign_out",
        html='<div class="sign-out"></div>',
        css=tokens_css(".sign-out") + _CSS,
        js=unsaved.script("sign_out"),
    )
