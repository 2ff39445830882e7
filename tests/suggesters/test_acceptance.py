"""Rates of acceptance and the order that follows: against slow sums, and what must hold whatever people judge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.suggesters.acceptance import STRENGTH, USUAL, Acceptance, Judged, posterior

SHIPPED = {"siblings": 0, "combined": 2, "neighbours": 3, "attribute_words": 10}
NAMES = sorted(SHIPPED)
TYPES = ["colour", "several"]


def acceptance(counts: dict[tuple[str, str], tuple[int, int]], floor: float = 0.0) -> Acceptance:
    judged = {cell: Judged(*one) for cell, one in counts.items()}
    return Acceptance.of(judged, floor=floor, preference=SHIPPED.__getitem__)


def row(source: str, type: str = "colour", **evidence: Any) -> dict[str, Any]:
    kind = "attribute" if "slot_span" in evidence else "rewrite"
    return {"id": f"{source} {type} {evidence}", "kind": kind, "source": source, "evidence": {"type": type, **evidence}}


def slow(taken: int, judged: int, prior: float) -> tuple[float, float, float]:
    """The mean and the middle 95 % of the posterior, summed over a fine grid."""
    grid = (np.arange(200_000) + 0.5) / 200_000
    density = grid ** (taken + STRENGTH * prior - 1) * (1 - grid) ** (judged - taken + STRENGTH * (1 - prior) - 1)
    share = np.cumsum(density) / density.sum()
    low, high = (float(grid[np.searchsorted(share, end)]) for end in (0.025, 0.975))
    return float((grid * density).sum() / density.sum()), low, high


@pytest.mark.parametrize(("taken", "judged", "prior"), [(0, 0, 0.4), (4, 60, 0.3), (9, 10, 0.3), (0, 40, 0.3)])
def test_a_rate_is_the_middle_of_its_posterior(taken: int, judged: int, prior: float) -> None:
    assert posterior(taken, judged, prior)[:3] == pytest.approx(slow(taken, judged, prior), abs=1e-3)


def test_a_type_is_pulled_to_its_source_and_a_source_to_all_of_them() -> None:
    found = acceptance(
        {("siblings", "colour"): (3, 3), ("siblings", "place"): (0, 20), ("neighbours", "colour"): (5, 9)}
    )
    pooled = (8 + STRENGTH * USUAL) / (32 + STRENGTH)
    source = (3 + STRENGTH * pooled) / (23 + STRENGTH)
    assert found.rate("siblings", "deed") == pytest.approx(source)
    assert found.rate("siblings", "colour") == pytest.approx((3 + STRENGTH * source) / (3 + STRENGTH))
    assert found.rate("siblings", "place") < source < found.rate("siblings", "colour")


def test_what_4_of_60_took_is_shown_last_and_says_so() -> None:
    found = acceptance({("siblings", "colour"): (40, 120), ("combined", "several"): (4, 60)}, floor=0.15)
    first, last = found.ordered([row("combined", "several", rank=[5, 1]), row("siblings", rank=[5, 4])])
    assert (first["source"], "seldom" in first) == ("siblings", False)
    assert (last["source"], last["seldom"]) == ("combined", (4, 60))


def test_a_few_refusals_are_not_enough_to_be_shown_last() -> None:
    found = acceptance({("siblings", "colour"): (10, 120), ("combined", "several"): (0, 6)}, floor=0.15)
    assert found.rate("combined", "several") < 0.15
    assert found.seldom("combined", "several") is None


def test_rank_comes_first_then_the_rate_then_the_margin() -> None:
    found = acceptance({("neighbours", "colour"): (30, 40), ("siblings", "colour"): (10, 40)})
    rows = [
        row("siblings", rank=[5, 1], margin=[0, 0.3]),
        row("neighbours", rank=[5, 1], margin=[0, 0.1]),
        row("neighbours", rank=[5, 1], margin=[0, 0.2]),
        row("neighbours", rank=[5, 2], margin=[0, 0.9]),
    ]
    assert found.ordered(rows) == [rows[2], rows[1], rows[0], rows[3]]


def test_single_attributes_stay_with_their_noun_and_seldom_ones_end_it() -> None:
    found = acceptance({("attribute_words", "colour"): (0, 90), ("siblings", "colour"): (30, 60)}, floor=0.15)
    rows = [
        row("attribute_words", slot_span=[2, 5], probability=0.9),
        row("siblings", slot_span=[2, 5], probability=0.1),
        row("siblings", slot_span=[9, 12], captions=[1]),
        row("siblings", slot_span=[9, 12], captions=[1, 2]),
    ]
    assert [one["id"] for one in found.ordered(rows)] == [rows[n]["id"] for n in (1, 0, 3, 2)]


def test_a_stress_word_comes_last_by_its_own_score_whatever_its_source_is_worth() -> None:
    found = acceptance({("attribute_words", "colour"): (50, 50)})
    rows = [row("attribute_words", score=0.3), row("attribute_words", score=0.7), row("siblings", rank=[9, 9])]
    assert found.ordered(rows) == [rows[2], rows[1], rows[0]]


calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
CELLS = st.tuples(st.sampled_from(NAMES), st.sampled_from(TYPES))
COUNTS = st.dictionaries(CELLS, st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda n: (min(n), max(n))))
ROWS = st.lists(CELLS.map(lambda cell: row(*cell)), max_size=9)


@calm
@given(COUNTS, st.sampled_from(NAMES), ROWS)
def test_a_source_that_is_always_refused_sinks_to_the_end(counts, refused, rows) -> None:
    counts = {cell: one for cell, one in counts.items() if cell[0] != refused}
    counts |= {(refused, type): (0, 500) for type in TYPES}
    shown = [one["source"] == refused for one in acceptance(counts, floor=0.15).ordered(rows)]
    seldom = [one["source"] for one in acceptance(counts, floor=0.15).ordered(rows) if "seldom" in one]
    assert seldom.count(refused) == sum(shown)
    others = {name for name in seldom if name != refused}
    assert others or shown == sorted(shown)


@calm
@given(ROWS)
def test_sources_that_nobody_has_judged_stay_by_their_preference(rows) -> None:
    order = [SHIPPED[one["source"]] for one in acceptance({}, floor=1.0).ordered(rows)]
    assert order == sorted(order)


@calm
@given(COUNTS, ROWS, st.sampled_from([0.0, 0.15, 1.0]))
def test_nothing_is_lost_and_equals_keep_their_order(counts, rows, floor) -> None:
    numbered = [{**one, "n": n} for n, one in enumerate(rows)]
    found = acceptance(counts, floor)
    shown = found.ordered(numbered)
    assert sorted(one["n"] for one in shown) == list(range(len(rows)))
    for cell in {(one["source"], one["evidence"]["type"]) for one in rows}:
        places = [one["n"] for one in shown if (one["source"], one["evidence"]["type"]) == cell]
        assert places == sorted(places)
    assert found.ordered(shown) == shown


@calm
@given(COUNTS, CELLS, st.integers(0, 30))
def test_a_rate_lies_in_its_interval_and_more_taken_raises_it(counts, cell, more) -> None:
    found = acceptance(counts)
    for rate in [*found.rates.values(), *found.source_rates.values()]:
        assert 0 < rate.low < rate.value < rate.high < 1
    taken, judged = counts.get(cell, (0, 0))
    better = acceptance(counts | {cell: (taken + more, judged + more)})
    assert better.rate(*cell) >= found.rate(*cell) - 1e-12
