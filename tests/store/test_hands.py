"""Who gets what next: leases, assignment, shares, gold and qualification."""

from __future__ import annotations

from typing import Any

import pytest

from curation.records import Decision, RegrainError
from curation.store import Store, assignments, dealing, decisions, gold, hands, leases, people, queues, settings, upkeep
from curation.store.filters import EVERYTHING
from curation.store.people import Person


def dealt(store: Store, person: str, n: int = 3, **more: Any) -> list[str]:
    return [row["id"] for row in hands.deal(store, "coarse", person, n, **more).rows]


def judge(store: Store, person: str, item: str, verdict: str = "fine", basis: str = "") -> Any:
    made = Decision(f"{person}:{item}:{verdict}", person, "coarse", item, f"{item}@1", verdict, basis=basis)
    return decisions.decide(store, [made])[0]


def join(store: Store, *names: str) -> None:
    for name in names:
        people.add(store, Person(name, name, "annotator", "active"), by="test")


def test_two_people_never_hold_one_caption(store: Store) -> None:
    first, second = dealt(store, "ann"), dealt(store, "bob")
    assert len(first) == len(second) == 3
    assert not {*first} & {*second}
    assert leases.running(store) == {"ann": 6, "bob": 6}
    assert dealt(store, "cleo") == []


def test_a_caption_in_hand_is_in_hand_in_every_queue(store: Store) -> None:
    for n in range(6):
        judge(store, "zoe", f"t{n}#0", "coarse")
    held = [row["id"] for row in hands.deal(store, "rewrites", "ann", 2).rows]
    other = [row["id"] for row in hands.deal(store, "attributes", "bob", 6).rows]
    assert len(held) == 2
    assert not {*held} & {*other}


