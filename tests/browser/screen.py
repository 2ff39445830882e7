"""What a browser test asks of the review screen that it looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_ALL = "[...(globalThis.regrainReviewers?.values() ?? [])]"
READY = f"""() => {_ALL}.some(
    (s) => s.parts.root && s.paintedId && s.paintedAt && performance.now() - s.paintedAt > 130)"""
"""An item is painted, and long enough ago that a key is taken for an answer to it."""
SHOWN = f"() => {_ALL}.find((s) => s.parts.root)?.paintedId"
"""The id of the item in sight."""
DRAWN = f"""() => {_ALL}.some((s) => s.parts.root
    && [...s.parts.root.querySelectorAll("img")].some((i) => i.complete && i.naturalWidth > 0))"""
"""A picture of it has arrived."""
SENT = f"() => {_ALL}.every((s) => s.pending.length === 0)"
"""Every answer is acknowledged."""


def open_screen(page: Page, url: str) -> None:
    """Go to a review screen and wait until its first item can be judged."""
    page.goto(url)
    page.wait_for_function(READY)


def wait_for_item(page: Page, item: str) -> None:
    """Wait until one item is in sight and can be judged."""
    page.wait_for_function(f"(item) => ({SHOWN})() === item", arg=item)
    page.wait_for_function(READY)


def wait_for_another(page: Page, item: str) -> None:
    """Wait until another item than ``item`` can be judged."""
    page.wait_for_function(f"(item) => ![undefined, null, item].includes(({SHOWN})())", arg=item)
    page.wait_for_function(READY)
