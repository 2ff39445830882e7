"""What somebody sees who is not let in: why, and what to do. Nothing of the workspace."""

from __future__ import annotations

import streamlit as st

from curation.ui import cards, person
from curation.ui.person import Door, Outside

WORDS: dict[Door, tuple[str, str]] = {
    "sign-in": ("Sign in to work here", "Your account tells Regrain who judges. Nothing is shown before."),
    "unknown": (
        "You are not on this team",
        "Ask an owner of this workspace to invite this address, then sign in again.",
    ),
    "inactive": ("You do not work here at the moment", "Ask an owner of this workspace to let you in again."),
    "elsewhere": (
        "Nobody can sign in here yet",
        "Names alone let people in on the machine where Regrain runs. For people on other machines its owner sets up "
        "sign-in (README, “Several people”), or trusts names with “regrain settings names_on_trust=true”.",
    ),
    "name": ("Who are you?", "Your decisions are logged under this name."),
    "closed": ("Regrain is not open at the moment", "Try again in a minute, or ask an owner of this workspace."),
}


def show(outside: Outside) -> None:
    """Draw the closed door."""
    title, words = WORDS[outside.door]
    whom = f"You came as {outside.name}. " if outside.name and outside.door in ("unknown", "inactive") else ""
    cards.empty(title, f"{whom}{words}")
    if outside.problem:
        cards.error(outside.problem)
    if outside.may_rename:
        with st.container(horizontal_alignment="center"), st.container(width=320):
            name_form(outside.name if outside.door == "inactive" else "")


def name_form(name: str) -> None:
    """Draw the field for a name, with the word that nobody checks it."""
    typed = st.text_input("Your name", value=name, max_chars=person.LONGEST, key="person-name")
    st.caption("Decisions are logged under this name. Names are not verified: nobody is asked for a password.")
    st.button("Use this name", on_click=person.choose, args=(typed or "",))
