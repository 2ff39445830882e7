"""Several people on one item: answers that wait for each other, disputes, and who settles them."""

from __future__ import annotations

from typing import Any

import pytest

from curation.records import Decision, Outcome, Queue, RegrainError
from curation.store import Store, captions, decisions, hands, people, queues, tally, upkeep
from curation.store.people import Person


@pytest.fixture
def twice(store: Store) -> Store:
    """A store whose coarse and rewrites items are asked of two people; cleo may adjudicate."""
    both = {"answers": 2, "share": 1.0}
    upkeep.change_settings(store, {"overlap": {"coarse": both, "rewrites": both}})
    for name, role in (("ann", "annotator"), ("bob", "annotator"), ("cleo", "adjudicator"), ("dan", "annotator")):
        people.add(store, Person(name, name, role, "active"), by="test")  # type: ignore[arg-type]
    return store


def say(store: Store, person: str, queue: Queue, verdict: str, caption: str = "t0#0", **more: Any) -> Outcome:
    more.setdefault("revision_id", captions.get(store, caption)["revision_id"])
    more.setdefault("basis", "")
    name = f"{person}-{queue}-{verdict}-{more.get('text', '')}-{more.get('undoes', '')}"
    return decisions.decide(store, [Decision(name, person, queue, caption, verdict=verdict, **more)])[0]


def item(store: Store, queue: Queue = "coarse", caption: str = "t0#0") -> dict[str, Any]:
    found = queues.item(store, queue, caption)
    assert found is not None
    return found


def counted(store: Store) -> bool:
    """Whether the kept counts are those of a count."""
    kept = {key: n for key, n in tally.read(store).items() if n}
    store.write(tally.recount)
    return kept == tally.read(store)


def test_an_item_waits_for_its_second_answer_and_opens_nothing_before(twice: Store) -> None:
    say(twice, "ann", "coarse", "coarse")
    assert (item(twice)["status"], item(twice)["answers"], item(twice)["verdict"]) == ("todo", 1, None)
    assert queues.counts(twice)["rewrites"]["todo"] == 0
    say(twice, "bob", "coarse", "coarse")
    assert (item(twice)["status"], item(twice)["verdict"]) == ("done", "coarse")
    assert queues.counts(twice)["rewrites"]["todo"] == 1
    assert counted(twice)


def test_nobody_is_asked_twice_and_the_second_answer_is_blind(twice: Store) -> None:
    say(twice, "ann", "coarse", "coarse")
    assert "t0#0" not in [row["id"] for row in hands.deal(twice, "coarse", "ann", 12).rows]
    twice.write(lambda c: c.execute("DELETE FROM lease"))
    dealt = {row["id"]: row["dealt"] for row in hands.deal(twice, "coarse", "bob", 12).rows}
    assert dealt["t0#0"] == "blind"
    assert dealt["t0#1"] == "work"


def test_different_answers_are_disputed_until_a_third_person_decides(twice: Store) -> None:
    say(twice, "ann", "coarse", "coarse")
    say(twice, "bob", "coarse", "fine")
    assert (item(twice)["status"], item(twice)["verdict"]) == ("disputed", None)
    assert queues.counts(twice)["coarse"]["disputed"] == 1
    assert [row["id"] for row in queues.next_disputed(twice, "coarse", "cleo", 5)] == ["t0#0"]
    assert queues.next_disputed(twice, "coarse", "ann", 5) == []
    refused = say(twice, "dan", "coarse", "fine", basis=item(twice)["decision_id"])
    assert not refused.applied
    assert "adjudicator" in refused.message
    assert say(twice, "cleo", "coarse", "coarse", basis=item(twice)["decision_id"]).applied
    assert (item(twice)["status"], item(twice)["verdict"], item(twice)["person"]) == ("done", "coarse", "cleo")
    assert twice.rows("SELECT person, purpose FROM decision WHERE applied ORDER BY seq") == [
        ("ann", "work"), ("bob", "work"), ("cleo", "adjudication"),
    ]  # fmt: skip
    assert queues.counts(twice)["rewrites"]["todo"] == 1
    assert counted(twice)


