from __future__ import annotations

import numpy as np
import pytest

from curation.records import Decision
from curation.store import Store, answers, decisions, settings
from tests.three_people import answer, make_unaided

TARGETS = [f"t{n}#{i}" for n in range(6) for i in (0, 1)]


def decide(store: Store, id: str, person: str, caption: str, verdict: str, **more: object) -> None:
    revision = str(more.pop("revision_id", f"{caption}@1"))
    made = Decision(id, person, "coarse", caption, revision, verdict, **more)  # type: ignore[arg-type]
    assert decisions.decide(store, [made])[0].applied


def rows(found: answers.Answers, queue: str = "coarse") -> list[tuple[int, str, str]]:
    names = answers.answer_names(queue)  # type: ignore[arg-type]
    return [
        (int(item), found.people[person], names[verdict])
        for item, person, verdict in zip(found.item, found.person, found.verdict, strict=True)
    ]


def test_items_that_two_people_answered(store: Store) -> None:
    decide(store, "1", "ana", "t0#0", "fine")
    decide(store, "2", "bo", "t0#0", "coarse", reason="count")
    decide(store, "3", "ana", "t0#1", "fine")
    found = answers.several(store, "coarse")
    assert rows(found) == [(0, "ana", "fine"), (0, "bo", "coarse")]
    assert found.reasons == ("count",)
    assert found.reason.tolist() == [-1, 0]


def test_captions_of_one_image_share_its_number(store: Store) -> None:
    answer(store, "coarse", TARGETS, people=("ana", "bo"))
    found = answers.several(store, "coarse")
    assert len(found.item) == 24
    assert len(np.unique(found.image)) == 6
    assert all(len(np.unique(found.image[found.item == one])) == 1 for one in range(12))


def test_the_latest_answer_that_stands_counts(store: Store) -> None:
    decide(store, "1", "ana", "t0#0", "fine")
    decide(store, "2", "bo", "t0#0", "coarse")
    decide(store, "3", "ana", "t0#0", "wrong")
    assert rows(answers.several(store, "coarse")) == [(0, "ana", "wrong"), (0, "bo", "coarse")]
    decide(store, "4", "ana", "t0#0", "undo", undoes="3")
    assert rows(answers.several(store, "coarse")) == [(0, "ana", "fine"), (0, "bo", "coarse")]


@pytest.mark.parametrize("verdict", ["skip", "unsure"])
def test_skipping_and_being_unsure_are_no_answers(store: Store, verdict: str) -> None:
    decide(store, "1", "ana", "t0#0", "fine")
    decide(store, "2", "bo", "t0#0", verdict)
    assert rows(answers.several(store, "coarse")) == []


def test_answers_to_different_texts_are_not_compared(store: Store) -> None:
    decide(store, "1", "ana", "t0#0", "fine")
    decide(store, "2", "cem", "t0#0", "edit", text="a finer text")
    decide(store, "3", "bo", "t0#0", "fine", revision_id="t0#0@2")
    assert [row[1] for row in rows(answers.several(store, "coarse"))] == ["ana", "cem"]


def test_a_correction_of_a_settled_item_is_no_answer_of_its_own(store: Store) -> None:
    decide(store, "1", "ana", "t0#0", "fine", basis="")
    decide(store, "2", "bo", "t0#0", "coarse", basis="1")
    assert rows(answers.several(store, "coarse")) == []


def test_blind_answers_that_were_asked_for_count_whatever_they_rested_on(store: Store) -> None:
    settings.put(store, overlap={"coarse": {"answers": 2, "share": 1}})
    decide(store, "1", "ana", "t0#0", "fine", basis="")
    decide(store, "2", "bo", "t0#0", "coarse", basis="1")
    assert rows(answers.several(store, "coarse")) == [(0, "ana", "fine"), (0, "bo", "coarse")]
    assert answers.shared(store) == {"coarse": 1}
    decide(store, "3", "cem", "t0#0", "coarse", basis="2")  # settles what the two differ on
    assert rows(answers.several(store, "coarse")) == [(0, "ana", "fine"), (0, "bo", "coarse")]


def test_items_are_aided_as_the_queue_is_set(store: Store) -> None:
    settings.put(store, unaided_share={"coarse": 0.5}, overlap={"coarse": {"answers": 2, "share": 1}})
    answer(store, "coarse", TARGETS, people=("ana", "bo"))
    found = answers.with_help(store, "coarse")
    without = int((found.images @ found.unaided).sum())
    assert 0 < without < 12  # the second answers, all without help, are not among them
    assert without + (found.images @ found.aided).sum() <= 12


def put_gold(store: Store, item: str, verdict: str) -> None:
    store.write(lambda connection: connection.execute(
        "INSERT INTO gold VALUES ('coarse', ?, ?, '', ?, ?, '', 'olga', now()::TIMESTAMP)",
        [item, item, f"{item}@1", verdict]))  # fmt: skip


def make_gold(store: Store, id: str) -> None:
    store.write(lambda connection: connection.execute("UPDATE decision SET purpose = 'gold' WHERE id = ?", [id]))


def test_answers_to_gold_items_stand_beside_the_right_ones_and_apart_from_work(store: Store) -> None:
    put_gold(store, "t0#0", "fine")
    for id, person, verdict in (("1", "ana", "fine"), ("2", "bo", "coarse")):
        decide(store, id, person, "t0#0", verdict)
        make_gold(store, id)
    found, names = answers.to_gold(store, "coarse"), answers.answer_names("coarse")
    assert found.people == ("ana", "bo")
    assert [names[one] for one in found.verdict] == ["fine", "coarse"]
    assert [names[one] for one in found.right] == ["fine", "fine"]
    assert rows(answers.several(store, "coarse")) == []


def test_first_verdicts_with_and_without_help_by_image(store: Store) -> None:
    answer(store, "coarse", TARGETS, people=("ana",))
    assert len(answers.with_help(store, "coarse").images) == 0  # all had help: nothing to compare
    make_unaided(store, "coarse", 0.6, "coarse", seed=4)
    found = answers.with_help(store, "coarse")
    logged = store.rows("SELECT verdict, aided, seq FROM decision WHERE queue = 'coarse' ORDER BY seq")
    without = [n for n, (_, aided, _) in enumerate(logged) if not aided]
    span = logged[without[0] : without[-1] + 1]
    for name, at in ((name, at) for at, name in enumerate(found.verdicts)):
        assert found.images @ found.aided[:, at] == sum(v == name and aided for v, aided, _ in span)
        assert found.images @ found.unaided[:, at] == sum(v == name and not aided for v, aided, _ in span)


def test_second_verdicts_are_left_out_of_the_effect_of_help(store: Store) -> None:
    answer(store, "coarse", TARGETS[:4], people=("ana",))
    make_unaided(store, "coarse", 1.0, "", seed=1)
    before = answers.with_help(store, "coarse")
    answer(store, "coarse", TARGETS[:4], people=("bo",), seed=7)
    after = answers.with_help(store, "coarse")
    assert (before.images @ before.unaided).tolist() == (after.images @ after.unaided).tolist()
    assert after.aided.sum() == 0


def test_answers_of_the_pool_are_in_the_order_of_the_grades() -> None:
    assert answers.answer_names("pool") == ("no", "partly", "yes", "same")
    assert "unsure" not in answers.answer_names("noise")
