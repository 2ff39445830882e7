"""Reading text, JSON and tables so that every failure names the file, the place, the rule and the remedy."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from curation.importers.items import SPLIT_SYNONYMS, ImportRefused, as_split, bad_split, quoted, refuse
from curation.records import Split

BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
SAVE_AS_UTF8 = "Save the file as UTF-8"
SPLIT_WORD = re.compile(r"(?<![a-z])(restval|train|val|dev|test|unlabell?ed|pool)(?![a-z])")
LINE_ENDS = "Save it with Unix or Windows line ends"
LONGEST_CELL = 2**31 - 1
CUT_OFF = "The file seems to be cut off: copy or download it again"


@contextmanager
def readable(source: Path) -> Iterator[None]:
    """Refuse ``source`` where the system refuses to read it in this block, e.g. for want of rights."""
    try:
        yield
    except IsADirectoryError:
        refuse(source, None, "it is a folder, not a file", "Choose the file itself")
    except OSError as error:
        rule = f"the system refuses to read it: {error.strerror or error}"
        refuse(source, None, rule, "Check the path and that you may read it")


def text_lines(source: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number from 1, line with its line end) of a UTF-8 file; a BOM is dropped."""
    offset = 0
    with readable(source), source.open("rb") as stream:
        for row, raw in enumerate(stream, 1):
            if row == 1:
                _refuse_utf16(source, raw)
                raw = raw.removeprefix(BOM)
            try:
                yield row, raw.decode()
            except UnicodeDecodeError as error:
                _refuse_bytes(source, row, offset + error.start, raw[error.start])
            offset += len(raw)


def load_json(source: Path, *, unique_keys: bool = False) -> Any:
    """Return the content of a UTF-8 JSON file.

    With ``unique_keys`` an object that has the same key twice is refused instead of keeping the last one.
    """
    with readable(source):
        data = source.read_bytes()
    _refuse_utf16(source, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse_bytes(source, data.count(b"\n", 0, error.start) + 1, error.start, data[error.start])
    del data  # a large file would otherwise be held twice while it is parsed
    if not text.strip():
        refuse(source, None, "the file is empty", CUT_OFF)
    try:
        return json.loads(text, object_pairs_hook=_unique if unique_keys else None)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        remedy = CUT_OFF if at_end else "Correct the JSON at that place"
        refuse(source, error.lineno, f"not valid JSON at column {error.colno}: {error.msg}", remedy)
    except _RepeatedKey as error:
        refuse(source, None, f"the key {quoted(error.key)} appears twice", "Keep one of the two entries")
    except (ValueError, RecursionError) as error:
        refuse(source, None, f"not usable JSON: {error}", "Correct or re-create the file")


def json_lines(source: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line number from 1, value) of a JSON Lines file; blank lines are skipped."""
    for row, line in text_lines(source):
        if not line.strip():
            continue
        try:
            yield row, json.loads(line)
        except json.JSONDecodeError as error:
            rule = f"the line is not valid JSON at column {error.colno}: {error.msg}"
            refuse(source, row, rule, "Correct the line, or copy the file again if it is cut off")
        except (ValueError, RecursionError) as error:
            refuse(source, row, f"the line is not usable JSON: {error}", "Correct the line")


def csv_rows(source: Path, *, delimiter: str = ",", quotes: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Yield (line on which the record begins, cells), the header included; blank lines are skipped."""
    csv.field_size_limit(LONGEST_CELL)  # the default of 131,072 characters calls a long caption a broken file
    reader = csv.reader(
        (line for _, line in text_lines(source)),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE,
        strict=True,
    )
    row = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            alone = str(error).startswith("new-line character")  # of an old Macintosh, or amid a text
            remedy = LINE_ENDS if alone else "Look for a quote that is never closed"
            refuse(source, row, f"not a valid CSV record: {error}", remedy)
        if cells is None:
            return
        if cells:
            yield row, cells
        row = reader.line_num + 1


def split_for(source: Path, split: str) -> Split:
    """Return the given split, or where it is empty the one that the file name says, else ``none``.

    >>> split_for(Path("captions_val2014.json"), ""), split_for(Path("flickr30k_test.json"), "")
    ('val', 'test')
    """
    if split:
        known = as_split(split)
        if known is None:
            raise ImportRefused(bad_split(source, None, split))
        return known
    words = SPLIT_WORD.findall(source.stem.lower())
    return SPLIT_SYNONYMS[words[0]] if len(set(words)) == 1 else "none"


def expect_list(source: Path, value: Any, what: str) -> list[Any]:
    """Return ``value`` if it is a list; else refuse, saying what was expected."""
    if not isinstance(value, list):
        refuse(source, None, f"{what} is not a list but {kind(value)}", "Choose the format that this file has")
    return value


def kind(value: object) -> str:
    """Return what a JSON value is, in plain words."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true/false", int: "a number", float: "a number"}
    return "nothing (null)" if value is None else names.get(type(value), type(value).__name__)


class _RepeatedKey(ValueError):
    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKey(key)
        found[key] = value
    return found


def _refuse_utf16(source: Path, data: bytes) -> None:
    if data.startswith(UTF16_BOMS):
        refuse(source, 1, "the file is UTF-16, not UTF-8", SAVE_AS_UTF8)


def _refuse_bytes(source: Path, row: int, offset: int, byte: int) -> None:
    refuse(source, row, f"byte 0x{byte:02x} at offset {offset:,} is not UTF-8", SAVE_AS_UTF8)
