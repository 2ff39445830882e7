"""Backups: one folder per copy of a workspace, whole or absent, and the way back from one."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import curation
from curation.jobs.shards import read_json, sync_folder, write_json
from curation.lifeline import is_alive
from curation.records import RegrainError
from curation.session import Session
from curation.store import DatabaseError, backups, datasets, schema, settings, vectors, versions
from curation.workspace import DATABASE, Workspace

log = logging.getLogger(__name__)

MANIFEST = "manifest.json"


def back_up(
    session: Session, folder: Path, *, person: str, keep: int | None = None, with_vectors: bool = False
) -> backups.Backup:
    """Write a backup of an open workspace to a new folder below ``folder`` and remember it.

    It holds the database and ``manifest.json`` (counts, checksum, settings, releases, image folders); vectors are
    computed anew unless ``with_vectors``. Images, thumbnails and exports are not in it. ``keep`` removes all but that
    many of this workspace's backups in ``folder``, the oldest first, once the new one is complete. Raises
    ``RegrainError`` where the copy cannot be finished; then nothing of it is left.
    """
    if keep is not None and keep < 1:
        raise RegrainError(f"keep is {keep}: at least the new backup is kept, so 1 or more")
    workspace = session.workspace
    folder.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder, workspace.folder.name)
    with _whole_or_absent(folder, workspace.folder.name) as (partial, name):
        contents = backups.copy(session.store, partial / DATABASE)
        if with_vectors:
            _copy_vectors(session, partial)
        facts = _facts(session, partial, contents, with_vectors)
        write_json(partial / MANIFEST, facts)
        target = _published(partial, folder / name)
    backups.remember(session.store, str(target), contents, size=facts["bytes"], person=person)
    if keep is not None:
        for old in made_of(workspace, folder)[keep:]:
            _remove(old)
    made = backups.last(session.store)
    assert made is not None
    log.info("backup up to event %d in %s, %.0f MB", made.seq, made.folder, made.bytes / 1e6)
    return made


def made_of(workspace: Workspace, folder: Path) -> list[Path]:
    """Return the whole backups of a workspace below a folder, newest first."""
    found = []
    for path in folder.glob(f"*/{MANIFEST}"):
        with contextlib.suppress(ValueError, OSError):  # somebody else's manifest
            facts = read_json(path)
            if isinstance(facts, dict) and facts.get("workspace") == str(workspace.folder):
                found.append((str(facts.get("made_at")), path.parent))
    return [path for _, path in sorted(found, reverse=True) if not path.name.startswith(".")]


def restore(source: Path, folder: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put the database of a backup into a workspace folder and return the backup's manifest.

    With ``replace`` a database that is there is set aside in ``replaced-TIME/``, never deleted; images, exports and
    vectors that lie in the folder stay. Raises ``RegrainError`` where ``source`` is no whole backup, where a database
    is there and ``replace`` is not given, or where a process holds it.
    """
    facts = _checked(source)
    workspace = Workspace.at(folder)
    if workspace.exists():
        if not replace:
            raise RegrainError(f"`{folder}` holds a workspace: --replace sets its database aside and goes on")
        backups.refuse_open(workspace.database)
    partial = workspace.folder / f"{DATABASE}.partial"
    partial.unlink(missing_ok=True)
    try:
        shutil.copyfile(source / DATABASE, partial)
        _sync(partial)
        _bring_vectors(source, workspace)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    _set_aside(workspace)
    partial.rename(workspace.database)
    sync_folder(workspace.folder)
    return facts


