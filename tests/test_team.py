"""From decisions in the log to figures: what the page and the command show."""

from __future__ import annotations

import itertools

import pytest

from curation import team
from curation.store import Store
from tests.store.conftest import add, staged
from tests.three_people import answer, make_unaided

IMAGES = [(f"t{n:02}", f"t{n:02}.jpg", "test") for n in range(20)]
CAPTIONS = [(name, i, f"caption {i} of {name}") for name, _, _ in IMAGES for i in (0, 1)]
IDS = [f"{name}#{i}" for name, i, _ in CAPTIONS]


@pytest.fixture
def store(empty: Store) -> Store:
    add(empty, staged(IMAGES, CAPTIONS))
    return empty


@pytest.fixture
def empty() -> Store:
    return Store.in_memory()


def test_the_share_of_same_answers_equals_counting_in_the_log(store: Store) -> None:
    made = answer(store, "coarse", IDS, agree=0.7)
    by_item: dict[str, list[str]] = {}
    for one in made:
        by_item.setdefault(one.caption_id, []).append(one.verdict)
    pairs = [a == b for given in by_item.values() for a, b in itertools.combinations(given, 2)]
    found = team.consistency(store, "coarse")
    assert found.overall.percent.value == pytest.approx(sum(pairs) / len(pairs))
    assert (found.overall.items, found.overall.answers, found.overall.people) == (40, 120, 3)
    assert [one.person for one in found.rest] == ["ana", "bo", "cem"]
    assert sum(map(sum, found.verdicts.counts)) == 2 * len(pairs)
    assert sum(found.shares) == pytest.approx(1)


def test_a_person_who_guesses_stands_out(store: Store) -> None:
    answer(store, "noise", IDS, people=("ana", "bo"), agree=0.97, usual="match", seed=1)
    answer(store, "noise", IDS, people=("cem",), agree=0.0, seed=2)
    found = {one.person: one for one in team.consistency(store, "noise").rest}
    assert found["cem"].percent.high < found["ana"].percent.low
    assert found["cem"].ac1.value < 0.2


def test_grades_are_compared_in_their_order(store: Store) -> None:
    found = team.consistency(store, "pool")
    assert found.ordinal
    assert found.overall.ac2 is not None
    assert team.consistency(store, "coarse").overall.ac2 is None


def test_reasons_are_told(store: Store) -> None:
    answer(store, "rewrites", IDS, agree=0.6)
    found = team.consistency(store, "rewrites")
    assert set(found.reasons.rows) == {"subject", "count", "wording"}
    assert found.reasons.rows == tuple(reason for reason in team.REASONS if reason in found.reasons.rows)


def test_one_sees_oneself_alone(store: Store) -> None:
    answer(store, "coarse", IDS, agree=0.7)
    found = team.own_view(team.consistency(store, "coarse"), "bo")
    assert [one.person for one in found.rest] == ["bo"]
    assert found.pairs == ()


def test_help_that_leads_is_seen_and_help_that_does_not_is_not(store: Store) -> None:
    answer(store, "coarse", IDS, people=("ana",))
    make_unaided(store, "coarse", 0.5, "coarse")
    found = team.anchoring(store, "coarse")
    assert found.aided + found.unaided <= 40
    effect = next(one for one in found.effects if one.verdict == "coarse")
    assert effect.difference.value == pytest.approx(effect.aided / found.aided - effect.unaided / found.unaided)
    assert effect.difference.value > 0
    assert effect.difference.low <= effect.difference.value <= effect.difference.high


def test_nothing_judged_is_no_crash(store: Store) -> None:
    found = team.consistency(store, "coarse")
    assert (found.overall.items, found.rest, found.gold, found.pairs) == (0, (), (), ())
    assert found.overall.alpha.value is None
    assert team.anchoring(store, "coarse").effects == ()
