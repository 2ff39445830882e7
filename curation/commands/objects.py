"""Detected objects and attributes, from which suggestions may be made."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from curation.commands import Args, Console, absolute, command
from curation.store import objects as store_objects

if TYPE_CHECKING:
    from curation.session import Session


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", type=absolute, help="a table, or COCO instances as .json")
    parser.add_argument("--image", default="image", metavar="COLUMN", help="column of the image's name (image)")
    parser.add_argument("--objects", default="objects", metavar="COLUMN", help="column of the things (objects)")
    parser.add_argument("--attributes", default="attributes", metavar="COLUMN",
                        help="column of their attributes; empty for none (attributes)")  # fmt: skip
    parser.add_argument("--rows-of", type=absolute, metavar="FILE",
                        help="a file of XMAI's form that names the images row by row, instead of --image")  # fmt: skip


@command("objects", title="Data", arguments=_arguments)
def objects(session: Session, args: Args, console: Console) -> int:
    """Import what a detector saw in the pictures: things and their attributes."""
    from curation.importers.detections import read_objects
    from curation.importers.xmai import image_ids

    rows = image_ids(Path(args["rows_of"])) if args["rows_of"] else None
    found = read_objects(
        Path(args["path"]), image=args["image"], objects=args["objects"], attributes=args["attributes"], rows=rows
    )
    counts = store_objects.put(session.store, found)
    console.give(
        counts,
        f"{counts['objects']:,} objects in {counts['images']:,} images; "
        f"{counts['unknown_images']:,} images are not in this workspace",
    )
    return 0
