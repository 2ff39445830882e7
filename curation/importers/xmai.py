"""XMAI's released files of modified captions (ACL 2023): ``image_id,original,modified`` over COCO val2017."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, quoted, refuse
from curation.importers.reading import split_for
from curation.importers.records_of import open_table
from curation.importers.table import check_columns

TEMPLATE = re.compile(r"[^{}]*\{(:0?\d{0,3}d?)?\}[^{}]*")
PRINTED_SERIES = re.compile(r"\s*(\d+)\s+(\d{1,18})\s")
PLAIN_NAME = re.compile(r"[^\n]*[^\d\s][^\n]*")


def _recognise(head: Head) -> int:
    header = head.text.partition("\n")[0].strip()
    return 2 * header.endswith("image_id,original,modified")


@importer("xmai", title="XMAI modified captions", recognise=_recognise)
def xmai(source: Path, *, name: str = "{:012d}.jpg", split: str = "val") -> Iterator[Item]:
    """Read captions and their modified wording, which becomes a revision. `name` makes the image name of a COCO id.

    The released files hold a printed pandas Series (ordinal, then COCO id) where the image id should stand; those
    that Regrain writes hold the image's own name where that is no number.
    """
    if not isinstance(name, str) or not TEMPLATE.fullmatch(name):
        rule = f"the template {quoted(name)} makes no image name of a COCO id"
        refuse(source, None, rule, "Put one {} or {:012d} where the id belongs, e.g. name={:012d}.jpg")
    header, rows = open_table(source)
    check_columns(source, header, ["image_id", "original", "modified"])
    its_split = split_for(source, split)
    for row, record in rows:
        match = PRINTED_SERIES.match(record["image_id"])
        plain = PLAIN_NAME.fullmatch(record["image_id"])
        if match is None and plain is None:
            rule = f"{quoted(record['image_id'])} is not an ordinal and a COCO image id"
            yield Problem(source.name, row, rule, "Correct the cell, or use the table importer")
            continue
        image = name.format(int(match[2])) if match else record["image_id"]
        yield NamedImage(image, its_split, row)
        yield NamedCaption(image, record["original"], row, new_text=record["modified"])


def image_ids(source: Path, *, name: str = "{:012d}.jpg") -> list[str]:
    """Return the image id of every row of such a file, for files that go along with it row by row."""
    from curation.importers.naming import image_id

    found = []
    for item in xmai(source, name=name):
        if isinstance(item, Problem):
            refuse(source, item.row, item.rule, item.remedy)
        if isinstance(item, NamedCaption):
            found.append(image_id(item.name, "name"))
    return found
