"""The worker process: ``python -m curation.jobs.worker FOLDER`` runs one prepared job and exits.

It reads the folder's inputs, writes shards and ``progress.jsonl``, and never opens the database. It stops by itself
between two steps when ``cancel`` appears in the folder, and at once when its parent dies: what it was about to
finish is then half a shard, which counts as nothing.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from curation.jobs import job_kinds
from curation.jobs.shards import read_json
from curation.lifeline import die_with
from curation.records import Progress, RegrainError

ORDER = "order.json"
PROGRESS = "progress.jsonl"
CANCEL = "cancel"

REFUSED = 2
"""Exit code after a ``RegrainError``: trying again would end the same way."""

CANCELLED = 3


def main(arguments: list[str]) -> int:
    """Run the job in the folder named by the first argument and return the exit code."""
    folder = Path(arguments[0])
    order = read_json(folder / ORDER)
    die_with(order["parent"])
    os.nice(order["niceness"])
    kind = job_kinds.get(order["kind"])
    try:
        with (folder / PROGRESS).open("a", encoding="utf-8") as file:
            for progress in kind.facts["run"](folder, order["args"]):
                file.write(_line(progress))
                file.flush()
                if (folder / CANCEL).exists():
                    return CANCELLED
    except RegrainError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0


def _line(progress: Progress) -> str:
    return json.dumps(asdict(progress), ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
