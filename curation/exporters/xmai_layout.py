"""XMAI's table of modified captions (ACL 2023): ``image_id,original,modified``, one row per caption."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from curation.exporters import ReadBack, exporter
from curation.exporters.arrangement import captions_by_image, splits_with_captions
from curation.records import Benchmark

COLUMNS = ("image_id", "original", "modified")
_PRINTED = re.compile(r"\d+    (\d+)\nName: id, dtype: int64")


def rows_of(captions: Iterable[tuple[str, str, str]]) -> Iterable[tuple[str, str, str]]:
    """Yield table rows for captions ``(image id, original, modified)``; images are counted in the order they come.

    XMAI's own files hold a printed pandas Series where the image id should stand, the image's ordinal and its COCO
    id on two lines; an id that is all digits is written so, any other plainly.
    """
    ordinals: dict[str, int] = {}
    for image, original, modified in captions:
        ordinal = ordinals.setdefault(image, len(ordinals))
        cell = f"{ordinal}    {image}\nName: id, dtype: int64" if image.isdecimal() and image.isascii() else image
        yield cell, original, modified


def write_table(path: Path, captions: Iterable[tuple[str, str, str]]) -> Path:
    """Write captions ``(image id, original, modified)`` as XMAI does; return ``path``."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows_of(captions))
    return path


def _read_back(folder: Path) -> ReadBack:
    found = ReadBack()
    for path in sorted(folder.glob("*_modified.csv")):
        split = path.name.removesuffix("_modified.csv")
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                printed = _PRINTED.fullmatch(row["image_id"])
                image = printed[1] if printed else row["image_id"]
                found.texts.setdefault((split, image), []).append(row["modified"])
                if image not in found.images:
                    found.images.append(image)
    return found


def _distractors(benchmark: Benchmark) -> dict[str, str]:
    """Return the images without captions: the table has a row per caption and nothing else."""
    captioned = {caption.image_id for caption in benchmark.captions}
    return {
        image.id: "this layout holds no images without captions"
        for image in benchmark.images
        if image.id not in captioned
    }


@exporter("xmai", title="XMAI modified captions", read_back=_read_back, leaves_out=_distractors)
def xmai(benchmark: Benchmark, folder: Path) -> list[Path]:
    """Write `SPLIT_modified.csv` with each caption as it was first imported and as it is now."""
    written = []
    for split in splits_with_captions(benchmark):
        captions = (one for own in captions_by_image(benchmark, split).values() for one in own)
        rows = ((caption.image_id, caption.original, caption.text) for caption in captions)
        written.append(write_table(folder / f"{split}_modified.csv", rows))
    return written
