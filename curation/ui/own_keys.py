"""How each person wants the keys: kept with the person, or for this tab alone where nobody knows them yet."""

from __future__ import annotations

import streamlit as st

from curation.records import RegrainError
from curation.store import people
from curation.ui.reviewer import Settings
from curation.ui.screen import Screen

_KEY = "own-keys"


def own_settings(screen: Screen) -> Settings:
    """Return how this person wants the keys."""
    here: Settings | None = st.session_state.get(f"{_KEY}:{screen.person}")
    return here or Settings.kept(people.preferences(screen.store, screen.person))


def keep(screen: Screen, settings: Settings) -> None:
    """Keep them; somebody who is not on the team has them for this tab."""
    name = f"{_KEY}:{screen.person}"
    try:
        people.prefer(screen.store, screen.person, single_keys=settings.single_keys, keys=dict(settings.keys))
        st.session_state.pop(name, None)
    except RegrainError:
        st.session_state[name] = settings
