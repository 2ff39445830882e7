"""How a workspace that a lab relies on stands: disk, writing, jobs, backup, log; each line with what to do.

The command ``regrain health`` and the page of that name show the same lines.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import curation
from curation import disk, logbook
from curation.records import Job, RegrainError
from curation.session import Session
from curation.store import DatabaseError, backups, datasets, queues, settings, standing, vectors
from curation.store import jobs as store_jobs
from curation.workspace import MAX_THUMBNAIL_BYTES, MAX_THUMBNAILS


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a line asks for attention; all of them in one place."""

    free_bytes: int = 2_000_000_000
    free_share: float = 0.05
    write_seconds: float = 2.0
    waiting_writes: int = 500
    log_bytes: int = 2_000_000_000
    """Of the database's own log, which commits fold into the file from 1 GB on."""
    backup_age: timedelta = timedelta(days=1)
    """A verdict that is older than this should be in a backup."""
    errors_within: timedelta = timedelta(days=1)
    job_run: timedelta = timedelta(days=1)
    lease_minutes: float = 24 * 60
    thumbnails: float = 1.2
    """Share of their bounds: they are swept now and then."""


log = logging.getLogger(__name__)

LIMITS = Limits()
PATIENCE_SECONDS = 5.0
JOBS_LOOKED_AT = 500
LOG_LINES = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One fact about the workspace, in words; where it is not fine, ``remedy`` says what to do."""

    name: str
    title: str
    words: str
    fine: bool = True
    remedy: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


Check = Callable[[Session, Limits, datetime], Line]


@dataclass(frozen=True, slots=True)
class Health:
    """All lines in a fixed order, and the last lines of the log, oldest first."""

    workspace: str
    lines: list[Line]
    log: list[str]

    @property
    def fine(self) -> bool:
        return all(line.fine for line in self.lines)


def examine(session: Session, *, limits: Limits = LIMITS, now: datetime | None = None) -> Health:
    """Look at everything; takes well under a second unless writing is stuck. ``now`` is UTC without zone."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    tail = logbook.tail(session.workspace, LOG_LINES)
    lines = [_looked(check, session, limits, now) for check in CHECKS]
    return Health(str(session.workspace.folder), [*lines, _log(tail, limits, now)], tail)


def _looked(check: Check, session: Session, limits: Limits, now: datetime) -> Line:
    """Return what a check finds; one that fails is a finding too, and hides no other."""
    try:
        return check(session, limits, now)
    except (DatabaseError, OSError, RegrainError) as error:
        log.exception("health could not look")
        name = check.__name__.strip("_")
        words = f"could not be looked at: {logbook.without_texts(str(error))}"
        return Line(name, name.capitalize(), words, False, "restart the app; what was shown as saved is kept")


def _disk(session: Session, limits: Limits, now: datetime) -> Line:
    workspace = session.workspace
    whole, used = shutil.disk_usage(workspace.folder), disk.used(workspace)
    fine = whole.free >= limits.free_bytes and whole.free >= limits.free_share * whole.total
    parts = ", ".join(f"{name} {disk.size(number)}" for name, number in used.items() if number)
    return Line(
        "disk", "Disk",
        f"{disk.size(whole.free)} of {disk.size(whole.total)} free; this workspace: {parts}",
        fine, "free space, or move the workspace to a larger disk: what cannot be written is refused",
        {"free": whole.free, "total": whole.total, "used": used},
    )  # fmt: skip


def _writing(session: Session, limits: Limits, now: datetime) -> Line:
    waiting = session.store.waiting_writes()
    seconds = standing.write_seconds(session.store, PATIENCE_SECONDS)
    log_bytes = disk.bytes_of(session.workspace.database.with_name("curation.duckdb.wal"))
    words = f"a write takes {1000 * seconds:.0f} ms" if seconds is not None else "nothing is written any more"
    return Line(
        "writing", "Writing",
        f"{words}, {waiting:,} were waiting",
        seconds is not None and seconds <= limits.write_seconds and waiting <= limits.waiting_writes
        and log_bytes <= limits.log_bytes,
        "wait for a running import or job; where it stays so, restart the app: what was shown as saved is kept",
        {"seconds": seconds, "waiting": waiting, "log_bytes": log_bytes},
    )  # fmt: skip


