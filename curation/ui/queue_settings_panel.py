"""How a queue is worked on: overlap, help, gold, qualification, whose items are whose, guidelines. For owners."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from curation.records import Queue
from curation.store import gold, people, queues, settings, upkeep
from curation.ui import cards, queue_assignment, queue_examples, queue_gold, queue_words, team_words
from curation.ui.drafts import PERSIST, Draft
from curation.ui.screen import Screen, panel

RULES = ("overlap", "unaided_share", "gold_rate", "qualification")
"""Settings by queue that are saved together."""


def queues_panel(screen: Screen) -> None:
    """Draw the section: a queue is chosen, then its settings, each with what it comes to."""
    queue = team_words.choose_queue(screen)
    left, right = st.columns(2, gap="medium")
    with left:
        with panel("rules", "Rules"):
            _rules(screen, queue)
        with panel("qualified", "Who is qualified"):
            queue_gold.qualified(screen, queue)
        with panel("lease", "Kept for a person, in all queues"):
            _lease(screen)
    with right:
        with panel("assignment", "Whose items are whose"):
            queue_assignment.show(screen, queue)
        with panel("gold", "Gold"):
            queue_gold.show(screen, queue)
    with panel("guidelines", "Guidelines"):
        queue_examples.show(screen, queue)


def _rules(screen: Screen, queue: Queue) -> None:
    draft = Draft(f"{queue}:rules", _in_force(screen, queue))
    open_items = queues.counts(screen.store)[queue]["todo"]
    number = len(gold.listed(screen.store, queue))
    judges = sum(person.state != "inactive" for person in people.listed(screen.store))
    value = {
        "overlap": _overlap(draft, open_items, judges),
        "unaided_share": _unaided(draft, open_items),
        "gold_rate": _gold_rate(draft, number),
        "qualification": _qualification(draft, number),
    }
    cards.text("Items that somebody has answered already keep the number of answers they were asked for.", size="small")
    draft.finish(screen, value, partial(_save_rules, queue), what="rules")


def _in_force(screen: Screen, queue: Queue) -> dict[str, Any]:
    """Return the rules of a queue; what changes nothing (one answer, a share of 0) as if it were not set."""
    found = {key: settings.get(screen.store, key).get(queue) or None for key in RULES}
    if found["overlap"] and found["overlap"]["answers"] == 1:
        found["overlap"] = None
    return found


def _save_rules(queue: Queue, screen: Screen, rules: dict[str, Any]) -> None:
    upkeep.change_queue(screen.store, queue, rules)


def _overlap(draft: Draft, open_items: int, judges: int) -> dict[str, Any] | None:
    rule = draft.stored["overlap"] or {"answers": 1, "share": 1.0}
    left, right = st.columns(2, vertical_alignment="bottom")
    answers = left.number_input(
        "People asked per item", 1, 9, rule["answers"], key=draft.key("answers"), persist_state=PERSIST,
        help="Their answers are compared; where they differ, an adjudicator who did not answer decides.",
    )  # fmt: skip
    share = _percent(right, "For this share of items, %", rule["share"], draft.key("share"), disabled=answers == 1)
    found = {"answers": int(answers), "share": share} if answers > 1 else None
    cards.text(queue_words.overlap(found, open_items, judges), size="small")
    return found


def _unaided(draft: Draft, open_items: int) -> float | None:
    share = _percent(
        st, "Judged without scores and suggestions, %", draft.stored["unaided_share"] or 0.0, draft.key("unaided")
    )
    cards.text(queue_words.unaided(share, open_items), size="small")
    return share or None


def _gold_rate(draft: Draft, number: int) -> float | None:
    rate = _percent(
        st, "Gold among the work, %", draft.stored["gold_rate"] or 0.0, draft.key("gold"), most=50.0,
        note="Gold items have a known verdict. Nobody can tell them from others before they have answered.",
    )  # fmt: skip
    cards.text(queue_words.gold_rate(rate, number), size="small")
    return rate or None


def _qualification(draft: Draft, number: int) -> dict[str, Any] | None:
    rule = draft.stored["qualification"] or {"items": 0, "pass": 0.8}
    left, right = st.columns(2, vertical_alignment="bottom")
    items = left.number_input(
        "Gold items answered first", 0, 1000, rule["items"], key=draft.key("items"), persist_state=PERSIST,
        help="0: no qualification. Adjudicators and owners are not asked.",
    )  # fmt: skip
    share = _percent(right, "Right to work on, %", rule["pass"], draft.key("pass"), disabled=not items)
    found = {"items": int(items), "pass": share} if items else None
    cards.text(queue_words.qualification(found, number), size="small")
    if found and number < found["items"]:
        missing = found["items"] - number
        cards.warning(f"{found['items']:,} gold items are asked for and {number:,} are there: make {missing:,} more.")
    return found


def _lease(screen: Screen) -> None:
    draft = Draft("lease", settings.get(screen.store, "lease_minutes"))
    minutes = st.number_input(
        "Minutes", 1, 1440, draft.stored, key=draft.key("minutes"), persist_state=PERSIST, width=160
    )
    cards.text(queue_words.lease(int(minutes)), size="small")
    draft.finish(
        screen, int(minutes), lambda on, value: upkeep.change_settings(on.store, {"lease_minutes": value}),
        what="minutes",
    )  # fmt: skip


def _percent(
    place: Any, label: str, share: float, key: str, *, most: float = 100.0, note: str = "", disabled: bool = False
) -> float:
    """Draw a field for a share in percent and return it in [0, 1]."""
    value = place.number_input(
        label, 0.0, most, round(100.0 * share, 6), 5.0, "%g", key=key, persist_state=PERSIST, help=note or None,
        disabled=disabled,
    )  # fmt: skip
    return round(float(value) / 100, 8)
