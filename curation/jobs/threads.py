"""Work side by side on as many cores as a worker may take.

The arithmetic of one batch keeps to one thread (see ``curation.jobs.process``): two batches at once take half the
time of two threads on each, which mostly wait for one another on models of this size.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def allowed() -> int:
    """Return how many cores this worker may keep busy: what its ``Pace`` says, 1 where nothing was said."""
    return int(os.environ.get("REGRAIN_THREADS", "1"))


def in_threads(work: Callable[[T], R], parts: Sequence[T]) -> list[R]:
    """Return what ``work`` makes of each part, in order, ``allowed()`` parts at a time."""
    with ThreadPoolExecutor(allowed()) as pool:
        return list(pool.map(work, parts))


def batches(items: Sequence[T], most: int) -> list[Sequence[T]]:
    """Cut ``items`` into batches of at most ``most``, smaller ones where that keeps every core busy."""
    size = max(1, min(most, -(-len(items) // allowed())))
    return [items[start : start + size] for start in range(0, len(items), size)]
