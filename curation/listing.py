"""The items of a queue that a filter leaves, as lines of JSONL or CSV: for the command line and the screens."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from curation.records import Queue, RegrainError
from curation.store import Store, queues
from curation.store.filters import Filter
from curation.store.queues import Tab

PAGE = 5_000
COLUMNS = ("id", "caption_id", "image_id", "text", "split", "priority", "status", "verdict", "person", "decided_at")
FORMATS = (".jsonl", ".csv")


def written(store: Store, queue: Queue, tab: Tab, *, person: str, narrow: Filter, suffix: str) -> tuple[str, int]:
    """Return the text of a list in its order, and how many items it holds; ``suffix`` is one of ``FORMATS``.

    Raises ``RegrainError`` where the list changed while it was read, so that the text would not be one list.
    """
    expected = queues.counts_within(store, queue, person, narrow)[tab]
    rows = list(_every(store, queue, tab, person, narrow))
    if len(rows) != expected:
        raise RegrainError(
            f"the list held {expected:,} items and {len(rows):,} were read: somebody judged meanwhile, write it again"
        )
    return (_jsonl(rows) if suffix == ".jsonl" else _csv(rows)), len(rows)


def _every(store: Store, queue: Queue, tab: Tab, person: str, narrow: Filter) -> Iterator[dict[str, Any]]:
    after = None
    while page := queues.listed(store, queue, tab, person=person, after=after, n=PAGE, narrow=narrow):
        yield from ({name: _plain(row[name]) for name in COLUMNS} for row in page)
        after = queues.key_of(page[-1], tab, narrow)


def _plain(value: Any) -> Any:
    return f"{value.isoformat()}Z" if isinstance(value, datetime) else value


def _jsonl(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: list[dict[str, Any]]) -> str:
    held = io.StringIO()
    table = csv.DictWriter(held, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return held.getvalue()
