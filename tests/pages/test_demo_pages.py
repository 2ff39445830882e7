"""Every page opens on a demo workspace with the real encoder's results, and takes one verdict in each queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation.records import QUEUES, Queue
from curation.store import decisions, queues
from curation.ui import opened
from tests import small_demo
from tests.pages.conftest import ROOT, Open
from tests.pages.test_verdicts import press

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
ONE: dict[Queue, str] = {
    "coarse": "Coarse",
    "rewrites": "Fine as it is",
    "attributes": "Fine as it is",
    "noise": "Matches",
    "pool": "No: a distractor",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_demo.copy(tmp_path_factory).folder


@pytest.fixture
def demo(folder: Path, monkeypatch: pytest.MonkeyPatch, no_background: None) -> Path:
    monkeypatch.setenv("REGRAIN_WORKSPACE", str(folder))
    return folder


@pytest.mark.parametrize("name", ["home", *PAGES])
def test_every_page_opens_on_the_demo(demo: Path, page: Open, name: str) -> None:
    assert page(name).title or page(name, plain="1").subheader


def test_one_verdict_in_each_queue(demo: Path, page: Open) -> None:
    for queue in QUEUES:
        before = queues.counts(opened.opened().store, "ana")[queue]
        assert before["todo"], f"{queue} is empty on the demo"
        press(page(queue, plain="1"), ONE[queue])
        store = opened.opened().store
        assert queues.counts(store, "ana")[queue]["done"] == before["done"] + 1
        last = decisions.last_of(store, "ana")
        assert last is not None and last["queue"] == queue
