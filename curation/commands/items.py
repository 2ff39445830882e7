"""Items of a queue that a filter leaves, written to a file: the same filter as in the address of a screen."""

from __future__ import annotations

import csv
import io
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from curation.commands import Args, Console, absolute, command, plain
from curation.records import QUEUES, RegrainError
from curation.store import filters, queues

if TYPE_CHECKING:
    from curation.session import Session

PAGE = 5_000
COLUMNS = ("id", "caption_id", "image_id", "text", "split", "priority", "status", "verdict", "person", "decided_at")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("queue", choices=QUEUES)
    parser.add_argument("--tab", choices=queues.TABS, default="todo", help="which list (todo)")
    parser.add_argument(
        "--where", default="", metavar="QUERY", help="a filter as it stands in a screen's address, e.g. 'q=dog&low=0.5'"
    )
    parser.add_argument("--to", type=absolute, required=True, help="the file to write: .jsonl or .csv")


@command("items", title="Release", arguments=_arguments)
def items(session: Session, args: Args, console: Console) -> int:
    """Write the items of a list that a filter leaves, in its order, to a JSONL or CSV file."""
    path = Path(args["to"])
    if path.suffix not in (".jsonl", ".csv"):
        raise RegrainError(f"{path.name}: write to a file that ends in .jsonl or .csv")
    if path.exists():
        raise RegrainError(f"{path} exists: name another file, nothing is overwritten")
    query = dict(parse_qsl(args["where"].lstrip("?")))
    narrow = filters.check_query(query)
    expected = queues.counts_within(session.store, args["queue"], args["person"], narrow)[args["tab"]]
    rows = list(_every(session, args, narrow))
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(_text(rows, path.suffix), encoding="utf-8", newline="")
    partial.rename(path)
    dropped = expected - len(rows)
    console.give(
        {"items": len(rows), "expected": expected, "dropped": dropped, "file": str(path)},
        f"{expected:,} in, {len(rows):,} out, {dropped:,} dropped: {path}",
    )
    return 0 if not dropped else 1


def _every(session: Session, args: Args, narrow: filters.Filter) -> Iterator[dict[str, Any]]:
    after = None
    while page := queues.listed(
        session.store, args["queue"], args["tab"], person=args["person"], after=after, n=PAGE, narrow=narrow
    ):
        yield from ({name: row[name] for name in COLUMNS} for row in page)
        after = queues.key_of(page[-1], args["tab"], narrow)


def _text(rows: list[dict[str, Any]], suffix: str) -> str:
    if suffix == ".jsonl":
        return "".join(json.dumps(row, ensure_ascii=False, default=plain) + "\n" for row in rows)
    written = io.StringIO()
    table = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(
        {name: plain(value) if name == "decided_at" and value else value for name, value in row.items()} for row in rows
    )
    return written.getvalue()
