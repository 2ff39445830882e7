"""Search and filters of a queue. Every field writes itself into the address, from which the view is read."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import streamlit as st

from curation.records import Queue
from curation.store import datasets, filters, people
from curation.store.filters import Filter
from curation.store.verdicts import REASONS, VERDICTS
from curation.ui import cards, items_route, layouts, views
from curation.ui.markup import tag
from curation.ui.screen import Screen
from curation.ui.views import View
from curation.ui.wording import defect_kinds, verdict_label

_ORIGINS = {"": "anybody", "person": "a person", "model": "a model"}
_LIKE_HELP = "image:ID, caption:ID, or text: and words. Captions come that are most similar, by the encoder."


def tools(screen: Screen, queue: Queue) -> View:
    """Draw search, filters and the way between one item and the grid, and return the view that the address asks for."""
    with st.container(horizontal=True, key="review-tools", vertical_alignment="center"):
        with st.container(key="review-search"):
            st.text_input(
                "Search captions",
                type="search",
                key="q",
                bind="query-params",
                placeholder="Search captions",
                label_visibility="collapsed",
            )
        view = views.of_address(screen, queue)
        narrow = view.narrow
        named = [one.name for one in fields(Filter) if one.name not in ("text", "captions", "sort")]
        number = sum(getattr(narrow, name) not in ("", None) for name in named)
        with st.popover(f"Filters ({number})" if number else "Filters", type="tertiary"):
            _fields(screen, view)
            st.button("Clear all filters", on_click=_clear, disabled=not narrow, key="filter-clear")
            if screen.may("export") and not narrow.like:
                _download(screen, view)
        if view.tab == "todo":
            _layouts(queue)
    if view.problem:
        cards.warning(f"The similarity could not be searched: {view.problem}")
    return view


def _download(screen: Screen, view: View) -> None:
    """Draw the link to what the filter leaves, as a file."""
    href = items_route.address(screen.images.secret, screen.person, view)
    cards.show(tag("p", tag("a", "Download this list (JSONL)", href=href, download=""), class_="rg-links"))


def _layouts(queue: Queue) -> None:
    """Draw the way to the other layouts: a button where there is one, a menu where there are more."""
    names, shown = layouts.of_queue(queue), layouts.asked(queue)
    others = {layout: name for layout, name in names.items() if layout != shown}
    if len(others) == 1:
        _layout(*others.popitem())
        return
    with st.popover(f"View: {names[shown]}", type="tertiary", key="filter-layouts"):
        for layout, name in others.items():
            _layout(layout, name)


def _layout(layout: str, name: str) -> None:
    st.button(name, type="tertiary", on_click=_set, args=("view", layout), key=f"filter-layout-{layout}")


def _fields(screen: Screen, view: View) -> None:
    narrow, judged = view.narrow, view.tab != "todo"
    orders = filters.JUDGED_ORDERS if judged else filters.OPEN_ORDERS
    _choice("Order", "sort", {name: one.label for name, one in orders.items()}, narrow.sort)
    splits = [name for name, held in datasets.totals(screen.store)["splits"].items() if held.get("captions")]
    if len(splits) > 1:
        _choice("Split", "split", {"": "all"} | {name: name for name in splits}, narrow.split)
    left, right = st.columns(2)
    with left:
        _number("Score from", "low", narrow.low)
    with right:
        _number("Score to", "high", narrow.high)
    if view.tab == "done":
        names = {one.name: verdict_label(view.queue, one.name) for one in VERDICTS[view.queue]}
        _choice("Verdict", "verdict", {"": "all"} | names, narrow.verdict)
        _choice("Reason", "reason", {"": "all"} | {name: name for name in REASONS}, narrow.reason)
        if screen.may("see everybody's progress"):
            everybody = {one.id: one.name for one in people.listed(screen.store)}
            _choice("Judged by", "person", {"": "anybody"} | everybody, narrow.person)
    _choice("Text defect", "defect", {"": "all captions"} | defect_kinds(), narrow.defect)
    _choice("Written by", "origin", _ORIGINS, narrow.origin)
    _text("Image id", "image", narrow.image, "captions of one image")
    _text("Similar to", "like", narrow.like, _LIKE_HELP)
    if narrow.cluster:
        _text("Cluster of near-identical captions", "cluster", narrow.cluster, "empty for all captions")
    if narrow.down_to is not None:
        _number("Queue's order down to", "down_to", narrow.down_to)


def _choice(label: str, name: str, options: dict[str, str], value: str) -> None:
    known = list(options)
    _kept(name, value if value in known else "")
    st.selectbox(
        label,
        known,
        format_func=lambda one: cards.escape_markdown(options[one]),
        key=_key(name),
        on_change=_take,
        args=(name,),
    )


def _text(label: str, name: str, value: str, help: str) -> None:
    _kept(name, value)
    st.text_input(label, key=_key(name), help=help, on_change=_take, args=(name,))


def _number(label: str, name: str, value: float | None) -> None:
    _kept(name, value)
    st.number_input(
        label, value=None, step=0.05, format="%.2f", key=_key(name), on_change=_take, args=(name,), placeholder="any"
    )


def _kept(name: str, value: Any) -> None:
    """The address says what a field holds, also where it came by a link."""
    st.session_state[_key(name)] = value


def _key(name: str) -> str:
    return f"filter-{name}"


def _take(name: str) -> None:
    value = st.session_state.get(_key(name))
    _set(name, f"{value:g}" if isinstance(value, float) else str(value or ""))


def _set(name: str, value: str) -> None:
    """Put one parameter into the address; another view begins on its first page."""
    _without("before", *([] if value else [name]))
    if value:
        st.query_params[name] = value


def _clear() -> None:
    _without("before", *filters.to_query_names())


def _without(*names: str) -> None:
    for name in names:
        if name in st.query_params:
            del st.query_params[name]
