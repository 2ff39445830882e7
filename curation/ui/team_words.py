"""What the sections of the team page share: who may see whom, names, and figures in words."""

from __future__ import annotations

import streamlit as st

from curation.agreement import Score
from curation.records import QUEUES, Queue
from curation.store import answers, people
from curation.ui.screen import Screen
from curation.ui.wording import QUEUE_TITLES


def sees_everybody(screen: Screen) -> bool:
    """Say whether the person sees other people's figures by name; who may not sees their own against the rest."""
    return screen.may("see everybody's progress")


def names(screen: Screen) -> dict[str, str]:
    """Return the names of the people on the team by the id under which they are logged."""
    return {person.id: person.name for person in people.listed(screen.store) if person.name}


def choose_queue(screen: Screen) -> Queue:
    """Let the person choose a queue; the one with the most shared items comes first to mind."""
    shared = answers.shared(screen.store)
    usual = max(QUEUES, key=lambda queue: shared.get(queue, 0))
    chosen = st.segmented_control(
        "Queue", QUEUES, format_func=QUEUE_TITLES.__getitem__, default=usual, required=True,
        key="queue", bind="query-params",
    )  # fmt: skip
    return chosen or usual


def figure(score: Score) -> str:
    """Return a coefficient with its interval.

    >>> figure(Score(0.8412, 0.79, 0.888)), figure(Score(0.5, why="one image")), figure(Score(None))
    ('0.84 [0.79, 0.89]', '0.50', 'not defined')
    """
    if score.value is None:
        return "not defined"
    return f"{score.value:.2f}" + _interval(score, ".2f")


def share(score: Score) -> str:
    """Return a share with its interval, in percent.

    >>> share(Score(0.8412, 0.79, 0.888)), share(Score(1.0)), share(Score(None))
    ('84.1 % [79.0, 88.8]', '100.0 %', 'not defined')
    """
    if score.value is None:
        return "not defined"
    return f"{100 * score.value:.1f} %" + _interval(score, ".1f", 100)


def points(score: Score) -> str:
    """Return a difference of shares with its interval, in percentage points.

    >>> points(Score(0.132, 0.021, 0.24)), points(Score(-0.01))
    ('+13.2 [+2.1, +24.0]', '-1.0')
    """
    if score.value is None:
        return "not defined"
    return f"{100 * score.value:+.1f}" + _interval(score, "+.1f", 100)


def _interval(score: Score, form: str, factor: int = 1) -> str:
    """Return the interval in brackets behind a value, or nothing."""
    if score.low is None or score.high is None:
        return ""
    return f" [{factor * score.low:{form}}, {factor * score.high:{form}}]"
