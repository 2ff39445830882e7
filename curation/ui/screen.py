"""What every page begins with: the frame, the person, and the open workspace or a word about why it is not open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Concatenate, Literal, ParamSpec

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from curation.records import RegrainError
from curation.session import Session, default_folder
from curation.store import Store, WorkspaceBusy, decisions, jobs, people, queues
from curation.store.people import Role
from curation.ui import cards, door, frame, permissions, person, unsaved, who
from curation.ui.downloads import Downloads
from curation.ui.images import ImageServer
from curation.ui.live_route import LiveRank
from curation.ui.opened import Opened, opened
from curation.workspace import Workspace

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Screen:
    """One run of one page: who sees it, in which role, and the workspace it shows.

    ``person`` is the id under which decisions are logged. ``verified`` says that they signed in.
    """

    opened: Opened
    person: str
    role: Role = "annotator"
    name: str = ""
    verified: bool = False

    @property
    def session(self) -> Session:
        return self.opened.session

    @property
    def store(self) -> Store:
        return self.opened.store

    @property
    def workspace(self) -> Workspace:
        return self.opened.session.workspace

    def may(self, what: str) -> bool:
        """Say whether the person may do something: an act or a page of ``permissions``, or what a role may."""
        return permissions.allows(self.role, what)

    def still_may(self, what: str) -> bool:
        """Say the same as of now, asking the store: what stands behind a button asks this before it acts."""
        found = people.get(self.store, self.person)
        return self.may(what) and found is not None and found.may(permissions.needed(what))

    def must(self, what: str) -> None:
        """Raise ``RegrainError`` where the person may not do something (any more)."""
        if not self.still_may(what):
            raise RegrainError(refusal(self.person, what))

    @property
    def images(self) -> ImageServer:
        return self.opened.images

    @property
    def downloads(self) -> Downloads:
        return self.opened.downloads

    @property
    def live(self) -> LiveRank:
        return self.opened.live


def begin(title: str, *, page: str = "", review: bool = False) -> Screen:
    """Begin a page; who is not let in, or may not see this page, is told so, and the run ends here.

    ``page`` is the stem of the page's file, the title in lower case where it is not given: ``permissions.PAGES`` says
    who sees it. Where the workspace cannot be opened, the page says why.
    """
    here, problem = _opened()
    came = person.current(here.store if here else None)
    name = page or title.lower()

    def admitted() -> str | None:
        if isinstance(came, person.Inside):
            return came.person.id
        _not_open(problem) if came.door == "closed" and came.here else door.show(came)
        return None

    frame.begin(
        title,
        who=admitted,
        counts=(lambda id: _menu_counts(here.store, id, settles=_settles(came))) if here else None,
        shown=lambda entry: isinstance(came, person.Inside) and permissions.allows(came.person.role, entry),
        foot=lambda: (
            who.show(came, str(here.session.workspace.folder)) if here and isinstance(came, person.Inside) else None
        ),
        review=review,
    )
    if here is None or not isinstance(came, person.Inside):
        st.stop()
    screen = Screen(here, came.person.id, came.person.role, came.person.name, came.verified)
    if not screen.may(name):
        cards.empty(
            title, f"This page is for {permissions.WHOM[permissions.needed(name)]}: ask one of them.", "Home", "./"
        )
        st.stop()
    if not review:
        unsaved.notice(screen.person, str(screen.workspace.folder), known=partial(decisions.applied, screen.store))
    return screen


def needing(
    what: str,
) -> Callable[[Callable[Concatenate[Screen, P], None]], Callable[Concatenate[Screen, P], None]]:
    """Guard what stands behind a button: who may not do it (any more) is told so, and nothing happens."""

    def guard(command: Callable[Concatenate[Screen, P], None]) -> Callable[Concatenate[Screen, P], None]:
        @wraps(command)
        def guarded(screen: Screen, /, *args: P.args, **kwargs: P.kwargs) -> None:
            if screen.still_may(what):
                return command(screen, *args, **kwargs)
            st.toast(cards.escape_markdown(refusal(screen.person, what)))
            return None

        return guarded

    return guard


def refusal(person_id: str, what: str) -> str:
    """Return the words for somebody who may not do something."""
    return f"{person_id} may not do this here (any more): it is for {permissions.WHOM[permissions.needed(what)]}"


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


def _settles(came: person.Inside | person.Outside) -> bool:
    return isinstance(came, person.Inside) and permissions.allows(came.person.role, "adjudicate")


def _menu_counts(store: Store, name: str, *, settles: bool) -> Mapping[str, int | str]:
    """Return what stands behind the entries; for those who settle disputes, in how many items people differ too."""
    found: dict[str, int | str] = {}
    for queue, counts in queues.counts(store, name).items():
        differ = counts["disputed"] if settles else 0
        found[queue] = f"{counts['todo']:,} · {differ:,} differ" if differ else counts["todo"]
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
