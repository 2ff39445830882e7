"""What one person's decisions cost the server: processor time, and memory that does not come back."""

from __future__ import annotations

import asyncio

from tests.benchmarks._review_speed import QUEUE, percentile
from tests.benchmarks._review_workspace import workspace_copy
from tests.serving import Served, served
from tests.wire import Tab

DECISIONS = 5_000
WARM_UP = 600
"""Decisions before the figures begin: by then the first jobs have come back, for which modules are loaded once, and
caches are full.
"""


def cost() -> dict[str, float]:
    """Make 5,000 decisions one after another through the page, as fast as the server acknowledges them."""
    with workspace_copy() as folder, served(folder) as app:
        return asyncio.run(_decide(app))


async def _decide(app: Served) -> dict[str, float]:
    async with Tab(app.port, QUEUE, "Ria") as tab:
        for number in range(WARM_UP):
            await _one(tab, number)
        cpu, memory = app.cpu_seconds(), app.megabytes()
        seconds = [await _one(tab, number) for number in range(DECISIONS)]
        spent, grown = app.cpu_seconds() - cpu, app.megabytes() - memory
        if tab.refused:
            raise RuntimeError(f"{len(tab.refused)} decisions were refused: {next(iter(tab.refused.values()))}")
    return {
        "cost_decisions": DECISIONS,
        "cpu_ms_per_decision": 1000 * spent / DECISIONS,
        "acknowledged_p50": 1000 * percentile(seconds, 50),
        "acknowledged_p99": 1000 * percentile(seconds, 99),
        "memory_megabytes_before": memory,
        "memory_megabytes_grown": grown,
    }


async def _one(tab: Tab, number: int) -> float:
    item = tab.next_item()
    if item is None:
        raise RuntimeError(f"no item was left after {number} decisions")
    return await tab.decide(item, "fine" if number % 4 else "coarse")
