"""The demo workspace: drawn, imported and prepared in a hidden folder, and renamed only when it is whole."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from curation.jobs.chains import PREPARE
from curation.lifeline import is_alive
from curation.records import DEMO_NAME, RegrainError
from curation.store import Store, WorkspaceBusy, datasets, settings, versions
from curation.workspace import DATABASE

if TYPE_CHECKING:
    from curation.commands import Console
    from curation.session import Session

SEED = 20_261_123
BEFORE_OPENING = tuple(kind for kind in PREPARE if kind != "suggest")
"""Suggestions are sought in the background once the app is open."""


def build_demo(
    folder: Path, console: Console, *, seed: int = SEED, sizes: tuple[int, int, int] = (2000, 1000, 5000)
) -> int:
    """Build the demo in ``folder`` unless a workspace is there in which somebody did something; return an exit code.

    ``sizes`` are the numbers of train, test and pool scenes. A workspace that was opened and never used is set aside
    once the demo is whole. Raises ``RegrainError`` where the folder holds something else.
    """
    unused = False
    if (folder / DATABASE).exists():
        unused, found = _found(folder)
        if not unused:
            console.say(found)
            return 0
        console.say(f"the workspace {folder} is empty and was never used: the demo takes its place")
    elif folder.exists() and any(folder.iterdir()):
        raise RegrainError(f"`{folder}` holds other files: choose an empty or a new folder for the demo")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(folder)
    partial = folder.parent / f".{folder.name}.{os.getpid()}.partial"
    try:
        code = _build(partial, console, seed, sizes)
        if code == 0:
            if unused:
                console.say(f"the empty workspace now lies in {_set_aside(folder)}")
            elif folder.exists():
                folder.rmdir()
            partial.rename(folder)
            console.say(f"the demo is ready: {folder}")
        return code
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _found(folder: Path) -> tuple[bool, str]:
    """Return whether nothing was ever done in a workspace, and what is to be said of it where something was."""
    elsewhere = "`regrain demo DIR` builds the demo in another folder"
    try:
        store = Store.open(folder / DATABASE)
    except WorkspaceBusy as busy:
        return False, f"the workspace {folder} is there already, open in process {busy.pid}; {elsewhere}"
    try:
        totals, name = datasets.totals(store), settings.get(store, "name")
        unused = datasets.is_unused(store) and not _others(folder)
    finally:
        store.close()
    if name == DEMO_NAME and totals["images"]:
        return False, f"the workspace {folder} is there already"
    held = f"“{name}”, {totals['images']:,} images, {totals['captions']:,} captions"
    return unused, f"the workspace {folder} is there already and is not the demo ({held}): {elsewhere}"


def _others(folder: Path) -> list[Path]:
    """Return the files in a workspace that opening it does not make by itself: somebody put them there."""
    made = {DATABASE, f"{DATABASE}.wal", "image-secret"}
    files = (path.relative_to(folder) for path in folder.rglob("*") if not path.is_dir())
    return [path for path in files if str(path) not in made and path.parts[0] != "log"]


def _set_aside(folder: Path) -> Path:
    """Move an unused workspace out of the way and return where it lies; refuse where it is in use by now."""
    unused, found = _found(folder)
    if not unused:
        raise RegrainError(found)
    aside = folder.with_name(f"{folder.name}.empty-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    return folder.rename(aside)


def _build(folder: Path, console: Console, seed: int, sizes: tuple[int, int, int]) -> int:
    from curation.commands.work import follow
    from curation.demo.recipe import make_demo
    from curation.demo.writing import write_demo
    from curation.session import open_session

    console.say("drawing the demo's scenes ...")
    write_demo(make_demo(seed, *sizes), folder, folder / "truth", workers=os.cpu_count() or 1)
    session = open_session(folder, serve=False)
    try:
        settings.put(session.store, name=DEMO_NAME)
        _import(session, folder)
        code = follow(session, console, session.supervisor.add_chain(BEFORE_OPENING))
        session.supervisor.stop()
        session.supervisor.add("suggest")
        return code
    finally:
        session.close()


def _import(session: Session, folder: Path) -> None:
    from curation.demo.writing import CAPTIONS_FILE, IMAGES
    from curation.importers.stage import stage

    source = folder / CAPTIONS_FILE
    columns = {"new_text": "new_text", "split_column": "split", "generated_column": "generated"}
    staged = stage("table", source, settings=columns, folder=folder / IMAGES)
    root = session.workspace.stored_root(folder / IMAGES)
    datasets.add(session.store, staged, name=DEMO_NAME, importer="table", source=CAPTIONS_FILE, root=root)
    versions.freeze(session.store, versions.ORIGINAL, person="import", original=True)


def _remove_abandoned(folder: Path) -> None:
    """Remove what killed builds have left behind."""
    for partial in folder.parent.glob(f".{folder.name}.*.partial"):
        pid = partial.name.split(".")[-2]
        if not pid.isdigit() or not is_alive(int(pid)):
            shutil.rmtree(partial, ignore_errors=True)
