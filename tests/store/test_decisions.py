from __future__ import annotations

import random
from typing import Any

import pytest

from curation.records import Decision, Outcome, Queue, RegrainError, Suggestion
from curation.store import Store, captions, decisions, hands, items, queues, scores, versions
from curation.store.effects import MAX_TEXT


def decide(store: Store, name: str, queue: Queue, caption: str, verdict: str, **more: Any) -> Outcome:
    more.setdefault("revision_id", captions.get(store, caption)["revision_id"])
    more.setdefault("person", "ann")
    return decisions.decide(store, [Decision(name, queue=queue, caption_id=caption, verdict=verdict, **more)])[0]


def undo(store: Store, name: str, undoes: str, **more: Any) -> Outcome:
    row = next(row for row in store.records("SELECT * FROM decision WHERE id = ?", [undoes]))
    return decide(store, name, row["queue"], row["caption_id"], "undo", undoes=undoes, **more)


def state(store: Store) -> list[Any]:
    """Everything that is derived from the log."""
    return [
        store.rows("SELECT * FROM item ORDER BY queue, id"),
        store.rows("SELECT id, revision_id, text FROM caption ORDER BY id"),
        store.rows("SELECT * FROM revision ORDER BY id"),
        store.rows("SELECT * FROM decision ORDER BY seq"),
    ]


def test_a_verdict_settles_its_item_and_opens_the_next_queues(store: Store) -> None:
    assert decide(store, "d1", "coarse", "t0#0", "coarse").applied
    counted = queues.counts(store, "ann")
    assert counted["coarse"] == {"todo": 11, "disputed": 0, "done": 1, "mine": 1}
    assert (counted["rewrites"]["todo"], counted["attributes"]["todo"]) == (1, 1)


def test_sending_a_decision_twice_applies_it_once(store: Store) -> None:
    first = decide(store, "d1", "rewrites", "t0#0", "edit", text="a red ball")
    again = decide(store, "d1", "rewrites", "t0#0", "edit", text="a red ball", revision_id="t0#0@1")
    assert first == again
    assert len(captions.revisions(store, "t0#0")) == 2


def test_a_decision_on_an_older_revision_is_refused_and_says_the_text(store: Store) -> None:
    decide(store, "d1", "rewrites", "t0#0", "edit", text="a red ball")
    late = decide(store, "d2", "rewrites", "t0#0", "edit", text="a blue ball", revision_id="t0#0@1", person="bob")
    assert not late.applied
    assert "a red ball" in late.message
    assert captions.get(store, "t0#0")["text"] == "a red ball"


def test_an_untouched_edit_makes_no_revision(store: Store) -> None:
    same = decide(store, "d1", "rewrites", "t0#0", "edit", text="  caption 0  of t0 ")
    assert same.applied
    assert same.revision_id is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("  ", "empty"),
        ("\u200b\u200b", "empty"),
        ("a\x00b", "control"),
        ("a\x1b[2Jb", "control"),
        ("broken \ud83d half", "surrogate"),
        ("x" * (MAX_TEXT + 1), "characters"),
    ],
)
def test_bad_texts_are_refused_with_the_reason(store: Store, text: str, why: str) -> None:
    outcome = decide(store, "d1", "rewrites", "t0#0", "edit", text=text)
    assert not outcome.applied
    assert why in outcome.message


def test_unknown_verdicts_and_captions_log_nothing(store: Store) -> None:
    with pytest.raises(RegrainError, match="use one of"):
        decide(store, "d1", "coarse", "t0#0", "great")
    with pytest.raises(RegrainError, match="no caption"):
        decide(store, "d2", "coarse", "t99#0", "fine", revision_id="t99#0@1")
    assert store.value("SELECT count(*) FROM decision") == 0


def test_an_accepted_suggestion_names_its_source(store: Store) -> None:
    suggestion = Suggestion("a red caption", source="siblings")
    scores.put_suggestions(store, [("t0#0", "t0#0@1", [suggestion])], encoder="e", settings="s")
    found = scores.suggestions(store, "t0#0")[0]
    decide(store, "d1", "rewrites", "t0#0", "accept", text=found["text"], suggestion_id=found["id"])
    assert captions.revisions(store, "t0#0")[-1]["source"] == "siblings"
    assert scores.suggestions(store, "t0#0") == []  # they were made for the older text


