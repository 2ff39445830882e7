"""Versions from the command line: freeze, compare, export."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from curation.commands import Args, Console, absolute, command
from curation.releasing import release_version
from curation.store import versions

if TYPE_CHECKING:
    from curation.session import Session


def _freeze_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name")
    parser.add_argument("--pool", choices=("judged", "candidates", "none"), default="judged",
                        help="which pool images become distractors (judged)")  # fmt: skip
    parser.add_argument("--original", action="store_true", help="freeze the texts as they were first imported")


@command("freeze", title="Release", arguments=_freeze_arguments)
def freeze(session: Session, args: Args, console: Console) -> int:
    """Freeze the present state under a name; later edits never alter it."""
    version = versions.freeze(
        session.store, args["name"], person=args["person"], pool=args["pool"], original=args["original"]
    )
    facts = versions.find(session.store, version)["facts"]
    changed = facts["captions_changed"]
    number = sum(facts["captions"].values())
    console.give(
        {"id": version, **facts}, f"frozen as {args['name']!r}: {number:,} captions, {changed:,} of them changed"
    )
    return 0


@command("versions", title="Release")
def versions_(session: Session, args: Args, console: Console) -> int:
    """List the frozen versions, newest first."""
    rows = [
        {**version, "captions": sum(version["facts"]["captions"].values()),
         "images": sum(version["facts"]["images"].values()), "changed": version["facts"]["captions_changed"]}
        for version in versions.listed(session.store)
    ]  # fmt: skip
    console.table(rows, ["name", "frozen_at", "person", "captions", "changed", "images"], "no version is frozen yet")
    return 0


def _diff_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("old")
    parser.add_argument("new")


@command("diff", title="Release", arguments=_diff_arguments)
def diff(session: Session, args: Args, console: Console) -> int:
    """Show what changed from one version to another."""
    found = versions.diff(session.store, args["old"], args["new"])
    if console.json:
        console.give(found)
        return 0
    for row in found["changed"]:
        console.say(row["caption_id"], f"  - {row['old']}", f"  + {row['new']}  ({row['source']}, {row['person']})")
    counts = ", ".join(f"{number:,} {what.replace('_', 's ')}" for what, number in found.items() if what != "changed")
    console.say(f"{len(found['changed']):,} captions changed, {counts}")
    return 0


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("version", help="name of a version")
    parser.add_argument("--format", default="fg,jsonl", help="names of exporters, separated by commas (fg,jsonl)")
    parser.add_argument("--to", type=absolute, metavar="DIR", help="folder to make; below exports/ by default")


@command("export", title="Release", arguments=_export_arguments)
def export(session: Session, args: Args, console: Console) -> int:
    """Write a version to files, read them back and reconcile them with the store."""
    manifest, folder = release_version(
        session,
        args["version"],
        args["format"].split(","),
        person=args["person"],
        folder=Path(args["to"]) if args["to"] else None,
    )
    console.give(manifest.as_json() | {"folder": str(folder)}, *manifest.lines(), f"written to {folder}")
    return 0
