"""The list of a queue as a file: who gets it, and that it is what the filter leaves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from curation.session import open_session
from curation.store import people, queues
from curation.store.filters import Filter
from curation.store.people import Person
from curation.ui import items_route, opened
from curation.ui.items_route import ItemsGrant
from curation.ui.opened import Opened
from curation.ui.signing import derived, signed
from curation.ui.views import View
from tests.pages.small_workspace import build


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setattr(opened, "open_session", partial(open_session, serve=False))
    monkeypatch.setenv("REGRAIN_WORKSPACE", str(build(tmp_path / "w").folder))
    found = opened.opened()
    people.add(found.store, Person("ana", "Ana", "owner", "active"), by="ana")
    people.add(found.store, Person("ben", "Ben", "annotator", "active"), by="ana")
    yield found
    opened.close()


@pytest.fixture
def client(here: Opened) -> TestClient:
    return TestClient(Starlette(routes=[items_route.items_route(lambda: here)]))


def test_the_file_holds_what_the_filter_leaves_in_its_order(client: TestClient, here: Opened) -> None:
    narrow = Filter(text="ball", sort="caption")
    answer = client.get(items_route.address(here.images.secret, "ana", View("coarse", "todo", narrow, "one")))
    assert answer.status_code == 200
    assert "coarse-todo.jsonl" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "private, no-store"
    rows = [json.loads(line) for line in answer.text.splitlines()]
    listed = queues.listed(here.store, "coarse", "todo", person="ana", narrow=narrow, n=999)
    assert [row["id"] for row in rows] == [row["id"] for row in listed]
    assert 0 < len(rows) < len(queues.listed(here.store, "coarse", "todo", person="ana", n=999))


def test_only_who_may_export_gets_it_and_not_for_ever(client: TestClient, here: Opened) -> None:
    def at(person: str, expires: float, use: str = "items") -> int:
        grant = ItemsGrant(person, "coarse", "todo", "", int(expires))
        return client.get(f"/items/{signed(derived(here.images.secret, use), grant)}").status_code

    now = time.time()
    assert at("ana", now + 60) == 200
    assert at("ana", now - 1) == 403
    assert at("ben", now + 60) == 403, "an annotator may not export"
    assert at("eve", now + 60) == 403
    assert at("ana", now + 60, use="download") == 403
    assert client.get("/items/x").status_code == 403