def test_undo_gives_back_text_item_and_queues(store: Store) -> None:
    before = state(store)[:2]
    decide(store, "d1", "coarse", "t0#0", "coarse")
    decide(store, "d2", "rewrites", "t0#0", "edit", text="a red ball")
    assert store.value("SELECT verdict FROM item WHERE queue = 'attributes'") == "superseded"
    assert undo(store, "u2", "d2").applied
    assert store.value("SELECT status FROM item WHERE queue = 'attributes'") == "todo"
    assert undo(store, "u1", "d1").applied
    assert state(store)[:2] == before
    assert len(captions.revisions(store, "t0#0")) == 2  # the chain keeps what was undone


def test_undo_returns_to_the_verdict_before(store: Store) -> None:
    decide(store, "d1", "coarse", "t0#0", "fine")
    decide(store, "d2", "coarse", "t0#0", "coarse")
    assert not undo(store, "u1", "d1").applied
    assert undo(store, "u2", "d2").applied
    assert store.value("SELECT verdict FROM item WHERE queue = 'coarse' AND id = 't0#0'") == "fine"
    assert decisions.last_of(store, "ann")["id"] == "d1"  # type: ignore[index]


def test_undo_is_refused_where_somebody_has_built_on_it(store: Store) -> None:
    decide(store, "d1", "coarse", "t0#0", "coarse")
    decide(store, "d2", "rewrites", "t0#0", "edit", text="a red ball", person="bob")
    refused = undo(store, "u1", "d1")
    assert not refused.applied
    assert "bob" in refused.message
    assert not undo(store, "u3", "d2").applied  # ann may not undo bob's
    assert "already" in (undo(store, "u4", "d2", person="bob") and undo(store, "u5", "d2", person="bob")).message


def test_undo_leaves_frozen_versions_alone(store: Store) -> None:
    decide(store, "d1", "rewrites", "t0#0", "edit", text="a red ball")
    version = versions.freeze(store, "v1", person="ann")
    undo(store, "u1", "d1")
    texts = {caption.id: caption.text for caption in versions.benchmark(store, version).captions}
    assert texts["t0#0"] == "a red ball"
    assert captions.get(store, "t0#0")["text"] == "caption 0 of t0"


def test_noise_items_put_there_by_a_score_survive_an_undo(store: Store) -> None:
    import pyarrow as pa

    table = pa.table(
        {
            "caption_id": [f"t{n}#0" for n in range(6)], "revision_id": [f"t{n}#0@1" for n in range(6)],
            "encoder": ["e"] * 6, "settings": ["s"] * 6, "value": [n / 6 for n in range(6)],
            "reasons": ["[]"] * 6, "parts": ["{}"] * 6,
        }
    )  # fmt: skip
    scores.put_scores(store, "noise", table)
    before = store.rows("SELECT id, priority, opened_by FROM item WHERE queue = 'noise' ORDER BY id")
    assert [row[0] for row in before] == ["t4#0", "t5#0"]
    decide(store, "d1", "coarse", "t5#0", "wrong")
    decide(store, "d2", "coarse", "t0#1", "wrong")
    assert hands.next_items(store, "noise", 3)[0]["priority"] == items.OPENED
    undo(store, "u2", "d2")
    undo(store, "u1", "d1")
    assert store.rows("SELECT id, priority, opened_by FROM item WHERE queue = 'noise' ORDER BY id") == before


@pytest.mark.parametrize("seed", range(5))
def test_state_rebuilt_from_the_log_equals_the_state_kept(store: Store, seed: int) -> None:
    random_decisions(store, random.Random(seed), 60)
    before = state(store)
    assert decisions.rebuild(store) == 60
    assert state(store) == before


def random_decisions(store: Store, rng: random.Random, n: int) -> None:
    from curation.store.verdicts import VERDICTS
    from tests.store.conftest import add, staged

    for number in range(n):
        if number == n // 2:  # an import in the middle of the log
            add(store, staged(captions=[("t1", 0, "imported anew")], images=[], on_difference="revise"))
        queue: Queue = rng.choice(["coarse", "rewrites", "attributes", "noise", "pool"])
        caption, person = f"t{rng.randrange(3)}#{rng.randrange(2)}", rng.choice(["ann", "bob"])
        logged = store.rows("SELECT id FROM decision")
        if logged and rng.random() < 0.3:
            undo(store, f"d{number}", rng.choice(logged)[0], person=person)
            continue
        decide(
            store, f"d{number}", queue, caption, rng.choice(VERDICTS[queue]).name, person=person,
            text=f"text {rng.randrange(4)}", image_id="p1" if queue == "pool" else "",
        )  # fmt: skip


