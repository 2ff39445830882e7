"""The five review screens: one function that shows the next items of a queue and applies what the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from curation.records import Decision, Outcome, Queue
from curation.store import decisions, queues, settings
from curation.store.verdicts import REASONS, VERDICTS
from curation.ui import judged_list
from curation.ui.guidelines import empty_state, guidelines
from curation.ui.own_keys import keep, own_settings
from curation.ui.review_items import ItemBuilder
from curation.ui.reviewer import Empty, Recent, Review, Tab, choices, reviewer, session_id
from curation.ui.reviewer.plain import plain
from curation.ui.screen import Screen, begin
from curation.ui.wording import QUEUE_TITLES, duration, verdict_label

AHEAD = 5
"""Items handed to the browser at once: the one to judge and those it loads beforehand."""

TAB_LABELS: dict[queues.Tab, str] = {"todo": "To do", "mine": "Mine", "done": "Done"}


def review_screen(queue: Queue) -> None:
    """Draw one review screen. The view is in the address: ``?tab= &q= &item= &plain=1``."""
    screen = begin(QUEUE_TITLES[queue], page=queue, review=True)
    search = _search_field(queue)
    tab = _tab()
    if tab != "todo":
        judged_list.show(
            screen,
            queue,
            tab,
            search=search,
            tabs=_tabs(queue, search, queues.counts(screen.store, screen.person)[queue]),
        )
        return
    review = build_review(screen, queue, search=search, item_id=str(st.query_params.get("item", "")))

    def apply(made: list[Decision], ignored: int) -> Sequence[Outcome]:
        screen.must("review")
        outcomes = decisions.decide(screen.store, made)
        _leave_linked_item(made)
        return outcomes

    if st.query_params.get("plain") == "1":
        plain(review, key=f"review:{queue}", on_decisions=apply)
    else:
        reviewer(
            review,
            key=f"review:{queue}",
            on_decisions=apply,
            on_settings=partial(keep, screen),
            on_look=partial(st.query_params.__setitem__, "item"),
        )


def build_review(screen: Screen, queue: Queue, *, search: str = "", item_id: str = "") -> Review:
    """Return what the screen shows: the linked item if there is one, then the next to judge."""
    store, person = screen.store, screen.person
    linked = queues.item(store, queue, item_id) if item_id else None
    ahead = queues.next_items(store, queue, AHEAD, skip=[item_id] if linked else [], search=search)
    rows = [linked, *ahead[: AHEAD - 1]] if linked else ahead
    builder = ItemBuilder(store, screen.images, queue, person)
    counts = queues.counts(store, person)[queue]
    name = settings.get(store, "name")
    return Review(
        session=session_id(person, str(screen.workspace.folder), queue),
        person=person,
        queue=queue,
        title=f"{QUEUE_TITLES[queue]} · {name}",
        items=builder.items(rows),
        choices=choices(VERDICTS[queue]),
        tabs=_tabs(queue, search, counts),
        todo=counts["todo"],
        done=counts["done"],
        rate=_rate(screen, queue, counts["todo"]),
        reasons=REASONS,
        can_edit=any(verdict.name == "edit" for verdict in VERDICTS[queue]),
        accept_label=verdict_label(queue, "accept"),
        recent=_recent(screen, queue, builder),
        guidelines=guidelines(store, screen.images, person, queue),
        empty=Empty() if rows else empty_state(store, queue, search),
        plain_href=_href(queue, plain="" if st.query_params.get("plain") == "1" else "1", q=search),
        settings=own_settings(screen),
        view=search,
    )


def _recent(screen: Screen, queue: Queue, builder: ItemBuilder) -> tuple[Recent, ...]:
    """Return the person's last decision that still stands, so that ``Z`` works after a reload."""
    last = decisions.last_of(screen.store, screen.person, queue)
    row = queues.item(screen.store, queue, last["item_id"]) if last else None
    if last is None or row is None:
        return ()
    item = builder.items([row])[0]
    return (Recent(last["id"], verdict_label(queue, last["verdict"]), item, last["basis"] or ""),)


def _tabs(queue: Queue, search: str, counts: dict[str, int]) -> tuple[Tab, ...]:
    shown = _tab()
    tabs = [
        Tab(TAB_LABELS[tab], counts[tab], _href(queue, tab="" if tab == "todo" else tab, q=search))
        for tab in (shown, *(tab for tab in queues.TABS if tab != shown))
    ]
    return tuple(tabs)


def _rate(screen: Screen, queue: Queue, todo: int) -> str:
    pace = queues.pace(screen.store, screen.person, queue)
    if not pace:
        return ""
    return f"{pace:,.0f} an hour · about {duration(3600 * todo / pace)} left"


def _tab() -> queues.Tab:
    asked: Any = st.query_params.get("tab", "todo")
    return asked if asked in queues.TABS else "todo"


def _search_field(queue: Queue) -> str:
    with st.container(key="review-search"):
        asked = st.text_input(
            "Search captions",
            type="search",
            key="q",
            bind="query-params",
            placeholder="Search captions",
            label_visibility="collapsed",
        )
    return (asked or "").strip()


def _href(queue: Queue, **parameters: str) -> str:
    """Return the address of a view of this queue; the person's name goes along where it is in the address."""
    wanted = {"as": str(st.query_params.get("as", ""))} | parameters
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{queue}?{query}" if query else queue


def _leave_linked_item(made: Sequence[Decision]) -> None:
    """After a verdict on the item of a deep link, go on with the queue."""
    linked = str(st.query_params.get("item", ""))
    if any(linked in (decision.caption_id, f"{decision.caption_id}|{decision.image_id}") for decision in made):
        del st.query_params["item"]