def _queues(session: Session, limits: Limits, now: datetime) -> Line:
    left = {queue: number["todo"] for queue, number in queues.counts(session.store, "").items()}
    words = ", ".join(f"{queue} {number:,}" for queue, number in left.items())
    return Line("queues", "Left to judge", words, facts={"left": left})


def _decisions(session: Session, limits: Limits, now: datetime) -> Line:
    last, number = standing.last_decision(session.store)
    words = f"{number:,} logged, the latest {_ago(now - last)}" if last else "none yet"
    ahead = last is not None and last > now + timedelta(minutes=5)
    return Line(
        "decisions", "Decisions",
        words if not ahead else f"{number:,} logged, the latest in the future: {last}Z",
        not ahead, "set this machine's clock: leases and times of verdicts follow it",
        {"number": number, "last": last},
    )  # fmt: skip


def _leases(session: Session, limits: Limits, now: datetime) -> Line:
    held = standing.leases(session.store)
    words = (
        f"{_counted(held.held, 'caption')} in the hands of {_counted(held.people, 'person', 'people')}"
        if held.held
        else "no caption is held"
    )
    return Line(
        "leases", "Captions held", words, held.longest_minutes <= limits.lease_minutes,
        "one is held for more than a day: set this machine's clock, or `regrain settings lease_minutes=15`",
        {"held": held.held, "people": held.people, "ended": held.ended},
    )  # fmt: skip


def _jobs(session: Session, limits: Limits, now: datetime) -> Line:
    listed = store_jobs.listed(session.store, n=JOBS_LOOKED_AT)
    states = Counter(job.state for job in listed if job.state in ("running", "waiting"))
    failed, slow = _still_failed(listed), [job for job in listed if _run(job, now) > limits.job_run]
    idle = session.server is not None and not session.supervisor.works()
    skipped = standing.bad_items(session.store)
    words = [f"{states['running']} running, {states['waiting']} waiting, {len(failed)} failed"]
    words += [f"{job.kind} began {_ago(_run(job, now))}" for job in listed if job.state == "running"]
    words += [f"{_counted(skipped, 'item')} skipped, listed under Jobs"] if skipped else []
    remedies = [f"`regrain jobs retry {job.id}` ({job.kind}: {_first(job.error)})" for job in failed[:3]]
    remedies += [f"`regrain jobs cancel {job.id}`, then retry ({job.kind})" for job in slow]
    remedies += ["restart the app: nobody takes jobs up any more"] if idle else []
    return Line(
        "jobs", "Jobs", ", ".join(words), not remedies, "; ".join(remedies),
        {"running": states["running"], "waiting": states["waiting"], "failed": [job.id for job in failed],
         "bad_items": skipped, "taken_up": session.supervisor.works()},
    )  # fmt: skip


def _backup(session: Session, limits: Limits, now: datetime) -> Line:
    made = backups.last(session.store)
    missing, since = standing.decided_after(session.store, made.seq if made else 0)
    gone = made is not None and not Path(made.folder).is_dir()
    late = since is not None and now - since > limits.backup_age
    if made is None:
        words = (
            f"none yet, {_counted(missing, 'decision')} in no backup" if missing else "none yet, and nothing is judged"
        )
    else:
        since_then = _counted(missing, "decision")
        words = f"{_ago(now - made.made_at)}, {disk.size(made.bytes)}, {since_then} since then: {made.folder}"
        words += ", which is not there any more" if gone else ""
    on_disk = made is not None and not gone and disk.same(Path(made.folder), session.workspace.folder)
    return Line(
        "backup", "Last backup", words + (" (on the workspace's own disk)" if on_disk else ""),
        not gone and not late and not (made is None and missing),
        "`regrain backup DIR --keep 14`, best every day by a timer and onto another disk (README: Run it for a lab)",
        {"folder": made and made.folder, "made_at": made and made.made_at, "bytes": made and made.bytes,
         "counts": made and made.counts, "events_since": missing},
    )  # fmt: skip


