"""Items of a queue that a filter leaves, written to a file: the same filter as in the address of a screen."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from curation import listing
from curation.commands import Args, Console, absolute, command
from curation.records import QUEUES, RegrainError
from curation.store import filters, queues

if TYPE_CHECKING:
    from curation.session import Session


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
    if path.suffix not in listing.FORMATS:
        raise RegrainError(f"{path.name}: write to a file that ends in .jsonl or .csv")
    if path.exists():
        raise RegrainError(f"{path} exists: name another file, nothing is overwritten")
    narrow = filters.check_query(dict(parse_qsl(args["where"].lstrip("?"))))
    text, number = listing.written(
        session.store, args["queue"], args["tab"], person=args["person"], narrow=narrow, suffix=path.suffix
    )
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="")
    partial.rename(path)
    console.give({"items": number, "file": str(path)}, f"{number:,} in, {number:,} out, 0 dropped: {path}")
    return 0
