"""Jobs as lines: what runs, how far, how fast, how long still, and what went wrong with which item."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from curation.jobs import job_kinds
from curation.records import Job, RegrainError
from curation.store import jobs
from curation.ui import cards
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen
from curation.ui.wording import counted, duration, when

EVERY = 1.5
"""Seconds between two looks at running jobs."""


def title(job: Job) -> str:
    """Return what a job does, in words."""
    try:
        return job_kinds.get(job.kind).title
    except RegrainError:  # queued by a newer Regrain, or by a plug-in that is gone
        return job.kind


def standing(job: Job) -> tuple[str, str]:
    """Return how a job stands in words, and the tone: empty, warn or bad."""
    if job.state == "waiting":
        return ("waiting", "") if not job.done else (f"waiting, {_share(job)} done before", "")
    if job.state == "running":
        facts = [_share(job)] if job.total else [job.note or "preparing"]
        if job.rate > 0:
            facts.append(f"{job.rate:,.0f}/s" if job.rate >= 10 else f"{job.rate:.1f}/s")
        if job.seconds_left is not None:
            facts.append(f"{duration(job.seconds_left)} left")
        return " · ".join(facts), ""
    if job.state == "failed":
        return "failed", "bad"
    skipped = f", {counted(job.bad_items, 'item')} skipped" if job.bad_items else ""
    took = _took(job)
    ended = f" · {when(datetime.fromisoformat(job.finished_at))}" if job.finished_at else ""
    if job.state == "cancelled":
        return f"cancelled at {_share(job)}{ended}" if job.total else f"cancelled{ended}", ""
    words = f"done{skipped}" if job.total else "done, nothing was missing"
    return f"{words}{took}{ended}", "warn" if job.bad_items else ""


def line(job: Job) -> Markup:
    """Return one job as a line with its progress bar."""
    words, tone = standing(job)
    parts = [
        tag("span", title(job), tag("small", f" {job.note}" if job.state == "running" and job.total else "")),
        tag("span", words, class_=f"rg-standing {tone}".strip()),
    ]
    if job.state == "running":
        share = job.done / job.total if job.total else 0.0
        bar = tag("i", style=f"width:{100 * min(share, 1):.1f}%")
        label = f"{100 * share:.0f} % done"
        parts.append(tag("div", bar, class_="rg-progress", role="img", aria_label=label, title=label))
    return tag("div", *parts, class_="rg-job")


def running(screen: Screen, *, n: int = 6) -> None:
    """Show the jobs under way and the last ended ones; it looks again by itself while something runs."""
    listed = jobs.listed(screen.store, n=n)
    busy = any(job.state in ("running", "waiting") for job in listed)
    st.fragment(_recent, run_every=EVERY if busy else None)(screen, n, busy)


def _recent(screen: Screen, n: int, busy: bool) -> None:
    listed = jobs.listed(screen.store, n=n)
    if not listed:
        cards.text("No work so far. Imports, encoding and scoring show here while they run.", size="small")
    else:
        cards.show(tag("div", *(line(job) for job in listed), class_="rg-jobs"))
    if busy and not any(job.state in ("running", "waiting") for job in listed):
        st.rerun()  # what was computed belongs on the rest of the page


def _share(job: Job) -> str:
    return f"{job.done:,} of {job.total:,}"


def _took(job: Job) -> str:
    if not (job.started_at and job.finished_at):
        return ""
    seconds = (datetime.fromisoformat(job.finished_at) - datetime.fromisoformat(job.started_at)).total_seconds()
    return f" in {duration(seconds)}"
