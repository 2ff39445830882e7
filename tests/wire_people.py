"""``python -m tests.wire_people PORT QUEUE PEOPLE EVERY``: people who each make a decision every so many seconds.

One process, one event loop: it costs little beside the server that it keeps busy. It prints ``ready`` when all have
their first item, works until its standard input is closed (at most ``LIMIT_SECONDS``), and prints one JSON object:
the ids that were acknowledged as applied, those that were refused, and the seconds to each acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from random import Random

from tests.wire import Tab

LIMIT_SECONDS = 600.0
VERDICTS = ("fine", "fine", "coarse", "fine", "unsure")


@dataclass
class Told:
    """What the server answered."""

    applied: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    idle: int = 0
    worked: float = 0.0


async def work(tab: Tab, every: float, chance: Random, told: Told, stop: asyncio.Event) -> None:
    """Decide on one item after another, at most one per ``every`` seconds, until ``stop``."""
    clock = asyncio.get_running_loop()
    due = clock.time() + every * chance.random()
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), max(0.0, due - clock.time()))
            return
        except TimeoutError:
            pass
        due = max(due + every, clock.time())
        item = tab.next_item()
        if item is None:
            told.idle += 1
            await tab.look_again()
            continue
        seconds = await tab.decide(item, chance.choice(VERDICTS))
        decision = tab.last["id"]
        (told.refused if decision in tab.refused else told.applied).append(decision)
        told.seconds.append(seconds)


async def main(port: int, queue: str, people: int, every: float) -> None:
    stop, told = asyncio.Event(), Told()
    tabs = [Tab(port, queue, f"annotator {number:02}") for number in range(1, people + 1)]
    for tab in tabs:
        await tab.open()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.get_running_loop().run_in_executor(None, sys.stdin.read).add_done_callback(lambda _: stop.set())
    began = time.perf_counter()
    working = asyncio.gather(*(work(tab, every, Random(n), told, stop) for n, tab in enumerate(tabs)))
    try:
        await asyncio.wait_for(working, LIMIT_SECONDS)
    finally:
        told.worked = time.perf_counter() - began
        await asyncio.gather(*(tab.close() for tab in tabs))
        sys.stdout.write(json.dumps(told.__dict__) + "\n")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
