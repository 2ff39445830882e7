"""The five review screens: one function that shows the next items of a queue and applies what the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from curation.records import Decision, Outcome, Queue
from curation.store import bulk, decisions
from curation.ui import grid_page, judged_list
from curation.ui.filter_bar import tools
from curation.ui.own_keys import keep
from curation.ui.review_data import build_review
from curation.ui.reviewer import Item, reviewer
from curation.ui.reviewer.plain import plain
from curation.ui.screen import Screen, begin
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES

_LINKED = "linked:"


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
    as_form = st.query_params.get("plain") == "1"
    review = build_review(screen, view, item_id=_linked_item(screen, queue), as_form=as_form)

    def apply(made: list[Decision], ignored: int) -> Sequence[Outcome]:
        screen.must("review")
        outcomes = bulk.apply(screen.store, made)
        _leave_linked_item(made)
        return outcomes

    def check_rank(item: Item, text: str) -> str:
        return screen.live.in_words(screen.person, item.caption_id, item.revision_id, text)

    if as_form:
        plain(review, key=f"review:{queue}", on_decisions=apply, check_rank=check_rank)
    else:
        reviewer(
            review,
            key=f"review:{queue}",
            on_decisions=apply,
            on_settings=partial(keep, screen),
            on_look=partial(_look, queue),
        )


def _linked_item(screen: Screen, queue: Queue) -> str:
    """Return the item of the address until this person has judged it since it was first asked for.

    Answers go past the page, and a browser that is given a parameter by the page asks for it with every run.
    """
    linked, key = str(st.query_params.get("item", "")), _LINKED + queue
    if not linked:
        st.session_state.pop(key, None)
        return ""
    asked = (linked, decisions.last_on(screen.store, screen.person, queue, linked))
    known = st.session_state.setdefault(key, asked)
    if known[0] == linked and known != asked:
        del st.query_params["item"]
        return ""
    st.session_state[key] = asked
    return linked


def _look(queue: Queue, item_id: str) -> None:
    st.session_state.pop(_LINKED + queue, None)
    st.query_params["item"] = item_id


def _leave_linked_item(made: Sequence[Decision]) -> None:
    """After a verdict on the item of a deep link, go on with the queue."""
    linked = str(st.query_params.get("item", ""))
    if any(linked in (decision.caption_id, f"{decision.caption_id}|{decision.image_id}") for decision in made):
        del st.query_params["item"]
