"""Who is on the team: invitations, roles and states, with the rules inside the write."""

from __future__ import annotations

import pytest

from curation.records import RegrainError
from curation.store import Store, people
from curation.store.people import Person


@pytest.fixture
def store(empty: Store) -> Store:
    people.add(empty, Person("ana", "Ana", "owner", "active"), by="test")
    people.add(empty, Person("ben", "Ben", "annotator", "active"), by="test")
    return empty


def test_an_invited_person_becomes_active_when_they_come(store: Store) -> None:
    assert people.invite(store, "cy@lab.example", "adjudicator", by="ana").state == "invited"
    came = people.enter(store, "cy@lab.example", name="Cy Twombly", new=None, by="sign-in")
    assert (
        came == Person("cy@lab.example", "Cy Twombly", "adjudicator", "active") == people.get(store, "cy@lab.example")
    )


def test_strangers_stay_out_unless_they_come_with_a_role(store: Store) -> None:
    assert people.enter(store, "eve", name="Eve", new=None, by="sign-in") is None
    assert people.get(store, "eve") is None
    assert people.enter(store, "eve", name="Eve", new="annotator", by="here") == Person(
        "eve", "Eve", "annotator", "active"
    )


def test_owners_by_the_machines_word_are_raised_but_nobody_inactive_comes_back(store: Store) -> None:
    raised = people.enter(store, "ben", name="ben", new="owner", at_least="owner", by="here")
    assert raised is not None and raised.role == "owner"
    people.set_state(store, "ben", "inactive", by="ana")
    found = people.enter(store, "ben", name="ben", new="owner", at_least="owner", by="here")
    assert found is not None and found.state == "inactive"


def test_only_active_owners_change_people(store: Store) -> None:
    for by in ("ben", "nobody"):
        for act in (
            lambda by=by: people.invite(store, "cy", "owner", by=by),
            lambda by=by: people.set_role(store, "ben", "owner", by=by),
            lambda by=by: people.set_state(store, "ana", "inactive", by=by),
        ):
            with pytest.raises(RegrainError, match="no active owner"):
                act()
    assert people.set_role(store, "ben", "owner", by="root (command line)", checked=False).role == "owner"


def test_the_last_active_owner_stays(store: Store) -> None:
    with pytest.raises(RegrainError, match="last active owner and cannot be deactivated"):
        people.set_state(store, "ana", "inactive", by="ana")
    with pytest.raises(RegrainError, match="last active owner and cannot be demoted"):
        people.set_role(store, "ana", "adjudicator", by="ana")
    people.invite(store, "cy", "owner", by="ana")
    with pytest.raises(RegrainError, match="last active owner"):  # somebody invited may never come
        people.set_state(store, "ana", "inactive", by="ana")
    people.enter(store, "cy", name="Cy", new=None, by="here")
    assert people.set_state(store, "ana", "inactive", by="cy").state == "inactive"
    assert people.set_state(store, "ana", "active", by="cy").state == "active"


def test_every_change_is_logged_and_undone_by_its_opposite(store: Store) -> None:
    people.set_role(store, "ben", "adjudicator", by="ana")
    people.set_role(store, "ben", "adjudicator", by="ana")
    people.set_state(store, "ben", "inactive", by="ana")
    people.set_state(store, "ben", "active", by="ana")
    people.set_role(store, "ben", "annotator", by="ana")
    told = [(one.what, one.old, one.new, one.by) for one in people.changes(store) if one.person == "ben"]
    assert told == [
        ("role", "adjudicator", "annotator", "ana"),
        ("state", "inactive", "active", "ana"),
        ("state", "active", "inactive", "ana"),
        ("role", "annotator", "adjudicator", "ana"),
        ("added", "", "annotator, active", "test"),
    ]
    assert people.get(store, "ben") == Person("ben", "Ben", "annotator", "active")


@pytest.mark.parametrize("id", ["", "   ", "a\0b", "a\u202eb"])
def test_nobody_is_called_nothing_or_what_cannot_be_read(store: Store, id: str) -> None:
    with pytest.raises(RegrainError, match="whom"):
        people.invite(store, id, "annotator", by="ana")


def test_wrong_roles_states_and_people_are_named(store: Store) -> None:
    with pytest.raises(RegrainError, match="'boss' is no role: use one of annotator, adjudicator, owner"):
        people.set_role(store, "ben", "boss", by="ana")  # type: ignore[arg-type]
    with pytest.raises(RegrainError, match="active or inactive, not 'invited'"):
        people.set_state(store, "ben", "invited", by="ana")
    with pytest.raises(RegrainError, match="invite them first"):
        people.set_role(store, "cy", "owner", by="ana")
    with pytest.raises(RegrainError, match="on the team already"):
        people.invite(store, "ben", "owner", by="ana")


def test_the_list_says_what_everybody_did(store: Store) -> None:
    rows = {row["id"]: row for row in people.standing(store)}
    assert rows["ana"]["judged"] == 0 and rows["ana"]["last_at"] is None
    store.write(lambda c: c.execute("INSERT INTO tally VALUES ('coarse', 'by:ben', 3), ('noise', 'by:ben', 2)"))
    assert {row["id"]: row["judged"] for row in people.standing(store)} == {"ana": 0, "ben": 5}
