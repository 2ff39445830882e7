"""The view of a queue: its tab, its filter and its layout, all in the address, so that a link shows the same again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

import streamlit as st

from curation import similar
from curation.records import Queue, RegrainError
from curation.store import filters, queues, settings
from curation.store.filters import Filter
from curation.ui.reviewer import Tab
from curation.ui.screen import Screen

TAB_LABELS: dict[queues.Tab, str] = {"todo": "To do", "mine": "Mine", "disputed": "Disagreements", "done": "Done"}

LIKE: dict[str, Callable[[str], similar.Like]] = {
    "image": similar.ImageId,
    "caption": similar.CaptionId,
    "text": similar.Text,
}
"""What stands before the colon of ``?like=``, and what comes after it."""

Layout = Literal["one", "grid"]


@dataclass(frozen=True, slots=True)
class View:
    """What a review screen shows of its queue. ``problem`` says why a similarity could not be searched; ``name`` is
    the one that a person without sign-in gives in the address.
    """

    queue: Queue
    tab: queues.Tab
    narrow: Filter
    layout: Layout
    problem: str = ""
    name: str = ""

    def href(self, **other: str) -> str:
        """Return the address of this view with some parameters changed; an empty one is left out."""
        fixed = {"as": self.name, "tab": "" if self.tab == "todo" else self.tab}
        layout = "" if self.layout == "one" else self.layout
        return address(self.queue, fixed | {"view": layout} | filters.to_query(self.narrow) | other)


def address(queue: Queue, parameters: dict[str, str]) -> str:
    """Return the address of a queue; parameters without a value are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{queue}?{query}" if query else queue


def of_address(screen: Screen, queue: Queue) -> View:
    """Return the view that the address asks for; what it asks wrongly is left out."""
    asked = of_query(screen, queue, st.query_params.to_dict())
    if asked.tab != st.query_params.get("tab", "todo"):
        del st.query_params["tab"]  # the address comes from somebody who settles disputes
    try:
        return replace(asked, narrow=resolved(screen, asked.narrow))
    except RegrainError as problem:
        return replace(asked, narrow=replace(asked.narrow, captions=()), problem=str(problem))


def of_query(screen: Screen, queue: Queue, query: Mapping[str, str]) -> View:
    """Return the view that a query asks this person for; what it is ``like`` is not searched yet."""
    tab: Any = query.get("tab", "todo")
    if tab not in queues.TABS or (tab == "disputed" and not screen.may("adjudicate")):
        tab = "todo"
    narrow = seen_by(screen, tab, filters.from_query(query))
    layout: Layout = "grid" if query.get("view") == "grid" and tab == "todo" else "one"
    return View(queue, tab, narrow, layout, name=query.get("as", ""))


def seen_by(screen: Screen, tab: queues.Tab, narrow: Filter) -> Filter:
    """Return a filter without what would tell of others' answers: those are only asked about where all is settled."""
    if tab != "done":
        narrow = replace(narrow, person="", verdict="", reason="")
    return narrow if screen.may("see everybody's progress") else replace(narrow, person="")


def resolved(screen: Screen, narrow: Filter) -> Filter:
    """Return a filter with the captions that ``like`` stands for; raises ``RegrainError`` where it stands for none."""
    if not narrow.like:
        return narrow
    kind, _, what = narrow.like.partition(":")
    if kind not in LIKE or not what:
        raise RegrainError(f"{narrow.like!r} cannot be searched: write image:ID, caption:ID or text:WORDS")
    kept: dict[tuple[str, str], tuple[str, ...]] = st.session_state.setdefault("similar", {})
    key = (screen.session.workspace.folder.name, narrow.like)
    if key not in kept:
        found = similar.captions(
            screen.store,
            screen.workspace,
            like=LIKE[kind](what),
            splits=settings.get(screen.store, "review_splits"),
            tower=screen.live.drafts.tower,
            whose=screen.person,
        )
        kept.clear()
        kept[key] = tuple(found.ids)
    return replace(narrow, captions=kept[key])


def tabs(screen: Screen, view: View, counts: Mapping[str, int] | None = None) -> tuple[Tab, ...]:
    """Return the lists of a queue with their counts, the one that is shown first. ``counts`` are those of the whole
    queue, where they are known.
    """
    if view.narrow:
        counts = queues.counts_within(screen.store, view.queue, screen.person, view.narrow)
    elif counts is None:
        counts = queues.counts(screen.store, screen.person)[view.queue]
    settles = counts["disputed"] and screen.may("adjudicate")
    others = [tab for tab in queues.TABS if tab != view.tab and (tab != "disputed" or settles)]
    return tuple(
        Tab(TAB_LABELS[tab], counts[tab], view.href(tab="" if tab == "todo" else tab, sort=""))
        for tab in (view.tab, *others)
    )