def test_an_adjudication_can_be_undone_and_the_dispute_is_back(twice: Store) -> None:
    say(twice, "ann", "coarse", "coarse")
    say(twice, "bob", "coarse", "fine")
    say(twice, "cleo", "coarse", "coarse", basis=item(twice)["decision_id"])
    assert say(twice, "cleo", "coarse", "undo", undoes="cleo-coarse-coarse--").applied
    assert item(twice)["status"] == "disputed"
    assert queues.counts(twice)["rewrites"]["todo"] == 0
    assert counted(twice)


def test_one_may_take_back_a_blind_answer_though_another_has_answered(twice: Store) -> None:
    say(twice, "ann", "coarse", "coarse")
    say(twice, "bob", "coarse", "fine")
    assert say(twice, "ann", "coarse", "undo", undoes="ann-coarse-coarse--").applied
    assert (item(twice)["status"], item(twice)["answered_by"]) == ("todo", ["bob"])
    assert counted(twice)


def test_texts_of_several_people_wait_until_they_agree(twice: Store) -> None:
    say(twice, "ann", "rewrites", "edit", text="a red ball")
    assert captions.get(twice, "t0#0")["text"] == "caption 0 of t0"
    assert say(twice, "bob", "rewrites", "edit", text="a  red ball ").applied
    assert captions.get(twice, "t0#0")["text"] == "a red ball"
    assert item(twice, "rewrites")["status"] == "done"


def test_differing_texts_leave_the_caption_until_an_adjudicator_chooses(twice: Store) -> None:
    say(twice, "ann", "rewrites", "edit", text="a red ball")
    say(twice, "bob", "rewrites", "edit", text="a blue ball")
    assert captions.get(twice, "t0#0")["text"] == "caption 0 of t0"
    basis = item(twice, "rewrites")["decision_id"]
    assert say(twice, "cleo", "rewrites", "edit", text="a blue ball", basis=basis).applied
    assert captions.get(twice, "t0#0")["text"] == "a blue ball"


def test_a_changed_mind_reopens_what_two_had_agreed_on(twice: Store) -> None:
    say(twice, "ann", "rewrites", "edit", text="a red ball")
    say(twice, "bob", "rewrites", "edit", text="a red ball")
    assert say(twice, "bob", "rewrites", "fine", basis="bob-rewrites-edit-a red ball-").applied
    assert item(twice, "rewrites")["status"] == "disputed"
    assert captions.get(twice, "t0#0")["text"] == "caption 0 of t0"


def test_a_skip_is_no_answer_and_comes_back_to_others_first(twice: Store) -> None:
    say(twice, "ann", "coarse", "unsure")
    assert item(twice)["answers"] == 0
    mine = [row["id"] for row in hands.deal(twice, "coarse", "ann", 12).rows]
    assert mine[-1] == "t0#0"
    twice.write(lambda c: c.execute("DELETE FROM lease"))
    say(twice, "bob", "coarse", "fine")
    assert item(twice)["answered_by"] == ["bob"]


def test_the_number_of_answers_is_kept_when_the_setting_changes(twice: Store) -> None:
    say(twice, "ann", "coarse", "coarse")
    upkeep.change_settings(twice, {"overlap": {}})
    before = twice.rows("SELECT * FROM item ORDER BY queue, id")
    decisions.rebuild(twice)
    assert twice.rows("SELECT * FROM item ORDER BY queue, id") == before
    assert item(twice)["needed"] == 2


def test_a_late_answer_says_what_happened_and_changes_nothing(store: Store) -> None:
    """The lease ran out, somebody else judged: with one answer needed, the first stands."""
    assert say(store, "ann", "coarse", "coarse").applied
    late = say(store, "bob", "coarse", "fine")
    assert not late.applied
    assert "ann has judged it meanwhile (Coarse)" in late.message
    assert item(store)["verdict"] == "coarse"
    assert say(store, "bob", "coarse", "fine", basis="ann-coarse-coarse--", reason="other").message == late.message
    fresh = Decision("again", "bob", "coarse", "t0#0", "t0#0@1", "fine", basis="ann-coarse-coarse--")
    assert decisions.decide(store, [fresh])[0].applied  # seen and overruled


def test_who_was_deactivated_stores_nothing(twice: Store) -> None:
    twice.write(lambda c: c.execute("UPDATE person SET state = 'inactive' WHERE id = 'ann'"))
    with pytest.raises(RegrainError, match="no longer works here"):
        say(twice, "ann", "coarse", "fine")
    assert twice.value("SELECT count(*) FROM decision") == 0
