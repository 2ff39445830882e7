"""Whose items are whose: shares that are dealt, and filters whose items come to one person alone."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import streamlit as st

from curation.records import SPLITS, Queue, RegrainError
from curation.store import assignments, people, settings, upkeep
from curation.store.people import Person
from curation.ui import cards, queue_words
from curation.ui.drafts import PERSIST, Draft
from curation.ui.screen import Screen

FIELDS = {"text": "Caption holds", "image": "Image id", "language": "Language", "low": "Score from", "high": "Score to"}
"""Fields of a filter that are typed."""
ORIGINS = {"": "anybody", "person": "a person", "model": "a model"}


def show(screen: Screen, queue: Queue) -> None:
    """Draw the lines, one for each rule, and what they come to."""
    draft = Draft(f"{queue}:assignment", settings.get(screen.store, "assignment").get(queue) or [])
    team = {person.id: person for person in people.listed(screen.store)}
    rules = [_rule(draft, n, row, team) for n, row in enumerate(draft.rows)]
    with st.container(horizontal=True):
        st.button("Add a share", key=draft.key("add-share"), on_click=_add, args=(draft, {"share": 0.0}))
        st.button("Add a filter", key=draft.key("add-filter"), on_click=_add, args=(draft, {"filter": {}}))
    _sum(rules)
    try:
        dealt = assignments.dealt(screen.store, queue, rules)
        cards.text(
            queue_words.assignment(rules, dealt, {one.id: one.name for one in team.values() if one.name}), size="small"
        )
    except RegrainError as problem:
        cards.error(str(problem))
    _warn(rules, team)
    draft.finish(screen, rules, partial(_save, queue), what="assignment")


def _save(queue: Queue, screen: Screen, rules: list[dict[str, Any]]) -> None:
    if nobody := [n for n, rule in enumerate(rules, 1) if not rule["person"]]:
        raise RegrainError(f"line {nobody[0]} of the assignment names nobody: choose whose items these are")
    upkeep.change_queue(screen.store, queue, {"assignment": rules or None})


def _rule(draft: Draft, n: int, row: dict[str, Any], team: dict[str, Person]) -> dict[str, Any]:
    """Draw one line and return its rule."""
    id = row.setdefault("line", uuid.uuid4().hex)  # a line keeps its fields when another one is removed
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"rule:{draft.name}:{id}"):
        options = list(dict.fromkeys(["", *([row["person"]] if row.get("person") else []), *team]))
        person = st.selectbox(
            f"Person of line {n + 1}", options, index=options.index(row.get("person", "")), width=200,
            format_func=lambda one: _named(one, team), key=draft.key(f"{id}:person"), persist_state=PERSIST,
        )  # fmt: skip
        found: dict[str, Any] = {"person": person}
        if "share" in row:
            share = st.number_input(
                f"Share of line {n + 1}, %", 0.0, 100.0, round(100 * row["share"], 6), 5.0, "%g", width=150,
                key=draft.key(f"{id}:share"), persist_state=PERSIST,
            )  # fmt: skip
            found["share"] = round(share / 100, 8)
        st.button(f"Remove line {n + 1}", key=draft.key(f"{id}:remove"), on_click=draft.rows.remove, args=(row,))
    if "filter" in row:
        found["filter"] = _filter(draft, id, row["filter"])
    return found


def _filter(draft: Draft, id: str, stored: dict[str, Any]) -> dict[str, Any]:
    """Draw the fields of a filter and return those that narrow it; fields that are not drawn stay as they are."""
    values = dict(stored)
    with st.container(horizontal=True, key=f"filter:{draft.name}:{id}"):
        for name, label in FIELDS.items():
            values[name] = st.text_input(
                label, str(stored.get(name, "")), key=draft.key(f"{id}:{name}"), persist_state=PERSIST, width=114,
                max_chars=200,
            ).strip()  # fmt: skip
        splits = ["", *SPLITS]
        values["split"] = st.selectbox(
            "Split", splits, index=splits.index(stored.get("split", "")), key=draft.key(f"{id}:split"), width=114,
            format_func=lambda one: one or "any", persist_state=PERSIST,
        )  # fmt: skip
        values["origin"] = st.selectbox(
            "Written by", list(ORIGINS), index=list(ORIGINS).index(stored.get("origin", "")), width=114,
            format_func=ORIGINS.__getitem__, key=draft.key(f"{id}:origin"), persist_state=PERSIST,
        )  # fmt: skip
    same = {name: value for name, value in stored.items() if str(value) == str(values[name])}
    return {name: value for name, value in values.items() if value != ""} | same


def _add(draft: Draft, rule: dict[str, Any]) -> None:
    draft.rows.append({"person": ""} | rule)


def _sum(rules: list[dict[str, Any]]) -> None:
    shares = [rule["share"] for rule in rules if "share" in rule]
    if shares:
        total = sum(shares)
        tone: cards.Tone = "bad" if total > 1 + 1e-9 else ""
        cards.chips([(f"shares come to {100 * total:g} %{' of 100: too much' if tone else ''}", tone)])


def _warn(rules: list[dict[str, Any]], team: dict[str, Person]) -> None:
    """Say where items go to somebody who does not judge."""
    named = dict.fromkeys(rule["person"] for rule in rules if rule["person"])
    for one in named:
        if one not in team:
            cards.warning(f"Nobody here is called {one}: these items come to nobody until they do.")
        elif team[one].state == "inactive":
            cards.warning(f"{_named(one, team)} does not work here any more: these items come to nobody.")
    for n, rule in enumerate(rules, 1):
        if rule.get("filter") == {}:
            cards.warning(f"The filter of line {n} is empty: every item of the queue is theirs.")


def _named(id: str, team: dict[str, Person]) -> str:
    """Return whom a line is about, in words."""
    if not id:
        return "choose a person"
    name = team[id].name if id in team else ""
    return f"{name} ({id})" if name not in ("", id) else id
