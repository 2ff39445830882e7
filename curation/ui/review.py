"""The five review screens: one function that shows the next items of a queue and applies what the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from curation.records import Decision, Outcome, Queue
from curation.store import bulk, decisions, filters, gold, hands, leases, queues, settings
from curation.store.filters import EVERYTHING, Filter
from curation.store.verdicts import REASONS, VERDICTS
from curation.ui import judged_list
from curation.ui.guidelines import empty_state, guidelines
from curation.ui.own_keys import keep, own_settings
from curation.ui.qualifying import with_news
from curation.ui.review_items import ItemBuilder
from curation.ui.reviewer import Empty, Item, Recent, Review, Tab, choices, reviewer, session_id
from curation.ui.reviewer.plain import plain
from curation.ui.screen import Screen, begin
from curation.ui.wording import QUEUE_TITLES, duration, verdict_label

AHEAD = 5
"""Items handed to the browser at once: the one to judge and those it loads beforehand."""

TAB_LABELS: dict[queues.Tab, str] = {"todo": "To do", "mine": "Mine", "disputed": "Disagreements", "done": "Done"}


def review_screen(queue: Queue) -> None:
    """Draw one review screen. The view is in the address: ``?tab= &q= &item= &plain=1`` and the filter's fields."""
    screen = begin(QUEUE_TITLES[queue], page=queue, review=True)
    if _tab() == "disputed" and not screen.may("adjudicate"):
        del st.query_params["tab"]  # the address comes from somebody who settles disputes
    _search_field()
    narrow = filters.from_query(st.query_params.to_dict())
    tab = _tab()
    if tab in ("mine", "done"):
        judged_list.show(screen, queue, tab, narrow=narrow, tabs=_tabs(screen, queue, narrow))
        return
    review = build_review(screen, queue, narrow=narrow, item_id=str(st.query_params.get("item", "")), tab=tab)

    def apply(made: list[Decision], ignored: int) -> Sequence[Outcome]:
        screen.must("review")
        outcomes = bulk.apply(screen.store, made)
        _leave_linked_item(made)
        return outcomes

    def check_rank(item: Item, text: str) -> str:
        return screen.live.in_words(screen.person, item.caption_id, item.revision_id, text)

    if st.query_params.get("plain") == "1":
        plain(review, key=f"review:{queue}", on_decisions=apply, check_rank=check_rank)
    else:
        reviewer(
            review,
            key=f"review:{queue}",
            on_decisions=apply,
            on_settings=partial(keep, screen),
            on_look=partial(st.query_params.__setitem__, "item"),
        )


def build_review(
    screen: Screen,
    queue: Queue,
    *,
    narrow: Filter = EVERYTHING,
    item_id: str = "",
    tab: queues.Tab = "todo",
) -> Review:
    """Return what the screen shows: the linked item if there is one, then the next to judge or to adjudicate."""
    store, person = screen.store, screen.person
    linked = _linked(screen, queue, item_id)
    skip = [item_id] if linked else []
    if tab == "disputed":
        hand = hands.Hand(
            queues.next_disputed(store, queue, person, AHEAD, narrow=narrow, skip=skip), gold.Standing(0, 0, 0, True)
        )
    else:
        hand = hands.deal(store, queue, person, AHEAD, narrow=narrow, skip=skip)
    rows = [*linked, *hand.rows][:AHEAD]
    screen.live.wake()
    builder = ItemBuilder(store, screen.images, queue, person, screen.live, settles=screen.may("adjudicate"))
    tabs = _tabs(screen, queue, narrow)
    counts = queues.counts(store, person)[queue]
    return Review(
        session=session_id(person, str(screen.workspace.folder), queue),
        person=person,
        queue=queue,
        title=f"{QUEUE_TITLES[queue]} · {settings.get(store, 'name')}",
        items=with_news(builder.items(rows), store, queue, person, hand.standing),
        choices=choices(VERDICTS[queue]),
        tabs=tabs,
        todo=counts["disputed" if tab == "disputed" else "todo"],
        done=counts["done"],
        rate=_rate(screen, queue, counts["todo"]),
        reasons=REASONS,
        can_edit=any(verdict.name == "edit" for verdict in VERDICTS[queue]),
        accept_label=verdict_label(queue, "accept"),
        recent=_recent(screen, queue, builder),
        guidelines=guidelines(store, screen.images, person, queue),
        empty=Empty() if rows else empty_state(store, queue, narrow, tab, hand.standing),
        plain_href=_href(queue, plain="" if st.query_params.get("plain") == "1" else "1", **_view(tab, narrow)),
        settings=own_settings(screen),
        view=_href(queue, **_view(tab, narrow)),
    )


def _linked(screen: Screen, queue: Queue, item_id: str) -> list[dict[str, Any]]:
    """Return the item of a deep link, and keep it for this person where nobody else holds it."""
    row = queues.item(screen.store, queue, item_id) if item_id else None
    if row is None:
        return []
    holder = leases.holder(screen.store, row["caption_id"])
    if holder is None:
        screen.store.write(lambda c: leases.hold(c, screen.person, queue, [row["caption_id"]]))
    elsewhere = {"held_by": holder} if holder not in (None, screen.person) else {}
    return [row | elsewhere]


def _recent(screen: Screen, queue: Queue, builder: ItemBuilder) -> tuple[Recent, ...]:
    """Return the person's last decision that still stands, so that ``Z`` works after a reload."""
    last = decisions.last_of(screen.store, screen.person, queue)
    if last is None:
        return ()
    row = hands.again(screen.store, queue, last["item_id"], gold=last["purpose"] == "gold")
    if row is None:
        return ()
    item = builder.items([row])[0]
    return (Recent(last["id"], verdict_label(queue, last["verdict"]), item, last["basis"] or ""),)


def _tabs(screen: Screen, queue: Queue, narrow: Filter) -> tuple[Tab, ...]:
    """Return the lists of a queue with their counts, the one that is shown first."""
    shown = _tab()
    if narrow:
        counts = queues.counts_within(screen.store, queue, screen.person, narrow)
    else:
        counts = queues.counts(screen.store, screen.person)[queue]
    others = [
        tab for tab in queues.TABS if tab != shown and (tab != "disputed" or (counts[tab] and screen.may("adjudicate")))
    ]
    return tuple(Tab(TAB_LABELS[tab], counts[tab], _href(queue, **_view(tab, narrow))) for tab in (shown, *others))


def _view(tab: queues.Tab, narrow: Filter) -> dict[str, str]:
    return {"tab": "" if tab == "todo" else tab} | filters.to_query(narrow)


def _rate(screen: Screen, queue: Queue, todo: int) -> str:
    pace = queues.pace(screen.store, screen.person, queue)
    if not pace:
        return ""
    return f"{pace:,.0f} an hour · about {duration(3600 * todo / pace)} left"


def _tab() -> queues.Tab:
    asked: Any = st.query_params.get("tab", "todo")
    return asked if asked in queues.TABS else "todo"


def _search_field() -> None:
    """The search field writes itself into the address, from which the filter is read."""
    with st.container(key="review-search"):
        st.text_input(
            "Search captions",
            type="search",
            key="q",
            bind="query-params",
            placeholder="Search captions",
            label_visibility="collapsed",
        )


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
