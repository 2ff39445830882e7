"""The tabs Mine and Done of a review screen: what was judged, newest first, each line with the way back to its item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from curation.records import Queue
from curation.store import queues
from curation.ui import cards
from curation.ui.markup import Markup, tag
from curation.ui.reviewer import Tab
from curation.ui.screen import Screen
from curation.ui.wording import QUEUE_TITLES, verdict_label, when

PAGE = 50


def show(screen: Screen, queue: Queue, tab: queues.Tab, *, search: str, tabs: Sequence[Tab]) -> None:
    """Draw one tab, 50 lines at a time."""
    st.title(QUEUE_TITLES[queue])
    cards.show(tag("nav", *(_tab_link(one, active=n == 0) for n, one in enumerate(tabs)), class_="rg-tabs"))
    rows = _rows(screen, queue, tab, search)
    if not rows:
        words = "No judged item holds the words you search for." if search else "Nothing has been judged here yet."
        cards.empty("Nothing here", words, "Judge the next item", queue)
        return
    cards.show(tag("div", *(_line(screen, queue, row) for row in rows[:PAGE]), class_="rg-judged"))
    if len(rows) > PAGE:
        st.button("Show older", on_click=_older, args=(queue, tab, queues.key_of(rows[PAGE - 1], tab)))


def _rows(screen: Screen, queue: Queue, tab: queues.Tab, search: str) -> list[dict[str, Any]]:
    after = st.session_state.get(_after(queue, tab))
    return queues.listed(screen.store, queue, tab, person=screen.person, after=after, n=PAGE + 1, search=search)


def _line(screen: Screen, queue: Queue, row: dict[str, Any]) -> Markup:
    shown = row["other_image_id"] or row["image_id"]
    url = screen.images.address(screen.person, shown, 96) if row["file"] is not None else None
    image = tag("img", src=url, alt=row["text"], loading="lazy") if url else tag("span", class_="rg-noimage")
    note = f"{verdict_label(queue, row['verdict'])} · {row['person']} · {when(row['decided_at'])} · {row['id']}"
    parameters = {"item": row["id"]} | ({"as": screen.person} if "as" in st.query_params else {})
    words = tag("div", tag("p", row["text"], dir="auto"), tag("small", note))
    link = tag("a", "Open", href=f"{queue}?{urlencode(parameters)}", target="_self")
    return tag("div", image, words, link, class_="rg-card-row")


def _tab_link(tab: Tab, *, active: bool) -> Markup:
    label = f"{tab.label} {tab.count:,}"
    if active:
        return tag("b", label, aria_current="page")
    return tag("a", label, href=tab.href, target="_self")


def _older(queue: Queue, tab: queues.Tab, after: queues.Key) -> None:
    st.session_state[_after(queue, tab)] = after


def _after(queue: Queue, tab: queues.Tab) -> str:
    return f"after:{queue}:{tab}"
