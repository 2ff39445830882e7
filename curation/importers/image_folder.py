"""A folder of images without captions: the unlabeled pool."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from curation.importers import Head, importer
from curation.importers.items import Item, NamedImage, Problem, refuse
from curation.importers.naming import why_refused
from curation.importers.reading import split_for
from curation.records import IMAGE_SUFFIXES


def _recognise(head: Head) -> int:
    if not head.is_folder:
        return 0
    return int(any(path.suffix.lower() in IMAGE_SUFFIXES for path in head.path.rglob("*")))


@importer("image_folder", title="Folder of images", recognise=_recognise, pictures_beside=True)
def image_folder(source: Path, *, split: str = "pool") -> Iterator[Item]:
    """Read the image files of a folder and of the folders below it, in name order, as images without captions."""
    if not source.is_dir():
        refuse(source, None, "it is not a folder", "Choose the folder that holds the images")
    its_split = split_for(source, split)
    row = others = 0
    for folder, below, files in os.walk(source):
        below.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() not in IMAGE_SUFFIXES:
                others += 1
                continue
            row += 1
            image = path.relative_to(source).as_posix()
            if bad := why_refused(image):
                yield Problem(source.name, row, *bad, fatal=False)
            else:
                yield NamedImage(image, its_split, row)
    if row == 0:
        refuse(source, None, "the folder holds no image", f"Image files end in {', '.join(sorted(IMAGE_SUFFIXES))}")
    if others:
        yield Problem(source.name, None, f"{others:,} files are not images by their suffix", "They are left out", False)
