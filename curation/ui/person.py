"""Who is working: a name that the person gives. Without sign-in names are taken on trust, and the app says so."""

from __future__ import annotations

import getpass
import re

import streamlit as st

PARAMETER = "as"
LONGEST = 40
_KEY = "person"


def current() -> str:
    """Return the name of the person: from the address (``?as=``), else from this session, else the system's user.

    The name is put into the address where it is not the system's user, so that a reload keeps it.
    """
    asked = clean(str(st.query_params.get(PARAMETER, "")))
    name = asked or st.session_state.get(_KEY) or system_user()
    st.session_state[_KEY] = name
    _remember(name)
    return name


def choose(name: str) -> None:
    """Go on under another name; an empty one is ignored."""
    name = clean(name)
    if name:
        st.session_state[_KEY] = name
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


def _remember(name: str) -> None:
    if name == system_user():
        if PARAMETER in st.query_params:
            del st.query_params[PARAMETER]
    elif st.query_params.get(PARAMETER) != name:
        st.query_params[PARAMETER] = name
