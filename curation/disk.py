"""What lies on disk, in bytes and in words."""

from __future__ import annotations

import os
from pathlib import Path

from curation.workspace import Workspace


def used(workspace: Workspace) -> dict[str, int]:
    """Return the bytes of a workspace by part; images that lie in its folder are not counted."""
    database = workspace.database
    folders = (workspace.vectors, workspace.thumbs, workspace.jobs, workspace.exports, workspace.log)
    return {
        "database": bytes_of(database),
        "its log": bytes_of(database.with_name(f"{database.name}.wal")),
        **{folder.name: tree(folder)[1] for folder in folders},
    }


def tree(folder: Path) -> tuple[int, int]:
    """Return the number of files below a folder and their bytes; what vanishes meanwhile counts as nothing."""
    number = total = 0
    for place, _, files in os.walk(folder):
        number += len(files)
        total += sum(bytes_of(Path(place, name)) for name in files)
    return number, total


def bytes_of(path: Path) -> int:
    """Return the bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def same(one: Path, other: Path) -> bool:
    """Say whether two paths lie on one disk."""
    return one.stat().st_dev == other.stat().st_dev


def size(number: float) -> str:
    """Return bytes in the unit that one reads.

    >>> size(0), size(512), size(15_300_000), size(72_900_000_000)
    ('0 kB', '1 kB', '15 MB', '72.9 GB')
    """
    if number >= 1e9:
        return f"{number / 1e9:,.1f} GB"
    return f"{number / 1e6:.0f} MB" if number >= 1e6 else f"{-(-number // 1000):.0f} kB"
