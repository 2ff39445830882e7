"""One tab on one fresh queue of the fake store: what the tests of the reviewer press and look at."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

KEPT = (
    "Object.entries(sessionStorage).filter(([k]) => k.startsWith('regrain.outbox.')).map(([, v]) => JSON.parse(v))[0]"
)


class Desk:
    """One tab on one fresh queue of the fake store."""

    def __init__(self, page: Page, address: str, query: str = "") -> None:
        self.page = page
        self.name = uuid.uuid4().hex
        self.query = query
        self.url = f"{address}/?name={self.name}&{query}"
        page.goto(self.url)
        self.wait_for("0")

    def part(self, selector: str) -> Locator:
        return self.page.locator(f".rg {selector}")

    def wait_for(self, item: str) -> None:
        """Wait until an item is on the screen and its dwell is over."""
        self.part(".chip").filter(has_text=f"item {item}").wait_for()
        self.past_dwell()

    def past_dwell(self) -> None:
        """Wait until presses count: 120 ms after the paint, seen from the page's own state."""
        self.page.wait_for_function(
            "() => [...regrainReviewers.values()].some("
            "(s) => s.parts.root && s.paintedAt && performance.now() - s.paintedAt > 130)"
        )

    def press(self, *keys: str) -> None:
        for key in keys:
            self.past_dwell()
            self.page.keyboard.press(key)

    def saved(self) -> None:
        self.part('.saved[data-state="saved"]').wait_for()

    def stored(self, query: str = "") -> dict[str, Any]:
        """Return what the store holds for the person of the tab, read in a second tab."""
        tab = self.page.context.new_page()
        tab.goto(f"{self.page.url}&state=1&{query}")
        text = tab.get_by_test_id("stText").inner_text()
        tab.close()
        found: dict[str, Any] = json.loads(text)
        return found

    def decisions(self) -> list[dict[str, Any]]:
        self.saved()
        return list(self.stored()["decisions"])

    def kept(self) -> dict[str, Any]:
        return dict(self.page.evaluate(KEPT))
