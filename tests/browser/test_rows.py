"""Several texts on one screen in a real browser: keys judge the one in focus, nothing is lost, and Z takes it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from playwright.sync_api import expect

from curation.store import Store, defects
from tests.pages.small_workspace import build

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
STATES = ".rw .group >> nth=0 >> .state"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    workspace = build(tmp_path_factory.mktemp("rows") / "small")
    misspell(workspace.database)
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})


def misspell(database: Path) -> None:
    """Give a caption of the workspace a wrong article, and what the search for defects finds of it."""
    store = Store.open(database)
    caption, text = "scene-11#2", "a orange thing"
    store.write(lambda c: c.execute("UPDATE caption SET text = ? WHERE id = ?", [text, caption]))
    store.write(lambda c: c.execute("UPDATE revision SET text = ? WHERE caption_id = ?", [text, caption]))
    row = {"caption_id": caption, "revision_id": f"{caption}@1", "kind": "article", "start": 0, "stop": 1}
    found = pa.Table.from_pylist([row | {"wrong": "a", "repair": "an"}])
    defects.put(store, found, pa.table({"image_id": ["scene-11"], "key": ["k"]}))
    store.close()


def opened(page: Page, address: str, person: str, image: str) -> None:
    page.goto(f"{address}/coarse?view=image&image={image}&as={person}")
    page.locator(".rw .row.on").wait_for()
    page.evaluate("() => new Promise((done) => setTimeout(done, 150))")  # no key acts before an item can be seen


def test_keys_judge_caption_after_caption_and_z_takes_back(page: Page, address: str) -> None:
    opened(page, address, "Ana", "scene-00")
    page.keyboard.press("1")
    page.keyboard.press("a")
    expect(page.locator(".rw .state")).to_have_count(2)
    expect(page.locator(".rw .state").nth(0)).to_contain_text("✓ Coarse, by Ana")
    expect(page.locator(".rw .state").nth(1)).to_contain_text("✓ Fine enough, by Ana")
    expect(page.locator(".rw .saved")).to_have_text("Saved")
    expect(page.locator(".rw .row.on .text")).to_contain_text("lies there")
    page.keyboard.press("z")
    expect(page.locator(".rw .said")).to_have_text("Taken back.")
    expect(page.locator(".rw .state")).to_have_count(1)


def test_what_was_not_answered_is_sent_again_after_a_reload(page: Page, address: str) -> None:
    opened(page, address, "Bea", "scene-01")
    page.evaluate("() => { for (const state of regrainRows.values()) state.port = null; }")  # the line is cut
    page.keyboard.press("1")
    expect(page.locator(".rw .saved")).to_have_text("Saving…")
    page.reload()
    expect(page.locator(".rw .state")).to_contain_text("✓ Coarse, by Bea")
    expect(page.locator(".rw .saved")).to_have_text("Saved")


def test_the_order_outlasts_a_page(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=image&by=mean&q=green&as=Hal")
    page.locator(".rw .row.on").wait_for()
    expect(page.locator(".rw h2 small").first).to_contain_text("mean")
    page.locator(".rw .row").nth(1).locator("button", has_text="Unsure").click()
    expect(page.locator(".rw .state").first).to_contain_text("Unsure, by you")
    expect(page.locator(".rw h2 small").first).to_contain_text("mean")
    page.reload()
    expect(page.locator(".rw h2 small").first).to_contain_text("mean")


def test_arrows_move_and_what_is_typed_judges_nothing(page: Page, address: str) -> None:
    opened(page, address, "Cleo", "scene-02")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".rw .row").nth(1)).to_have_class("row on")
    page.get_by_placeholder("Search captions").press("a")
    expect(page.get_by_placeholder("Search captions")).to_have_value("a")
    expect(page.locator(".rw .state")).to_have_count(0)
    page.locator(".rw .row").nth(2).locator("button", has_text="Wrong").click()
    expect(page.locator(".rw .row").nth(2).locator(".state")).to_contain_text("✓ Wrong, by Cleo")


def test_what_somebody_settled_meanwhile_is_refused_in_words(page: Page, address: str) -> None:
    opened(page, address, "Dan", "scene-03")
    other = page.context.new_page()
    other.goto(f"{address}/coarse?item=scene-03%230&as=Eva")
    other.locator(".rg .cap").wait_for()
    other.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    other.keyboard.press("a")
    expect(other.locator(".rg .saved")).to_contain_text("Saved")
    page.keyboard.press("1")
    expect(page.locator(".rw .said")).to_contain_text("Not saved:")
    expect(page.locator(".rw .state").first).to_contain_text("✓ Fine enough, by Eva")


def test_a_repair_is_taken_by_key_and_taken_back(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=defects&as=Gil")
    page.locator(".rw .row.on .repair").wait_for()
    expect(page.locator(".rw .row.on mark")).to_have_text("a")
    expect(page.locator(".rw .row.on .chip")).to_have_text("a or an: “a” → “an”")
    page.evaluate("() => new Promise((done) => setTimeout(done, 150))")
    page.keyboard.press("f")
    expect(page.locator(".rw .saved")).to_have_text("Saved")
    expect(page.locator(".rw .text")).to_have_text("an orange thing")
    expect(page.locator(".rw .state")).to_contain_text("by Gil")
    page.keyboard.press("z")
    expect(page.locator(".rw .text")).to_have_text("a orange thing")


def test_a_bar_of_the_overview_opens_its_captions(page: Page, address: str) -> None:
    page.goto(f"{address}/coarse?view=overview&as=Fay")
    bars = page.locator(".st-key-coarse-spread .bars .point path")
    bars.first.wait_for(state="attached")
    boxes = [box for box in (bars.nth(n).bounding_box() for n in range(bars.count())) if box and box["height"] > 4]
    page.mouse.click(boxes[0]["x"] + boxes[0]["width"] / 2, boxes[0]["y"] + boxes[0]["height"] / 2)
    page.locator(".gr .card").first.wait_for()
    assert "view=grid" in page.url and "low=" in page.url and "high=" in page.url
