"""Anchoring: whether showing scores and suggestions leads people to other verdicts than the caption alone."""

from __future__ import annotations

import streamlit as st

from curation import team
from curation.records import QUEUES, Queue
from curation.store import Store, decisions
from curation.team import Anchoring, Effect
from curation.ui import cards, charts, figure_table, team_words
from curation.ui.figure_table import Column
from curation.ui.screen import Screen
from curation.ui.wording import QUEUE_TITLES, counted, verdict_label


def show(screen: Screen) -> None:
    """Draw the section."""
    cards.text(
        "A share of the items, chosen by chance, is judged without scores and suggestions. Where the verdicts on them "
        "differ, what the screen shows leads people: towards the truth or away from it, which gold items tell.",
        size="small",
    )
    latest = decisions.latest(screen.store)
    found = {queue: measured(screen.workspace.folder.as_posix(), queue, latest, screen.store) for queue in QUEUES}
    told = {queue: one for queue, one in found.items() if one.unaided}
    if not told:
        cards.empty(
            "No item has been judged without help yet",
            "An owner sets the share of items that a queue shows without scores and suggestions; 5 to 10 % are enough.",
        )
    for queue, one in told.items():
        _queue(queue, one)


@st.cache_data(max_entries=40, show_spinner="Comparing the verdicts …")
def measured(folder: str, queue: Queue, latest: int, _store: Store) -> Anchoring:
    """Return the effect of help on a queue; kept until the next decision of anybody."""
    return team.anchoring(_store, queue)


def _queue(queue: Queue, found: Anchoring) -> None:
    title = QUEUE_TITLES[queue]
    st.subheader(title, anchor=False)
    for effect in found.effects:
        if clear(effect):
            cards.text(in_words(effect, verdict_label(queue, effect.verdict), found))
    if not any(clear(effect) for effect in found.effects):
        cards.text(
            f"No effect can be seen on {counted(found.unaided, 'item')} without help: every interval holds zero. That "
            "rules out no effect smaller than the intervals are wide."
        )
    labels = [verdict_label(queue, effect.verdict) for effect in found.effects]
    figure_table.show(
        f"{title}: first verdicts on {counted(found.aided, 'item')} with help and {found.unaided:,} without",
        _COLUMNS,
        [_row(label, effect, found) for label, effect in zip(labels, found.effects, strict=True)],
    )
    charts.show(
        charts.intervals(
            labels, [_ends(effect) for effect in found.effects], x_title="percentage points more with help"
        ),
        {
            "verdict": labels,
            "with help": [effect.aided for effect in found.effects],
            "without": [effect.unaided for effect in found.effects],
            "difference": [_ends(effect)[0] for effect in found.effects],
            "low": [_ends(effect)[1] for effect in found.effects],
            "high": [_ends(effect)[2] for effect in found.effects],
        },
        title=f"{title}: what showing scores and suggestions changes",
        key=f"anchoring-{queue}",
        note="Share of each verdict with help minus without, in percentage points, with 95 % intervals from resampling "
        "whole images. An interval that holds 0 shows no effect.",
    )


_COLUMNS = (
    Column("Verdict", figures=False),
    Column("With help", "Share of the items shown with scores and suggestions."),
    Column("Without", "Share of the items shown without."),
    Column("Difference", "Percentage points with help minus without, with the 95 % interval."),
    Column("In words", figures=False),
)


def clear(effect: Effect) -> bool:
    """Say whether the interval of an effect lies wholly on one side of zero."""
    low, high = effect.difference.low, effect.difference.high
    return low is not None and high is not None and (low > 0 or high < 0)


def in_words(effect: Effect, label: str, found: Anchoring) -> str:
    """Return an effect as a sentence with its shares and denominators."""
    more = "more" if (effect.difference.value or 0) > 0 else "less"
    return (
        f"With scores and suggestions people say “{label}” {more} often: on {_share(effect.aided, found.aided)} of "
        f"{counted(found.aided, 'item')} instead of {_share(effect.unaided, found.unaided)} of {found.unaided:,}."
    )


def _row(label: str, effect: Effect, found: Anchoring) -> list[str]:
    words = "no effect to be seen"
    if clear(effect):
        words = "more often with help" if (effect.difference.value or 0) > 0 else "less often with help"
    return [
        label,
        f"{_share(effect.aided, found.aided)} ({effect.aided:,})",
        f"{_share(effect.unaided, found.unaided)} ({effect.unaided:,})",
        team_words.points(effect.difference),
        words,
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _ends(effect: Effect) -> tuple[float, float | None, float | None]:
    score = effect.difference
    return (
        100 * (score.value or 0.0),
        None if score.low is None else 100 * score.low,
        None if score.high is None else 100 * score.high,
    )
