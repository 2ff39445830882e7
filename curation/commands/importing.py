"""Importing from the command line: the same preflight and the same transaction as on the screen."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.commands import Args, Console, absolute, command
from curation.records import SPLITS, RegrainError
from curation.store import datasets

if TYPE_CHECKING:
    from curation.session import Session

AUTO = "auto"
YES, NO = ("true", "yes", "1"), ("false", "no", "0")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("format", help="name of an importer, or auto to recognise it")
    parser.add_argument("path", type=absolute, help="file or folder to import")
    parser.add_argument("--images", type=absolute, metavar="DIR", help="folder of the pictures; none: text only")
    parser.add_argument("--split", choices=SPLITS, help="split of all images, where the file does not say")
    parser.add_argument("--column", action="append", default=[], metavar="NAME=COLUMN",
                        help="setting of the importer, e.g. image=file_name; may be given again")  # fmt: skip
    parser.add_argument("--ids", choices=("name", "path"), default="name", help="make image ids from names or paths")
    parser.add_argument("--on-difference", choices=("keep", "revise"),
                        help="what another text of a known caption means")  # fmt: skip
    parser.add_argument("--name", default="", help="name of the import; the file's name by default")
    parser.add_argument("--skip-unreadable", action="store_true",
                        help="import the rest where image files are broken; by default nothing is written")  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="print the report and write nothing")


@command("import", title="Data", arguments=_arguments, makes_workspace=True)
def import_(session: Session, args: Args, console: Console) -> int:
    """Import images and captions; prints what is found before anything is written."""
    from curation.importers.stage import stage

    source, importer = Path(args["path"]), _importer(args["format"], Path(args["path"]))
    folder = Path(args["images"]) if args["images"] else None
    staged = stage(
        importer,
        source,
        settings=_settings(importer, source, args["column"], args["split"]),
        folder=folder,
        ids=args["ids"],
        on_difference=args["on_difference"],
    )
    console.say(*staged.preflight.lines())
    broken = staged.preflight.unreadable
    if broken and not (args["dry_run"] or args["skip_unreadable"]):
        raise RegrainError(
            f"nothing was written: {broken:,} image files cannot be read (listed above); "
            "mend them, or import the rest with --skip-unreadable"
        )
    if args["dry_run"]:
        changes = datasets.plan(session.store, staged)
    else:
        root = session.workspace.stored_root(staged.folder) if staged.folder else None
        name = args["name"] or source.name
        changes = datasets.add(
            session.store, staged, name=name, importer=importer, source=str(source), root=root, person=args["person"]
        )
    console.give(
        {"preflight": asdict(staged.preflight), "changes": asdict(changes), "written": not args["dry_run"]},
        *_lines(asdict(changes), dry_run=args["dry_run"]),
    )
    return 0


def _importer(name: str, source: Path) -> str:
    from curation.importers import sniff

    if name != AUTO:
        return name
    found = sniff(source)
    if not found:
        raise RegrainError(f"{source}: no importer recognises this; name one (`regrain import --help`)")
    return found[0]


def _settings(importer: str, source: Path, assignments: Sequence[str], split: str | None) -> dict[str, Any]:
    """Return the importer's settings from ``NAME=VALUE`` texts, each in the type of its default.

    The columns of a table are taken by their usual names where nothing is said, as the screen does it.
    """
    from curation.importers import importers

    defaults = importers.get(importer).settings
    chosen: dict[str, Any] = _guessed(source) if importer == "table" and not assignments else {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise RegrainError(f"{assignment!r} is no NAME=COLUMN: the importer {importer} has {', '.join(defaults)}")
        chosen[name] = _boolean(name, value) if isinstance(defaults.get(name), bool) else _columns(value)
    if split is not None:
        if "split" not in defaults:
            raise RegrainError(f"the importer {importer} takes the splits from its files: leave --split out")
        chosen["split"] = split
    return chosen


def _guessed(source: Path) -> dict[str, Any]:
    from curation.importers.guess import guess_columns
    from curation.importers.records_of import columns_of

    return dict(guess_columns(columns_of(source)))


def _boolean(name: str, value: str) -> bool:
    if value.lower() not in YES + NO:
        raise RegrainError(f"{name} is true or false, not {value!r}")
    return value.lower() in YES


def _columns(value: str) -> str | tuple[str, ...]:
    return tuple(value.split(",")) if "," in value else value


def _lines(changes: dict[str, int], *, dry_run: bool) -> list[str]:
    verb = "would be added" if dry_run else "added"
    lines = [
        f"images: {changes['images_added']:,} {verb}, {changes['images_there']:,} already there, "
        f"{changes['images_completed']:,} completed with their file",
        f"captions: {changes['captions_added']:,} {verb}, {changes['captions_there']:,} already there, "
        f"{changes['captions_differ']:,} with another text left as they are",
        f"new texts: {changes['revisions_added']:,} {verb}, {changes['revisions_there']:,} already there, "
        f"{changes['revisions_without_caption']:,} without a caption, "
        f"{changes['revisions_kept_out']:,} kept out since a person has edited the caption",
    ]
    return [*lines, "nothing was written (--dry-run)"] if dry_run else [*lines, "next: regrain prepare"]
