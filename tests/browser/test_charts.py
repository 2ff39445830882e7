"""Figures in a real browser: drawn, saved as PNG, SVG and CSV, shown as a table, selected, and never markup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.ui.theme import tokens

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parent / "scripts" / "charts_app.py"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str]) -> str:
    return run_app(SCRIPT)


@pytest.fixture
def figures(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator(".st-key-found .bars path").first.wait_for()
    page.locator(".st-key-map .gl-container canvas").first.wait_for()
    return page


def saved(page: Page, label: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).first.click()
    return Path(download.value.path()).read_bytes()


def test_downloads(figures: Page) -> None:
    assert saved(figures, "CSV").decode().splitlines()[:2] == ["N,images", "0,3690"]
    svg = saved(figures, "SVG").decode()
    assert svg.startswith("<svg")
    assert svg.count("<path") > 7
    assert "this version" in svg
    assert saved(figures, "PNG")[:4] == b"\x89PNG"


def test_colours_are_the_themes(figures: Page) -> None:
    fill = figures.locator(".st-key-found .bars path").first.evaluate("bar => getComputedStyle(bar).fill")
    red, green, blue = (int(tokens()["accent"][i : i + 2], 16) for i in (1, 3, 5))
    assert fill == f"rgb({red}, {green}, {blue})"


def test_table_view_replaces_the_figure(figures: Page) -> None:
    figures.get_by_role("radio", name="Table").first.or_(
        figures.get_by_role("button", name="Table").first
    ).first.click()
    figures.get_by_test_id("stDataFrame").wait_for()
    assert figures.locator(".st-key-found .bars").count() == 0


def test_selection_gives_ids_back(figures: Page) -> None:
    plot = figures.locator(".st-key-map .nsewdrag").first
    box = plot.bounding_box()
    assert box is not None
    figures.locator('.st-key-map [data-title="Box Select"]').click(force=True)
    figures.mouse.move(box["x"] + 5, box["y"] + 5)
    figures.mouse.down()
    figures.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] - 5, steps=8)
    figures.mouse.up()
    figures.get_by_text("selected: 60").wait_for()


def test_hostile_captions_are_text(figures: Page) -> None:
    box = figures.locator(".st-key-map .nsewdrag").first.bounding_box()
    assert box is not None
    hover = figures.locator(".st-key-map .hoverlayer .hovertext")
    for step in range(60):
        figures.mouse.move(box["x"] + box["width"] * (step + 1) / 62, box["y"] + box["height"] * (step % 10 + 1) / 12)
        figures.evaluate("() => new Promise(requestAnimationFrame)")
        if hover.count():
            break
    assert "<img src=x onerror" in hover.first.text_content()
    assert figures.evaluate("window.hacked") is None
    assert figures.get_by_text("**bold** :red[x]").first.is_visible()
