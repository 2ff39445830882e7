"""What every page begins with: the frame, the person, and the open workspace or a word about why it is not open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from curation.records import RegrainError
from curation.session import Session, default_folder
from curation.store import Store, WorkspaceBusy, jobs, queues
from curation.ui import cards, frame, person
from curation.ui.images import ImageServer
from curation.ui.opened import Opened, opened
from curation.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Screen:
    """One run of one page: who sees it, and the workspace it shows."""

    opened: Opened
    person: str

    @property
    def session(self) -> Session:
        return self.opened.session

    @property
    def store(self) -> Store:
        return self.opened.store

    @property
    def workspace(self) -> Workspace:
        return self.opened.session.workspace

    @property
    def images(self) -> ImageServer:
        return self.opened.images


def begin(title: str, *, review: bool = False) -> Screen:
    """Begin a page; where the workspace cannot be opened, say why and end the run here."""
    here, problem = _opened()
    name = frame.begin(
        title,
        who=person.current,
        counts=(lambda name: _menu_counts(here.store, name)) if here else None,
        review=review,
    )
    if here is None:
        _not_open(problem)
        st.stop()
    with st.sidebar:
        _person_picker(name)
    return Screen(here, name)


def panel(name: str, title: str = "", *, height: Literal["content", "stretch"] = "content") -> DeltaGenerator:
    """Return a bordered part of a page with its heading, to be used in a ``with``."""
    container = st.container(border=True, key=f"panel-{name}", height=height)
    if title:
        container.subheader(title, anchor=False)
    return container


def _opened() -> tuple[Opened, None] | tuple[None, RegrainError]:
    try:
        return opened(), None
    except RegrainError as problem:
        return None, problem


def _menu_counts(store: Store, name: str) -> Mapping[str, int | str]:
    found: dict[str, int | str] = {}
    for queue, counts in queues.counts(store, name).items():
        found[queue] = counts["todo"]
    under_way = [job.state for job in jobs.listed(store, states=("running", "waiting"))]
    if under_way:
        running = under_way.count("running")
        found["jobs"] = f"{running} running" if running else f"{len(under_way)} waiting"
    return found


def _not_open(problem: RegrainError | None) -> None:
    busy = isinstance(problem, WorkspaceBusy)
    cards.empty("The workspace is in use" if busy else "The workspace cannot be opened", str(problem))
    with st.container(horizontal_alignment="center"):
        st.button("Try again", type="primary")
    if busy:
        cards.text(
            "Only one process at a time can write to a workspace. Nothing is lost: what was saved is saved. "
            f"To open another one, set REGRAIN_WORKSPACE (now {default_folder()}).",
            size="small",
        )


def _person_picker(name: str) -> None:
    with st.popover("Change name", type="tertiary"):
        typed = st.text_input("Your name", value=name, max_chars=person.LONGEST, key="person-name")
        st.caption("Decisions are logged under this name. Names are taken on trust: nobody is asked for a password.")
        st.button("Use this name", on_click=person.choose, args=(typed or "",))
