"""Captions with text defects, one after the other: where each is, and its repair, taken with one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from curation.store import captions, defects, hands, queues
from curation.store.queues import Key
from curation.text.worddiff import word_diff
from curation.ui import cards, rows_screen
from curation.ui.markup import tag
from curation.ui.reviewer import Chip
from curation.ui.rows import Group, Repair, Row
from curation.ui.screen import Screen
from curation.ui.views import View
from curation.ui.wording import defect_kinds

LAYOUT = "defects"
PAGE = 8
BESIDE = ("duplicate", "contradiction")
"""Kinds that show only beside the image's other captions."""

Found = Mapping[str, Any]


def show(screen: Screen, view: View) -> None:
    """Draw some captions with the defects that the filter asks for, of any kind where it asks for none."""
    if not rows_screen.head(screen, view):
        return
    narrow = replace(view.narrow, defect=view.narrow.defect or "any")
    view = replace(view, narrow=narrow)
    _kinds(narrow.defect)

    def is_open(found: list[Key]) -> bool:
        return any(rows_screen.reach(screen, _ids(found)).values())

    found = rows_screen.kept_page(screen, LAYOUT, lambda: _find(screen, view), is_open)
    if not found:
        cards.empty(
            "No text defect waits", "They are looked for when the workspace is prepared, and whenever a text changes.",
            "Show all captions", "coarse",
        )  # fmt: skip
        return
    rows_screen.mount(screen, LAYOUT, _groups(screen, _ids(found)), on_act=lambda act: rows_screen.decide(screen, act))
    rows_screen.pages(LAYOUT, found[PAGE - 1] if len(found) > PAGE else None)


def _kinds(shown: str) -> None:
    links = [
        tag("b", title, aria_current="page")
        if kind == shown
        else tag("a", title, href=rows_screen.here(LAYOUT, defect=kind), target="_self")
        for kind, title in defect_kinds().items()
    ]
    cards.show(tag("nav", *links, class_="rg-tabs", aria_label="Kinds of text defects"))


def _find(screen: Screen, view: View) -> list[Key]:
    """Return what comes next in the queue's order, without what the person has passed over."""
    after, found = rows_screen.page_after(LAYOUT), list[Key]()
    while len(found) <= PAGE:
        rows = hands.page(screen.store, "coarse", screen.person, 4 * PAGE, narrow=view.narrow, after=after)
        keyed = [(queues.key_of(row, "todo", view.narrow), row) for row in rows]
        found += [key for key, row in keyed if screen.person not in row["passed"]]
        if len(rows) < 4 * PAGE:
            break
        after = keyed[-1][0]
    return found[: PAGE + 1]


def _ids(found: Sequence[Key]) -> list[str]:
    return [one.id for one in found[:PAGE]]


def _groups(screen: Screen, ids: list[str]) -> list[Group]:
    items = queues.of_ids(screen.store, "coarse", ids)
    free = rows_screen.reach(screen, ids)
    rows_screen.hold(screen, sorted(free))
    wrong = defects.of_captions(screen.store, ids)
    images = captions.images(screen.store, sorted({item["image_id"] for item in items}))
    beside = [item["image_id"] for item in items if any(one["kind"] in BESIDE for one in wrong[item["id"]])]
    texts = captions.of_images(screen.store, beside) if beside else {}
    groups = []
    for item in items:
        others = [one["text"] for one in texts.get(item["image_id"], []) if one["id"] != item["id"]]
        alt = "; ".join([item["text"], *others])
        look = rows_screen.picture(screen, images.get(item["image_id"]), item["image_id"], alt, small=True)
        groups.append(Group((_row(screen, item, wrong[item["id"]], others, free),), item["id"], picture=look))
    return groups


def _row(screen: Screen, item: Found, wrong: Sequence[Found], others: Sequence[str], free: Mapping[str, bool]) -> Row:
    judged = rows_screen.state(screen, item)
    beside = any(one["kind"] in BESIDE for one in wrong)
    told = " · ".join(f"“{text}”" for text in others)
    text = repaired(item["text"], wrong)
    offer = None
    if text != item["text"] and item["id"] in free:
        offer = Repair(text, tuple((run.op, run.text) for run in word_diff(item["text"], text)))
    return Row(
        id=item["id"],
        text=item["text"],
        revision_id=item["revision_id"],
        basis=rows_screen.basis(item),
        marks=tuple((one["start"], one["stop"]) for one in apart(wrong)),
        chips=tuple(Chip(_said(one), "warn") for one in wrong),
        state=judged,
        note=f"The image's other captions: {told}" if beside and told else "",
        open=item["id"] in free or item["status"] == "done",
        href=rows_screen.here("", item=item["id"], defect=""),
        repair=offer,
    )


def _said(one: Found) -> str:
    """Return a defect in words.

    >>> _said({"kind": "article", "wrong": "a", "repair": "an"}), _said({"kind": "x", "wrong": "w", "repair": None})
    ('a or an: “a” → “an”', 'x: “w”')
    """
    name = defect_kinds().get(one["kind"], one["kind"])
    becomes = "" if one["repair"] is None else f" → “{one['repair']}”" if one["repair"] else " → taken out"
    return f"{name}: “{one['wrong']}”{becomes}"


def apart(wrong: Sequence[Found]) -> list[Found]:
    """Return defects without those that overlap an earlier one; of two that begin together the repairable comes first.

    >>> both = [{"start": 0, "stop": 7, "repair": None}, {"start": 0, "stop": 7, "repair": "the"}]
    >>> apart(both)
    [{'start': 0, 'stop': 7, 'repair': 'the'}]
    """
    kept: list[Found] = []
    for one in sorted(wrong, key=lambda one: (one["start"], one["repair"] is None, one["stop"])):
        if not kept or one["start"] >= kept[-1]["stop"]:
            kept.append(one)
    return kept


def repaired(text: str, wrong: Sequence[Found]) -> str:
    """Return a text with every defect repaired that has a repair, blanks folded; the text itself where none has.

    >>> repaired("a umbrella on the the sand", [{"start": 0, "stop": 1, "repair": "an"},
    ...     {"start": 14, "stop": 21, "repair": "the"}, {"start": 14, "stop": 21, "repair": "the"}])
    'an umbrella on the sand'
    """
    able = [one for one in apart([one for one in wrong if one["repair"] is not None])]
    if not able:
        return text
    for one in reversed(able):
        text = text[: one["start"]] + one["repair"] + text[one["stop"] :]
    return " ".join(text.split())
