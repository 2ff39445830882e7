"""The foot of the menu: who works, in which role, whether anybody verified that, and the way out."""

from __future__ import annotations

import streamlit as st

from curation.ui import cards, door, sign_in
from curation.ui.markup import tag
from curation.ui.person import Inside
from curation.ui.sign_out import sign_out


def show(inside: Inside, workspace: str) -> None:
    """Draw the foot; ``workspace`` is the folder that the person's answers are for."""
    one = inside.person
    facts = tag("small", one.role if inside.verified else f"{one.role} · name not verified")
    address = [tag("small", one.id)] if one.name != one.id else []
    cards.show(tag("div", "Working as ", tag("b", one.name, dir="auto"), *address, facts, class_="rg-who"))
    if inside.renames:
        with st.popover("Change name", type="tertiary"):
            door.name_form(one.id)
    if inside.verified:
        sign_out(one.id, workspace, on_leave=sign_in.sign_out)
