"""Suggesting in shards of two captions: its worker, and the app without a browser, which runs it until it is killed.

``python suggesting.py work FOLDER`` leaves its process id in the job's folder; ``python suggesting.py app WORKSPACE``
prints it, and ends when the job does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from curation.jobs.kinds import suggest
from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.jobs.worker import main as work
from curation.store import Store
from curation.workspace import Workspace

COMMAND = (sys.executable, __file__, "work")
PER_SHARD = 2
PID = "pid"


def main(arguments: list[str]) -> int:
    if arguments[0] == "work":
        suggest.CAPTIONS_PER_SHARD = PER_SHARD
        (Path(arguments[1]) / PID).write_text(str(os.getpid()))
        return work(arguments[1:])
    workspace = Workspace.at(arguments[1])
    store = Store.open(workspace.database)
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=COMMAND)
    supervisor.start()
    supervisor.wait(supervisor.add("suggest").id)
    supervisor.stop()
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
