"""The grid of a queue: many items at once, each with its score, and one verdict for the chosen ones."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from curation.records import Decision, Queue
from curation.store import bulk, captions, dealing, decisions, gold, hands, queues, settings
from curation.store.verdicts import VERDICTS
from curation.ui import cards, judged_list, views
from curation.ui.grid import Act, BulkVerdict, Card, Grid, Undo, grid
from curation.ui.guidelines import empty_state
from curation.ui.markup import tag
from curation.ui.own_keys import own_settings
from curation.ui.reviewer import session_id
from curation.ui.screen import Screen
from curation.ui.undo_words import undo_label
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES, counted, verdict_label

PAGE = 48


def show(screen: Screen, view: View) -> None:
    """Draw one page of the open items that the filter leaves."""
    queue = view.queue
    st.title(QUEUE_TITLES[queue])
    judged_list.tab_links(views.tabs(screen, view))
    standing = gold.standing(screen.store, queue, screen.person)
    if standing.passed is not True:
        cards.empty("Not yet", "Who is new answers some items one by one first.", "Go on one by one", queue)
        return
    search = json.dumps(view.href())
    after = judged_list.page_key(str(st.query_params.get(judged_list.BEFORE, "")), search)
    rows = hands.page(screen.store, queue, screen.person, PAGE + 1, narrow=view.narrow, after=after)
    grid(
        Grid(
            session=session_id(screen.person, str(screen.workspace.folder), queue),
            view=view.href(),
            items=_cards(screen, view, rows[:PAGE]),
            total=bulk.count(screen.store, queue, screen.person, view.narrow),
            verdicts=tuple(
                BulkVerdict(one.name, one.label) for one in VERDICTS[queue] if not one.text and one.name != "skip"
            ),
            undo=last_undo(screen, queue),
            undo_key=own_key(screen, "undo", "z"),
        ),
        key=f"grid:{queue}",
        on_act=lambda act: carry_out(screen, view, act),
    )
    if not rows:
        empty = empty_state(screen.store, queue, view.narrow, "todo", standing)
        cards.empty(empty.title, empty.text, empty.link_label, empty.link_href)
    _pages(view, rows, after is not None, search)


def carry_out(screen: Screen, view: View, act: Act) -> str:
    """Give a bulk verdict or take one back; return what came of it in words."""
    screen.must("review")
    if act.undo:
        return take_back(screen, act.batch, act.undo)
    return judge(screen, view, act)


def judge(screen: Screen, view: View, act: Act) -> str:
    """Give one verdict to what the filter of a view leaves, or to some of it; return what came of it in words."""
    done = bulk.decide(
        screen.store,
        view.queue,
        act.verdict,
        person=screen.person,
        batch_id=act.batch,
        narrow=view.narrow,
        ids=act.ids,
    )
    said = f"{counted(done.judged, 'item')} judged “{verdict_label(view.queue, act.verdict)}”."
    left = f" {counted(done.refused, 'item')} left out: {done.messages[0]}." if done.messages else ""
    gone = len(set(act.ids or ())) - done.judged - done.refused
    taken = f" {counted(gone, 'item')} left out: judged meanwhile, or in somebody else's hands." if gone > 0 else ""
    return said + left + taken


def take_back(screen: Screen, undo_id: str, decision_id: str) -> str:
    """Take back a decision, of a batch the whole batch, under the id that the browser made."""
    found = decisions.get(screen.store, decision_id)
    if found is None:
        return "There is nothing to take back."
    undo = Decision(
        undo_id, screen.person, found["queue"], found["caption_id"], found["revision_id"], "undo",
        image_id=found["image_id"], undoes=decision_id,
    )  # fmt: skip
    outcome = bulk.apply(screen.store, [undo])[0]
    return "Taken back." if outcome.applied and not outcome.message else outcome.message or "Taken back."


def last_undo(screen: Screen, queue: Queue) -> Undo | None:
    """Return what the undo key takes back: the person's last decision that stands."""
    last = decisions.last_of(screen.store, screen.person, queue)
    if last is None:
        return None
    return Undo(last["id"], f"Undo “{undo_label(screen.store, queue, last)}”")


def own_key(screen: Screen, action: str, usual: str) -> str:
    """Return the person's own key for an action, empty where single keys are off."""
    wanted = own_settings(screen)
    return dict(wanted.keys).get(action, usual) if wanted.single_keys else ""


def _cards(screen: Screen, view: View, rows: list[dict[str, Any]]) -> tuple[Card, ...]:
    held = captions.images(screen.store, sorted({judged_list.shown_image(row) for row in rows}))
    unaided = settings.get(screen.store, "unaided_share")
    cards_shown = []
    for row in rows:
        image = judged_list.shown_image(row)
        there = held.get(image, {}).get("file") is not None
        blind = row["answers"] > 0 or not dealing.is_aided(unaided, view.queue, row["id"])
        cards_shown.append(
            Card(
                id=row["id"],
                text=row["text"],
                alt=row["text"],
                facts="judged without scores" if blind else f"score {row['priority']:.2f}",
                href=view.href(view="", item=row["id"]),
                url=screen.images.address(screen.person, image, 320) if there else None,
            )
        )
    return tuple(cards_shown)


def _pages(view: View, rows: list[dict[str, Any]], later: bool, search: str) -> None:
    links = [tag("a", "First page", href=view.href(), target="_self")] if later else []
    if len(rows) > PAGE:
        key = judged_list.page_address(queues.key_of(rows[PAGE - 1], "todo", view.narrow), search)
        links.append(tag("a", "Next page", href=view.href(before=key), target="_self"))
    if links:
        cards.show(tag("nav", *links, class_="rg-tabs"))
