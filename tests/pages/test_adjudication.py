"""Two people differ, a third decides: on the screen, with nothing overwritten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from curation.records import Decision
from curation.store import Store, decisions, people, queues, upkeep
from curation.store.people import Person
from tests.pages.conftest import Open, texts
from tests.pages.test_verdicts import press

CAPTION = "scene-00#0"


@pytest.fixture
def disputed(store: Store) -> Store:
    """Two annotators have rewritten one caption differently; ana may adjudicate."""
    upkeep.change_settings(store, {"overlap": {"rewrites": {"answers": 2, "share": 1.0}}})
    for name, role in (("ben", "annotator"), ("cleo", "annotator"), ("ana", "adjudicator")):
        people.add(store, Person(name, name, role, "active"), by="test")  # type: ignore[arg-type]
        store.write(lambda c, n=name, r=role: c.execute("UPDATE person SET role = ? WHERE id = ?", [r, n]))  # type: ignore[misc]
    open_it = Decision("o", "ben", "coarse", CAPTION, f"{CAPTION}@1", "coarse")
    said: list[tuple[str, str]] = [("ben", "a red ball"), ("cleo", "a blue ball")]
    made = [
        Decision(
            f"d-{name}", name, "rewrites", CAPTION, f"{CAPTION}@1", "edit", text=text, basis="", reason="attribute"
        )
        for name, text in said
    ]
    assert all(outcome.applied for outcome in decisions.decide(store, [open_it, *made]))
    return store


def log(store: Store) -> list[tuple[Any, ...]]:
    return store.rows("SELECT person, verdict, text, purpose FROM decision WHERE queue = 'rewrites' ORDER BY seq")


def test_the_third_person_sees_both_answers_without_names_and_takes_one(disputed: Store, page: Open) -> None:
    app = page("rewrites", tab="disputed", plain="1")
    shown = texts(app)
    assert "First answer" in shown and "Second answer" in shown
    assert "a red ball" not in shown  # as a diff: its words stand apart
    assert "ben" not in shown and "cleo" not in shown
    press(app, "Accept 2")
    assert disputed.value("SELECT text FROM caption WHERE id = ?", [CAPTION]) == "a blue ball"
    assert log(disputed) == [
        ("ben", "edit", "a red ball", "work"),
        ("cleo", "edit", "a blue ball", "work"),
        ("ana", "accept", "a blue ball", "adjudication"),
    ]
    item = queues.item(disputed, "rewrites", CAPTION)
    assert item is not None and (item["status"], item["person"]) == ("done", "ana")


def test_who_answered_is_not_dealt_the_dispute(disputed: Store, page: Open) -> None:
    assert queues.next_disputed(disputed, "rewrites", "ben", 5) == []
    shown = texts(page("rewrites", tab="disputed", plain="1", **{"as": "ben"}))
    assert "First answer" not in shown


def test_others_answers_are_for_those_who_settle_disputes(disputed: Store, page: Open) -> None:
    people.add(disputed, Person("dora", "dora", "annotator", "active"), by="test")
    for query in ({"tab": "disputed"}, {"item": CAPTION}):
        app = page("rewrites", plain="1", **query, **{"as": "dora"})
        assert "First answer" not in texts(app) and "Disagreements" not in texts(app)
        assert "tab" not in app.query_params


def links(app: AppTest) -> list[str]:
    """Return the labels of the links of a page, the menu among them."""
    return [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", link.proto.label) for link in app.get("page_link")]


def test_menu_and_home_tell_who_settles_disputes_how_many_there_are(
    disputed: Store, page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = links(page("home"))
    assert "Rewrites :gray[0 · 1 differ]" in shown and "Settle 1 disagreement" in shown
    assert "Coarse :gray[35]" in shown
    disputed.write(lambda c: c.execute("UPDATE person SET role = 'annotator' WHERE id = 'ana'"))
    monkeypatch.setenv("REGRAIN_OWNERS", "somebody else")
    shown = links(page("home"))
    assert "Rewrites :gray[0]" in shown and "Settle 1 disagreement" not in shown


def test_a_deep_link_to_a_second_answer_is_as_blind_as_the_queue(store: Store, page: Open) -> None:
    upkeep.change_settings(store, {"overlap": {"coarse": {"answers": 2, "share": 1.0}}})
    assert "judged without scores" not in texts(page("coarse", plain="1", item=CAPTION))
    first = Decision("f", "ben", "coarse", CAPTION, f"{CAPTION}@1", "coarse", basis="")
    assert decisions.decide(store, [first])[0].applied
    shown = texts(page("coarse", plain="1", item=CAPTION))
    assert "judged without scores" in shown and "ben" not in shown
