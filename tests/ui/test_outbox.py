"""The server's end of the outbox: each decision once, nothing acknowledged that was not applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from curation.records import Decision, Outcome, RegrainError
from curation.ui.reviewer import Choice, Empty, Item, Picture, Review, Slot, SlotOption, Tab, choices, session_id
from curation.ui.reviewer.compose import compose
from curation.ui.reviewer.items import to_json
from curation.ui.reviewer.outbox import KEPT_REFUSALS, Ledger, read_outbox

REVIEW = Review(session="s", person="Lea", queue="coarse", title="Coarse", items=(), choices=())


def row(n: int, **more: Any) -> dict[str, Any]:
    fixed = {"id": f"d{n}", "number": n, "item_id": f"i{n}#0", "ignored": 0, "shown_ms": 300.7}
    fixed |= {"caption_id": f"i{n}#0", "revision_id": f"i{n}#0@0", "verdict": "coarse", "text": None}
    return {**fixed, **more}


def outbox(*rows: dict[str, Any], stream: str = "t", session: str = "s") -> dict[str, Any]:
    return {"session": session, "stream": stream, "sent_at": 1, "ignored": 0, "decisions": list(rows)}


class Taken:
    """Records what was handed over; refuses or raises as told."""

    def __init__(self, refuse: str = "", raises: Callable[[list[Decision]], Exception | None] | None = None) -> None:
        self.decisions: list[Decision] = []
        self.ignored = 0
        self.refuse = refuse
        self.raises = raises

    def __call__(self, decisions: list[Decision], ignored: int) -> list[Outcome]:
        problem = self.raises(decisions) if self.raises else None
        if problem:
            raise problem
        self.decisions += decisions
        self.ignored += ignored
        return [Outcome(d.id, d.id != self.refuse, "changed" if d.id == self.refuse else "") for d in decisions]


def test_each_decision_is_handed_over_once() -> None:
    ledger, taken = Ledger(), Taken()
    ledger.take(outbox(row(1), row(2, ignored=3)), REVIEW, taken)
    ledger.take(outbox(row(3), row(1), row(2, ignored=3)), REVIEW, taken)
    assert [d.id for d in taken.decisions] == ["d1", "d2", "d3"]
    assert (ledger.acked, taken.ignored, ledger.error) == (3, 3, "")
    assert taken.decisions[0].shown_ms == 300


def test_person_and_queue_are_the_servers() -> None:
    _, entries = read_outbox(outbox(row(1, person="Ben", queue="noise")), REVIEW)
    assert (entries[0].decision.person, entries[0].decision.queue) == ("Lea", "coarse")


@pytest.mark.parametrize("basis", [None, "", "d0"])
def test_basis_is_passed_on_as_the_browser_gave_it(basis: str | None) -> None:
    _, entries = read_outbox(outbox(row(1, basis=basis)), REVIEW)
    assert entries[0].decision.basis == basis


def test_new_stream_starts_its_numbers_anew() -> None:
    ledger, taken = Ledger(), Taken()
    ledger.take(outbox(row(7)), REVIEW, taken)
    ledger.take(outbox(row(1, id="other"), stream="u"), REVIEW, taken)
    assert [d.id for d in taken.decisions] == ["d7", "other"]
    assert (ledger.stream, ledger.acked) == ("u", 1)


def test_failure_acknowledges_nothing_and_is_told() -> None:
    ledger = Ledger()
    ledger.take(outbox(row(1)), REVIEW, Taken(raises=lambda _: OSError(28, "No space left on device")))
    assert ledger.acked == 0
    assert "No space left on device" in ledger.error
    taken = Taken()
    ledger.take(outbox(row(1)), REVIEW, taken)
    assert (ledger.acked, ledger.error, len(taken.decisions)) == (1, "", 1)


def test_impossible_decision_is_refused_and_blocks_no_other() -> None:
    def raises(decisions: list[Decision]) -> Exception | None:
        return RegrainError("no caption has the id") if any(d.id == "d2" for d in decisions) else None

    ledger, taken = Ledger(), Taken(raises=raises)
    ledger.take(outbox(row(1), row(2), row(3)), REVIEW, taken)
    assert [d.id for d in taken.decisions] == ["d1", "d3"]
    assert ledger.acked == 3
    assert [(r.number, r.item_id, r.message) for r in ledger.refused] == [(2, "i2#0", "no caption has the id")]


def test_failure_midway_keeps_what_came_before_it_unacknowledged_but_harmless() -> None:
    def raises(decisions: list[Decision]) -> Exception | None:
        if len(decisions) > 1:
            return RegrainError("one of them is impossible")
        return OSError("disk") if decisions[0].id == "d2" else None

    ledger, taken = Ledger(), Taken(raises=raises)
    ledger.take(outbox(row(1), row(2)), REVIEW, taken)
    assert (ledger.acked, ledger.error) == (0, "OSError: disk")


def test_refusals_are_kept_in_bounds() -> None:
    ledger = Ledger()
    for n in range(1, KEPT_REFUSALS + 5):
        ledger.take(outbox(row(n)), REVIEW, Taken(refuse=f"d{n}"))
    assert len(ledger.refused) == KEPT_REFUSALS
    assert ledger.refused[-1].decision_id == f"d{KEPT_REFUSALS + 4}"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (None, "not an object"),
        (outbox(row(1), session="another"), "another person or workspace"),
        ({"session": "s", "stream": "t", "decisions": "x"}, "no list"),
        (outbox(row(1, id="")), "`id`"),
        (outbox(row(1, number=True)), "`number`"),
        (outbox(row(1, text=5)), "`text`"),
        (outbox(row(-1)), "`number`"),
    ],
)
def test_malformed_outbox_is_told_and_not_acknowledged(raw: object, words: str) -> None:
    ledger, taken = Ledger(), Taken()
    ledger.take(raw, REVIEW, taken)
    assert words in ledger.error
    assert (ledger.acked, taken.decisions) == (0, [])


def test_keys_and_addresses_are_checked() -> None:
    with pytest.raises(ValueError, match="share the key '1'"):
        Review("s", "p", "coarse", "t", (), (Choice("a", "1", "A"), Choice("b", "1", "B")))
    with pytest.raises(ValueError, match="belongs to Streamlit"):
        Review("s", "p", "coarse", "t", (), (Choice("a", "c", "A"),))
    for make in (lambda url: Picture(url, ""), lambda url: Tab("t", 1, url), lambda url: Empty(link_href=url)):
        with pytest.raises(ValueError, match="no address"):
            make("javascript:alert(1)")
        make("/image/x.jpg?token=1")


def test_slot_outside_its_caption_is_refused() -> None:
    with pytest.raises(ValueError, match="lies outside"):
        Item("i", "c", "r", Picture(None, ""), "a dog", slots=(Slot("dog", 2, 9, ()),))


def test_records_become_plain_json() -> None:
    item = Item("i", "c", "r", Picture(None, "alt"), "a dog", slots=(Slot("dog", 2, 5, (SlotOption("red", ""),)),))
    made = to_json(item)
    assert made["image"] == {"alt": "alt"}
    options = [{"word": "red", "label": "", "places": [], "order": -1}]
    assert made["slots"] == [{"noun": "dog", "start": 2, "end": 5, "options": options}]
    assert "candidate" not in made


def test_choices_leave_out_what_has_no_button() -> None:
    class Row:
        def __init__(self, name: str) -> None:
            self.name, self.key, self.label = name, name[0], name.title()

    made = choices([Row("accept"), Row("edit"), Row("reject"), Row("fine")])
    assert [(c.verdict, c.asks_reason) for c in made] == [("reject", True), ("fine", False)]


def test_session_id_differs_in_every_part() -> None:
    ids = {session_id(p, w, q) for p in ("a", "b") for w in ("x", "y") for q in ("coarse", "pool")}
    assert len(ids) == 8
    assert session_id("a", "bc", "pool") != session_id("ab", "c", "pool")


def test_compose_keeps_articles_right() -> None:
    text = "A man with a ball"
    slots = (
        Slot("man", 2, 5, (SlotOption("old", ""), SlotOption("tall", ""))),
        Slot("ball", 13, 17, (SlotOption("orange", "", text_after="A man with an orange ball!"),)),
    )
    old, tall, orange = *slots[0].options, slots[1].options[0]
    assert compose(text, slots, [[old, tall], []]) == "An old tall man with a ball"
    assert compose(text, slots, [[tall], [orange]]) == "A tall man with an orange ball"
    assert compose(text, slots, [[], [orange]]) == "A man with an orange ball!"
    assert compose(text, slots, [[], []]) == text


def test_several_words_stand_in_the_order_of_adjectives_and_two_of_a_kind_are_joined() -> None:
    plain, red, white, large = (
        SlotOption(w, "", order=n) for w, n in (("plain", 5), ("red", 4), ("white", 4), ("large", 1))
    )
    slots = (Slot("fish", 2, 6, (plain, red, white, large)),)
    assert compose("a fish", slots, [[plain, red, large]]) == "a large red plain fish"
    assert compose("a fish", slots, [[plain, red, white]]) == "a red and white plain fish"