def test_what_others_hold_is_passed_by_also_where_it_stands_first_many_times(store: Store) -> None:
    """Each caption of the pool has several items: to read as many more as are held is not enough."""
    rows = [("pool", f"t{n % 6}#0|p{n}", f"t{n % 6}#0", f"p{n}", (60 - n // 20) / 10 + n % 6) for n in range(60)]
    store.write(lambda c: c.executemany(
        "INSERT INTO item (queue, id, caption_id, image_id, priority, status, by_score, bucket) "
        "VALUES (?, ?, ?, ?, ?, 'todo', true, 0)", rows))  # fmt: skip
    store.write(lambda c: leases.hold(c, "ann", "pool", ["t5#0", "t4#0", "t3#0"]))
    with store.reading() as cursor:
        got = [item for item, _ in hands._chosen(cursor, "pool", "bob", 8, EVERYTHING, ["t2#0|p2"])]
    free = [row for row in rows if row[2] not in ("t5#0", "t4#0", "t3#0") and row[1] != "t2#0|p2"]
    assert got == [row[1] for row in sorted(free, key=lambda row: (-row[4], row[1]))][:8]


def test_a_lease_ends_and_a_clock_that_goes_back_keeps_nothing_for_ever(store: Store) -> None:
    dealt(store, "ann", 6)
    store.write(lambda c: c.execute("UPDATE lease SET until = now()::TIMESTAMP - INTERVAL 1 SECOND"))
    assert len(dealt(store, "bob", 6)) == 6
    store.write(lambda c: c.execute("UPDATE lease SET until = now()::TIMESTAMP + INTERVAL 3 DAY"))
    assert len(dealt(store, "cleo", 6)) == 6


def test_looking_again_writes_no_lease_while_the_hand_is_full(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = dealt(store, "ann")
    monkeypatch.setattr(store, "write", lambda function: pytest.fail("a lease was written again"))
    assert dealt(store, "ann") == first


def test_a_verdict_gives_the_caption_back(store: Store) -> None:
    first = dealt(store, "ann")
    judge(store, "ann", first[0])
    assert leases.holder(store, first[0]) is None
    assert leases.holder(store, first[1]) == "ann"


def test_shares_part_a_queue_and_the_rest_is_for_the_others(store: Store) -> None:
    rules = [{"person": "ann", "share": 0.5}, {"person": "bob", "share": 0.25}]
    upkeep.change_settings(store, {"assignment": {"coarse": rules}})
    everything = {f"t{n}#{i}" for n in range(6) for i in (0, 1)}
    ann = {one for one in everything if dealing.bucket(one) < 500}
    bob = {one for one in everything if 500 <= dealing.bucket(one) < 750}
    assert {*dealt(store, "ann", 12)} == ann
    assert {*dealt(store, "bob", 12)} == bob
    assert {*dealt(store, "cleo", 12)} == everything - ann - bob


def test_a_filter_gives_a_person_their_own_and_nobody_else(store: Store) -> None:
    rules = [{"person": "ann", "filter": {"image": "t3"}}]
    upkeep.change_settings(store, {"assignment": {"coarse": rules}})
    assert {*dealt(store, "ann", 12)} == {"t3#0", "t3#1"}
    assert not {"t3#0", "t3#1"} & {*dealt(store, "bob", 12)}
    with store.reading() as cursor:
        assert assignments.where(cursor, "rewrites", "ann").sql == "true"


@pytest.mark.parametrize(
    "rules",
    [
        [{"person": "ann", "share": 0.8}, {"person": "bob", "share": 0.3}],
        [{"person": "ann"}],
        [{"person": "", "share": 0.1}],
        [{"person": "ann", "share": True}],
    ],
)
def test_rules_that_cannot_be_kept_are_refused(store: Store, rules: Any) -> None:
    with pytest.raises(RegrainError, match="assignment"):
        upkeep.change_settings(store, {"assignment": {"coarse": rules}})


def test_gold_comes_as_if_nobody_had_judged_it_and_changes_nothing(store: Store) -> None:
    judge(store, "owner", "t0#0", "coarse")
    gold.add(store, "coarse", "t0#0", person="owner", note="it fits every picture")
    upkeep.change_settings(store, {"gold_rate": {"coarse": 0.5}})
    rows = {row["id"]: row for row in hands.deal(store, "coarse", "ann", 4).rows}
    assert rows["t0#0"]["dealt"] == "gold"
    assert (rows["t0#0"]["verdict"], rows["t0#0"]["decision_id"], rows["t0#0"]["status"]) == (None, None, "todo")
    before = store.rows("SELECT * FROM item ORDER BY queue, id")
    assert judge(store, "ann", "t0#0", "fine").applied
    assert store.rows("SELECT * FROM item ORDER BY queue, id") == before
    assert store.value("SELECT purpose FROM decision WHERE person = 'ann'") == "gold"
    assert [row["right"] for row in gold.answered(store, "coarse", "ann")] == [False]
    assert "t0#0" not in dealt(store, "ann", 5)
    decisions.rebuild(store)
    assert queues.item(store, "coarse", "t0#0")["verdict"] == "coarse"  # type: ignore[index]


def test_gold_comes_at_its_rate_once_in_every_turn(store: Store) -> None:
    for n in range(4):
        judge(store, "owner", f"t{n}#0")
        gold.add(store, "coarse", f"t{n}#0", person="owner")
    with store.reading() as cursor:
        at = [n for n in range(20) if 0 in gold.due(cursor, "coarse", "ann", n, 1, 0.25)]
    assert len(at) == 5
    assert [n // 4 for n in at] == [0, 1, 2, 3, 4]


def test_only_a_settled_verdict_without_a_text_can_be_gold(store: Store) -> None:
    with pytest.raises(RegrainError, match="judge it first"):
        gold.add(store, "coarse", "t0#0", person="owner")
    edit = Decision("e", "owner", "coarse", "t0#0", "t0#0@1", "edit", text="a red ball")
    decisions.decide(store, [edit])
    with pytest.raises(RegrainError, match="text"):
        gold.add(store, "coarse", "t0#0", person="owner")


def test_who_is_new_answers_gold_first_and_works_once_enough_are_right(store: Store) -> None:
    join(store, "ann", "bob")
    for n in range(3):
        judge(store, "owner", f"t{n}#0", "coarse")
        gold.add(store, "coarse", f"t{n}#0", person="owner")
    upkeep.change_settings(store, {"qualification": {"coarse": {"items": 3, "pass": 0.6}}})
    assert {*dealt(store, "ann", 5)} == {*dealt(store, "bob", 5)} == {"t0#0", "t1#0", "t2#0"}
    for n, verdict in enumerate(("coarse", "fine", "coarse")):
        judge(store, "ann", f"t{n}#0", verdict)
        judge(store, "bob", f"t{n}#0", "fine")
    assert gold.standing(store, "coarse", "ann") == gold.Standing(3, 3, 2, True)
    assert len(dealt(store, "ann", 5)) == 5
    assert gold.standing(store, "coarse", "bob").passed is False
    assert dealt(store, "bob", 5) == []
    gold.try_anew(store, "coarse", "bob")
    assert len(dealt(store, "bob", 5)) == 3
    gold.waive(store, "coarse", "bob")
    store.write(lambda c: c.execute("DELETE FROM lease"))
    assert len(dealt(store, "bob", 2)) == 2


def test_a_share_of_items_is_judged_without_help_and_the_log_says_so(store: Store) -> None:
    upkeep.change_settings(store, {"unaided_share": {"coarse": 0.5}})
    everything = [f"t{n}#{i}" for n in range(6) for i in (0, 1)]
    for one in everything:
        judge(store, "ann", one)
    aided = dict(store.rows("SELECT item_id, aided FROM decision"))
    assert aided == {one: dealing.is_aided({"coarse": 0.5}, "coarse", one) for one in everything}
    assert len(set(aided.values())) == 2


def test_shares_are_about_what_they_say() -> None:
    items = [f"image{n}#{i}" for n in range(2000) for i in range(5)]
    share = sum(dealing.needed({"coarse": {"answers": 2, "share": 0.1}}, "coarse", one) == 2 for one in items) / 10_000
    assert share == pytest.approx(0.1, abs=0.01)
    thirds = [sum(dealing.bucket(one) // 334 == third for one in items) for third in range(3)]
    assert max(thirds) < 1.1 * min(thirds)


def test_an_annotator_who_knows_the_gold_from_work_is_not_held_up(store: Store) -> None:
    join(store, "ann")
    judge(store, "ann", "t0#0", "coarse")
    gold.add(store, "coarse", "t0#0", person="owner")
    upkeep.change_settings(store, {"qualification": {"coarse": {"items": 3, "pass": 1.0}}})
    assert gold.standing(store, "coarse", "ann") == gold.Standing(0, 0, 0, True)
    assert len(dealt(store, "ann", 3)) == 3


def test_a_skipped_gold_item_and_one_whose_answer_was_undone_come_again(store: Store) -> None:
    join(store, "ann")
    for n in range(2):
        judge(store, "owner", f"t{n}#0", "coarse")
        gold.add(store, "coarse", f"t{n}#0", person="owner")
    upkeep.change_settings(store, {"qualification": {"coarse": {"items": 2, "pass": 1.0}}})
    first, second = dealt(store, "ann")
    judge(store, "ann", first, "skip")
    assert gold.standing(store, "coarse", "ann") == gold.Standing(2, 0, 0, None)
    assert dealt(store, "ann") == [second, first]
    judge(store, "ann", second, "fine")
    undo = Decision("u", "ann", "coarse", second, f"{second}@1", "undo", undoes=f"ann:{second}:fine")
    assert decisions.decide(store, [undo])[0].applied
    assert dealt(store, "ann") == [second, first]
    for one in (first, second):
        assert judge(store, "ann", one, "coarse").applied
    assert gold.standing(store, "coarse", "ann") == gold.Standing(2, 2, 2, True)


def test_who_works_without_a_qualification_may_be_asked_again(store: Store) -> None:
    join(store, "ann")
    judge(store, "owner", "t0#0", "coarse")
    gold.add(store, "coarse", "t0#0", person="owner")
    upkeep.change_settings(store, {"qualification": {"coarse": {"items": 1, "pass": 1.0}}})
    gold.waive(store, "coarse", "ann")
    assert (gold.waived(store, "coarse"), gold.waived(store, "noise")) == ({"ann"}, set())
    assert gold.standing(store, "coarse", "ann").passed
    gold.waive(store, "coarse", "ann", waived=False)
    assert gold.standing(store, "coarse", "ann").passed is None


def test_gold_is_listed_with_the_latest_answer_of_each_person(store: Store) -> None:
    judge(store, "owner", "t0#0", "coarse")
    gold.add(store, "coarse", "t0#0", person="owner")
    for person, verdict in (("ann", "fine"), ("ann", "coarse"), ("bob", "fine"), ("cem", "unsure")):
        judge(store, person, "t0#0", verdict)
    assert [(row["answered"], row["right"]) for row in gold.with_answers(store, "coarse")] == [(2, 1)]
    assert gold.remove(store, "coarse", "t0#0")
    assert not gold.remove(store, "coarse", "t0#0")
    assert gold.with_answers(store, "coarse") == []


def test_what_the_rules_give_is_counted_and_an_item_without_a_score_is_not_lost(store: Store) -> None:
    rules = [{"person": "ann", "share": 0.5}, {"person": "bob", "filter": {"verdict": "coarse"}}]
    upkeep.change_settings(store, {"assignment": {"coarse": rules}})
    counts = assignments.dealt(store, "coarse", rules)
    assert counts[1] == 0 and counts[0] + counts[2] == 12
    assert len(dealt(store, "ann", 12)) == counts[0]
    assert len(dealt(store, "cleo", 12)) == counts[2] > 0
    assert assignments.dealt(store, "coarse", []) == [12]


def test_one_queue_is_changed_and_the_others_keep_their_rules(store: Store) -> None:
    upkeep.change_settings(store, {"gold_rate": {"noise": 0.1, "coarse": 0.2}})
    upkeep.change_queue(store, "coarse", {"gold_rate": 0.5, "unaided_share": 0.25})
    assert settings.get(store, "gold_rate") == {"noise": 0.1, "coarse": 0.5}
    with pytest.raises(RegrainError, match=r"0 to 0\.5"):
        upkeep.change_queue(store, "coarse", {"unaided_share": 0.9, "gold_rate": 0.7})
    assert settings.get(store, "unaided_share") == {"coarse": 0.25}
    upkeep.change_queue(store, "coarse", {"gold_rate": None})
    assert settings.get(store, "gold_rate") == {"noise": 0.1}
    example = {"item_id": "t0#0", "text": "a", "verdict": "match", "why": ""}
    with pytest.raises(RegrainError, match="no verdict 'match': use one of fine"):
        upkeep.change_queue(store, "coarse", {"guidelines": {"text": "", "examples": [example]}})
    with pytest.raises(RegrainError, match="a filter has no field 'colour'"):
        upkeep.change_queue(store, "coarse", {"assignment": [{"person": "ann", "filter": {"colour": "red"}}]})
