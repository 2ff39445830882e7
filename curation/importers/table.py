"""Any table with chosen columns: JSON, JSONL, CSV, TSV, Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.importers import importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, as_split, bad_split, quoted, refuse
from curation.importers.reading import kind, split_for
from curation.importers.records_of import SUFFIXES, open_table
from curation.records import Split

TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": None}


class _BadCell(Exception):
    """A cell that cannot be used: (rule, remedy)."""


@importer("table", title="Table with chosen columns", recognise=lambda head: int(head.suffix in SUFFIXES))
def table(
    source: Path,
    *,
    image: str = "image",
    captions: str | tuple[str, ...] = "caption",
    lists: bool = False,
    number: str = "",
    new_text: str = "",
    split_column: str = "",
    split: str = "",
    language_column: str = "",
    language: str = "en",
    generated_column: str = "",
    id_column: str = "",
) -> Iterator[Item]:
    """Read a JSON, JSONL, CSV, TSV or Parquet table; you choose which column holds what.

    Parameters
    ----------
    image
        Column of the image name.
    captions
        Column or columns of the captions, in order; empty for a list of images. A cell may be a list of captions.
    lists
        Caption cells of a CSV hold JSON lists.
    number
        Column of the caption's number in its image, from 0; empty: they are counted in file order.
    new_text
        Column of a later wording, which becomes a revision of the caption.
    split_column, language_column, generated_column, id_column
        Columns of the split, the language, whether a model wrote the caption (true/false), the caption's own id.
    split, language
        The split of all images and the language of all captions where there is no such column.
    """
    header, rows = open_table(source)
    columns = _Columns(
        image, (captions,) if isinstance(captions, str) and captions else tuple(captions), lists,
        number, new_text, split_column, split_for(source, split), language_column, language,
        generated_column, id_column,
    )  # fmt: skip
    check_columns(source, header, columns.named())
    for row, record in rows:
        try:
            yield from columns.read(source, row, record)
        except _BadCell as error:
            rule, remedy = error.args
            yield Problem(source.name, row, rule, remedy)


@dataclass(frozen=True, slots=True)
class _Columns:
    image: str
    captions: tuple[str, ...]
    lists: bool
    number: str
    new_text: str
    split_column: str
    split: Split
    language_column: str
    language: str
    generated: str
    id: str

    def named(self) -> list[str]:
        """Return the columns that must be there."""
        single = (self.number, self.new_text, self.split_column, self.language_column, self.generated, self.id)
        return [self.image, *self.captions, *(column for column in single if column)]

    def read(self, source: Path, row: int, record: Mapping[str, Any]) -> Iterator[Item]:
        """Yield the image of one record and its captions."""
        name = _text(record, self.image)
        word = record.get(self.split_column) or "" if self.split_column else self.split
        split = as_split(word)
        if split is None:
            yield bad_split(source, row, word)
            return
        yield NamedImage(name, split, row)
        texts = [text for column in self.captions for text in self._texts(record, column)]
        new_texts = self._texts(record, self.new_text) if self.new_text else []
        if new_texts and len(new_texts) != len(texts):
            raise _BadCell(f"{len(texts)} captions but {len(new_texts)} new texts", "Give one new text for each")
        first = _number(record, self.number) if self.number else None
        language = (_text(record, self.language_column) if self.language_column else "") or self.language
        generated = _truth(record, self.generated) if self.generated else None
        own_id = _text(record, self.id) if self.id else None
        for k, text in enumerate(texts):
            number = None if first is None else first + k
            source_id = own_id if own_id is None or len(texts) == 1 else f"{own_id}/{k}"
            new = new_texts[k] if new_texts else None
            yield NamedCaption(name, text, row, number, source_id, language, generated, new)

    def _texts(self, record: Mapping[str, Any], column: str) -> list[str]:
        value = record.get(column)
        if self.lists and isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise _BadCell(f"column {quoted(column)} is not a JSON list: {error}", "Correct the cell") from None
        if isinstance(value, list):
            return value  # the kind of each element is checked with that of all captions
        return [] if value is None else [value]


def check_columns(source: Path, header: list[str], wanted: list[str]) -> None:
    """Refuse a table that lacks one of the wanted columns, naming those that are there."""
    missing = [column for column in wanted if column not in header]
    if missing:
        there = quoted(", ".join(header), 400)
        refuse(source, None, f"there is no column {missing[0]!r}; the columns are {there}", "Choose among these")


def _text(record: Mapping[str, Any], column: str) -> str:
    value = record.get(column)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise _BadCell(f"column {quoted(column)} holds {kind(value)}, not a text", "Correct the cell")
    return value


def _number(record: Mapping[str, Any], column: str) -> int:
    text = _text(record, column)
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise _BadCell(f"{quoted(text)} is not a caption number", "Count the captions of an image from 0")
    return int(text)


def _truth(record: Mapping[str, Any], column: str) -> bool | None:
    value = record.get(column)
    if value is None or isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text not in TRUTH:
        raise _BadCell(f"column {quoted(column)} holds {quoted(value)}, not true or false", "Correct the cell")
    return TRUTH[text]