def _files(session: Session, limits: Limits, now: datetime) -> Line:
    roots = [one["folder"] for one in datasets.image_folders(session.store)]
    lost = [root for root in roots if not (session.workspace.folder / root).is_dir()]
    shards = [file for file in vectors.files(session.store) if not (session.workspace.vectors / file).is_file()]
    missing = [*lost, *(f"vectors/{file}" for file in shards)]
    remedies = [f"mount or restore {', '.join(lost)}"] if lost else []
    remedies += ["`regrain prepare` computes the vectors anew"] if shards else []
    return Line(
        "files", "Image folders and vectors",
        f"not there: {', '.join(missing[:3])}{' ...' * (len(missing) > 3)}" if missing else "all there",
        not missing, "; ".join(remedies), {"missing": missing},
    )  # fmt: skip


def _thumbnails(session: Session, limits: Limits, now: datetime) -> Line:
    number, size = disk.tree(session.workspace.thumbs)
    return Line(
        "thumbnails", "Thumbnails", f"{number:,} of at most {MAX_THUMBNAILS:,}, {disk.size(size)}",
        number <= limits.thumbnails * MAX_THUMBNAILS and size <= limits.thumbnails * MAX_THUMBNAIL_BYTES,
        f"delete `{session.workspace.thumbs}`: they are made again when they are shown",
        {"number": number, "bytes": size},
    )  # fmt: skip


def _versions(session: Session, limits: Limits, now: datetime) -> Line:
    found = {name: metadata.version(name) for name in ("streamlit", "duckdb")}
    wanted = _pins()
    other = [f"{name}=={wanted[name]}" for name in found if wanted.get(name, found[name]) != found[name]]
    schema = standing.schema_number(session.store)
    words = ", ".join([f"regrain {curation.__version__}", f"schema {schema}", *(f"{n} {v}" for n, v in found.items())])
    return Line(
        "versions", "Versions", f"{words}, encoder {settings.get(session.store, 'encoder')}", not other,
        f"`pip install {' '.join(other)}`: what was measured and tested holds for these",
        {"regrain": curation.__version__, "schema": schema, **found},
    )  # fmt: skip


def _log(tail: list[str], limits: Limits, now: datetime) -> Line:
    since = f"{now - limits.errors_within:%Y-%m-%dT%H:%M:%SZ}"
    errors = [line for line in tail if re.match(r"\S+Z ERROR ", line) and line[:20] >= since]
    return Line(
        "log", "Log",
        f"{_counted(len(errors), 'error')} within a day, the latest: {errors[-1]}" if errors else "no error in a day",
        not errors, f"read `log/{logbook.FILE}` from there on", {"errors": errors[-5:]},
    )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    _disk, _writing, _backup, _jobs, _queues, _decisions, _leases, _files, _thumbnails, _versions,
)  # fmt: skip


def _still_failed(listed: list[Job]) -> list[Job]:
    """Return the failed jobs that no later job of their kind has made good."""
    done = {job.kind: job.finished_at or "" for job in reversed(listed) if job.state == "done"}
    return [job for job in listed if job.state == "failed" and (job.finished_at or "") > done.get(job.kind, "")]


def _run(job: Job, now: datetime) -> timedelta:
    """Return how long a job has been running; nothing where it is not."""
    began = job.started_at if job.state == "running" else None
    return now - datetime.fromisoformat(began) if began else timedelta()


def _pins() -> dict[str, str]:
    try:
        required = metadata.requires("regrain") or []
    except metadata.PackageNotFoundError:
        return {}
    found = (re.fullmatch(r"([\w-]+)==([\w.]+)", line) for line in required)
    return {str(pin[1]): str(pin[2]) for pin in found if pin}


def _first(error: str) -> str:
    return logbook.without_texts(error.splitlines()[-1] if error else "no reason is given")[:120]


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _ago(passed: timedelta) -> str:
    for seconds, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if passed.total_seconds() >= 1.5 * seconds:
            return f"{passed.total_seconds() / seconds:.0f} {unit} ago"
    return "a moment ago"
