"""Flickr30K ``results.csv`` (``image_name| comment_number| comment``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, quoted, refuse
from curation.importers.reading import split_for, text_lines

HEADER = re.compile(r"\s*image_name\s*\|\s*comment_number\s*\|\s*comment\s*")
RECORD = re.compile(r"\s*([^|]+?)\s*\|\s*(\d{1,6})\s*(\|?)\s*(.*)", re.DOTALL)


def _recognise(head: Head) -> int:
    return 2 * bool(HEADER.fullmatch(head.text.partition("\n")[0]))


@importer("flickr_csv", title="Flickr30K results.csv", recognise=_recognise)
def flickr_csv(source: Path, *, split: str = "") -> Iterator[Item]:
    """Read Flickr30K's table with `|` between image name, comment number and comment.

    The published table lacks its second `|` in one line; such a line is read and listed.
    """
    its_split = split_for(source, split)
    for row, line in text_lines(source):
        text = line.rstrip("\r\n")
        if row == 1:
            _check_header(source, text)
            continue
        if not text.strip():
            continue
        match = RECORD.fullmatch(text)
        if match is None:
            rule = f"{quoted(text)} is not 'image| number| comment'"
            yield Problem(source.name, row, rule, "Correct or remove the line")
            continue
        name, number, bar, caption = match.groups()
        if not bar:
            rule = f"the '|' after the comment number {number} is missing"
            yield Problem(source.name, row, rule, "Nothing to do: the line was read as meant", fatal=False)
        yield NamedImage(name, its_split, row)
        yield NamedCaption(name, caption.rstrip(), row, int(number))


def _check_header(source: Path, text: str) -> None:
    if not HEADER.fullmatch(text):
        columns = ", ".join(cell.strip() for cell in text.split("|"))
        refuse(
            source,
            1,
            f"the header is not 'image_name| comment_number| comment'; the columns are: {quoted(columns, 200)}",
            "Use the table importer and choose the columns",
        )
