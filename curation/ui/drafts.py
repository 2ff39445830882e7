"""Settings that are being changed: kept while one looks elsewhere on the page, and nothing until they are saved.

A draft is the state of some widgets. Their keys hold a number that rises with each save, so that they begin anew with
what is in force.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from curation.records import RegrainError
from curation.ui import cards
from curation.ui.screen import Screen

PERSIST: Any = "page"
"""Widgets of a draft keep their values while another queue is looked at."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One group of settings on the screen: its name, unique on the page, and what is in force (plain JSON)."""

    name: str
    stored: Any

    def key(self, field: str) -> str:
        """Return the key of a widget of this draft."""
        return f"draft:{self.name}:{self._number}:{field}"

    @property
    def rows(self) -> list[Any]:
        """The lines of a list that is being changed, in the session; they begin as what is in force."""
        found: list[Any] = st.session_state.setdefault(self.key("rows"), [dict(one) for one in self.stored or []])
        return found

    def begin_anew(self) -> None:
        """Drop what is on the screen: the widgets show what is in force."""
        st.session_state.pop(self.key("rows"), None)
        st.session_state[f"draft-number:{self.name}"] = self._number + 1
        for part in ("base", "problem"):
            st.session_state.pop(f"draft-{part}:{self.name}", None)

    @property
    def _number(self) -> int:
        return int(st.session_state.get(f"draft-number:{self.name}", 0))

    def finish(self, screen: Screen, value: Any, save: Callable[[Screen, Any], None], *, what: str) -> None:
        """Draw the last line of the group: whether the draft is in force, and the buttons that save or drop it.

        ``save`` stores the value or raises ``RegrainError``, whose words then stand here.
        """
        base = st.session_state.setdefault(f"draft-base:{self.name}", self.stored)
        if base != self.stored and value == base:  # changed elsewhere, and untouched here
            self.begin_anew()
            st.rerun()
        changed = value != self.stored
        if not changed:
            base = st.session_state[f"draft-base:{self.name}"] = self.stored
        problem = st.session_state.get(f"draft-problem:{self.name}")
        if problem and changed:
            cards.error(f"Not saved: {problem}")
        if changed and base != self.stored:
            cards.warning("Somebody has changed this meanwhile: saving replaces theirs, Take back shows it.")
        with st.container(horizontal=True, vertical_alignment="center"):
            # Never greyed out: a press right after typing comes together with what was typed.
            kind: Any = "primary" if changed else "secondary"
            pressed = st.button(f"Save {what}", key=self.key("save"), type=kind)
            if changed:
                st.button("Take back", key=self.key("back"), on_click=self.begin_anew)
            cards.chips([("not saved yet", "warn") if changed else ("saved", "good")])
        if pressed and changed:
            self._save(screen, value, save)
            st.rerun()

    def _save(self, screen: Screen, value: Any, save: Callable[[Screen, Any], None]) -> None:
        try:
            screen.must("change queues")
            save(screen, value)
        except RegrainError as problem:
            st.session_state[f"draft-problem:{self.name}"] = str(problem)
        else:
            self.begin_anew()
