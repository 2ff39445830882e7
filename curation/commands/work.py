"""Long work from the command line: each command queues a job and follows it to its end."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from curation import reports
from curation.commands import Args, Console, command
from curation.jobs import job_kinds
from curation.jobs.chains import ENCODE, PREPARE
from curation.records import Job, RegrainError
from curation.store import jobs as store_jobs

if TYPE_CHECKING:
    from curation.session import Session

FAILED = 1
TELL_SECONDS = 2.0
BAD_ITEMS_SHOWN = 5


@command("encode", title="Prepare")
def encode(session: Session, args: Args, console: Console) -> int:
    """Encode every image and text that has no vector yet, and reviewed images with the second encoder, if any."""
    return follow(session, console, session.supervisor.add_chain(ENCODE))


@command("analyse", title="Prepare")
def analyse(session: Session, args: Args, console: Console) -> int:
    """Find nouns and attributes in the captions in review."""
    return follow(session, console, [session.supervisor.add("analyse")])


def _score_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("coarse", "noise"), help="coarseness of captions, or noise of pairs")


@command("score", title="Prepare", arguments=_score_arguments)
def score(session: Session, args: Args, console: Console) -> int:
    """Score captions and order their queue."""
    return follow(session, console, [session.supervisor.add(args["what"])])


@command("pool", title="Prepare")
def pool(session: Session, args: Args, console: Console) -> int:
    """Find candidates in the unlabeled pool."""
    return follow(session, console, [session.supervisor.add("pool")])


@command("suggest", title="Prepare")
def suggest(session: Session, args: Args, console: Console) -> int:
    """Seek finer texts for the captions that people will see next."""
    return follow(session, console, [session.supervisor.add("suggest")])


@command("prepare", title="Prepare")
def prepare(session: Session, args: Args, console: Console) -> int:
    """Encode, analyse, score, search the pool and suggest, as far as anything is missing."""
    note = reports.encoder_note(session.store)
    if note:
        console.say(f"note: {note}")
    return follow(session, console, session.supervisor.add_chain(PREPARE))


def _jobs_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", default="list", choices=("list", "cancel", "retry"))
    parser.add_argument("id", nargs="?", help="id of the job to cancel or to retry")


@command("jobs", title="Look", arguments=_jobs_arguments)
def jobs(session: Session, args: Args, console: Console) -> int:
    """List the jobs, cancel one or try a failed one again."""
    if args["action"] == "list":
        rows = [_row(job) for job in store_jobs.listed(session.store)]
        console.table(rows, ["id", "kind", "state", "done", "total", "bad_items", "note", "error"], "no jobs yet")
        return 0
    if not args["id"]:
        raise RegrainError(f"jobs {args['action']} needs the id of a job: `regrain jobs` lists them")
    if args["action"] == "cancel":
        session.supervisor.cancel(args["id"])
        console.give({"cancelled": args["id"]}, f"job {args['id']} is being cancelled; what it has finished stays")
        return 0
    return follow(session, console, [session.supervisor.retry(args["id"])])


def follow(session: Session, console: Console, jobs: Sequence[Job]) -> int:
    """Run the jobs to their end, saying how far they are; return 0 where all are done."""
    session.supervisor.start()
    ended = []
    for job in jobs:
        ended.append(session.supervisor.wait(job.id, tell=_Teller(console)))
        _report(session, ended[-1], console)
    console.give([_row(job) for job in ended])
    for job in ended:
        if job.state != "done":  # said again at the end: later jobs may have pushed it off the screen
            console.say(
                f"{job_kinds.get(job.kind).title} is {job.state}: {job.error.splitlines()[-1] if job.error else ''}"
            )
    return 0 if all(job.state == "done" for job in ended) else FAILED


class _Teller:
    """Says now and then how far a job is."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told_at = time.monotonic()
        self._told = ""

    def __call__(self, job: Job) -> None:
        if job.state != "running" or time.monotonic() - self._told_at < TELL_SECONDS:
            return
        left = f", {job.seconds_left:,.0f} s left" if job.seconds_left is not None else ""
        line = f"{job.kind}: {job.done:,} of {job.total:,} {job.note} ({job.rate:,.0f}/s{left})"
        if line != self._told:
            self._console.say(line)
        self._told, self._told_at = line, time.monotonic()


def _report(session: Session, job: Job, console: Console) -> None:
    title = job_kinds.get(job.kind).title
    what = {"done": f"{job.total:,} done" if job.total else "nothing was missing"}.get(job.state, job.state)
    console.say(f"{title}: {what}")
    if job.error:
        console.say(*(f"  {line}" for line in job.error.splitlines()))
    bad = store_jobs.bad_items(session.store, job.id)
    console.say(*(f"  left out: {error}" for _, error in bad[:BAD_ITEMS_SHOWN]))
    if len(bad) > BAD_ITEMS_SHOWN:
        console.say(f"  ... and {len(bad) - BAD_ITEMS_SHOWN:,} more: `regrain jobs --json` counts them")


def _row(job: Job) -> dict[str, object]:
    names = ("id", "kind", "state", "done", "total", "rate", "bad_items", "note", "error")
    return {name: getattr(job, name) for name in names}
