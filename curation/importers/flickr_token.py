"""Flickr30K ``results_20130124.token`` and Flickr8k ``Flickr8k.token.txt``: ``name.jpg#0<TAB>caption``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, quoted
from curation.importers.reading import LINE_ENDS, split_for, text_lines

LINE = re.compile(r"([^\t]+)#(\d{1,6})\t(.*)", re.DOTALL)


def _recognise(head: Head) -> int:
    return 2 * bool(LINE.match(head.text.partition("\n")[0]))


@importer("flickr_token", title="Flickr token file", recognise=_recognise)
def flickr_token(source: Path, *, split: str = "") -> Iterator[Item]:
    """Read lines of `name.jpg#number`, a tab and the caption."""
    its_split = split_for(source, split)
    for row, line in text_lines(source):
        text = line.rstrip("\r\n")
        if not text:
            continue
        match = LINE.fullmatch(text)
        if match is None:
            rule = f"{quoted(text)} is not 'name#number<TAB>caption'"
            yield Problem(source.name, row, rule, "Correct or remove the line")
            continue
        name, number, caption = match.groups()
        if LINE.match(caption.partition("\r")[2]):  # else a whole file would pass as one caption
            yield Problem(source.name, row, "lines end in a carriage return alone", LINE_ENDS)
            continue
        yield NamedImage(name, its_split, row)
        yield NamedCaption(name, caption, row, int(number))
