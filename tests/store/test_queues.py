from __future__ import annotations

import pyarrow as pa
import pytest

from curation.records import Decision
from curation.store import Store, bulk, decisions, hands, pool_candidates, queues, scores, upkeep
from curation.store.filters import Filter


def score_all(store: Store, kind: scores.ScoreKind = "coarse") -> None:
    ids = [row[0] for row in store.rows("SELECT id FROM caption WHERE split = 'test' ORDER BY id")]
    scores.put_scores(
        store,
        kind,
        pa.table(
            {
                "caption_id": ids, "revision_id": [f"{one}@1" for one in ids], "encoder": ["e"] * len(ids),
                "settings": ["s"] * len(ids), "value": [int(one[1]) / 10 for one in ids],
                "reasons": ['["few words"]'] * len(ids), "parts": ["{}"] * len(ids),
            }
        ),
    )  # fmt: skip


def test_the_next_items_are_the_highest_without_those_skipped_over(store: Store) -> None:
    score_all(store)
    assert [row["id"] for row in hands.next_items(store, "coarse", 3)] == ["t5#0", "t5#1", "t4#0"]
    assert hands.deal(store, "coarse", "ann", 1, skip=["t5#0"]).rows[0]["id"] == "t5#1"
    assert [row["id"] for row in hands.next_items(store, "coarse", 5, search="0 OF T3")] == ["t3#0"]


def test_skipped_items_come_back_after_all_others(store: Store) -> None:
    score_all(store)
    decisions.decide(store, [Decision("s", "ann", "coarse", "t5#0", "t5#0@1", "skip")])
    order = []
    for n in range(12):
        item = hands.next_items(store, "coarse", 1)[0]
        order.append(item["id"])
        decisions.decide(store, [Decision(f"d{n}", "ann", "coarse", item["id"], item["revision_id"], "fine")])
    assert order[-1] == "t5#0"
    assert hands.next_items(store, "coarse", 1) == []


def test_pages_by_key_hold_every_item_once_through_ties(store: Store) -> None:
    score_all(store)
    seen, after = [], None
    while page := queues.listed(store, "coarse", "todo", person="ann", after=after, n=5):
        seen += [row["id"] for row in page]
        after = queues.key_of(page[-1], "todo")
    assert seen == [row["id"] for row in queues.listed(store, "coarse", "todo", person="ann", n=99)]
    assert len(set(seen)) == 12


def test_the_pool_queue_asks_about_each_image_with_the_caption_it_fits_best(store: Store) -> None:
    from tests.store.test_versions import candidates

    candidates(store, [(f"t0#{i}", f"p{n}") for i in (0, 1) for n in range(5)])
    store.write(
        lambda c: c.execute("UPDATE candidate SET risk = 0.1 * (image_id[2]::INT) + (caption_id = 't0#1')::INT")
    )
    upkeep.change_settings(store, {"pool_per_target": 3})
    rows = hands.next_items(store, "pool", 9)
    assert [row["id"] for row in rows] == ["t0#1|p4", "t0#1|p3", "t0#1|p2"]
    decisions.decide(store, [Decision("d", "ann", "noise", "t0#1", "t0#1@1", "mismatch")])
    upkeep.change_settings(store, {"pool_per_target": 2})
    assert [row["id"] for row in hands.next_items(store, "pool", 9)] == ["t0#0|p4", "t0#0|p3"]


def test_candidates_and_their_items_are_one_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.store.test_versions import candidates

    def fail(connection: object) -> None:
        raise ZeroDivisionError("the items fail")

    candidates(store, [("t0#0", "p0")])
    monkeypatch.setattr("curation.store.items.open_candidates", fail)
    with pytest.raises(ZeroDivisionError, match="the items fail"):
        candidates(store, [("t0#0", "p1")])
    assert store.rows("SELECT image_id FROM candidate") == [("p0",)]
    assert [row["id"] for row in hands.next_items(store, "pool", 9)] == ["t0#0|p0"]


def test_a_target_for_which_nothing_is_found_any_more_loses_its_candidates(store: Store) -> None:
    from tests.store.test_versions import candidates

    candidates(store, [("t0#0", "p0"), ("t1#0", "p1")])
    table = store.arrow("SELECT * FROM candidate")
    searched = table.select(list(pool_candidates.SEARCHED)).slice(0, 1)
    pool_candidates.put(store, table.slice(0, 0), searched)
    assert store.rows("SELECT image_id FROM candidate") == [("p1",)]
    assert set(pool_candidates.searched(store)) == {"t0#0", "t1#0"}


def test_coarse_captions_are_not_asked_about_until_they_are_judged_fine(store: Store) -> None:
    from tests.store.test_versions import candidates

    score_all(store)
    store.write(lambda connection: connection.execute("UPDATE score SET value = 0.9"))
    candidates(store, [("t0#0", "p0"), ("t1#0", "p1")])
    assert hands.next_items(store, "pool", 9) == []
    decisions.decide(store, [Decision("d", "ann", "coarse", "t0#0", "t0#0@1", "fine")])
    upkeep.change_settings(store, {"pool_per_target": 2})
    assert [row["id"] for row in hands.next_items(store, "pool", 9)] == ["t0#0|p0"]


def test_tabs_and_counts_agree(store: Store) -> None:
    for n, person in enumerate(["ann", "bob", "ann"]):
        decisions.decide(store, [Decision(f"d{n}", person, "coarse", f"t{n}#0", f"t{n}#0@1", "fine")])
    counted = queues.counts(store, "ann")["coarse"]
    assert counted == {"todo": 9, "disputed": 0, "done": 3, "mine": 2}
    for tab in queues.TABS:
        assert len(queues.listed(store, "coarse", tab, person="ann", n=99)) == counted[tab]


def test_pauses_are_no_work(store: Store) -> None:
    for n in range(6):
        decisions.decide(store, [Decision(f"d{n}", "ann", "coarse", f"t{n}#0", f"t{n}#0@1", "fine")])
    for n, minutes in enumerate([40, 39, 38, 5, 4, 3]):  # a minute apart, with a long pause in the middle
        moved = f"UPDATE decision SET made_at = now()::TIMESTAMP - INTERVAL {minutes} MINUTE WHERE id = 'd{n}'"
        store.write(lambda connection, moved=moved: connection.execute(moved))
    assert queues.pace(store, "ann", "coarse") == pytest.approx(60, rel=0.01)
    assert queues.pace(store, "bob", "coarse") is None


def test_bulk_verdicts_and_undo_are_no_pace(store: Store) -> None:
    bulk.decide(store, "coarse", "fine", person="ann", batch_id="b", narrow=Filter())
    assert queues.pace(store, "ann", "coarse") is None
    bulk.undo(store, "b", person="ann", undo_id="u")
    assert queues.pace(store, "ann", "coarse") is None
