"""What a fault may have cost, counted in one way for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

Note = Callable[[str, object], None]


def check_ids(
    note: Note, acked: Collection[str], rows: list[dict[str, Any]], *, told: bool, sent: Collection[str] = ()
) -> None:
    """Count decisions that were lost, counted twice or never sent, note it, and hold all of it to nothing.

    ``acked`` are the ids that somebody was told are saved, ``sent`` all that were made, ``told`` whether the person
    was shown what happened. The note is what the benchmark reads, also where the test then fails.
    """
    stored = {row["id"] for row in rows}
    applied = [row for row in rows if row["applied"] and row["undoes"] is None]
    undone = {row["undoes"] for row in rows if row["applied"]}
    standing = Counter((row["queue"], row["item_id"]) for row in applied if row["id"] not in undone)
    found = {
        "acknowledged_lost": len(set(acked) - stored),
        "counted_twice": len(rows) - len(stored) + sum(number - 1 for number in standing.values()),
        "never_sent": len(set(sent) - stored),
        "not_told": int(not told),
    }
    note("fault", " ".join(f"{name}={count}" for name, count in found.items()))
    assert acked and found == dict.fromkeys(found, 0)
