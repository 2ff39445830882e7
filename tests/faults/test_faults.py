"""What goes wrong around people who judge: nothing acknowledged is lost, nothing counts twice, and they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from curation.workspace import Workspace
from tests.browser.typist import TabLog, Typist, chromium_running
from tests.faults.conftest import Note, Run, log_of
from tests.faults.counts import check_ids
from tests.faults.proxy import wire_to
from tests.serving import Served, served

pytestmark = pytest.mark.browser

CUT_SECONDS = 20
UNSAVED = '.rg .saved[data-state="unsaved"]'
SAVED = '.rg .saved[data-state="saved"]'


def check(note: Note, logs: Sequence[TabLog], rows: list[dict[str, Any]]) -> None:
    """Hold what tabs reported against what is stored; that the person is told was waited for in the tab."""
    acked = [ack["id"] for log in logs for ack in log.acked]
    check_ids(note, acked, rows, told=True, sent=[made["id"] for log in logs for made in log.decisions])


async def judge(typist: Typist, number: int) -> None:
    for _ in range(number):
        await typist.seen(150)
        await typist.press("a")


async def shows(typists: Iterable[Typist], selector: str) -> None:
    """Wait until every tab shows an element."""
    await asyncio.gather(*(typist.page.locator(selector).wait_for() for typist in typists))


def test_the_server_is_killed_while_five_people_judge(workspace: Workspace, run: Run, record_property: Note) -> None:
    app = Served(workspace.folder)
    logs: list[TabLog] = []

    async def five() -> None:
        async with chromium_running() as browser:
            people = [await Typist.sit_down(browser, f"{app.address}/coarse?as=person+{number}") for number in range(5)]
            working = asyncio.gather(*(judge(typist, 8) for typist in people))
            await shows(people, ".rg .judge .cap")
            await asyncio.sleep(1.5)
            app.kill()
            await asyncio.wait([asyncio.ensure_future(working)], timeout=5)
            working.cancel()
            for typist in people:
                await typist.press("a")  # at the latest this one cannot be saved
            await shows(people, UNSAVED)
            await asyncio.to_thread(app.start)
            for typist in people:
                await typist.settled()
                logs.append(await typist.log())

    try:
        app.start()
        run(five)
    finally:
        app.stop()
    check(record_property, logs, log_of(workspace))


def test_the_network_is_cut_for_twenty_seconds(workspace: Workspace, run: Run, record_property: Note) -> None:
    logs: list[TabLog] = []

    async def cut(app: Served) -> None:
        async with chromium_running() as browser, wire_to(app.port) as wire:
            typist = await Typist.sit_down(browser, f"http://127.0.0.1:{wire.port}/coarse?as=Ria")
            await judge(typist, 3)
            await typist.settled()
            wire.cut()
            await judge(typist, 3)
            await shows([typist], UNSAVED)
            await asyncio.sleep(CUT_SECONDS - 5)
            assert await typist.page.locator(UNSAVED).count() == 1
            wire.mend()
            await typist.settled()
            await shows([typist], SAVED)
            await judge(typist, 2)
            await typist.settled()
            logs.append(await typist.log())

    with served(workspace.folder) as app:
        run(lambda: cut(app))
    check(record_property, logs, log_of(workspace))
    assert len(logs[0].decisions) == 8


def test_a_tab_is_reloaded_in_the_middle_of_an_edit(workspace: Workspace, run: Run, record_property: Note) -> None:
    logs: list[TabLog] = []
    draft = "A draft that nobody has saved, with “quotes” and <b>tags</b>"

    async def reload(app: Served) -> None:
        async with chromium_running() as browser:
            typist = await Typist.sit_down(browser, f"{app.address}/coarse?as=Ria")
            await judge(typist, 1)
            await typist.settled()
            before = await typist.log()
            await typist.seen(150)
            await typist.press("e")
            editor = typist.page.locator(".rg textarea.editor")
            await editor.fill(draft)
            await typist.page.reload()
            await editor.wait_for()
            assert await editor.input_value() == draft
            await editor.press("Control+Enter")
            await typist.settled()
            after = await typist.log()
            logs.append(TabLog(after.presses, after.paints, before.decisions + after.decisions,
                               before.acked + after.acked, after.ignored))  # fmt: skip

    with served(workspace.folder) as app:
        run(lambda: reload(app))
    rows = log_of(workspace)
    check(record_property, logs, rows)
    assert [row["text"] for row in rows if row["verdict"] == "edit"] == [draft]
