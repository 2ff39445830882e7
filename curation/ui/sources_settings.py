"""What an owner sets of the sources: which of them run, the floor, and the words that nobody may see."""

from __future__ import annotations

from typing import Any

import streamlit as st

from curation import sources
from curation.sources import Overview, Switch
from curation.store import settings, upkeep
from curation.text.lexicon import lexicon
from curation.ui import cards, sensitive_words
from curation.ui.drafts import PERSIST, Draft
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen

FLOOR_HELP = (
    "A source whose suggestions of one kind are certainly taken less often than this, where people looked at them, is "
    "shown last and says so. Certain means that all of its 95 % interval lies below."
)


def sources_form(screen: Screen, found: Overview) -> None:
    """Draw the switches and the floor: fields for owners, lines for the others."""
    if not screen.may("change settings"):
        for one in found.switches:
            runs = one.on and not one.lacks
            cards.text(f"{one.title}: {'runs' if runs else 'does not run'}. {_help(one)}", size="small")
        cards.text(f"Floor: {100 * found.floor:g} % taken. {FLOOR_HELP}", size="small")
        return
    stored = {"on": [one.name for one in found.switches if one.on], "floor": found.floor}
    draft = Draft("sources", stored)
    on = [one.name for one in found.switches if _switch(draft, one)]
    floor = st.number_input(
        "Shown last below, % taken", 0.0, 100.0, round(100 * found.floor, 6), 1.0, "%g", key=draft.key("floor"),
        persist_state=PERSIST, help=FLOOR_HELP, width=220,
    )  # fmt: skip
    cards.text(
        "The suggestions that wait are those of the sources that ran when they were sought: once this is saved, they "
        "can be sought anew. The floor orders what is there already.",
        size="small",
    )
    draft.finish(screen, {"on": on, "floor": round(float(floor) / 100, 8)}, _save, what="sources")


def _switch(draft: Draft, one: Switch) -> bool:
    label = cards.escape_markdown(one.title)
    needs = f" It needs {one.lacks} first." if one.lacks else ""
    on = st.toggle(
        label, one.on, key=draft.key(one.name), persist_state=PERSIST, disabled=bool(one.lacks) and not one.on
    )
    cards.text(_help(one) + needs, size="small")
    return bool(on)


def _help(one: Switch) -> str:
    return one.help.replace("`", "")


def _save(screen: Screen, value: dict[str, Any]) -> None:
    changed = {"acceptance_floor": value["floor"]} | sources.switched(screen.store, value["on"])
    upkeep.change_settings(screen.store, changed)
    screen.opened.ordering.count()


def words_form(screen: Screen, blocked: dict[tuple[str, str], int]) -> None:
    """Draw the words that no suggestion may add, by kind, each with how often it was blocked; owners change them."""
    changes = settings.get(screen.store, "sensitive_words")
    cards.text(
        "No suggestion adds these words, because a picture does not show them or because they judge people. A number "
        "says how often a word kept a suggestion back on the captions as they read now.",
        size="small",
    )
    with st.expander("The list, by kind", expanded=bool(blocked)):
        cards.show(_list(changes, blocked))
    if not screen.may("change settings"):
        return
    draft = Draft("words", changes)
    allow, block = sensitive_words.as_texts(changes)
    left, right = st.columns(2, gap="medium")
    allow = left.text_area(
        "Allowed after all", allow, key=draft.key("allow"), persist_state=PERSIST, placeholder="old, young",
        help="Words of the list that suggestions may add, parted by commas or lines.",
    )  # fmt: skip
    block = right.text_area(
        "Blocked besides", block, key=draft.key("block"), persist_state=PERSIST, placeholder="health: limping, pale",
        help="One kind a line: its name, a colon, and its words.",
    )  # fmt: skip
    cards.text("Once this is saved, suggestions can be sought anew under the new list.", size="small")
    draft.finish(screen, sensitive_words.of_texts(allow or "", block or ""), _save_words, what="words")


def _save_words(screen: Screen, changes: dict[str, Any]) -> None:
    sensitive_words.check(changes)
    upkeep.change_settings(screen.store, {"sensitive_words": changes})


def _list(changes: dict[str, Any], blocked: dict[tuple[str, str], int]) -> Markup:
    words = lexicon()
    parts = []
    for title, note, kinds in (
        ("", "never added", words.sensitive),
        (" of people", "not added before words for people and parts of their bodies", words.sensitive_before_people),
    ):
        for kind in dict.fromkeys(kinds.values()):
            listed = sorted(word for word, its in kinds.items() if its == kind)
            parts.append(_kind(kind + title, note, listed, kind, changes, blocked))
    for kind, listed in changes.get("block", {}).items():
        parts.append(_kind(kind, "added by an owner of this workspace", sorted(listed), kind, changes, blocked))
    return tag("dl", *parts, class_="rg-words")


def _kind(
    title: str, note: str, listed: list[str], kind: str, changes: dict[str, Any], blocked: dict[tuple[str, str], int]
) -> Markup:
    allowed = {word.lower() for word in changes.get("allow", ())}
    inside: list[str] = []
    for n, word in enumerate(listed):
        number = blocked.get((kind, word.lower()), 0)
        inside.append(", " if n else "")
        if word.lower() in allowed:
            inside += [tag("s", word), " (allowed)"]
        else:
            inside.append(tag("b", f"{word} ({number:,})") if number else word)
    return tag("div", tag("dt", title), tag("dd", *inside, tag("small", note)))