@contextlib.contextmanager
def _whole_or_absent(folder: Path, stem: str) -> Iterator[tuple[Path, str]]:
    """Give a folder to write into and the name that it will have; whatever goes wrong, it is removed."""
    name = f"{stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    partial = folder / f".{name}.{os.getpid()}.partial"
    try:
        partial.mkdir()
        yield partial, name
    except DatabaseError as error:
        if "space" not in str(error).lower():
            raise
        raise _full(folder, error) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _full(folder, error) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _full(folder: Path, error: Exception) -> RegrainError:
    log.error("the disk of %s is full: no backup was made (%s)", folder, error)
    left = shutil.disk_usage(folder).free / 1e9
    return RegrainError(
        f"the disk of `{folder}` is full ({left:.1f} GB left): no backup was made, earlier ones are untouched. "
        "Free space there, keep fewer backups (--keep), or choose another disk"
    )


def _facts(session: Session, partial: Path, contents: backups.Contents, with_vectors: bool) -> dict[str, Any]:
    store = session.store
    encoded = vectors.encoders(store)
    return {
        "made_at": f"{datetime.now(UTC).replace(tzinfo=None).isoformat()}Z",
        "regrain": curation.__version__,
        "schema": schema.migrations()[-1][0],
        "workspace": str(session.workspace.folder),
        "seq": contents.seq,
        "rows": contents.rows,
        "bytes": sum(path.stat().st_size for path in partial.rglob("*") if path.is_file()),
        "sha256": vectors.checksum(partial / DATABASE),
        "settings": settings.everything(store),
        "image_folders": datasets.image_folders(store),
        "vectors": {"included": with_vectors, "encoders": encoded},
        "releases": [
            {"version": version["name"], "folder": one["folder"], "released_at": f"{one['released_at'].isoformat()}Z"}
            for version in versions.listed(store)
            for one in versions.releases(store, version["id"])
        ],
    }


def _copy_vectors(session: Session, partial: Path) -> None:
    """Copy the shards that the store knows; each is written once and never altered."""
    target = partial / "vectors"
    target.mkdir()
    for file in vectors.files(session.store):
        shutil.copyfile(session.workspace.vectors / file, target / file)
        _sync(target / file)
    sync_folder(target)


def _published(partial: Path, target: Path) -> Path:
    """Give a finished backup its name, or the next free one; what is there is never overwritten."""
    sync_folder(partial)
    n, free = 1, target
    while free.exists():
        n += 1
        free = target.with_name(f"{target.name}-{n}")
    partial.rename(free)
    sync_folder(free.parent)
    return free


def _checked(source: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = read_json(source / MANIFEST)
    except (OSError, ValueError) as error:
        raise RegrainError(f"`{source}` is no backup: its `{MANIFEST}` cannot be read ({error})") from error
    if facts["schema"] > schema.migrations()[-1][0]:
        raise RegrainError(f"`{source}` was written by Regrain {facts['regrain']}: update Regrain to restore it")
    if vectors.checksum(source / DATABASE) != facts["sha256"]:
        raise RegrainError(f"`{source / DATABASE}` differs from its checksum: take another backup")
    return facts


def _bring_vectors(source: Path, workspace: Workspace) -> None:
    for shard in source.glob("vectors/*.npy"):
        if not (workspace.vectors / shard.name).exists():
            shutil.copyfile(shard, workspace.vectors / shard.name)


def _set_aside(workspace: Workspace) -> None:
    """Move a database and its log into a folder of their own: beside a restored file the old log would spoil it."""
    old = [path for path in workspace.folder.glob(f"{DATABASE}*") if not path.name.endswith(".partial")]
    if old:
        aside = workspace.folder / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir()
        for path in old:
            path.rename(aside / path.name)
        sync_folder(aside)


def _remove(folder: Path) -> None:
    """Remove a backup; one that is half removed has a name under which nobody takes it for whole."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    folder.rename(partial)
    shutil.rmtree(partial)


def _remove_abandoned(folder: Path, stem: str) -> None:
    """Remove what killed backups have left behind."""
    for partial in folder.glob(".*Z*.partial"):
        pid = partial.name.split(".")[-2]
        if partial.name.startswith(f".{stem}-") and pid.isdigit() and not is_alive(int(pid)):
            shutil.rmtree(partial, ignore_errors=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
