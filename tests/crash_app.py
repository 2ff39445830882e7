"""What the app does, without a browser: holds a workspace, runs a job and stores verdicts until it is killed.

``python -m tests.crash_app WORKSPACE ROUND`` prints ``ready``, then the id of each verdict once it is acknowledged.
"""

from __future__ import annotations

import sys
from itertools import count

from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.records import Decision
from curation.store import Store, decisions
from curation.workspace import Workspace
from tests.jobs import colours

CAPTIONS = 40


def main(folder: str, attempt: str) -> None:
    workspace = Workspace.at(folder)
    store = Store.open(workspace.database)
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=colours.COMMAND)
    supervisor.start()
    supervisor.add("encode")
    sys.stdout.write("ready\n")
    for number in count():
        caption = f"picture-{number % CAPTIONS:04d}#0"
        verdict = ("fine", "coarse", "unsure")[number % 3]
        decision = Decision(f"{attempt}-{number}", "ann", "coarse", caption, f"{caption}@1", verdict)
        [outcome] = decisions.decide(store, [decision])
        sys.stdout.write(f"{outcome.decision_id} {outcome.applied}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
