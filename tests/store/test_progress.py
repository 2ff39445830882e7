from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from curation.records import Decision
from curation.store import Store, decisions, progress, settings
from tests.three_people import answer

TARGETS = [f"t{n}#{i}" for n in range(6) for i in (0, 1)]
MORNING = datetime(2026, 3, 2, 8)


def at(store: Store, times: dict[str, datetime]) -> None:
    """Give decisions their times; the log itself is never altered but by tests."""
    for id, moment in times.items():
        store.write(lambda connection, id=id, moment=moment: connection.execute(
            "UPDATE decision SET made_at = ? WHERE id = ?", [moment, id]))  # fmt: skip


def of(store: Store, queue: str, since: datetime = MORNING) -> progress.QueueProgress:
    return next(one for one in progress.of_queues(store, since) if one.queue == queue)


def timed(store: Store, person: str, gaps: list[float], start: datetime = MORNING, first: int = 0) -> list[Decision]:
    """Let a person judge captions with these seconds before each but the first."""
    made = answer(store, "coarse", TARGETS[first : first + len(gaps) + 1], people=(person,))
    moments = [start]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(seconds=gap))
    at(store, {one.id: moment for one, moment in zip(made, moments, strict=True)})
    return made


def test_nothing_is_known_of_a_fresh_workspace(store: Store) -> None:
    coarse = of(store, "coarse")
    assert (coarse.left, coarse.total, coarse.team, dict(coarse.people)) == (12, 12, progress.Done(), {})
    assert coarse.hours_left is None


def test_pauses_and_a_clock_that_went_back_are_no_work(store: Store) -> None:
    timed(store, "ana", [10, 10, 4000, 10, -7200, 10, 10, 10])
    done = of(store, "coarse").people["ana"]
    assert done.all == 9
    assert done.per_hour == pytest.approx(360)


def test_a_few_verdicts_give_no_pace(store: Store) -> None:
    timed(store, "ana", [10, 10, 10, 10])
    assert of(store, "coarse").team.per_hour is None


def test_two_people_at_once_are_two_paces(store: Store) -> None:
    timed(store, "ana", [10] * 5)
    timed(store, "bo", [30] * 5, first=6)
    coarse = of(store, "coarse")
    assert coarse.people["ana"].per_hour == pytest.approx(360)
    assert coarse.people["bo"].per_hour == pytest.approx(120)
    assert coarse.team.per_hour == pytest.approx(3600 / 20)  # ten gaps in 200 s of work


def test_what_is_left_divided_by_the_pace_is_the_time_left(store: Store) -> None:
    timed(store, "ana", [60] * 6)
    coarse = of(store, "coarse")
    assert (coarse.left, coarse.hours_left) == (5, pytest.approx(5 / 60))


def test_second_answers_are_work_too(store: Store) -> None:
    settings.put(store, overlap={"coarse": {"answers": 3, "share": 0.5}})
    coarse = of(store, "coarse")
    assert coarse.asked == 2.0
    timed(store, "ana", [60] * 6)
    coarse = of(store, "coarse")
    assert coarse.hours_left == pytest.approx(2 * coarse.left / 60)


def test_today_begins_where_it_is_said_to(store: Store) -> None:
    timed(store, "ana", [10] * 5, start=MORNING - timedelta(days=1))
    timed(store, "ana", [10] * 2, first=6)
    done = of(store, "coarse").people["ana"]
    assert (done.today, done.all) == (3, 9)


def test_an_undone_verdict_is_none(store: Store) -> None:
    made = timed(store, "ana", [10] * 5)
    assert of(store, "coarse").people["ana"].all == 6
    last = made[-1]
    undo = Decision("undo", "ana", "coarse", last.caption_id, last.revision_id, "undo", undoes=last.id)
    assert decisions.decide(store, [undo])[0].applied
    at(store, {"undo": MORNING + timedelta(seconds=60)})
    done = of(store, "coarse").people["ana"]
    assert (done.today, done.all) == (5, 5)


def test_counts_kept_from_before_equal_counts_from_scratch(store: Store) -> None:
    """Whoever counted before counts only what came since."""
    timed(store, "ana", [10] * 3)
    of(store, "coarse")
    made = timed(store, "bo", [10] * 3, first=5)
    undone = made[0]
    decisions.decide(
        store, [Decision("undo", "bo", "coarse", undone.caption_id, undone.revision_id, "undo", undoes=undone.id)]
    )
    kept = of(store, "coarse")
    progress._counted_before.clear()
    assert of(store, "coarse") == kept
    assert (kept.team.all, kept.people["bo"].all) == (7, 3)


def test_refused_verdicts_are_not_counted(store: Store) -> None:
    decisions.decide(store, [Decision("old", "ana", "coarse", "t0#0", "t0#0@9", "fine")])
    assert of(store, "coarse").team.all == 0


def test_bulk_verdicts_say_nothing_about_pace(store: Store) -> None:
    timed(store, "ana", [10] * 5)
    bulk = [
        Decision(f"bulk-{caption}", "ana", "coarse", caption, f"{caption}@1", "fine", batch_id="b")
        for caption in TARGETS[6:]
    ]
    assert all(outcome.applied for outcome in decisions.decide(store, bulk))
    at(store, {one.id: MORNING + timedelta(seconds=55) for one in bulk})
    done = of(store, "coarse").people["ana"]
    assert (done.all, done.per_hour) == (12, pytest.approx(360))


def test_the_median_time_on_the_screen(store: Store) -> None:
    made = [
        Decision(f"d{n}", "ana", "coarse", caption, f"{caption}@1", "fine", shown_ms=ms)
        for n, (caption, ms) in enumerate(zip(TARGETS, [1000, 2000, 3000, 4000, 900_000], strict=False))
    ]
    decisions.decide(store, made)
    assert of(store, "coarse").team.median_seconds == pytest.approx(3.0)
