"""Presses that come faster than anybody can judge: each counts once, for an item that was seen, or is ignored."""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import cache
from typing import Any

from tests.benchmarks._review_speed import QUEUE, percentile, stored_decisions
from tests.benchmarks._review_workspace import workspace_copy
from tests.browser.typist import TabLog, Typist, chromium_running
from tests.serving import Served, served

PRESSES = 2_000
GAPS_MS = {"gap_80": 80, "gap_200": 200}
DWELL_MS = 120.0


@cache
def presses() -> dict[str, float]:
    """Press 2,000 keys at 80 ms in one tab, then 2,000 at 200 ms in another, by two people."""
    with workspace_copy() as folder:
        with served(folder) as app:
            logs = asyncio.run(_type(app))
        stored = stored_decisions(folder)
    figures: dict[str, float] = {}
    for name, log in logs.items():
        figures |= {f"{name}_{what}": value for what, value in _held_against(stored, name, log).items()}
    return figures


def _held_against(stored: list[dict[str, Any]], person: str, log: TabLog) -> dict[str, float]:
    """Hold what the tab reported against what the database holds."""
    rows = [row for row in stored if row["person"] == person]
    applied = Counter(row["id"] for row in rows if row["applied"])
    reported = {decision["id"]: decision["item_id"] for decision in log.decisions}
    acked = {ack["id"] for ack in log.acked}
    gaps = [after - before for before, after in zip(log.presses, log.presses[1:], strict=False)]
    return {
        "presses": len(log.presses),
        "gap_p50": percentile(gaps, 50),
        "accepted": len(reported),
        "ignored": log.ignored,
        "unaccounted": len(log.presses) - len(reported) - log.ignored,
        "applied_unseen": sum(not _was_seen(decision, log) for decision in log.decisions),
        "stored_twice": sum(count - 1 for count in applied.values())
        + sum(count - 1 for count in Counter(row["item_id"] for row in rows if row["applied"]).values()),
        "reported_not_stored": len(acked - applied.keys()) + len(reported.keys() - acked),
        "stored_not_reported": len(applied.keys() - acked),
        "stored_on_another_item": sum(reported.get(row["id"]) != row["item_id"] for row in rows),
    }


def _was_seen(decision: dict[str, Any], log: TabLog) -> bool:
    """Say whether the item that a press judged was the last one painted, 120 ms or more before the press."""
    painted = [paint for paint in log.paints if paint["at"] <= decision["press"]]
    return (
        bool(painted)
        and painted[-1]["item"] == decision["item_id"]
        and decision["press"] - painted[-1]["at"] >= DWELL_MS
    )


async def _type(app: Served) -> dict[str, TabLog]:
    async with chromium_running() as browser:
        logs = {}
        for name, gap in GAPS_MS.items():
            typist = await Typist.sit_down(browser, f"{app.address}/{QUEUE}?as={name}")
            await typist.press_every(gap / 1000, "a" * PRESSES)
            await typist.settled()
            logs[name] = await typist.log()
            await typist.leave()
        return logs
