"""Progress: what is left in each queue, how fast it goes, one's own share in it, and everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from curation.store import progress
from curation.store.progress import Done, QueueProgress
from curation.ui import cards, figure_table, team_words
from curation.ui.figure_table import Column
from curation.ui.screen import Screen
from curation.ui.wording import QUEUE_TITLES, counted, duration

PACE = (
    "Items per hour of work: a gap of more than two minutes between two verdicts is a pause, and verdicts given in "
    "bulk do not count. Over the latest 20,000 verdicts of the log."
)
TIME = "Median time that an item was on the screen before its verdict, over the latest 20,000 verdicts of the log."
LEFT = "Items without a verdict, and those that were skipped, unsure or disputed."
DONE = Column("Verdicts", "Verdicts that stand, skipped items included.")
TODAY = Column("Today", "Verdicts that stand and were given since midnight.")


def show(screen: Screen) -> None:
    """Draw the section."""
    found = progress.of_queues(screen.store, midnight(st.context.timezone))
    if not any(one.total for one in found):
        cards.empty("No queues yet", "Queues fill with captions. Import some first.", "Import a dataset", "datasets")
        return
    cards.stats(_tiles(screen, found))
    figure_table.show("All queues", _COLUMNS, [_team_row(one) for one in found if one.total])
    own = [(QUEUE_TITLES[one.queue], one.people.get(screen.person, Done())) for one in found]
    figure_table.show(
        "What you did", _PERSON, [_done_row(title, done) for title, done in own if done.all] or [_none("Nothing yet")]
    )
    if team_words.sees_everybody(screen):
        _everybody(screen, found)
    cards.text(PACE, size="small")


def midnight(timezone: str | None, now: datetime | None = None) -> datetime:
    """Return when today began where the person is, as the store writes times (UTC, without zone).

    >>> midnight("Asia/Tokyo", datetime(2026, 3, 1, 20, tzinfo=UTC))
    datetime.datetime(2026, 3, 1, 15, 0)
    """
    try:
        zone = ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    here = (now or datetime.now(UTC)).astimezone(zone)
    return here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC).replace(tzinfo=None)


_COLUMNS = (
    Column("Queue", figures=False),
    Column("Left", LEFT),
    Column("Done"),
    TODAY,
    DONE,
    Column("Items per hour", PACE),
    Column("Time per item", TIME),
    Column("Work left", "Hours of one person's work at the pace of the team."),
)
_PERSON = (Column("Queue", figures=False), TODAY, DONE, Column("Items per hour", PACE), Column("Time per item", TIME))


def _tiles(screen: Screen, found: Sequence[QueueProgress]) -> list[cards.Stat]:
    left, total = sum(one.left for one in found), sum(one.total for one in found)
    today = sum(one.team.today for one in found)
    own = sum(one.people[screen.person].today for one in found if screen.person in one.people)
    hours = [one.hours_left for one in found if one.left]
    known = [one for one in hours if one is not None]
    partly = f"without {counted(len(hours) - len(known), 'queue')} whose pace is unknown"
    return [
        cards.Stat("Left in all queues", f"{left:,}", f"of {counted(total, 'item')}", help=LEFT),
        cards.Stat("Verdicts today", f"{today:,}", f"{own:,} of them yours", help=TODAY.help),
        cards.Stat(
            "Work left", _hours(sum(known)) if known else "not known yet",
            "of one person" if len(known) == len(hours) else partly if known else "a pace needs a few verdicts",
            help="At the pace of the team in each queue; people who work side by side share it.",
        ),
    ]  # fmt: skip


def _team_row(one: QueueProgress) -> list[str]:
    done = one.total - one.left
    share = f"{done:,} of {one.total:,} ({100 * done / one.total:.0f} %)"
    left = "" if not one.left else "not known" if one.hours_left is None else _hours(one.hours_left)
    return [QUEUE_TITLES[one.queue], f"{one.left:,}", share, *_done_row("", one.team)[1:], left]


def _done_row(title: str, done: Done) -> list[str]:
    pace = "" if done.per_hour is None else f"{done.per_hour:,.0f}"
    return [title, f"{done.today:,}", f"{done.all:,}", pace, _seconds(done.median_seconds)]


def _everybody(screen: Screen, found: Sequence[QueueProgress]) -> None:
    known = team_words.names(screen)
    rows = [
        [known.get(person, person), *_done_row(QUEUE_TITLES[one.queue], done)]
        for one in found
        for person, done in one.people.items()
        if done.all
    ]
    columns = (Column("Person", figures=False), *_PERSON)
    if rows:
        figure_table.show("Everybody", columns, sorted(rows, key=lambda row: row[0].lower()))


def _none(words: str) -> list[str]:
    return [words, *[""] * (len(_PERSON) - 1)]


def _seconds(seconds: float | None) -> str:
    """Return the time of one item.

    >>> _seconds(3.46), _seconds(75.0), _seconds(None)
    ('3.5 s', '75 s', '')
    """
    return "" if seconds is None else f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def _hours(hours: float) -> str:
    return duration(3600 * hours) if hours < 48 else f"{hours:,.0f} h"
