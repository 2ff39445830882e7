"""What a verdict says of the suggestions that were on the screen, counted from the log alone."""

from __future__ import annotations

from typing import Any

import pytest

from curation import sources
from curation.records import Decision, Queue, Suggestion
from curation.store import Store, captions, decisions, gold, offered, scores, upkeep
from curation.store.offered import Fates

CAPTION = "t0#0"


def suggestion(word: str, source: str, type: str, **evidence: Any) -> Suggestion:
    kind: Any = "attribute" if "slot_span" in evidence else "rewrite"
    return Suggestion(f"{word} caption 0 of t0", source, kind, evidence={"type": type, **evidence})


REWRITES = [
    suggestion("red", "siblings", "colour"),
    suggestion("wooden", "neighbours", "material"),
    suggestion("big", "siblings", "size"),
]
SINGLES = [
    suggestion("blue", "siblings", "colour", slot_span=[0, 7]),
    suggestion("green", "attribute_words", "colour", slot_span=[0, 7]),
    suggestion("old", "attribute_words", "state", slot_span=[8, 9]),
]


@pytest.fixture
def offering(store: Store) -> Store:
    revision = captions.get(store, CAPTION)["revision_id"]
    scores.put_suggestions(store, [(CAPTION, revision, [*REWRITES, *SINGLES])], encoder="e", settings="s")
    return store


def ids(*chosen: Suggestion) -> tuple[str, ...]:
    return tuple(scores.suggestion_id(f"{CAPTION}@1", one) for one in chosen)


def say(store: Store, verdict: str, person: str = "ann", queue: Queue = "rewrites", **more: Any) -> str:
    revision = captions.get(store, CAPTION)["revision_id"]
    name = f"{person} {verdict} {more} {decisions.latest(store)}"
    offers = more.pop("offered", ids(*REWRITES))
    made = Decision(name, person, queue, CAPTION, revision, verdict, offered=offers, **more)
    outcome = decisions.decide(store, [made])[0]
    assert outcome.applied, outcome.message
    return name


def test_one_is_taken_those_above_it_are_passed_over_and_those_below_are_not_counted(offering: Store) -> None:
    (_, second, _) = ids(*REWRITES)
    say(offering, "accept", text="wooden caption 0 of t0", suggestion_id=second)
    found = offered.fates(offering)
    assert found[("neighbours", "material")] == Fates(accepted=1)
    assert found[("siblings", "colour")] == Fates(passed=1)
    assert found[("siblings", "size")] == Fates(below=1)
    assert [(one.shown, one.judged, one.taken) for one in found.values()] == [(1, 1, 1), (1, 1, 0), (1, 0, 0)]


def test_the_order_of_the_screen_counts_not_that_of_the_store(offering: Store) -> None:
    first, second, third = ids(*REWRITES)
    say(offering, "accept", text="wooden caption 0 of t0", suggestion_id=second, offered=(third, second, first))
    assert offered.fates(offering)[("siblings", "size")] == Fates(passed=1)
    assert offered.fates(offering)[("siblings", "colour")] == Fates(below=1)


def test_an_edit_of_a_suggestion_takes_it_and_words_of_ones_own_pass_over_all(offering: Store) -> None:
    first, *_ = ids(*REWRITES)
    say(offering, "edit", text="dark red caption", suggestion_id=first, reason="attribute")
    assert offered.fates(offering)[("siblings", "colour")] == Fates(edited=1, reasons={"attribute": 1})
    decisions.decide(offering, [Decision("u", "ann", "rewrites", CAPTION, "", "undo", undoes=last(offering))])
    say(offering, "edit", text="all my own words")
    assert [one.passed for one in offered.fates(offering).values()] == [1, 1, 1]


def last(store: Store) -> str:
    found = decisions.last_of(store, "ann")
    assert found is not None
    return str(found["id"])


@pytest.mark.parametrize(
    ("reason", "counts"),
    [("attribute", True), ("wording", True), ("wrong image", False), ("other", False), ("", False)],
)
def test_a_rejection_counts_against_a_source_where_its_reason_speaks_of_the_suggestion(
    offering: Store, reason: str, counts: bool
) -> None:
    say(offering, "reject", reason=reason)
    for one in offered.fates(offering).values():
        assert (one.rejected, one.other) == ((1, 0) if counts else (0, 1))
        assert one.reasons == ({reason: 1} if reason else {})


def test_fine_skip_and_unsure_say_nothing_against_a_source(offering: Store) -> None:
    say(offering, "skip")
    say(offering, "unsure")
    assert offered.fates(offering) == {}
    say(offering, "fine")
    assert {one.judged for one in offered.fates(offering).values()} == {0}


def test_an_attribute_is_compared_with_those_of_its_own_noun(offering: Store) -> None:
    blue, green, old = ids(*SINGLES)
    say(
        offering, "accept", queue="attributes", text="green old caption", suggestion_id=green, taken=(green,),
        offered=(blue, green, old),
    )  # fmt: skip
    found = offered.fates(offering)
    assert found[("siblings", "colour")] == Fates(passed=1)
    assert found[("attribute_words", "colour")] == Fates(accepted=1)
    assert found[("attribute_words", "state")] == Fates(other=1)  # another noun got a word


