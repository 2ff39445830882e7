"""The jobs page: everything that runs, waits or ended, with cancel, retry and the items that were skipped."""

from __future__ import annotations

import streamlit as st

from curation.records import Job, RegrainError
from curation.store import jobs
from curation.ui import cards, job_list
from curation.ui.screen import Screen, begin, needing
from curation.ui.wording import counted

SHOWN = 30
BAD_ITEMS_SHOWN = 500


def jobs_page() -> None:
    """Draw the page."""
    screen = begin("Jobs")
    st.title("Jobs", anchor=False)
    cards.lead(
        "Long work runs in a process of its own. It goes on when you leave this page, and after a restart where it was."
    )
    busy = bool(jobs.listed(screen.store, states=("running", "waiting"), n=1))
    st.fragment(_list, run_every=job_list.EVERY if busy else None)(screen, busy)


def _list(screen: Screen, busy: bool) -> None:
    listed = jobs.listed(screen.store, n=SHOWN)
    if not listed:
        cards.empty(
            "No jobs yet", "Imports queue what must be computed; so does the button there.", "Datasets", "datasets"
        )
        return
    for job in listed:
        _job(screen, job)
    if busy and not any(job.state in ("running", "waiting") for job in listed):
        st.rerun()


def _job(screen: Screen, job: Job) -> None:
    with st.container(border=True, key=f"job-{job.id}"):
        words, buttons = st.columns([5, 1], vertical_alignment="center")
        with words:
            cards.show(job_list.line(job))
        with buttons:
            if job.state in ("running", "waiting"):
                st.button("Cancel", key=f"cancel-{job.id}", on_click=_cancel, args=(screen, job.id))
            elif job.state in ("failed", "cancelled"):
                st.button("Try again", key=f"retry-{job.id}", on_click=_retry, args=(screen, job.id))
        if job.error:
            with st.expander("What went wrong", expanded=job.state == "failed"):
                st.text(job.error)
        if job.bad_items:
            with st.expander(f"{counted(job.bad_items, 'item')} skipped, with the reason"):
                bad = jobs.bad_items(screen.store, job.id)[:BAD_ITEMS_SHOWN]
                st.dataframe([{"Item": item, "Reason": reason} for item, reason in bad], hide_index=True)


@needing("control jobs")
def _cancel(screen: Screen, job_id: str) -> None:
    screen.session.supervisor.cancel(job_id)


@needing("control jobs")
def _retry(screen: Screen, job_id: str) -> None:
    try:
        screen.session.supervisor.retry(job_id)
    except RegrainError as problem:  # another person was quicker
        st.toast(cards.escape_markdown(str(problem)))
