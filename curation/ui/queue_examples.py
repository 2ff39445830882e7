"""How to judge a queue, in the owner's words: a text and judged items as examples, shown beside the items."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import streamlit as st

from curation.records import Queue, RegrainError
from curation.store import queues, settings, upkeep
from curation.store.verdicts import VERDICTS
from curation.ui import cards
from curation.ui.drafts import PERSIST, Draft
from curation.ui.guidelines import GUIDELINES
from curation.ui.screen import Screen
from curation.ui.wording import verdict_label

NOTHING: dict[str, Any] = {"text": "", "examples": []}


def show(screen: Screen, queue: Queue) -> None:
    """Draw the text, the examples, and the field that adds one by the id of its item."""
    stored = settings.get(screen.store, "guidelines").get(queue) or NOTHING
    draft = Draft(f"{queue}:guidelines", stored)
    lines: list[dict[str, Any]] = st.session_state.setdefault(
        draft.key("rows"), [dict(one) for one in stored["examples"]]
    )
    text = st.text_area(
        "How to judge, shown beside the item with the key G", stored["text"], key=draft.key("text"), height=160,
        placeholder=GUIDELINES[queue], max_chars=20_000, persist_state=PERSIST,
        help="Plain text. Empty: the usual words, as they stand here in grey.",
    )  # fmt: skip
    found = [_example(draft, queue, n, row, lines) for n, row in enumerate(lines)]
    problem_key = f"draft-example:{queue}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        field = draft.key("item")
        st.text_input("Example: id of a judged item", key=field, width=320, max_chars=500)
        st.button(
            "Add the example", key=draft.key("add"), on_click=_add, args=(screen, queue, lines, field, problem_key)
        )
    if problem := st.session_state.pop(problem_key, ""):
        cards.error(problem)
    draft.finish(screen, {"text": text, "examples": found}, partial(_save, queue), what="guidelines")


def _save(queue: Queue, screen: Screen, value: dict[str, Any]) -> None:
    for n, one in enumerate(value["examples"], 1):
        if not one["verdict"]:
            raise RegrainError(f"example {n} ({one['item_id']}) has no verdict: choose the one that is right")
    upkeep.change_queue(screen.store, queue, {"guidelines": None if value == NOTHING else value})


def _example(draft: Draft, queue: Queue, n: int, row: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, str]:
    """Draw one example and return it as it is stored."""
    id = row.setdefault("line", uuid.uuid4().hex)
    names = ["", *(one.name for one in VERDICTS[queue] if one.status == "done")]
    if row["verdict"] not in names:
        names.append(row["verdict"])
    cards.text(f"{n + 1}. {row['text']}")
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"example:{draft.name}:{id}"):
        verdict = st.selectbox(
            f"Right verdict of example {n + 1}", names, index=names.index(row["verdict"]), width=220,
            format_func=lambda name: verdict_label(queue, name) or "choose one", key=draft.key(f"{id}:verdict"),
            persist_state=PERSIST,
        )  # fmt: skip
        why = st.text_input(
            f"Why, for example {n + 1}", row["why"], key=draft.key(f"{id}:why"), persist_state=PERSIST, max_chars=500,
            width=420,
        )  # fmt: skip
        st.button(f"Remove example {n + 1}", key=draft.key(f"{id}:remove"), on_click=lines.remove, args=(row,))
    return {"item_id": row["item_id"], "text": row["text"], "verdict": verdict, "why": why.strip()}


def _add(screen: Screen, queue: Queue, lines: list[dict[str, Any]], field: str, problem_key: str) -> None:
    id = str(st.session_state.get(field, "")).strip()
    row = queues.item(screen.store, queue, id) if id else None
    if row is None:
        st.session_state[problem_key] = (
            f"no item of this queue is called {id!r}: the ids stand in the list Done"
            if id
            else "give the id of an item"
        )
        return
    names = [one.name for one in VERDICTS[queue] if one.status == "done"]
    verdict = row["verdict"] if row["verdict"] in names else ""
    lines.append({"item_id": id, "text": row["text"], "verdict": verdict, "why": ""})
    st.session_state[field] = ""
