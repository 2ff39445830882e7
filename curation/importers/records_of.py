"""Any JSON, JSONL, CSV, TSV or Parquet table as rows: a header of column names, then one dict per record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any

from curation.importers.items import quoted, refuse
from curation.importers.reading import csv_rows, json_lines, kind, load_json

Row = tuple[int, Mapping[str, Any]]
SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".parquet")
JSON_HEADER_ROWS = 100


def columns_of(source: Path) -> list[str]:
    """Return the column names of a table file (of JSON records: of the first hundred)."""
    return open_table(source)[0]


def open_table(source: Path) -> tuple[list[str], Iterator[Row]]:
    """Return (column names, iterator of (row from 1, record)) of a table file, chosen by its suffix.

    Rows of CSV and JSONL are line numbers, of JSON and Parquet the number of the record.
    """
    match source.suffix.lower():
        case ".csv":
            return _open_csv(source, ",")
        case ".tsv":
            return _open_csv(source, "\t")
        case ".jsonl" | ".ndjson":
            return _open_records(source, json_lines(source))
        case ".json":
            return _open_records(source, enumerate(_record_list(source), 1))
        case ".parquet":
            return _open_parquet(source)
        case suffix:
            refuse(source, None, f"{suffix or 'no suffix'} is not a table", f"Use one of {', '.join(SUFFIXES)}")


def _open_csv(source: Path, delimiter: str) -> tuple[list[str], Iterator[Row]]:
    records = csv_rows(source, delimiter=delimiter)
    _, header = next(records, (1, []))
    if not header:
        refuse(source, 1, "the file is empty", "The first line names the columns")
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        refuse(source, 1, f"the column {quoted(twice)} is there twice", "Give each column a name of its own")
    return header, _csv_records(source, header, records)


def _csv_records(source: Path, header: list[str], records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    width = len(header)
    for row, cells in records:
        if len(cells) != width:
            rule = f"{len(cells)} cells where the header has {width}"
            refuse(source, row, rule, "Put cells that hold the separator in double quotes")
        yield row, dict(zip(header, cells, strict=True))


def _open_records(source: Path, values: Iterator[tuple[int, Any]]) -> tuple[list[str], Iterator[Row]]:
    records = _objects(source, values)
    first = list(islice(records, JSON_HEADER_ROWS))
    if not first:
        refuse(source, None, "the file holds no record", "Choose another file")
    header = list(dict.fromkeys(column for _, record in first for column in record))
    return header, chain(first, records)


def _objects(source: Path, values: Iterator[tuple[int, Any]]) -> Iterator[Row]:
    for row, value in values:
        if not isinstance(value, dict):
            refuse(source, row, f"the record is {kind(value)}, not an object", "Make each record an object")
        yield row, value


def _record_list(source: Path) -> list[Any]:
    """Return the records of a JSON file: the list itself, or the only list in the object around it."""
    content = load_json(source)
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else content
    if not isinstance(content, list):
        refuse(source, None, f"the file is {kind(content)}, not a list of records", "Choose the format that it has")
    return content


def _open_parquet(source: Path) -> tuple[list[str], Iterator[Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source)
    except (pa.ArrowException, OSError) as error:
        refuse(source, None, f"not a readable Parquet file: {error}", "Copy or download the file again")
    return list(file.schema_arrow.names), _parquet_records(source, file)


def _parquet_records(source: Path, file: Any) -> Iterator[Row]:
    import pyarrow as pa

    row = 0
    try:
        for batch in file.iter_batches(batch_size=20_000):
            for record in batch.to_pylist():
                row += 1
                yield row, record
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        refuse(source, row + 1, f"the rows from here on cannot be read: {error}", "Copy or re-create the file")
