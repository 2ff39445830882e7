"""The tabs Mine and Done: pages in the address, a way back to the newest, and the right picture beside each line."""

from __future__ import annotations

import html
import re
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from curation.records import Decision
from curation.store import Store, decisions, hands, queues
from curation.ui import judged_list
from tests.pages.conftest import Open, texts


@pytest.fixture
def judged(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Judge five captions, two lines on a page; return their ids, newest first."""
    monkeypatch.setattr(judged_list, "PAGE", 2)
    made = []
    for n in range(5):
        caption = hands.next_items(store, "coarse", 1)[0]
        revision = caption["revision_id"]
        decisions.decide(store, [Decision(f"d{n}", "ana", "coarse", caption["id"], revision, "fine")])
        made.append(caption["id"])
    return made[::-1]


def links(shown: str) -> dict[str, dict[str, str]]:
    found = re.findall(r'<a href="([^"]*)"[^>]*>(Show older|Newest)</a>', shown)
    return {label: dict(parse_qsl(urlsplit(html.unescape(href)).query)) for href, label in found}


def lines(shown: str) -> list[str]:
    return re.findall(r" · (scene-\d+#\d)</small>", shown)


def test_pages_are_in_the_address_with_a_way_back(page: Open, judged: list[str]) -> None:
    shown = texts(page("coarse", tab="done"))
    assert lines(shown) == judged[:2] and set(links(shown)) == {"Show older"}
    shown = texts(page("coarse", **links(shown)["Show older"]))
    assert lines(shown) == judged[2:4] and set(links(shown)) == {"Show older", "Newest"}
    last = texts(page("coarse", **links(shown)["Show older"]))
    assert lines(last) == judged[4:] and set(links(last)) == {"Newest"}
    assert lines(texts(page("coarse", **links(last)["Newest"]))) == judged[:2]


def test_another_search_begins_with_its_newest(page: Open, judged: list[str]) -> None:
    older = links(texts(page("coarse", tab="done")))["Show older"]
    assert lines(texts(page("coarse", **older | {"q": judged[0]}))) == [judged[0]]


@pytest.mark.parametrize("address", ["", "x", "[]", "3", '["x", "a", ""]', '["2026-01-01", "a", "other"]', "[1,2,3]"])
def test_an_address_that_says_nothing_is_the_newest_page(address: str) -> None:
    assert judged_list.page_key(address, "") is None


def test_an_address_gives_its_key_back() -> None:
    key = queues.Key(datetime(2026, 11, 23, 12, 0, 0, 123456), "a#1|b")
    assert judged_list.page_key(judged_list.page_address(key, "ä dog"), "ä dog") == key


def test_a_pair_shows_the_pool_picture_only_where_it_is_held(page: Open, store: Store) -> None:
    pair = hands.next_items(store, "pool", 1)[0]
    other = pair["other_image_id"]
    store.write(lambda connection: connection.execute("UPDATE image SET file = NULL WHERE id = ?", [other]))
    made = Decision("p1", "ana", "pool", pair["caption_id"], pair["revision_id"], "no", image_id=other)
    decisions.decide(store, [made])
    shown = texts(page("pool", tab="done"))
    assert "rg-noimage" in shown and "<img" not in shown
