"""Bulk verdicts: the same state as single ones, made and undone as one."""

from __future__ import annotations

import pytest

from curation.records import Decision, RegrainError
from curation.store import Store, bulk, decisions, queues, settings, tally, upkeep
from curation.store.filters import EVERYTHING, Filter
from tests.store.test_queues import score_all


def whole(store: Store) -> list[object]:
    return [store.rows("SELECT * FROM item ORDER BY queue, id"), {k: n for k, n in tally.read(store).items() if n}]


@pytest.mark.parametrize("verdict", ["fine", "coarse", "wrong", "defect", "unsure", "skip"])
def test_a_bulk_verdict_leaves_what_a_rebuild_gives(store: Store, verdict: str) -> None:
    score_all(store)
    score_all(store, "noise")
    decisions.decide(store, [Decision("one", "bob", "coarse", "t1#0", "t1#0@1", "coarse")])
    decisions.decide(store, [Decision("two", "bob", "coarse", "t2#0", "t2#0@1", "skip")])
    done = bulk.decide(store, "coarse", verdict, person="ann", batch_id="b", narrow=EVERYTHING)
    assert (done.judged, done.refused) == (11, 0)
    before = whole(store)
    decisions.rebuild(store)
    assert whole(store) == before


def test_undo_of_a_bulk_verdict_gives_everything_back(store: Store) -> None:
    score_all(store)
    score_all(store, "noise")
    decisions.decide(store, [Decision("two", "bob", "coarse", "t2#0", "t2#0@1", "skip")])
    before = whole(store)
    bulk.decide(store, "coarse", "wrong", person="ann", batch_id="b", narrow=EVERYTHING)
    taken = bulk.undo(store, "b", person="ann", undo_id="u")
    assert (taken.judged, taken.refused) == (12, 0)
    assert whole(store) == before
    decisions.rebuild(store)
    assert whole(store) == before
    assert bulk.undo(store, "b", person="ann", undo_id="u2").judged == 0


def test_what_others_built_on_stays(store: Store) -> None:
    bulk.decide(store, "coarse", "coarse", person="ann", batch_id="b", narrow=EVERYTHING)
    edit = Decision("e", "bob", "rewrites", "t0#0", "t0#0@1", "edit", text="a red ball")
    assert decisions.decide(store, [edit])[0].applied
    taken = bulk.undo(store, "b", person="ann", undo_id="u")
    assert (taken.judged, taken.refused) == (11, 1)
    assert "bob has built on it" in taken.messages[0]
    assert queues.item(store, "coarse", "t0#0")["verdict"] == "coarse"  # type: ignore[index]


def test_a_batch_sent_twice_is_applied_once(store: Store) -> None:
    first = bulk.decide(store, "coarse", "fine", person="ann", batch_id="b", narrow=Filter(image="t1"))
    again = bulk.decide(store, "coarse", "fine", person="ann", batch_id="b", narrow=Filter(image="t1"))
    assert first.judged == again.judged == 2
    assert store.value("SELECT count(*) FROM decision") == 2


def test_only_what_the_filter_and_the_selection_leave_is_judged(store: Store) -> None:
    assert bulk.count(store, "coarse", "ann", Filter(text="of t3")) == 2
    bulk.decide(store, "coarse", "fine", person="ann", batch_id="b", narrow=Filter(text="of t3"), ids=["t3#1", "t4#0"])
    assert store.rows("SELECT item_id FROM decision") == [("t3#1",)]


def test_items_of_several_people_get_one_answer_each(store: Store) -> None:
    upkeep.change_settings(store, {"overlap": {"coarse": {"answers": 2, "share": 0.5}}})
    assert settings.get(store, "overlap")
    bulk.decide(store, "coarse", "coarse", person="ann", batch_id="b", narrow=EVERYTHING)
    counted = queues.counts(store, "ann")["coarse"]
    assert counted["done"] + counted["todo"] == counted["mine"] == 12
    assert 0 < counted["todo"] < 12
    before = whole(store)
    decisions.rebuild(store)
    assert whole(store) == before


def test_a_text_is_no_bulk_verdict(store: Store) -> None:
    with pytest.raises(RegrainError, match="item by item"):
        bulk.decide(store, "rewrites", "edit", person="ann", batch_id="b", narrow=EVERYTHING)


def test_undo_of_one_takes_the_whole_batch_back_however_often_it_is_sent(store: Store) -> None:
    bulk.decide(store, "coarse", "fine", person="ann", batch_id="b", narrow=EVERYTHING)
    last = decisions.last_of(store, "ann", "coarse")
    assert last is not None
    undo = Decision("u", "ann", "coarse", last["caption_id"], last["revision_id"], "undo", undoes=last["id"])
    assert bulk.apply(store, [undo])[0].applied
    assert bulk.apply(store, [undo])[0].applied
    assert queues.counts(store, "ann")["coarse"] == {"todo": 12, "disputed": 0, "done": 0, "mine": 0}
    assert store.value("SELECT count(*) FROM decision") == 24
