"""What an undo would take back, in words: one verdict, or all of a bulk verdict."""

from __future__ import annotations

from typing import Any

from curation.records import Queue
from curation.store import Store, decisions
from curation.ui.wording import counted, verdict_label


def undo_label(store: Store, queue: Queue, last: dict[str, Any]) -> str:
    """Return what taking back a decision would take back: one verdict, or all of a bulk verdict."""
    label = verdict_label(queue, last["verdict"])
    if not last["batch_id"]:
        return label
    return f"{label}: {counted(decisions.standing_of_batch(store, last['batch_id']), 'item')} at once"
