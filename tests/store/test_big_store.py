"""The made-up workspace of the benchmarks is in the state that the real functions give."""

from __future__ import annotations

from typing import Any

from curation.store import Store, decisions
from tests.store import big_store

STATE = {
    "items": "SELECT * FROM item ORDER BY queue, id",
    "captions": "SELECT id, revision_id, text, text_hash FROM caption ORDER BY id",
    "counts": "SELECT queue, what, n FROM tally WHERE n > 0 ORDER BY ALL",
}


def state(store: Store) -> dict[str, list[dict[str, Any]]]:
    return {name: store.records(sql) for name, sql in STATE.items()}


def test_the_state_is_what_a_rebuild_from_the_log_gives() -> None:
    store = Store.in_memory()
    big_store.fill(store, images=60, pool=30)
    made = state(store)
    number = decisions.rebuild(store)
    assert number == store.value("SELECT count(*) FROM decision") > 300
    rebuilt = state(store)
    for name in STATE:
        assert made[name] == rebuilt[name], name
    statuses = {row["status"] for row in made["items"]}
    assert statuses == {"todo", "done", "unsure", "skipped"}
    assert {row["queue"] for row in made["items"] if row["status"] == "done"} >= {"coarse", "rewrites", "noise", "pool"}
    store.close()
