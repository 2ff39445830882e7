"""An open workspace: its store, the supervisor of its jobs and, in the app, the socket for ``regrain`` commands."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path

import curation
from curation import logbook
from curation.channel import CommandServer
from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.store import Store, settings
from curation.workspace import Workspace

log = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parent.parent


def default_folder() -> Path:
    """Return the workspace of this process: ``$REGRAIN_WORKSPACE``, else ``data/demo`` of the project."""
    return Path(os.environ.get("REGRAIN_WORKSPACE") or PROJECT / "data" / "demo").expanduser().resolve()


@dataclass(slots=True)
class Session:
    """One open workspace. ``server`` is None in a process that does not serve commands; ``logbook`` writes its log."""

    workspace: Workspace
    store: Store
    supervisor: Supervisor
    server: CommandServer | None = None
    logbook: logging.Handler | None = None

    def close(self) -> None:
        """Stop listening and working, then close the store. Closing twice is harmless."""
        if self.server is not None:
            self.server.close()
        self.supervisor.stop()
        self.store.close()
        if self.logbook is not None:
            logbook.end(self.logbook)


def open_session(folder: str | Path, *, serve: bool = True) -> Session:
    """Open a workspace, making it where it is absent.

    With ``serve``, as the app does it: jobs run in the background at low priority, what decisions make stale is
    computed anew, and ``regrain`` commands of other processes are carried out here. Without, nothing runs until
    ``supervisor.start()``, and jobs may then take the whole machine. Raises ``WorkspaceBusy`` where another
    process holds the workspace, ``RegrainError`` where it cannot be opened.
    """
    workspace = Workspace.at(folder)
    store = Store.open(workspace.database)
    try:
        pace = Pace(settings.get(store, "worker_threads")) if serve else Pace.everything()
        session = Session(workspace, store, Supervisor(store, workspace, pace=pace, keep_fresh=serve))
    except BaseException:
        store.close()
        raise
    session.logbook = logbook.begin(workspace)
    try:
        if serve:
            session.supervisor.start()
            session.server = CommandServer(session)
            log.info("Regrain %s opened %s as process %d", curation.__version__, workspace.folder, os.getpid())
        return session
    except BaseException:
        session.close()  # the supervisor first: it reads and writes until it has stopped
        raise
