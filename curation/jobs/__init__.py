"""Long work: what a job kind is, and the registry of kinds.

A job kind is one file in ``kinds/`` with three functions::

    @job_kind("encode", title="Encode images and texts", run=run, commit=commit)
    def prepare(store, workspace, args, folder) -> int:
        '''Encode every image and every current text that has no vector yet.'''

``prepare``, called by the supervisor, asks "what is missing?", writes that as files into the job's folder and
returns the number of items; 0 means that there is nothing to do. ``run``, called in a worker process that never
opens the database, finishes one shard per step (see ``curation.jobs.shards``) and yields ``Progress``; shards that are
already finished are left alone. ``commit``, called by the supervisor, brings one finished shard into the store;
doing so twice is harmless. So resuming, after whatever kill, is the same three calls again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.records import Progress
from curation.registry import Registry

if TYPE_CHECKING:
    from curation.store import Store
    from curation.workspace import Workspace

Args = dict[str, Any]
Prepare = Callable[["Store", "Workspace", Args, Path], int]
Run = Callable[[Path, Args], Iterator[Progress]]
Commit = Callable[["Store", "Workspace", Path, str, Args], None]

job_kinds: Registry[Prepare] = Registry("job kind", "curation.jobs.kinds")


def job_kind(name: str, *, title: str, run: Run, commit: Commit) -> Callable[[Prepare], Prepare]:
    """Register the ``prepare`` of a job kind together with its ``run`` and ``commit``."""
    return job_kinds.register(name, title=title, run=run, commit=commit)
