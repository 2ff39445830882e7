"""The five review screens: one function that shows the next items of a queue and applies what the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from curation.records import Decision, Outcome, Queue
from curation.store import bulk, decisions, gold, hands, leases, queues, settings
from curation.store.verdicts import REASONS, VERDICTS
from curation.ui import grid_page, judged_list, views
from curation.ui.filter_bar import tools
from curation.ui.guidelines import empty_state, guidelines
from curation.ui.own_keys import keep, own_settings
from curation.ui.qualifying import with_news
from curation.ui.review_items import ItemBuilder
from curation.ui.reviewer import Empty, Item, Recent, Review, choices, reviewer, session_id
from curation.ui.reviewer.plain import plain
from curation.ui.screen import Screen, begin
from curation.ui.undo_words import undo_label
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES, duration, verdict_label

AHEAD = 5
"""Items handed to the browser at once: the one to judge and those it loads beforehand."""


def review_screen(queue: Queue) -> None:
    """Draw one review screen: ``?tab= &view= &item= &plain=1`` and the filter's fields say what is shown."""
    screen = begin(QUEUE_TITLES[queue], page=queue, review=True)
    view = tools(screen, queue)
    if view.layout == "grid":
        grid_page.show(screen, view)
    elif view.tab in ("mine", "done"):
        judged_list.show(screen, view)
    else:
        _one_by_one(screen, view)


def _one_by_one(screen: Screen, view: View) -> None:
    """Draw the reviewer, or the same item as a plain form."""
    queue = view.queue
    review = build_review(screen, view, item_id=str(st.query_params.get("item", "")))

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


def build_review(screen: Screen, view: View, *, item_id: str = "") -> Review:
    """Return what the screen shows: the linked item if there is one, then the next to judge or to adjudicate."""
    store, person, queue, tab, narrow = screen.store, screen.person, view.queue, view.tab, view.narrow
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
    counts = queues.counts(store, person)[queue]
    items, recent = _with_recent(screen, queue, builder, rows)
    return Review(
        session=session_id(person, str(screen.workspace.folder), queue),
        person=person,
        queue=queue,
        title=f"{QUEUE_TITLES[queue]} · {settings.get(store, 'name')}",
        items=with_news(items, store, queue, person, hand.standing),
        choices=choices(VERDICTS[queue]),
        tabs=views.tabs(screen, view),
        todo=counts["disputed" if tab == "disputed" else "todo"],
        done=counts["done"],
        rate=_rate(screen, queue, counts["todo"]),
        reasons=REASONS,
        can_edit=any(verdict.name == "edit" for verdict in VERDICTS[queue]),
        accept_label=verdict_label(queue, "accept"),
        recent=recent,
        guidelines=guidelines(store, screen.images, person, queue),
        empty=Empty() if rows else empty_state(store, queue, narrow, tab, hand.standing),
        plain_href=view.href(plain="" if st.query_params.get("plain") == "1" else "1"),
        settings=own_settings(screen),
        view=view.href(),
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
    blind = row["status"] == "todo" and row["answers"] and screen.person not in row["answered_by"]
    return [row | elsewhere | ({"dealt": "blind"} if blind else {})]


def _with_recent(
    screen: Screen, queue: Queue, builder: ItemBuilder, rows: list[dict[str, Any]]
) -> tuple[tuple[Item, ...], tuple[Recent, ...]]:
    """Return the items of ``rows``, and the person's last decision that stands, so that ``Z`` works after a reload.

    The items are built together: what they show is read once for all.
    """
    last = decisions.last_of(screen.store, screen.person, queue)
    row = hands.again(screen.store, queue, last["item_id"], gold=last["purpose"] == "gold") if last else None
    if last is None or row is None:
        return builder.items(rows), ()
    *items, judged = builder.items([*rows, row])
    return tuple(items), (Recent(last["id"], undo_label(screen.store, queue, last), judged, last["basis"] or ""),)


def _rate(screen: Screen, queue: Queue, todo: int) -> str:
    pace = queues.pace(screen.store, screen.person, queue)
    if not pace:
        return ""
    return f"{pace:,.0f} an hour · about {duration(3600 * todo / pace)} left"


def _leave_linked_item(made: Sequence[Decision]) -> None:
    """After a verdict on the item of a deep link, go on with the queue."""
    linked = str(st.query_params.get("item", ""))
    if any(linked in (decision.caption_id, f"{decision.caption_id}|{decision.image_id}") for decision in made):
        del st.query_params["item"]