def test_several_attributes_may_be_taken_at_once(offering: Store) -> None:
    blue, green, old = ids(*SINGLES)
    say(
        offering, "accept", queue="attributes", text="blue old caption", suggestion_id=blue, taken=(blue, old),
        offered=(blue, green, old),
    )  # fmt: skip
    found = offered.fates(offering)
    assert (found[("siblings", "colour")].accepted, found[("attribute_words", "state")].accepted) == (1, 1)
    assert found[("attribute_words", "colour")] == Fates(below=1)


def test_what_was_taken_back_and_what_was_thought_over_count_once_or_not_at_all(offering: Store) -> None:
    say(offering, "reject", reason="wording")
    say(offering, "reject", reason="attribute")
    assert offered.fates(offering)[("siblings", "colour")] == Fates(rejected=1, reasons={"attribute": 1})
    for _ in range(2):
        name = last(offering)
        decisions.decide(offering, [Decision(f"u {name}", "ann", "rewrites", CAPTION, "", "undo", undoes=name)])
    assert offered.fates(offering) == {}


def test_several_people_count_each_and_gold_counts_nobody(offering: Store) -> None:
    upkeep.change_settings(offering, {"overlap": {"rewrites": {"answers": 2, "share": 1.0}}})
    for person in ("ann", "bob"):
        say(offering, "reject", person, reason="wording", basis="")
    assert offered.fates(offering)[("siblings", "colour")].rejected == 2
    gold.add(offering, "rewrites", CAPTION, person="lead")
    say(offering, "reject", "cleo", reason="wording", basis="")
    assert offering.value("SELECT purpose FROM decision WHERE person = 'cleo'") == "gold"
    assert offered.fates(offering)[("siblings", "colour")].rejected == 2


def test_the_log_remembers_what_was_offered_when_suggestions_are_sought_anew(offering: Store) -> None:
    say(offering, "reject", reason="wording")
    before = offered.fates(offering)
    scores.put_suggestions(offering, [(CAPTION, f"{CAPTION}@1", [])], encoder="e", settings="other")
    assert offered.fates(offering) == before
    decisions.rebuild(offering)
    assert offered.fates(offering) == before


def test_unknown_ids_and_a_retry_add_nothing(offering: Store) -> None:
    made = Decision(
        "d", "ann", "rewrites", CAPTION, f"{CAPTION}@1", "reject", "wording", offered=("x", *ids(*REWRITES))
    )
    for _ in range(2):
        decisions.decide(offering, [made])
    assert offering.value("SELECT sum(len(offered)) FROM decision") == 3


def test_what_the_gates_kept_back_is_summed_over_current_texts_and_replaced_when_sought_anew(offering: Store) -> None:
    def put(caption: str, n: int, revision: str = "") -> None:
        back = {caption: [("sensitive:age", "old", n), ("contradiction", "", 1)]}
        found: Any = [(caption, revision or f"{caption}@1", [])]
        scores.put_suggestions(offering, found, encoder="e", settings="s", kept_back=back)

    for caption, n in (("t0#0", 5), ("t0#0", 2), ("t0#1", 1)):
        put(caption, n)
    put("t1#0", 9, revision="t1#0@0")  # its text has changed since
    assert offered.kept_back(offering) == [("sensitive:age", "old", 3), ("contradiction", "", 2)]


def test_rates_follow_from_the_log_and_the_floor_from_the_settings(offering: Store) -> None:
    (_, second, _) = ids(*REWRITES)
    say(offering, "accept", text="wooden caption 0 of t0", suggestion_id=second)
    upkeep.change_settings(offering, {"acceptance_floor": 0.9})
    found = sources.acceptance(offering)
    assert (found.rates[("neighbours", "material")].taken, found.floor) == (1, 0.9)
    order = sources.Ordering(offering)
    order.count()
    rows = scores.suggestions(offering, CAPTION)
    assert order(rows) == found.ordered(rows)


def test_an_order_is_counted_anew_only_after_something_was_written(offering: Store, monkeypatch: Any) -> None:
    order = sources.Ordering(offering)
    order.count()
    monkeypatch.setattr(sources.time, "monotonic", lambda: 1e9)
    monkeypatch.setattr(sources.threading, "Thread", lambda **how: begun.append(how["name"]) or order)
    monkeypatch.setattr(order, "start", lambda: None, raising=False)
    begun: list[str] = []
    order([])
    assert not begun
    say(offering, "fine")
    order([])
    assert begun


def test_captions_that_come_next_and_lack_suggestions_are_counted_once_some_were_sought(store: Store) -> None:
    upkeep.change_settings(store, {"suggest_ahead": 8})
    assert scores.lacking_ahead(store) == (0, 0)
    rows = captions.in_splits(store, ["test"]).to_pylist()
    scores.put_suggestions(store, [(row["id"], row["revision_id"], []) for row in rows[:3]], encoder="e", settings="s")
    assert scores.lacking_ahead(store) == (1, 4)
    scores.put_suggestions(store, [(row["id"], row["revision_id"], []) for row in rows], encoder="e", settings="s")
    assert scores.lacking_ahead(store) == (0, 4)
