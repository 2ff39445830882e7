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
