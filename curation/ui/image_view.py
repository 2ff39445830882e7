"""The coarse queue image by image: all captions of an image together, each with its score, reasons and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from curation.store import briefs, by_image, captions, defects, queues
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
ORDERS: dict[By, str] = {"coarsest": "their coarsest caption", "mean": "the mean of their captions"}


def show(screen: Screen, view: View) -> None:
    """Draw some images with all their captions."""
    if not rows_screen.head(screen, view):
        return
    by: By = "mean" if st.query_params.get("by") == "mean" else "coarsest"
    st.segmented_control(
        "Images in the order of", list(ORDERS), format_func=ORDERS.__getitem__, default=by, key="by", required=True,
        bind="query-params",
    )  # fmt: skip

    def find() -> list[Key]:
        after = rows_screen.page_after(LAYOUT)
        return by_image.page(screen.store, screen.person, PAGE + 1, narrow=view.narrow, by=by, after=after)

    def is_open(found: list[Key]) -> bool:
        ids = [one["id"] for own in captions.of_images(screen.store, _ids(found)).values() for one in own]
        return rows_screen.any_left(screen, ids)

    found = rows_screen.kept_page(screen, LAYOUT, find, is_open)
    if not found:
        rows_screen.nothing(screen, view.narrow)
        return
    rows_screen.mount(
        screen, LAYOUT, _groups(screen, _ids(found), by, found), on_act=lambda act: rows_screen.decide(screen, act)
    )
    rows_screen.pages(LAYOUT, found[PAGE - 1] if len(found) > PAGE else None)


def _ids(found: Sequence[Key]) -> list[str]:
    return [one.id for one in found[:PAGE]]


def _groups(screen: Screen, image_ids: list[str], by: By, found: Sequence[Key]) -> list[Group]:
    texts = captions.of_images(screen.store, image_ids)
    ids = [one["id"] for own in texts.values() for one in own]
    free = rows_screen.reach(screen, ids)
    rows_screen.hold(screen, sorted(free))
    items = {row["id"]: row for row in queues.of_ids(screen.store, "coarse", ids)}
    known = briefs.of(screen.store, ids, score="coarse")
    wrong = defects.of_captions(screen.store, ids)
    images = captions.images(screen.store, image_ids)
    groups = []
    for key in found[:PAGE]:
        own = texts[key.id]
        shown = tuple(
            _row(screen, one, items.get(one["id"]), known[one["id"]].score, wrong[one["id"]], free) for one in own
        )
        left = sum(row.open and not row.state for row in shown)
        what = "coarsest" if by == "coarsest" else "mean"
        note = f"{what} {key.value:.2f} · {left} of {counted(len(own), 'caption')} to judge"
        alt = "; ".join(one["text"] for one in own)
        look = rows_screen.picture(screen, images.get(key.id), key.id, alt, small=False)
        groups.append(Group(shown, key.id, note, look))
    return groups


def _row(
    screen: Screen, caption: dict[str, Any], item: dict[str, Any] | None, score: Any, wrong: list[dict[str, Any]],
    free: set[str],
) -> Row:  # fmt: skip
    if item is None:
        return Row(caption["id"], caption["text"], note="not in the queue", open=False)
    blind = rows_screen.is_blind(screen, item)
    judged = rows_screen.state(screen, item)
    may = item["id"] in free or item["status"] == "done"
    note = "" if may or judged else "in somebody else's hands, or asked of others"
    chips = rows_screen.score_chips(score, blind=blind)
    if wrong:
        chips = (*chips, Chip(f"{counted(len(wrong), 'text defect')}", "warn"))
    return Row(
        id=item["id"],
        text=caption["text"],
        revision_id=caption["revision_id"],
        basis=rows_screen.basis(item),
        marks=tuple((one["start"], one["stop"]) for one in wrong),
        chips=chips,
        state=judged,
        note=note,
        open=may,
        href=rows_screen.here("", item=item["id"]),
    )
