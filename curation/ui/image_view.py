"""The coarse queue image by image: all captions of an image together, each with its score, reasons and verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from curation.store import by_image, captions, defects, queues, scores
from curation.store.by_image import By
from curation.store.queues import Key
from curation.ui import rows_screen
from curation.ui.reviewer import Chip
from curation.ui.rows import Group, Row
from curation.ui.screen import Screen
from curation.ui.views import View
from curation.ui.wording import counted

LAYOUT = "image"
PAGE = 4
Found = Mapping[str, Any]


class Shown(NamedTuple):
    """One image of the page: the key by which it came, and its captions."""

    key: Key
    captions: list[str]


ORDERS: dict[By, str] = {"coarsest": "their coarsest caption", "mean": "the mean of their captions"}


def show(screen: Screen, view: View) -> None:
    """Draw some images with all their captions."""
    if not rows_screen.head(screen, view):
        return
    by = _order()

    def find() -> list[Shown]:
        after = rows_screen.page_after(LAYOUT)
        found = by_image.page(screen.store, screen.person, PAGE + 1, narrow=view.narrow, by=by, after=after)
        texts = captions.of_images(screen.store, [key.id for key in found])
        return [Shown(key, [one["id"] for one in texts[key.id]]) for key in found]

    def is_open(found: list[Shown]) -> bool:
        return any(rows_screen.reach(screen, _ids(found)).values())

    found = rows_screen.kept_page(screen, LAYOUT, find, is_open)
    if not found:
        rows_screen.nothing(screen, view.narrow)
        return
    rows_screen.mount(screen, LAYOUT, _groups(screen, found, by), on_act=lambda act: rows_screen.decide(screen, act))
    rows_screen.pages(LAYOUT, found[PAGE - 1].key if len(found) > PAGE else None)


def _order() -> By:
    """Draw the choice of the order, which the address holds (``?by=mean``), and return it."""
    by: By = "mean" if st.query_params.get("by") == "mean" else "coarsest"
    st.session_state["images-by"] = by
    st.segmented_control(
        "Images in the order of", list(ORDERS), format_func=ORDERS.__getitem__, key="images-by", required=True,
        on_change=_reorder,
    )  # fmt: skip
    return by


def _reorder() -> None:
    for name in ("by", "before"):
        st.query_params.pop(name, None)
    if st.session_state["images-by"] == "mean":
        st.query_params["by"] = "mean"


def _ids(found: Sequence[Shown]) -> list[str]:
    return [caption for one in found[:PAGE] for caption in one.captions]


def _groups(screen: Screen, found: Sequence[Shown], by: By) -> list[Group]:
    ids = _ids(found)
    free = rows_screen.reach(screen, ids)
    rows_screen.hold(screen, sorted(free))
    items = {row["id"]: row for row in queues.of_ids(screen.store, "coarse", ids)}
    known = scores.of_captions(screen.store, "coarse", ids)
    wrong = defects.of_captions(screen.store, ids)
    images = captions.images(screen.store, [one.key.id for one in found[:PAGE]])
    groups = []
    for one in found[:PAGE]:
        own = [items[caption] for caption in one.captions if caption in items]
        rows = tuple(_row(screen, item, known.get(item["id"]), wrong[item["id"]], free) for item in own)
        left = sum(row.open and not row.state for row in rows)
        note = f"{by} {one.key.value:.2f} · {left} of {counted(len(own), 'caption')} to judge"
        alt = "; ".join(item["text"] for item in own)
        look = rows_screen.picture(screen, images.get(one.key.id), one.key.id, alt, small=False)
        groups.append(Group(rows, one.key.id, note, look))
    return groups


def _row(screen: Screen, item: Found, score: Found | None, wrong: Sequence[Found], free: Mapping[str, bool]) -> Row:
    blind = rows_screen.is_blind(screen, item)
    judged = rows_screen.state(screen, item)
    may = item["id"] in free or item["status"] == "done"
    note = "" if may or judged else "in somebody else's hands, or asked of others"
    chips = rows_screen.score_chips(score, blind=blind)
    if wrong:
        chips = (*chips, Chip(f"{counted(len(wrong), 'text defect')}", "warn"))
    return Row(
        id=item["id"],
        text=item["text"],
        revision_id=item["revision_id"],
        basis=rows_screen.basis(item),
        marks=tuple((one["start"], one["stop"]) for one in wrong),
        chips=chips,
        state=judged,
        note=note,
        open=may,
        href=rows_screen.here("", item=item["id"]),
    )
