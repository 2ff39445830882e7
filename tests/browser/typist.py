"""A person at the keyboard of a real browser: presses that arrive when they are due, and the tab's own log of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser import chromium
from tests.browser.conftest import FLAGS

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession, Page

LOG_SCRIPT = Path(__file__).parent / "scripts" / "page_log.js"
PATIENCE_MS = 90_000


@dataclass(frozen=True)
class TabLog:
    """What the tab saw, in milliseconds of its own clock.

    ``decisions`` hold ``id, item_id, verdict``, the time of the ``press`` and since when the item was ``seen``.
    ``frames`` are the browser's own press-to-frame times (rounded to 8 ms; those under 16 ms are left out).
    """

    presses: list[float]
    paints: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    acked: list[dict[str, Any]]
    ignored: int
    frames: list[float] = field(default_factory=list)

    def press_to_paint(self) -> list[float]:
        """Return, for each decision, the time from its press to the next item's paint."""
        found, paints = [], iter(self.paints)
        for decision in self.decisions:
            after = next((paint["at"] for paint in paints if paint["at"] > decision["press"]), None)
            if after is not None:
                found.append(after - decision["press"])
        return found

    def press_to_saved(self) -> list[float]:
        """Return, for each acknowledged decision, the time from its press to the frame that shows it as saved."""
        pressed = {decision["id"]: decision["press"] for decision in self.decisions}
        return [ack["at"] - pressed[ack["id"]] for ack in self.acked if ack["id"] in pressed]


class Typist:
    """One tab with a review screen open."""

    def __init__(self, page: Page, keyboard: CDPSession) -> None:
        self.page = page
        self._keyboard = keyboard

    @classmethod
    async def sit_down(cls, browser: Browser, url: str) -> Typist:
        """Open a review screen in a fresh context and return when its first item can be judged."""
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        await context.add_init_script(path=LOG_SCRIPT)
        page = await context.new_page()
        await page.goto(url)
        typist = cls(page, await context.new_cdp_session(page))
        await typist.seen(150)
        return typist

    async def seen(self, ms: float) -> str:
        """Wait until an item has been on the screen for ``ms``; return its id."""
        return str(await asyncio.wait_for(self.page.evaluate("(ms) => regrainLog.seen(ms)", ms), PATIENCE_MS / 1000))

    async def press(self, key: str) -> None:
        """Press and release a letter, digit or blank as the keyboard does: the events are trusted."""
        code = "Space" if key == " " else f"Digit{key}" if key.isdigit() else f"Key{key.upper()}"
        event = {"key": key, "code": code, "windowsVirtualKeyCode": ord(key.upper())}
        await asyncio.gather(
            self._keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": key, **event}),
            self._keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **event}),
        )

    async def press_every(self, seconds: float, keys: str) -> None:
        """Press the keys at a fixed pace, whatever the screen does; return when all have arrived."""
        clock = asyncio.get_running_loop()
        began, sent = clock.time(), []
        for number, key in enumerate(keys):
            await asyncio.sleep(max(0.0, began + number * seconds - clock.time()))
            sent.append(asyncio.create_task(self.press(key)))
        await asyncio.gather(*sent)

    async def settled(self) -> None:
        """Wait until every decision is acknowledged."""
        await asyncio.wait_for(self.page.evaluate("() => regrainLog.settled()"), PATIENCE_MS / 1000)

    async def log(self) -> TabLog:
        return TabLog(**await self.page.evaluate("() => regrainLog.told()"))

    async def leave(self) -> None:
        await self.page.context.close()


@asynccontextmanager
async def chromium_running() -> AsyncIterator[Browser]:
    """Lend a headless Chromium."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.found() or chromium.install(), args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()
