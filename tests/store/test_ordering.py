"""The order of the coarse queue: the likeliest captions, the uncertain mixed in, the same as by ``mixed_order``."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from curation import reports
from curation.coarse.choosing import budget, mixed_order
from curation.records import Decision, RegrainError
from curation.store import Store, decisions, hands, scores, upkeep
from curation.store.filters import Filter, where

VALUES = [0.99, 0.52, 0.97, 0.5, 0.5, 0.1, 0.98, 0.31, 0.69, 0.97, 0.02, 0.47]


@pytest.fixture
def scored(store: Store) -> Store:
    ids = [row[0] for row in store.rows("SELECT id FROM caption WHERE split = 'test' ORDER BY id")]
    n = len(ids)
    columns = {"caption_id": ids, "revision_id": [f"{one}@1" for one in ids], "encoder": ["e"] * n}
    columns |= {"settings": ["s"] * n, "value": VALUES, "reasons": ["[]"] * n, "parts": ["{}"] * n}  # type: ignore[dict-item]
    scores.put_scores(store, "coarse", pa.table(columns))
    return store


def order(store: Store, n: int = 12) -> list[str]:
    return [row["id"] for row in hands.next_items(store, "coarse", n)]


@pytest.mark.parametrize("share", [0.0, 0.2, 0.25, 0.5, 1.0])
def test_the_queue_stands_in_the_order_of_the_pure_function(scored: Store, share: float) -> None:
    upkeep.change_settings(scored, {"informative_share": share})
    ids = [row[0] for row in scored.rows("SELECT id FROM caption WHERE split = 'test' ORDER BY id")]
    places = mixed_order(np.array(VALUES), ids, informative_share=share)
    values = sorted(VALUES, reverse=True)
    rows = scored.rows("SELECT id, priority FROM item WHERE queue = 'coarse'")
    assert dict(rows) == {ids[place]: value for place, value in zip(places, values, strict=True)}


def test_what_was_judged_does_not_turn_the_order_of_the_rest(scored: Store) -> None:
    before = order(scored)
    decisions.decide(scored, [Decision("a", "ann", "coarse", before[0], f"{before[0]}@1", "fine")])
    assert order(scored, 11) == before[1:]
    decisions.rebuild(scored)
    assert order(scored, 11) == before[1:]


def test_a_filter_by_score_asks_for_the_score_and_not_for_the_place(scored: Store) -> None:
    upkeep.change_settings(scored, {"informative_share": 1.0})
    clause = where(Filter(low=0.9))
    found = scored.value(f"SELECT count(*) FROM item t WHERE queue = 'coarse' AND {clause.sql}", clause.parameters)
    assert found == sum(value >= 0.9 for value in VALUES)


def test_a_share_beyond_one_is_refused(scored: Store) -> None:
    with pytest.raises(RegrainError, match="share from 0 to 1"):
        upkeep.change_settings(scored, {"informative_share": 1.2})


def test_a_budget_follows_the_queue_and_counts_what_was_found(scored: Store) -> None:
    first = order(scored)[0]
    decisions.decide(scored, [Decision("a", "ann", "coarse", first, f"{first}@1", "coarse")])
    ahead = scores.coarse_ahead(scored)["value"].to_numpy()
    assert (len(ahead), scores.found_coarse(scored)) == (11, 1)
    said = reports.coarse(scored, [4, 999])
    assert said.budgets == [budget(ahead, number, already=1) for number in (4, 11)]
    assert said.budgets[1].share == 1.0
    assert (said.verdicts, said.reliability) == (0, ())


def test_an_empty_queue_promises_nothing_and_does_not_fail() -> None:
    store = Store.in_memory()
    assert reports.coarse(store).budgets[0].judged == 0
    store.close()
