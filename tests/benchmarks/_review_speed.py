"""How fast a review screen answers a real person's keys, alone and beside nineteen others."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from curation.store import Store
from curation.workspace import Workspace
from tests.benchmarks._review_workspace import workspace_copy
from tests.browser.typist import TabLog, Typist, chromium_running
from tests.serving import ROOT, Served, served

PRESSES = 300
WARM_UP = 10
PAUSE_MS = (250, 350)
"""How long a person looks at an item before the press, from its paint."""

OTHERS, EVERY_SECONDS = 19, 2.0
QUEUE = "coarse"
KEYS = "aa1a2a1u"


def speed_alone() -> dict[str, float]:
    """Press 300 keys in one browser, with nobody else there."""
    with workspace_copy() as folder, served(folder) as app:
        log = asyncio.run(_judge(app, "alone"))
        return _figures("alone", log)


def speed_among_twenty() -> dict[str, float]:
    """Press 300 keys in one browser while nineteen others make a decision every two seconds each."""
    with workspace_copy() as folder:
        with served(folder) as app:
            log, others = asyncio.run(_judge_among_others(app))
        stored = stored_decisions(folder)
    said = set(others["applied"])
    acknowledged = len(others["applied"]) + len(others["refused"])
    return _figures("twenty", log) | {
        "nineteen_decisions": acknowledged,
        "nineteen_decisions_per_second": acknowledged / others["worked"],
        "nineteen_refused": len(others["refused"]),
        "nineteen_saved_p95": percentile([1000 * one for one in others["seconds"]], 95),
        "nineteen_acknowledged_lost": len(said - {row["id"] for row in stored if row["applied"]}),
        "nineteen_stored_unacknowledged": sum(
            row["applied"] and row["person"].startswith("annotator") and row["id"] not in said for row in stored
        ),
    }


def stored_decisions(folder: Path) -> list[dict[str, Any]]:
    """Return the log of a workspace that no app holds any more, oldest first."""
    store = Store.open(Workspace.at(folder).database)
    try:
        return store.records("SELECT id, person, queue, item_id, verdict, applied, undoes FROM decision ORDER BY seq")
    finally:
        store.close()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` per cent of the values do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


def _figures(name: str, log: TabLog) -> dict[str, float]:
    painted, saved = log.press_to_paint()[WARM_UP:], log.press_to_saved()[WARM_UP:]
    return {
        f"{name}_presses": len(painted),
        f"{name}_painted_p50": percentile(painted, 50),
        f"{name}_painted_p95": percentile(painted, 95),
        f"{name}_saved_p50": percentile(saved, 50),
        f"{name}_saved_p95": percentile(saved, 95),
        f"{name}_press_to_frame_p95_by_the_browser": percentile(log.frames[WARM_UP:] or [16.0], 95),
        f"{name}_unsaved": len(log.decisions) - len(log.press_to_saved()),
    }


async def _judge(app: Served, person: str) -> TabLog:
    chance = Random(7)
    async with chromium_running() as browser:
        typist = await Typist.sit_down(browser, f"{app.address}/{QUEUE}?as={person}")
        for number in range(PRESSES + WARM_UP):
            await typist.seen(chance.uniform(*PAUSE_MS))
            await typist.press(KEYS[number % len(KEYS)])
        await typist.settled()
        return await typist.log()


async def _judge_among_others(app: Served) -> tuple[TabLog, dict[str, Any]]:
    async with others_at_work(app, OTHERS, EVERY_SECONDS) as told:
        log = await _judge(app, "among twenty")
    return log, told


@asynccontextmanager
async def others_at_work(app: Served, people: int, every: float) -> AsyncIterator[dict[str, Any]]:
    """Keep others judging in a process of their own; what they were told stands in the dictionary afterwards."""
    command = [sys.executable, "-m", "tests.wire_people", str(app.port), QUEUE, str(people), str(every)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    told: dict[str, Any] = {}
    try:
        assert process.stdout is not None
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("the other people did not get their first items")
        yield told
        output, _ = await asyncio.wait_for(process.communicate(b""), 90)
        told |= json.loads(output.splitlines()[-1])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
