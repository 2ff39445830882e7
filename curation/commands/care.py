"""Care for a workspace that people rely on: backups and what needs attention."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from curation.backup import back_up
from curation.commands import Args, Console, absolute, command
from curation.health import examine

ATTENTION = 1

if TYPE_CHECKING:
    from curation.session import Session


def _backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=absolute, metavar="DIR", help="where a new folder with the backup is made")
    parser.add_argument("--keep", type=int, metavar="N", help="then remove all but the newest N of this workspace")
    parser.add_argument("--vectors", action="store_true", help="copy the vectors too, else they are computed anew")


@command("backup", title="Care", arguments=_backup_arguments)
def backup(session: Session, args: Args, console: Console) -> int:
    """Copy the database while people go on judging, and check the copy by opening it."""
    made = back_up(
        session, Path(args["folder"]), person=args["person"], keep=args["keep"], with_vectors=args["vectors"]
    )
    console.give(
        asdict(made),
        f"{made.folder}  ({made.bytes / 1e6:,.0f} MB)",
        "opened and compared; it holds " + ", ".join(f"{number:,} {name}s" for name, number in made.counts.items()),
    )
    return 0


@command("health", title="Care")
def health(session: Session, args: Args, console: Console) -> int:
    """Show disk, writing, backup, jobs and log, each with what to do where it is not fine (then exit code 1)."""
    found = examine(session)
    shown = {line.name: {**line.facts, "fine": line.fine, "words": line.words} for line in found.lines}
    console.give({"fine": found.fine, "workspace": found.workspace, "lines": shown}, found.workspace)
    for line in found.lines:
        console.say(f"{'fine' if line.fine else 'LOOK':6}{line.title:27}{line.words}")
        if not line.fine:
            console.say(f"{'':6}{'':27}-> {line.remedy}")
    return 0 if found.fine else ATTENTION
