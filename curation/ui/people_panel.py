"""The people of the workspace: who they are, what they may do, what they did; owners invite, change and send away.

Everything here is undone by its opposite. Decisions of somebody who was sent away stay in the log and in force.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from curation.records import RegrainError
from curation.store import people
from curation.store.people import ROLES, Change, Role
from curation.ui import cards, figure_table, person, sign_in
from curation.ui.figure_table import Column
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen, needing, panel
from curation.ui.wording import counted, when

CHANGES_SHOWN = 20
LONGEST = 254

MEANING: dict[Role, str] = {
    "annotator": "Annotators judge.",
    "adjudicator": "Adjudicators also settle disagreements, and see everybody's progress and agreement.",
    "owner": "Owners also import, set up the queues, export, and say who is on the team.",
}
STATES = {"invited": "invited, not here yet", "active": "active", "inactive": "inactive"}
REFUSED = "people-refused"


def people_panel(screen: Screen) -> None:
    """Draw the section."""
    rows = people.standing(screen.store)
    if message := st.session_state.pop(REFUSED, ""):
        cards.error(message)
    if not sign_in.configured():
        cards.text("Nobody signs in here: names are not verified. The README says how to set up sign-in.", size="small")
    if screen.may("manage people"):
        with panel("invite", "Invite somebody"):
            _invitation(screen)
    here = [row for row in rows if row["state"] != "inactive"]
    away = [row for row in rows if row["state"] == "inactive"]
    with panel("team", f"On the team: {counted(len(here), 'person', 'people')}"):
        for row in here:
            _person(screen, row)
    if away:
        with st.expander(f"Not working here any more: {counted(len(away), 'person', 'people')}"):
            for row in away:
                _person(screen, row)
    _changes(people.changes(screen.store, CHANGES_SHOWN))


def _invitation(screen: Screen) -> None:
    label = "E-mail address that they sign in with" if sign_in.configured() else "Name"
    with (
        st.form("invite", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        id = st.text_input(label, max_chars=LONGEST, width=320, key="invite-id")
        role = st.selectbox("Role", ROLES, width=160, key="invite-role", help=" ".join(MEANING.values()))
        if st.form_submit_button("Invite", type="primary"):
            _invite(screen, id or "", role)
            st.rerun()
    words = "No message is sent: tell them the address of this app. " if sign_in.configured() else ""
    cards.text(f"{words}{' '.join(MEANING.values())}", size="small")


def _person(screen: Screen, row: dict[str, Any]) -> None:
    id, role, state = row["id"], row["role"], row["state"]
    with st.container(horizontal=True, vertical_alignment="center", key=f"member:{id}"):
        cards.show(_line(screen, row))
        if not screen.may("manage people"):
            return
        fixed = person.is_fixed_owner(id)
        tries = st.session_state.get(f"people-tries:{id}", 0)
        key = f"role:{id}:{role}:{tries}"
        st.selectbox(
            f"Role of {cards.escape_markdown(row['name'])}", ROLES, index=ROLES.index(role), key=key, width=150,
            label_visibility="collapsed", disabled=fixed or state == "inactive", on_change=_set_role,
            args=(screen, id, key),
            help="An owner by the word of this machine: its user, or REGRAIN_OWNERS." if fixed else None,
        )  # fmt: skip
        to, label = ("active", "Reactivate") if state == "inactive" else ("inactive", "Deactivate")
        st.button(label, key=f"state:{id}", on_click=_set_state, args=(screen, id, to), width=120)


def _line(screen: Screen, row: dict[str, Any]) -> Markup:
    you = tag("span", "you", class_="rg-chip good") if row["id"] == screen.person else ""
    facts = [row["id"]] if row["id"] != row["name"] else []
    facts += [row["role"]] if not screen.may("manage people") else []
    facts += [STATES[row["state"]], f"{counted(row['judged'], 'item')} judged"]
    facts += [f"last {when(row['last_at'])}"] if row["last_at"] else []
    return tag(
        "div",
        tag("p", tag("b", row["name"], dir="auto"), " ", you),
        tag("small", " · ".join(facts)),
        class_="rg-person",
    )


def _changes(changes: list[Change]) -> None:
    if not changes:
        return
    columns = [Column(label, figures=False) for label in ("Who", "What", "By", "When")]
    rows = [[one.person, _words(one), one.by, when(one.at)] for one in changes]
    figure_table.show("What changed about people", columns, rows)


def _words(change: Change) -> str:
    if change.what == "added":
        return f"added as {change.new}"
    return f"{change.what}: {change.old} → {change.new}"


@needing("manage people")
def _invite(screen: Screen, id: str, role: Role) -> None:
    id = id.strip().lower() if "@" in id else person.clean(id)
    try:
        if id and "@" not in id and sign_in.needs_address():
            raise RegrainError(f"{id} is no e-mail address: people come in by the one that they sign in with")
        people.invite(screen.store, id, role, by=screen.person)
    except RegrainError as problem:
        st.session_state[REFUSED] = str(problem)


@needing("manage people")
def _set_role(screen: Screen, id: str, key: str) -> None:
    role = st.session_state[key]
    try:
        people.set_role(screen.store, id, role, by=screen.person)
    except RegrainError as problem:
        st.session_state[REFUSED] = str(problem)
        tries = f"people-tries:{id}"  # the field begins anew with the role that stands
        st.session_state[tries] = st.session_state.get(tries, 0) + 1


@needing("manage people")
def _set_state(screen: Screen, id: str, state: people.State) -> None:
    try:
        people.set_state(screen.store, id, state, by=screen.person)
    except RegrainError as problem:
        st.session_state[REFUSED] = str(problem)
