"""What somebody sees who is not let in: why, and what to do. Nothing of the workspace."""

from __future__ import annotations

import streamlit as st

from curation.ui import cards, person, sign_in
from curation.ui.markup import tag
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
        "sign-in (README, “Sign-in and roles”), or trusts names with “regrain settings names_on_trust=true”.",
    ),
    "name": ("Who are you?", "Nothing is shown before you have given a name."),
    "closed": ("Regrain is not open at the moment", "Try again in a minute, or ask an owner of this workspace."),
}


def show(outside: Outside) -> None:
    """Draw the closed door."""
    title, words = WORDS[outside.door]
    whom = f"You came as {outside.name}. " if outside.name and outside.door in ("unknown", "inactive") else ""
    with st.container(border=True, key="door"):
        mark = tag("div", "Re", tag("span", "grain"), class_="rg-mark")
        cards.show(tag("div", mark, tag("h1", title), tag("p", f"{whom}{words}", dir="auto"), class_="rg-door"))
        if outside.problem:
            cards.error(outside.problem)
        if outside.may_rename:
            name_form(outside.name if outside.door == "inactive" else "")
        if outside.door == "sign-in":
            st.button("Sign in", type="primary", width="stretch", on_click=st.login)
        if outside.may_sign_out:
            st.button("Sign in as somebody else", width="stretch", on_click=sign_in.sign_out)


def name_form(name: str) -> None:
    """Draw the field for a name, with the word that nobody checks it."""
    with st.form("name-form", border=False):
        st.text_input("Your name", value=name, max_chars=person.LONGEST, key="person-name")
        st.caption("Decisions are logged under this name. Names are not verified: nobody is asked for a password.")
        st.form_submit_button("Use this name", on_click=_use_name)


def _use_name() -> None:
    person.choose(str(st.session_state.get("person-name") or ""))
