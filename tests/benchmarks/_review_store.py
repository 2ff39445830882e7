"""The queues over 600,000 captions and a million decisions, read and written through the functions of the screens."""

from __future__ import annotations

import math
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from curation.records import QUEUES, Decision, Queue
from curation.store import Store, decisions, hands, queues
from curation.store.filters import EVERYTHING, Filter
from curation.workspace import Workspace
from tests.store import big_store

IMAGES = 120_000
ROUNDS = 200
"""Calls per figure: with fewer, the 99th percentile is the largest value."""

SEARCHES = ("red", "striped dog", "near the river", "number 01234", "throws a ball", "nothing of the kind")
FILTERS = (
    Filter(verdict="coarse"),
    Filter(person="annotator 07"),
    Filter(low=0.9),
    Filter(low=0.2, high=0.4),
    Filter(split="test"),
    Filter(origin="model"),
    Filter(verdict="fine", person="annotator 11"),
    Filter(status="unsure"),
)


def big_store_reads() -> dict[str, float]:
    """Fill the store, then time each read a few hundred times, with verdicts written in between."""
    with tempfile.TemporaryDirectory(prefix="regrain-bench-") as folder:
        store = Store.open(Workspace.at(Path(folder) / "workspace").database)
        try:
            began = time.perf_counter()
            big_store.fill(store, images=IMAGES)
            built = time.perf_counter() - began
            return {
                "store_built_seconds": built,
                "store_captions": float(store.value("SELECT count(*) FROM caption")),
                "store_decisions": float(store.value("SELECT count(*) FROM decision")),
                "store_items": float(store.value("SELECT count(*) FROM item")),
                **_figures(store),
            }
        finally:
            store.close()


def _figures(store: Store) -> dict[str, float]:
    people = [f"annotator {number:02}" for number in range(big_store.PEOPLE)]
    chance = Random(3)

    def page(narrow: Filter = EVERYTHING) -> None:
        queue, tab, person = chance.choice(QUEUES), chance.choice(queues.TABS), chance.choice(people)
        queues.listed(store, queue, tab, person=person, after=after.get((queue, tab)), n=50, narrow=narrow)

    def counts(narrow: Filter) -> None:
        queues.counts_within(store, chance.choice(QUEUES), chance.choice(people), narrow)

    def search() -> Filter:
        return Filter(text=chance.choice(SEARCHES))

    after = _second_pages(store, people[0])
    times = dict(zip(("next_item", "decision_written"), _work(store, people), strict=True))
    reads: dict[str, Callable[[], Any]] = {
        "page": page,
        "filtered_page": lambda: page(chance.choice(FILTERS)),
        "tab_counts": lambda: queues.counts(store, chance.choice(people)),
        "filtered_tab_counts": lambda: counts(chance.choice(FILTERS)),
        "search_page": lambda: page(search()),
        "search_next_item": lambda: hands.deal(store, "coarse", chance.choice(people), 5, narrow=search()),
        "search_tab_counts": lambda: counts(search()),
    }
    times |= {name: [_timed(read) for _ in range(ROUNDS)] for name, read in reads.items()}
    return {f"{name}_p{share}": _share(taken, share) for name, taken in times.items() for share in (50, 99)}


def _second_pages(store: Store, person: str) -> dict[tuple[Queue, queues.Tab], queues.Key]:
    """Return where the first page of each list of half the queues ends, so that lists are read on too."""
    found = {}
    for queue in QUEUES[::2]:
        for tab in queues.TABS:
            rows = queues.listed(store, queue, tab, person=person, n=50)
            if rows:
                found[queue, tab] = queues.key_of(rows[-1], tab)
    return found


def _work(store: Store, people: Sequence[str]) -> tuple[list[float], list[float]]:
    """Let everybody judge in a queue of their own, in turn; return the times of next items and of verdicts written."""
    dealt: list[float] = []
    written: list[float] = []
    for number in range(2 * ROUNDS):
        person, queue = people[number % len(people)], QUEUES[number % len(people) % len(QUEUES)]
        began = time.perf_counter()
        hand = hands.deal(store, queue, person, 5)
        dealt.append(1000 * (time.perf_counter() - began))
        if hand.rows:
            made = [_decision(queue, person, hand.rows[0])]
            began = time.perf_counter()
            decisions.decide(store, made)
            written.append(1000 * (time.perf_counter() - began))
    return dealt, written


def _decision(queue: Queue, person: str, row: Mapping[str, Any]) -> Decision:
    verdict = {"noise": "match", "pool": "no"}.get(queue, "fine")
    image = row["other_image_id"]
    return Decision(uuid.uuid4().hex, person, queue, row["caption_id"], row["revision_id"], verdict, image_id=image)


def _timed(call: Callable[[], Any]) -> float:
    """Return the milliseconds of a call."""
    began = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - began)


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]
