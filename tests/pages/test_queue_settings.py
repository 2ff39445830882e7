"""The section Queues of the team page: what an owner sets there is checked, stored as a whole, and said in words."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from curation.records import Decision
from curation.store import Store, decisions, gold, hands, people, settings, upkeep
from curation.store.people import Person
from tests.pages.conftest import Open, texts
from tests.pages.test_verdicts import press

HOSTILE = "<b>cem</b> *x*"


@pytest.fixture
def team(store: Store) -> Store:
    for name in ("ben", HOSTILE):
        people.add(store, Person(name, name, "annotator", "active"), by="test")
    return store


def section(page: Open, queue: str = "Coarse captions", **query: str) -> AppTest:
    return page("team", section="Queues", queue=queue, **query)


def field(app: AppTest, kind: str, label: str) -> Any:
    (found,) = [one for one in getattr(app, kind) if one.label == label]
    return found


def settle(store: Store, *ids: str, verdict: str = "coarse") -> None:
    made = [Decision(f"s:{id}", "ana", "coarse", id, f"{id}@1", verdict) for id in ids]
    assert all(one.applied for one in decisions.decide(store, made))


def test_rules_are_saved_together_and_only_by_the_button(team: Store, page: Open) -> None:
    upkeep.change_settings(team, {"overlap": {"noise": {"answers": 3, "share": 1.0}}})
    app = section(page)
    assert "Each of 36 open items is asked of one person." in texts(app)
    assert "not saved yet" not in texts(app)
    field(app, "number_input", "People asked per item").set_value(2).run()
    field(app, "number_input", "For this share of items, %").set_value(25.0)
    field(app, "number_input", "Gold among the work, %").set_value(10.0)
    app.run()
    shown = texts(app)
    assert "About 9 of 36 open items are asked of two people, each without seeing the other answer." in shown
    assert "not saved yet" in shown
    assert settings.get(team, "overlap") == {"noise": {"answers": 3, "share": 1.0}}
    press(app, "Save rules")
    assert "not saved yet" not in texts(app)
    assert settings.get(team, "overlap") == {
        "noise": {"answers": 3, "share": 1.0}, "coarse": {"answers": 2, "share": 0.25}
    }  # fmt: skip
    assert settings.get(team, "gold_rate") == {"coarse": 0.1}
    assert settings.get(team, "unaided_share") == {}


def test_a_draft_outlives_a_look_at_another_queue_and_can_be_taken_back(team: Store, page: Open) -> None:
    app = section(page)
    field(app, "number_input", "Judged without scores and suggestions, %").set_value(40.0).run()
    app.button_group(key="queue").set_value("noise").run()
    assert field(app, "number_input", "Judged without scores and suggestions, %").value == 0
    app.button_group(key="queue").set_value("coarse").run()
    assert field(app, "number_input", "Judged without scores and suggestions, %").value == 40.0
    press(app, "Take back")
    assert field(app, "number_input", "Judged without scores and suggestions, %").value == 0
    assert settings.get(team, "unaided_share") == {}


def test_what_changed_elsewhere_shows_at_once_or_says_so_beside_a_draft(team: Store, page: Open) -> None:
    app = section(page)
    upkeep.change_settings(team, {"gold_rate": {"coarse": 0.2}})
    app.run()
    assert field(app, "number_input", "Gold among the work, %").value == 20.0
    field(app, "number_input", "Gold among the work, %").set_value(30.0).run()
    upkeep.change_settings(team, {"gold_rate": {"coarse": 0.1}})
    app.run()
    assert field(app, "number_input", "Gold among the work, %").value == 30.0
    assert "Somebody has changed this meanwhile" in texts(app)


def test_shares_over_the_whole_are_refused_in_words_beside_the_form(team: Store, page: Open) -> None:
    app = section(page)
    for n, name in enumerate(("ben", HOSTILE), 1):
        press(app, "Add a share")
        field(app, "selectbox", f"Person of line {n}").set_value(name)
        field(app, "number_input", f"Share of line {n}, %").set_value(60.0).run()
    assert "shares come to 120 % of 100: too much" in texts(app)
    press(app, "Save assignment")
    assert "Not saved: the setting assignment is by queue a list" in texts(app)
    assert settings.get(team, "assignment") == {}
    field(app, "number_input", "Share of line 2, %").set_value(40.0).run()
    press(app, "Save assignment")
    assert settings.get(team, "assignment") == {
        "coarse": [{"person": "ben", "share": 0.6}, {"person": HOSTILE, "share": 0.4}]
    }
    shown = texts(app)
    assert "Of the open items, ben gets" in shown and "none is left for others" in shown
    assert "<b>cem</b>" not in shown.replace("&lt;b&gt;", "")
    press(app, "Remove line 1")
    assert field(app, "selectbox", "Person of line 1").value == HOSTILE
    press(app, "Save assignment")
    assert settings.get(team, "assignment") == {"coarse": [{"person": HOSTILE, "share": 0.4}]}


def test_a_filter_gives_somebody_their_own_and_a_line_without_a_person_is_refused(team: Store, page: Open) -> None:
    app = section(page)
    press(app, "Add a filter")
    assert "The filter of line 1 is empty" in texts(app)
    field(app, "text_input", "Image id").set_value("scene-03").run()
    press(app, "Save assignment")
    assert "line 1 of the assignment names nobody" in texts(app)
    field(app, "selectbox", "Person of line 1").set_value("ben").run()
    press(app, "Save assignment")
    assert settings.get(team, "assignment") == {"coarse": [{"person": "ben", "filter": {"image": "scene-03"}}]}
    assert "ben gets 3; the other 33" in texts(app)


def test_guidelines_and_examples_by_item_id(team: Store, page: Open) -> None:
    settle(team, "scene-02#0")
    app = section(page)
    press(app, "Add the example")
    assert "give the id of an item" in texts(app)
    field(app, "text_input", "Example: id of a judged item").set_value("scene-99#0").run()
    press(app, "Add the example")
    assert "no item of this queue is called 'scene-99#0'" in texts(app)
    field(app, "text_input", "Example: id of a judged item").set_value("scene-02#0").run()
    press(app, "Add the example")
    field(app, "text_area", "How to judge, shown beside the item with the key G").set_value("Be *kind*.").run()
    field(app, "text_input", "Why, for example 1").set_value("it fits many").run()
    press(app, "Save guidelines")
    example = {"item_id": "scene-02#0", "text": "a ball", "verdict": "coarse", "why": "it fits many"}
    assert settings.get(team, "guidelines") == {"coarse": {"text": "Be *kind*.", "examples": [example]}}
    press(app, "Remove example 1")
    field(app, "text_area", "How to judge, shown beside the item with the key G").set_value("").run()
    press(app, "Save guidelines")
    assert settings.get(team, "guidelines") == {}


def test_gold_is_made_by_id_with_its_answers_and_taken_back(team: Store, page: Open) -> None:
    settle(team, "scene-00#0", "scene-01#0")
    app = section(page, gold="scene-00#0")
    assert field(app, "text_input", "Item id").value == "scene-00#0"
    field(app, "text_input", "Why this verdict").set_value("fits <i>all</i>").run()
    press(app, "Make it gold")
    assert [(row["item_id"], row["verdict"], row["note"]) for row in gold.listed(team, "coarse")] == [
        ("scene-00#0", "coarse", "fits <i>all</i>")
    ]
    said = Decision("g", "ben", "coarse", "scene-00#0", "scene-00#0@1", "fine", basis="")
    assert decisions.decide(team, [said])[0].applied
    app.run()
    shown = texts(app)
    assert "Coarse · fits &lt;i&gt;all&lt;/i&gt; · answered 1 time, 0 rightly · ana · scene-00#0" in shown
    field(app, "text_input", "Item id").set_value("scene-05#0").run()
    press(app, "Make it gold")
    assert "Not made gold: scene-05#0 has no verdict in coarse: judge it first" in texts(app)
    press(app, "Take back")
    assert gold.listed(team, "coarse") == []


def test_qualification_warns_of_missing_gold_and_lets_the_owner_help(team: Store, page: Open) -> None:
    settle(team, "scene-00#0", "scene-01#0")
    for id in ("scene-00#0", "scene-01#0"):
        gold.add(team, "coarse", id, person="ana")
    upkeep.change_settings(team, {"qualification": {"coarse": {"items": 5, "pass": 1.0}}})
    app = section(page)
    assert "5 gold items are asked for and 2 are there: make 3 more." in texts(app)
    for id in ("scene-00#0", "scene-01#0"):
        decisions.decide(team, [Decision(f"q:{id}", "ben", "coarse", id, f"{id}@1", "fine", basis="")])
    app.run()
    assert "not qualified: 0 of 2 right" in texts(app)
    app.button(key="anew:coarse:ben").click().run()
    assert gold.standing(team, "coarse", "ben").answered == 0
    app.button(key="waive:coarse:ben").click().run()
    assert "works without the qualification" in texts(app)
    assert hands.deal(team, "coarse", "ben", 3).rows[0]["dealt"] == "work"
    app.button(key="waive:coarse:ben").click().run()
    assert gold.standing(team, "coarse", "ben").passed is None


def test_the_lease_is_for_all_queues(team: Store, page: Open) -> None:
    app = section(page)
    field(app, "number_input", "Minutes").set_value(25)  # typed and sent at once
    press(app, "Save minutes")
    assert settings.get(team, "lease_minutes") == 25


def test_only_owners_see_and_change_it(team: Store, page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = section(page)
    team.write(lambda c: c.execute("UPDATE person SET role = 'annotator' WHERE id = 'ana'"))
    monkeypatch.setenv("REGRAIN_OWNERS", "somebody else")
    field(app, "number_input", "Minutes").set_value(25)
    assert "Kept for a person" not in texts(app.run())
    assert settings.get(team, "lease_minutes") == 10
    assert "Kept for a person" not in texts(page("team", section="Queues"))


def test_done_leads_owners_to_the_gold_of_their_queue(team: Store, page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(team, "scene-00#0", "scene-01#0")
    gold.add(team, "coarse", "scene-01#0", person="ana")
    shown = texts(page("coarse", tab="done"))
    assert shown.count("Make gold") == 1 and "<small>gold</small>" in shown
    (href,) = re.findall(r'href="(team[^"]*)"', shown)
    app = page("team", **dict(parse_qsl(urlsplit(html.unescape(href)).query)))
    assert field(app, "text_input", "Item id").value == "scene-00#0"
    team.write(lambda c: c.execute("UPDATE person SET role = 'adjudicator' WHERE id = 'ana'"))
    monkeypatch.setenv("REGRAIN_OWNERS", "somebody else")
    shown = texts(page("coarse", tab="done"))
    assert "Make gold" not in shown and "<small>gold</small>" not in shown
