"""Who is working, and whether they may: signed in, by name on this machine, or by name where the owner trusts names.

Whoever is not let in is told why and what to do, and is shown nothing of the workspace.
"""

from __future__ import annotations

import getpass
import os
import re
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from curation.records import RegrainError
from curation.store import Store, people, settings
from curation.store.people import Person
from curation.ui import sign_in, visitor

PARAMETER = "as"
LONGEST = 40
OWNERS = "REGRAIN_OWNERS"
_KEY = "person"

Door = Literal["sign-in", "unknown", "inactive", "elsewhere", "name", "closed"]
"""Why somebody is outside: nobody signed in, not on the team, sent away, not on this machine, no name, no workspace."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody who is not let in: why, the name they came under, what they may try instead, and where they sit."""

    door: Door
    name: str = ""
    may_rename: bool = False
    may_sign_out: bool = False
    problem: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who works here. ``verified`` says that they signed in; else the name is taken on trust.

    ``renames`` says that they may go on under another name.
    """

    person: Person
    verified: bool
    renames: bool


def current(store: Store | None) -> Inside | Outside:
    """Return who works on this page, or who is left outside; without a store nobody from elsewhere is let in."""
    if sign_in.configured():
        return _signed_in(store)
    if visitor.is_here(visitor.arrival()):
        return _by_name(store, here=True)
    if store is None:
        return Outside("closed")
    if settings.get(store, "names_on_trust"):
        return _by_name(store, here=False)
    return Outside("elsewhere")


def choose(name: str) -> None:
    """Go on under another name; an empty one is ignored."""
    name = clean(name)
    if name:
        _become(name)
        _remember(name)


def clean(name: str) -> str:
    """Return a name fit to be logged: one line, no control characters, at most 40 characters."""
    return re.sub(r"[\x00-\x1f\x7f]+|\s+", " ", name).strip()[:LONGEST].strip()


def system_user() -> str:
    """Return the name of the operating system's user, or ``curator`` where it has none."""
    try:
        return clean(getpass.getuser()) or "curator"
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "curator"


def named_owners() -> list[str]:
    """Return whom ``$REGRAIN_OWNERS`` names: e-mail addresses where people sign in, else names."""
    names = [clean(one) for one in os.environ.get(OWNERS, "").split(",")]
    return [name.lower() if "@" in name else name for name in names if name]


def is_fixed_owner(person_id: str) -> bool:
    """Say whether somebody is an owner by the machine's own word, which the team page cannot take back."""
    return person_id in (named_owners() if sign_in.configured() else [*named_owners(), system_user()])


def _signed_in(store: Store | None) -> Inside | Outside:
    st.query_params.pop(PARAMETER, None)
    try:
        sign_in.secrets()
    except RegrainError:  # the log of the start says which variable is missing
        return Outside("closed")
    try:
        account = sign_in.who()
    except RegrainError as problem:
        return Outside("unknown", problem=str(problem), may_sign_out=True)
    if account is None:
        return Outside("sign-in")
    _become(account.id)
    if store is None:
        return Outside("closed", may_sign_out=True)
    fixed = is_fixed_owner(account.id)
    found = people.enter(
        store, account.id, name=account.name, by="sign-in",
        new="owner" if fixed else None, at_least="owner" if fixed else "annotator",
    )  # fmt: skip
    if found is None:
        return Outside("unknown", account.id, may_sign_out=True)
    if found.state != "active":
        return Outside("inactive", account.id, may_sign_out=True)
    return Inside(found, verified=True, renames=False)


def _by_name(store: Store | None, *, here: bool) -> Inside | Outside:
    asked = clean(str(st.query_params.get(PARAMETER, "")))
    name = asked or st.session_state.get(_KEY) or (system_user() if here else "")
    if not name:
        return Outside("name", may_rename=True)
    _become(name)
    if store is None:
        return Outside("closed", name, here=here)
    if "@" in name and people.get(store, name) is None and not (here and is_fixed_owner(name)):
        return Outside("name", name, may_rename=True, problem=f"{name} is an e-mail address: give a name instead.")
    _remember(name)
    found = people.enter(
        store, name, name=name, new="annotator", by="this machine" if here else "on trust",
        at_least="owner" if here and is_fixed_owner(name) else "annotator",
    )  # fmt: skip
    if found is None or found.state != "active":
        return Outside("inactive", name, may_rename=True)
    if not here and found.role == "owner":  # nobody is an owner on the strength of a name alone
        found = Person(found.id, found.name, "adjudicator", found.state)
    return Inside(found, verified=False, renames=True)


def _become(person_id: str) -> None:
    """Begin anew where another person goes on in the same tab: nothing that the former left is shown."""
    if st.session_state.get(_KEY) not in (None, person_id):
        for key in list(st.session_state):
            del st.session_state[key]
    st.session_state[_KEY] = person_id


def _remember(name: str) -> None:
    if name == system_user():
        if PARAMETER in st.query_params:
            del st.query_params[PARAMETER]
    elif st.query_params.get(PARAMETER) != name:
        st.query_params[PARAMETER] = name
