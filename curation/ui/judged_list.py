"""The tabs Mine and Done of a review screen: what was judged, newest first, each line with the way back to its item.

The page shown is in the address (``?before=``), so that the browser's way back works and another search begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from curation.store import captions, decisions, filters, gold, queues
from curation.ui import cards, queue_gold, views
from curation.ui.markup import Markup, tag
from curation.ui.reviewer import Tab
from curation.ui.screen import Screen
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES, verdict_label, when

PAGE = 50
BEFORE = "before"


def show(screen: Screen, view: View) -> None:
    """Draw one tab, 50 lines at a time."""
    queue, tab, narrow = view.queue, view.tab, view.narrow
    st.title(QUEUE_TITLES[queue])
    tab_links(views.tabs(screen, view))
    search = json.dumps({"tab": tab} | filters.to_query(narrow), sort_keys=True)
    after = page_key(str(st.query_params.get(BEFORE, "")), search)
    rows = _rows(screen, view, after)
    if not rows and after is not None:  # what stood here was taken back
        after, rows = None, _rows(screen, view, None)
    if not rows:
        words = "No judged item is left by search and filters." if narrow else "Nothing has been judged here yet."
        cards.empty("Nothing here", words, "Judge the next item", queue)
        return
    held = _held(screen, rows)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    if tab == "mine":  # one's own answers: what others said of the same item is not for this list
        own = decisions.own_verdicts(screen.store, queue, screen.person, [row["caption_id"] for row in rows])
        rows = [row | own.get(row["id"], {}) for row in rows]
    golden = {row["item_id"] for row in gold.listed(screen.store, queue)} if _makes_gold(screen, view) else set()
    cards.show(tag("div", *(_line(view, screen, row, held, golden) for row in rows[:PAGE]), class_="rg-judged"))
    older = page_address(queues.key_of(last, tab, narrow), search) if last else ""
    links = [
        *([tag("a", "Newest", href=view.href(), target="_self")] if after is not None else []),
        *([tag("a", "Show older", href=view.href(before=older), target="_self")] if older else []),
    ]
    if links:
        cards.show(tag("nav", *links, class_="rg-tabs"))


def tab_links(tabs: Sequence[Tab]) -> None:
    """Draw the lists of a queue, the one that is shown first."""
    cards.show(tag("nav", *(_tab_link(one, active=n == 0) for n, one in enumerate(tabs)), class_="rg-tabs"))


def page_address(key: queues.Key, search: str) -> str:
    """Return the page after a key as it stands in the address, with the search that it belongs to."""
    value = {"time": key.value.isoformat()} if isinstance(key.value, datetime) else key.value
    return json.dumps([value, key.id, search], ensure_ascii=False)


def page_key(address: str, search: str) -> queues.Key | None:
    """Return the key that ``page_address`` wrote, or None (the first page) for another search or a damaged address."""
    try:
        value, id, of = json.loads(address)
        value = datetime.fromisoformat(value["time"]) if isinstance(value, dict) else value
        whole = isinstance(value, datetime | float) or (isinstance(value, str) and value == id)
        return queues.Key(value, id) if whole and isinstance(id, str) and of == search else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _rows(screen: Screen, view: View, after: queues.Key | None) -> list[dict[str, Any]]:
    return queues.listed(
        screen.store, view.queue, view.tab, person=screen.person, after=after, n=PAGE + 1, narrow=view.narrow
    )


def _held(screen: Screen, rows: Sequence[dict[str, Any]]) -> set[str]:
    """Return the ids of the shown images that are there as files."""
    found = captions.images(screen.store, sorted({shown_image(row) for row in rows}))
    return {image for image, facts in found.items() if facts["file"] is not None}


def shown_image(row: dict[str, Any]) -> str:
    """Return the image that stands for an item: the pool image of a pair, else the caption's own."""
    return str(row["other_image_id"] or row["image_id"])


def _line(view: View, screen: Screen, row: dict[str, Any], held: Collection[str], golden: Collection[str]) -> Markup:
    shown = shown_image(row)
    url = screen.images.address(screen.person, shown, 96) if shown in held else None
    image = tag("img", src=url, alt=row["text"], loading="lazy") if url else tag("span", class_="rg-noimage")
    note = f"{verdict_label(view.queue, row['verdict'])} · {row['person']} · {when(row['decided_at'])} · {row['id']}"
    words = tag("div", tag("p", row["text"], dir="auto"), tag("small", note))
    links = [tag("a", "Open", href=view.href(tab="", item=row["id"]), target="_self")]
    if row["id"] in golden:
        links.append(tag("small", "gold"))
    elif _makes_gold(screen, view) and gold.may_be(view.queue, row["verdict"]):
        links.append(tag("a", "Make gold", href=queue_gold.address(view.queue, row["id"]), target="_self"))
    return tag("div", image, words, tag("span", *links, class_="rg-links"), class_="rg-card-row")


def _makes_gold(screen: Screen, view: View) -> bool:
    """Say whether lines carry the way to the gold of their queue: for owners, on what is settled."""
    return view.tab == "done" and screen.may("change queues")


def _tab_link(tab: Tab, *, active: bool) -> Markup:
    label = f"{tab.label} {tab.count:,}"
    if active:
        return tag("b", label, aria_current="page")
    return tag("a", label, href=tab.href, target="_self")
