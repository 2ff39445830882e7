"""What a review screen shows, from the store: the whole of it for the page, and what changes with each answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from curation.records import Queue
from curation.store import Store, decisions, gold, hands, leases, queues, scores, settings
from curation.store.verdicts import REASONS, VERDICTS
from curation.ui import answers_grant, views
from curation.ui.guidelines import empty_state, guidelines
from curation.ui.own_keys import own_settings
from curation.ui.qualifying import with_news
from curation.ui.review_items import SUGGESTED, ItemBuilder, version_of
from curation.ui.reviewer import Coming, Empty, Item, Recent, Review, Standing, choices, session_id
from curation.ui.screen import Screen
from curation.ui.undo_words import undo_label
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES, duration, verdict_label

AHEAD = 9
"""Items handed to the browser at once: the one to judge and those it loads beforehand."""

Held = Mapping[str, str]
"""Items that the browser holds: the version of each by its id (``review_items.version_of``)."""


def build_review(screen: Screen, view: View, *, item_id: str = "", as_form: bool = False) -> Review:
    """Return what the screen shows: the linked item if there is one, then the next to judge or to adjudicate."""
    store, queue = screen.store, view.queue
    linked = _linked(screen, queue, item_id)
    screen.live.wake()
    ahead, counts = coming(screen, view, linked=linked), standing(screen, view)
    return Review(
        session=session_of(screen, queue),
        person=screen.person,
        queue=queue,
        title=f"{QUEUE_TITLES[queue]} · {settings.get(store, 'name')}",
        items=ahead.items,
        choices=choices(VERDICTS[queue]),
        tabs=counts.tabs,
        todo=counts.todo,
        done=counts.done,
        rate=ahead.rate,
        reasons=REASONS,
        can_edit=any(verdict.name == "edit" for verdict in VERDICTS[queue]),
        accept_label=verdict_label(queue, "accept"),
        recent=ahead.recent or (),
        guidelines=guidelines(store, screen.images, screen.person, queue),
        empty=ahead.empty,
        plain_href=view.href(plain="" if as_form else "1"),
        settings=own_settings(screen),
        view=view.href(),
        linked=item_id if linked else "",
        answers="" if view.narrow.like else answers_grant.address(screen.images.secret, screen.person, queue),
        each=ahead.each,
        as_of=ahead.as_of,
    )


def session_of(screen: Screen, queue: Queue) -> str:
    """Return the name of this person's outbox for a queue."""
    return session_id(screen.person, str(screen.workspace.folder), queue)


def standing(screen: Screen, view: View) -> Standing:
    """Return the counts of the lists of a queue as they are now."""
    counts = queues.counts(screen.store, screen.person)[view.queue]
    todo = counts["disputed" if view.tab == "disputed" else "todo"]
    return Standing(views.tabs(screen, view, counts), todo, counts["done"])


def coming(
    screen: Screen, view: View, *, linked: dict[str, Any] | None = None, held: Held | None = None, back: bool = True
) -> Coming:
    """Return the next items to judge, without those that the browser holds as they are, and with ``back`` what ``Z``
    takes back: a tab that has judged knows that by itself.
    """
    store, person, queue, narrow = screen.store, screen.person, view.queue, view.narrow
    as_of = store.position  # before anything is read
    skip = [linked["id"]] if linked else []
    if view.tab == "disputed":
        rows = queues.next_disputed(store, queue, person, AHEAD, narrow=narrow, skip=skip)
        hand = hands.Hand(rows, gold.Standing(0, 0, 0, True))
    else:
        hand = hands.deal(store, queue, person, AHEAD, narrow=narrow, skip=skip)
    rows = [*([linked] if linked else []), *hand.rows][:AHEAD]
    told = hand.standing.passed is None  # each item brings the news of the last answer
    known = {} if told or held is None else held
    rows = _with_sought(store, queue, rows)
    fresh = [row for row in rows if known.get(row["id"]) != version_of(row)]
    items, recent = _built(screen, queue, fresh, back=back)
    items = with_news(items, store, queue, person, hand.standing)
    return Coming(
        order=tuple(row["id"] for row in rows),
        items=items,
        recent=recent,
        rate=_rate(screen, queue),
        empty=Empty() if rows else empty_state(store, queue, narrow, view.tab, hand.standing),
        each=told,
        as_of=as_of,
    )


def _linked(screen: Screen, queue: Queue, item_id: str) -> dict[str, Any] | None:
    """Return the item of a deep link, and keep it for this person where nobody else holds it."""
    row = queues.item(screen.store, queue, item_id) if item_id else None
    if row is None:
        return None
    holder = leases.holder(screen.store, row["caption_id"])
    if holder is None:
        screen.store.write(lambda c: leases.hold(c, screen.person, queue, [row["caption_id"]]))
    elsewhere = {"held_by": holder} if holder not in (None, screen.person) else {}
    blind = row["status"] == "todo" and row["answers"] and screen.person not in row["answered_by"]
    return row | elsewhere | ({"dealt": "blind"} if blind else {})


def _built(
    screen: Screen, queue: Queue, rows: list[dict[str, Any]], *, back: bool
) -> tuple[tuple[Item, ...], tuple[Recent, ...] | None]:
    """Return the items of ``rows``, and the person's last decision that stands, so that ``Z`` works after a reload.

    The items are built together: what they show is read once for all.
    """
    store, person = screen.store, screen.person
    builder = ItemBuilder(
        store, screen.images, queue, person, screen.live,
        settles=screen.may("adjudicate"), ordering=screen.opened.ordering,
    )  # fmt: skip
    if not back:
        return builder.items(rows), None
    last = decisions.last_of(store, person, queue)
    row = hands.again(store, queue, last["item_id"], gold=last["purpose"] == "gold") if last else None
    if last is None or row is None:
        return builder.items(rows), ()
    *items, judged = builder.items([*rows, *_with_sought(store, queue, [row])])
    return tuple(items), (Recent(last["id"], undo_label(store, queue, last), judged, last["basis"] or ""),)


def _with_sought(store: Store, queue: Queue, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with ``sought``: under which settings suggestions were sought for the text, '' for none."""
    if queue not in SUGGESTED or not rows:
        return rows
    known = scores.sought_for(store, [row["caption_id"] for row in rows])
    for row in rows:
        revision, *how = known.get(row["caption_id"], ("",))
        row["sought"] = " ".join(how) if revision == row["revision_id"] else ""
    return rows


def _rate(screen: Screen, queue: Queue) -> str:
    pace = queues.pace(screen.store, screen.person, queue)
    if not pace:
        return ""
    todo = queues.counts(screen.store, screen.person)[queue]["todo"]
    return f"{pace:,.0f} an hour · about {duration(3600 * todo / pace)} left"
