"""A job kind that only counts, and does on demand what real jobs suffer: it waits, dies, or meets a bad item.

Also a program: ``python counting.py FOLDER`` is its worker.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.jobs import job_kind, shards
from curation.jobs.worker import main
from curation.records import Progress, RegrainError
from curation.store import Store, settings
from curation.workspace import Workspace

COMMAND = (sys.executable, __file__)
PER_SHARD = 10


def counted(store: Store) -> list[int]:
    """Return the numbers that were committed, as often as they were."""
    return list(settings.everything(store).get("counted", []))


def run(folder: Path, args: dict[str, Any]) -> Iterator[Progress]:
    numbers, control = shards.read_json(folder / "numbers.json"), Path(args["control"])
    token = shards.read_facts(folder)["token"]
    for start in range(0, len(numbers), PER_SHARD):
        part, name = numbers[start : start + PER_SHARD], f"{token}-{start:04d}"
        if not shards.is_finished(folder, name):
            if args.get("hold_at") == part[0]:
                _wait_for(control / "go")
            if "refuse" in args:
                raise RegrainError(args["refuse"])
            if "divide" in args:
                raise ZeroDivisionError(args["divide"])
            with (control / "computed").open("a") as file:
                file.write(f"{part[0]}\n")
            shards.write_json(folder / f"{name}.json", part)
            if part[0] in args.get("die_at", []):
                _die(control, part[0], always=args.get("always", False))
            for bad in sorted(set(args.get("bad", [])) & set(part)):
                yield Progress(start, len(numbers), bad_item=str(bad), error=f"{bad} is unlucky")
            shards.finish_shard(folder, name)
        yield Progress(start + len(part), len(numbers), shard=name, note="numbers")


def commit(store: Store, workspace: Workspace, folder: Path, shard: str, args: dict[str, Any]) -> None:
    settings.put(store, counted=[*counted(store), *shards.read_json(folder / f"{shard}.json")])


@job_kind("count", title="Count", run=run, commit=commit)
def prepare(store: Store, workspace: Workspace, args: dict[str, Any], folder: Path) -> int:
    """Count the numbers that were not counted yet."""
    if "broken" in args:
        raise ZeroDivisionError(args["broken"])
    missing = sorted(set(range(args["n"])) - set(counted(store)))
    shards.write_json(folder / "numbers.json", missing)
    shards.write_facts(folder, token=uuid.uuid4().hex[:8])
    return len(missing)


def _wait_for(path: Path) -> None:
    (path.parent / "holding").touch()
    pause = threading.Event()
    while not path.exists():
        pause.wait(0.01)


def _die(control: Path, number: int, *, always: bool) -> None:
    """Die between a shard's payload and its receipt: once, or every time."""
    marker = control / f"died-{number}"
    if always or not marker.exists():
        marker.touch()
        sys.stderr.write(f"dying at {number}\n")
        sys.stderr.flush()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