def test_rebuilding_reads_the_log_and_alters_neither_it_nor_sources(store: Store) -> None:
    offer = Suggestion("a red caption", source="siblings")
    scores.put_suggestions(store, [("t0#0", "t0#0@1", [offer])], encoder="e", settings="s")
    found = scores.suggestions(store, "t0#0")[0]
    decide(store, "d1", "rewrites", "t0#0", "accept", text=found["text"], suggestion_id=found["id"])
    scores.put_suggestions(store, [("t0#0", "t0#0@2", [])], encoder="e", settings="s")
    before = state(store)
    decisions.rebuild(store)
    assert state(store) == before
    assert captions.revisions(store, "t0#0")[-1]["source"] == "siblings"


def test_who_thinks_again_takes_back_what_the_first_verdict_opened(store: Store) -> None:
    decide(store, "d1", "coarse", "t0#0", "coarse")
    decide(store, "d2", "coarse", "t0#0", "fine")
    assert queues.counts(store)["rewrites"]["todo"] == 0
    undo(store, "u2", "d2")
    assert queues.counts(store)["rewrites"]["todo"] == 1


def test_a_caption_called_coarse_again_after_its_edit_is_rewritten_again(store: Store) -> None:
    decide(store, "d1", "coarse", "t0#0", "coarse")
    decide(store, "d2", "rewrites", "t0#0", "edit", text="a red ball")
    decide(store, "d3", "coarse", "t0#0", "coarse")
    counted = queues.counts(store)
    assert (counted["rewrites"]["todo"], counted["attributes"]["todo"]) == (1, 1)


def test_undoing_past_another_persons_edit_leaves_no_orphan(store: Store) -> None:
    before = state(store)[:2]
    decide(store, "d1", "coarse", "t0#0", "coarse")
    decide(store, "d2", "noise", "t0#0", "edit", text="a red ball", person="bob")
    if not undo(store, "u1", "d1").applied:
        undo(store, "u2", "d2", person="bob")
        assert undo(store, "u3", "d1").applied
    else:
        assert undo(store, "u2", "d2", person="bob").applied
    assert state(store)[:2] == before


def test_a_new_text_asks_again_about_the_pool(store: Store) -> None:
    from tests.store.test_versions import candidates

    candidates(store, [("t0#0", "p0")])
    assert decide(store, "d1", "pool", "t0#0", "yes", image_id="p0").applied
    decide(store, "d2", "rewrites", "t0#0", "edit", text="a red ball")
    assert [row["id"] for row in hands.next_items(store, "pool", 5)] == ["t0#0|p0"]
    undo(store, "u2", "d2")
    assert queues.counts(store)["pool"] == {"todo": 0, "disputed": 0, "done": 1, "mine": 0}


@pytest.mark.parametrize(
    ("image", "why"), [("", "needs the image"), ("nowhere", "no image"), ("t1", "not in the pool")]
)
def test_a_pool_verdict_names_a_pool_image(store: Store, image: str, why: str) -> None:
    outcome = decide(store, "d1", "pool", "t0#0", "yes", image_id=image)
    assert not outcome.applied
    assert why in outcome.message


def test_an_undo_is_logged_on_the_item_that_it_takes_back(store: Store) -> None:
    decide(store, "d1", "coarse", "t0#0", "fine")
    decide(store, "u1", "noise", "t5#1", "undo", undoes="d1")
    assert store.rows("SELECT queue, caption_id FROM decision WHERE id = 'u1'") == [("coarse", "t0#0")]
    assert store.value("SELECT status FROM item WHERE queue = 'coarse' AND id = 't0#0'") == "todo"


def test_a_verdict_beside_a_large_log(store: Store) -> None:
    """A log of several row groups is read by several threads, together with the rows of the open transaction."""
    columns = "caption_id, image_id, revision_id, verdict, reason, applied, message"
    store.write(
        lambda connection: connection.execute(
            f"""INSERT INTO decision (id, seq, made_at, person, queue, item_id, {columns})
            SELECT 'old' || i, nextval('event_seq'), now()::TIMESTAMP, 'ann', 'coarse', 'r0#0', 'r0#0', '', 'r0#0@1',
                'fine', '', true, '' FROM range(400000) t(i)"""
        )
    )
    assert decide(store, "d1", "coarse", "t0#0", "coarse").applied
    assert decide(store, "d2", "coarse", "t0#0", "fine", person="bob", basis="d1").applied
    assert undo(store, "d3", "d2", person="bob").applied
    assert queues.item(store, "coarse", "t0#0")["verdict"] == "coarse"  # type: ignore[index]
