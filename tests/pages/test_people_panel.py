"""The section People of the team page: inviting, roles, sending away, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from curation.store import Store, people
from curation.store.people import Person, Role
from tests.pages.conftest import Open, texts


def panel(page: Open, who: str = "ana") -> AppTest:
    app = page("team", **{"as": who})
    sections = app.button_group(key="section")
    return sections.set_value("people").run() if "People" in sections.options else app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception, app.exception
    return app


def test_an_owner_invites_somebody(prepared: Path, store: Store, page: Open) -> None:
    app = panel(page)
    app.text_input(key="invite-id").set_value("  Cora  Lee ")
    app.selectbox(key="invite-role").set_value("adjudicator")
    next(button for button in app.button if button.label == "Invite").click().run()
    assert people.get(store, "Cora Lee") == Person("Cora Lee", "Cora Lee", "adjudicator", "invited")
    shown = texts(app)
    assert "invited, not here yet" in shown and "added as adjudicator, invited" in shown
    app.text_input(key="invite-id").set_value("Cora Lee")
    next(button for button in app.button if button.label == "Invite").click().run()
    assert "Cora Lee is on the team already" in texts(app)


def test_an_owner_changes_a_role_and_sends_somebody_away_and_back(prepared: Path, store: Store, page: Open) -> None:
    people.add(store, Person("ben", "Ben", "annotator", "active"), by="test")
    app = panel(page)
    app.selectbox(key="role:ben:annotator:0").set_value("adjudicator").run()
    assert people.get(store, "ben") == Person("ben", "Ben", "adjudicator", "active")
    press(app, "state:ben")
    assert people.get(store, "ben") == Person("ben", "Ben", "adjudicator", "inactive")
    assert app.selectbox(key="role:ben:adjudicator:0").disabled
    press(app, "state:ben")
    assert people.get(store, "ben") == Person("ben", "Ben", "adjudicator", "active")
    assert "state: inactive → active" in texts(app) and "role: annotator → adjudicator" in texts(app)


def test_the_last_owner_cannot_be_sent_away(prepared: Path, store: Store, page: Open) -> None:
    app = press(panel(page), "state:ana")
    assert "last active owner" in texts(app)
    assert people.get(store, "ana") == Person("ana", "ana", "owner", "active")
    assert app.selectbox(key="role:ana:owner:0").disabled, "REGRAIN_OWNERS names her"


@pytest.mark.parametrize(("role", "seen"), [("annotator", False), ("adjudicator", True)])
def test_others_see_the_list_at_most(prepared: Path, store: Store, page: Open, role: Role, seen: bool) -> None:
    people.add(store, Person("ben", "Ben", role, "active"), by="test")
    people.add(store, Person("cora", "Cora Lee", "annotator", "active"), by="test")
    app = panel(page, "ben")
    assert ("Cora Lee" in texts(app)) == seen
    assert not [button for button in app.button if button.label in ("Deactivate", "Invite")]


def test_names_are_shown_as_they_stand(prepared: Path, store: Store, page: Open) -> None:
    evil = "<img src=x onerror=alert(1)> **b** :red[x]"
    people.add(store, Person(evil, evil, "annotator", "active"), by="test")
    app = panel(page)
    html = "\n".join(element.proto.body for element in app.get("html"))
    assert "<img src=x" not in html and "&lt;img src=x" in html
    assert any(r"\*\*b\*\*" in box.label for box in app.selectbox)
