"""Gold items of a queue: made from settled items, taken back, with what was answered to them; and who is qualified."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from curation.records import Queue, RegrainError
from curation.store import gold, people, settings
from curation.store.gold import Standing
from curation.store.people import Person
from curation.ui import cards
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen, needing
from curation.ui.wording import QUEUE_TITLES, counted, verdict_label

SHOWN = 10
REFUSED, MADE = "gold-refused", "gold-made"
SECTION = "Queues"
ASKED = "gold"
"""The parameter of an address that names an item to make gold."""


def address(queue: Queue, item_id: str) -> str:
    """Return the address where an owner makes this item gold."""
    wanted = {"as": str(st.query_params.get("as", "")), "section": SECTION, "queue": QUEUE_TITLES[queue]}
    return f"team?{urlencode({name: value for name, value in (wanted | {ASKED: item_id}).items() if value})}"


def show(screen: Screen, queue: Queue) -> None:
    """Draw the field that makes an item gold, and the gold items, the latest first."""
    rows = gold.with_answers(screen.store, queue)[::-1]
    cards.text(
        "Settled items whose verdict is beyond doubt. They come to others as if nobody had judged them; the answers "
        "show how far each person can be relied on, and change nothing of the item.",
        size="small",
    )
    item, note = f"gold-item:{queue}", f"gold-note:{queue}"
    if asked := str(st.query_params.get(ASKED, "")):
        st.session_state[item] = asked
        del st.query_params[ASKED]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Item id", key=item, width=200, max_chars=500, help="The ids stand in the list Done of the queue."
        )
        st.text_input("Why this verdict", key=note, width="stretch", max_chars=500)
        st.button("Make it gold", key=f"gold-make:{queue}", on_click=_make, args=(screen, queue, item, note))
    if problem := st.session_state.pop(REFUSED, ""):
        cards.error(problem)
    if made := st.session_state.pop(MADE, ""):
        cards.chips([(made, "good")])
    more = f"gold-more:{queue}"
    shown = SHOWN + int(st.session_state.get(more, 0))
    for row in rows[:shown]:
        _line(screen, queue, row)
    if len(rows) > shown:
        label = f"Show more ({len(rows) - shown:,} left)"
        st.button(label, key=f"{more}:button", on_click=lambda: st.session_state.update({more: shown - SHOWN + 50}))
    if not rows:
        cards.text("No item of this queue is gold yet.", size="small")


def _line(screen: Screen, queue: Queue, row: dict[str, Any]) -> None:
    answered = (
        f"answered {counted(row['answered'], 'time')}, {row['right']:,} rightly"
        if row["answered"]
        else "not answered yet"
    )
    facts = [verdict_label(queue, row["verdict"]), row["note"], answered, row["person"], row["item_id"]]
    with st.container(horizontal=True, vertical_alignment="center", key=f"gold:{queue}:{row['item_id']}"):
        cards.show(_two_lines(row["text"], " · ".join(fact for fact in facts if fact)))
        st.button(
            "Take back", key=f"gold-back:{queue}:{row['item_id']}", on_click=_take_back,
            args=(screen, queue, row["item_id"]),
            help=f"{cards.escape_markdown(row['item_id'])} is no longer gold; answers to it stay in the log.",
        )  # fmt: skip


def _two_lines(first: str, second: str) -> Markup:
    return tag("div", tag("p", first, dir="auto"), tag("small", second), class_="rg-person")


@needing("change queues")
def _make(screen: Screen, queue: Queue, item: str, note: str) -> None:
    id = str(st.session_state.get(item, "")).strip()
    try:
        if not id:
            raise RegrainError("give the id of an item that is settled: the ids stand in the list Done")
        made = gold.add(screen.store, queue, id, person=screen.person, note=str(st.session_state.get(note, "")).strip())
    except RegrainError as problem:
        st.session_state[REFUSED] = f"Not made gold: {problem}"
        return
    st.session_state[item] = st.session_state[note] = ""
    st.session_state[MADE] = f"saved: {id} is gold, {verdict_label(queue, made['verdict'])}"


@needing("change queues")
def _take_back(screen: Screen, queue: Queue, id: str) -> None:
    gold.remove(screen.store, queue, id)
    st.session_state[MADE] = f"saved: {id} is no longer gold"


def qualified(screen: Screen, queue: Queue) -> None:
    """Draw how each annotator stands with the qualification, with what an owner may do about it."""
    rule = settings.get(screen.store, "qualification").get(queue)
    if not rule:
        cards.text("This queue asks for no qualification: everybody works in it.", size="small")
        return
    free = gold.waived(screen.store, queue)
    new = [one for one in people.listed(screen.store) if one.role == "annotator" and one.state != "inactive"]
    if not new:
        cards.text("No annotator is on the team: adjudicators and owners are not asked.", size="small")
    for person in new:
        _standing(screen, queue, person, gold.standing(screen.store, queue, person.id), waived=person.id in free)


def _standing(screen: Screen, queue: Queue, person: Person, standing: Standing, *, waived: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"standing:{queue}:{person.id}"):
        cards.show(_two_lines(person.name or person.id, in_words(standing, waived=waived)))
        if standing.answered:
            st.button(
                "Let try anew", key=f"anew:{queue}:{person.id}", on_click=_try_anew, args=(screen, queue, person.id),
                help="The gold items come once more; answers given until now no longer count here.",
            )  # fmt: skip
        st.button(
            "Ask again" if waived else "Waive", key=f"waive:{queue}:{person.id}", on_click=_waive,
            args=(screen, queue, person.id, not waived),
            help="The qualification counts for them again." if waived else "They work here without the qualification.",
        )  # fmt: skip


def in_words(standing: Standing, *, waived: bool = False) -> str:
    """Return how somebody stands with a qualification.

    >>> in_words(Standing(10, 4, 3, None)), in_words(Standing(10, 10, 9, True))
    ('4 of 10 answered, 3 of them right: still being asked', 'qualified: 9 of 10 right')
    """
    if waived:
        return "works without the qualification, by an owner's word"
    if not standing.asked:
        return "not asked: there is no gold item that they have not judged"
    right = f"{standing.right:,} of {standing.asked:,} right"
    if standing.passed is None:
        return (
            f"{standing.answered:,} of {standing.asked:,} answered, {standing.right:,} of them right: still being asked"
        )
    return f"qualified: {right}" if standing.passed else f"not qualified: {right}. Nothing comes to them here"


@needing("change queues")
def _try_anew(screen: Screen, queue: Queue, person: str) -> None:
    gold.try_anew(screen.store, queue, person)


@needing("change queues")
def _waive(screen: Screen, queue: Queue, person: str, waived: bool) -> None:
    gold.waive(screen.store, queue, person, waived=waived)
