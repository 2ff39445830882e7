"""Clusters of near-identical captions: one verdict for all of one, taken back as one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from curation.store import captions, clusters, queues
from curation.store.queues import Key
from curation.ui import cards, grid, grid_page, rows_screen
from curation.ui.reviewer import Chip
from curation.ui.rows import Act, Group, Row
from curation.ui.screen import Screen
from curation.ui.views import View
from curation.ui.wording import counted

LAYOUT = "clusters"
PAGE = 12
PICTURES = 6


def show(screen: Screen, view: View) -> None:
    """Draw the clusters with the most captions to judge."""
    if not rows_screen.head(screen, view):
        return

    def find() -> list[dict[str, Any]]:
        after = rows_screen.page_after(LAYOUT)
        key = clusters.Key(int(after.value), after.id) if after else None
        return clusters.page(screen.store, "coarse", screen.person, PAGE + 1, narrow=view.narrow, after=key)

    def is_open(found: list[dict[str, Any]]) -> bool:
        return bool(_left(screen, view, found))

    found = rows_screen.kept_page(screen, LAYOUT, find, is_open)
    if not found:
        _none(screen, view)
        return
    words = "Captions that share nearly all of their words. A verdict goes to all of them that wait."
    cards.text(words, size="small")
    rows_screen.mount(
        screen, LAYOUT, [Group(_rows(screen, view, found[:PAGE]))], on_act=lambda act: carry_out(screen, view, act),
        link_label="See all",
    )  # fmt: skip
    last = found[PAGE - 1] if len(found) > PAGE else None
    rows_screen.pages(LAYOUT, Key(float(last["number"]), last["cluster"]) if last else None)


def carry_out(screen: Screen, view: View, act: Act) -> str:
    """Give one verdict to all of a cluster that the filter leaves, or take one back; return what came of it."""
    screen.must("review")
    if act.undo:
        return grid_page.take_back(screen, act.id, act.undo)
    only = replace(view, narrow=replace(view.narrow, cluster=act.row))
    return grid_page.judge(screen, only, grid.Act(act.id, act.verdict, None))


def _left(screen: Screen, view: View, found: list[dict[str, Any]]) -> dict[str, int]:
    names = [one["cluster"] for one in found[:PAGE]]
    return clusters.still_open(screen.store, "coarse", screen.person, names, narrow=view.narrow)


def _rows(screen: Screen, view: View, found: list[dict[str, Any]]) -> tuple[Row, ...]:
    left = _left(screen, view, found)
    shown = {
        row["id"]: row for row in queues.of_ids(screen.store, "coarse", [id for one in found for id in one["items"]])
    }
    images = captions.images(screen.store, sorted({row["image_id"] for row in shown.values()}))
    rows = []
    for one in found:
        members = [shown[id] for id in one["items"] if id in shown]
        firsts = list({row["image_id"]: row for row in members}.values())[:PICTURES]
        number = left.get(one["cluster"], 0)
        rows.append(
            Row(
                id=one["cluster"],
                text=one["text"],
                chips=(
                    Chip(f"{counted(number, 'caption')} to judge", "warn" if number else ""),
                    Chip(f"{one['size']:,} in all"),
                    *(Chip(f"also “{text}”") for text in _others(one["text"], members)),
                ),
                pictures=tuple(
                    rows_screen.picture(screen, images.get(row["image_id"]), row["image_id"], row["text"], small=True)
                    for row in firsts
                ),
                state="" if number else "all of it is judged",
                open=number > 0,
                href=rows_screen.here("grid", cluster=one["cluster"]),
            )
        )
    return tuple(rows)


def _others(text: str, members: list[dict[str, Any]]) -> list[str]:
    """Return one or two wordings that differ from the one that is shown."""
    return sorted({row["text"] for row in members} - {text})[:2]


def _none(screen: Screen, view: View) -> None:
    if view.narrow or clusters.number(screen.store):
        cards.empty("No cluster is left", "No two near-identical captions wait here.", "One by one", "coarse")
    else:
        words = "Captions that say nearly the same are gathered when the workspace is prepared."
        cards.empty("None is known", words, "Prepare the workspace", "datasets")
