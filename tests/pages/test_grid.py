"""The grid: what the browser asks for is carried out once, as the person who asks, and taken back as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.records import RegrainError
from curation.store import Store, queues
from curation.store.filters import EVERYTHING, Filter, from_query, to_query
from curation.ui import grid_page, opened
from curation.ui.grid import Act, read
from curation.ui.screen import Screen
from curation.ui.views import View
from tests.pages.conftest import Open, texts


@pytest.fixture
def screen(store: Store, prepared: Path, page: Open) -> Screen:
    page("home")
    return Screen(opened.opened(), "ana", "owner")


def view(narrow: Filter = EVERYTHING) -> View:
    return View("coarse", "todo", narrow, "grid")


def test_a_bulk_verdict_is_given_to_all_that_the_filter_leaves(screen: Screen, store: Store) -> None:
    said = grid_page.carry_out(screen, view(Filter(image="scene-01")), Act("b1", "fine", None))
    image = [row for row in queues.listed(store, "coarse", "done", person="ana", n=99) if row["image_id"] == "scene-01"]
    assert said == f"{len(image)} items judged “Fine enough”."
    assert len(image) == 3


def test_it_is_taken_back_as_one(screen: Screen, store: Store) -> None:
    before = queues.counts(store, "ana")["coarse"]
    grid_page.carry_out(screen, view(), Act("b1", "coarse", ("scene-01#0", "scene-02#0")))
    assert queues.counts(store, "ana")["coarse"]["done"] == before["done"] + 2
    last = grid_page.last_undo(screen, "coarse")
    assert last is not None and "2 items at once" in last.label
    assert grid_page.carry_out(screen, view(), Act("b2", undo=last.decision)) == "Taken back."
    assert queues.counts(store, "ana")["coarse"] == before


def test_the_page_shows_the_grid_and_its_way_back(page: Open) -> None:
    app = page("coarse", view="grid")
    assert "Coarse captions" in texts(app)
    assert [button.label for button in app.button if button.label == "One by one"]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        {"session": "other", "batch": "b", "verdict": "fine", "ids": []},
        {"session": "s", "verdict": "fine", "ids": []},
        {"session": "s", "batch": "b", "verdict": "fine", "ids": [1]},
        {"session": "s", "batch": "b" * 65, "verdict": "fine", "ids": []},
        {"session": "s", "batch": "b", "verdict": "fine", "ids": ["a"] * 10_001},
    ],
)
def test_what_is_malformed_or_of_another_session_is_refused(raw: Any) -> None:
    with pytest.raises(RegrainError):
        read(raw, "s")


words = st.text(max_size=12).map(str.strip)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Filter,
        text=words,
        image=words,
        split=words,
        verdict=words,
        like=words,
        sort=words,
        defect=words,
        cluster=words,
        down_to=st.none() | st.floats(-5, 5).map(lambda x: float(f"{x:g}")),
        low=st.none() | st.floats(-5, 5).map(lambda x: float(f"{x:g}")),
    )
)
def test_a_filter_survives_the_address(narrow: Filter) -> None:
    assert from_query(cast(dict[str, Any], to_query(narrow))) == narrow
