"""What the agenda takes for a change of an item, asked of its own script in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from curation.ui.images import Grant, sign
from curation.ui.reviewer import FOLDER
from curation.ui.signing import HALF_DAY
from curation.ui.thumbnails import Size

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def address(image_id: str, *, size: Size = 640, expires: int = HALF_DAY) -> str:
    return f"/image/{sign(b'secret', Grant('Zoë ✓', image_id, size, expires))}"


def test_an_item_on_the_screen_keeps_the_digits_of_its_suggestions_while_it_stands_as_it_was(page: Page) -> None:
    script = (FOLDER / "agenda.js").read_text(encoding="utf-8")
    shown = {"id": "a", "version": "1", "suggestions": [1, 2], "slots": [], "note": ""}
    fresh = [shown | {"suggestions": [2, 1], "note": "n"}, shown | {"version": "2", "suggestions": [2, 1]}]
    found = page.evaluate(
        f"([held, came]) => {{ {script}\n return came.map((one) => inShownOrder(one, held)); }}", [shown, fresh]
    )
    assert [(item["suggestions"], item["note"]) for item in found] == [([1, 2], "n"), ([2, 1], "")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (address("über/a?b"), address("über/a?b", expires=2 * HALF_DAY), True),
        (address("a"), address("b"), False),
        (address("a"), address("a", size=1280), False),
        ("data:image/png;base64,AAAA", "data:image/png;base64,AAAB", False),
        ("/image/nothing.signed", "/image/nothing.else", False),
    ],
)
def test_an_address_made_anew_is_no_change(page: Page, one: str, other: str, same: bool) -> None:
    script = (FOLDER / "agenda.js").read_text(encoding="utf-8")
    items = [{"id": "a#0", "image": {"url": url, "alt": "a"}} for url in (one, other)]
    found = page.evaluate(f"items => {{ {script}\n return items.map(contentOf); }}", items)
    assert (found[0] == found[1]) is same
