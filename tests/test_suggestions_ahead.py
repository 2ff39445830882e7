"""Suggestions are there before their item is shown; else the item says that they are being sought, and they come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from curation.store import Store, upkeep
from curation.workspace import Workspace
from tests import small_demo
from tests.serving import served
from tests.wire import Tab, finish

PACE_SECONDS = 0.2
JUDGED = 16
PATIENCE_SECONDS = 120.0
ASK_SECONDS = 0.5


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    yield small_demo.copy(tmp_path_factory)


async def judge(port: int, number: int, after: Callable[[str], Awaitable[None]]) -> None:
    """Call captions coarse at a pace, and look after each of them."""
    async with Tab(port, "coarse", "Ria") as coarse:
        for _ in range(number):
            item = coarse.next_item()
            assert item is not None
            await coarse.decide(item, "coarse")
            await after(item["caption_id"])
            await asyncio.sleep(PACE_SECONDS)  # the pace is what is tested


def test_rewrites_come_with_their_suggestions_sought(demo: Workspace) -> None:
    seen: dict[str, dict[str, Any]] = {}

    async def both(port: int) -> None:
        async with Tab(port, "rewrites", "Ben") as rewrites:

            async def look(caption: str) -> None:
                await rewrites.look_again()
                item = rewrites.next_item()
                assert item is not None
                seen[item["caption_id"]] = item
                await rewrites.decide(item, "fine")

            await judge(port, JUDGED, look)

    with served(demo.folder) as app:
        finish(both(app.port))
    assert len(seen) == JUDGED
    assert not [item["caption_id"] for item in seen.values() if item["waits"]]
    assert all(item["suggestions"] or "No suggestion passed" in item["note"] for item in seen.values())
    assert sum(bool(item["suggestions"]) for item in seen.values()) >= JUDGED / 2


def test_where_none_were_sought_ahead_the_item_says_so_and_they_come_without_a_key(demo: Workspace) -> None:
    forget(demo.folder)
    told: list[str] = []

    async def both(port: int) -> None:
        async with Tab(port, "rewrites", "Cleo") as rewrites:

            async def look(caption: str) -> None:
                await rewrites.look_again()
                item = rewrites.next_item()
                assert item is not None
                assert item["waits"], "nothing was sought ahead"
                told.append(item["note"])
                await until(rewrites, lambda: not (rewrites.next_item() or {}).get("waits"))
                item = rewrites.next_item()
                assert item is not None and (item["suggestions"] or "No suggestion passed" in item["note"])

            await judge(port, 1, look)

    with served(demo.folder) as app:
        finish(both(app.port))
    assert "being sought" in told[0]


def forget(folder: Path) -> None:
    """Let nothing be sought ahead, and nothing be known."""
    store = Store.open(Workspace.at(folder).database)
    try:
        upkeep.change_settings(store, {"suggest_ahead": 0})
        for table in ("suggestion", "suggested"):
            store.write(lambda c, table=table: c.execute(f"DELETE FROM {table}"))
    finally:
        store.close()


async def until(tab: Tab, holds: Callable[[], bool]) -> None:
    """Ask as the browser does while an item waits, until something holds."""
    for _ in range(int(PATIENCE_SECONDS / ASK_SECONDS)):
        await tab.poll()
        if holds():
            return
        await asyncio.sleep(ASK_SECONDS)
    raise AssertionError("no suggestions came")
