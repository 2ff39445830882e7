"""The parts of the plain form that are looked at: pictures, answers, guidelines, history."""

from __future__ import annotations

import streamlit as st

from curation.ui import cards
from curation.ui.reviewer.items import HistoryEntry, Item
from curation.ui.reviewer.screenful import Guidelines


def pictures(item: Item) -> None:
    """The image, the candidate beside it, and the rivals under it."""
    shown = [("The caption's own image", item.image)]
    if item.candidate is not None:
        shown.append(("Candidate from the pool", item.candidate))
    for column, (label, picture) in zip(st.columns(len(shown)), shown, strict=True):
        with column:
            cards.picture(picture.url, picture.alt, label if item.candidate is not None else "")
    if item.rivals:
        cards.thumbnails(
            item.rivals_title or "Nearest rivals",
            [(rival.picture.url, rival.picture.alt, rival.label, rival.own) for rival in item.rivals],
        )


def answers(item: Item) -> None:
    """What several people answered, one under the other."""
    for answer in item.answers:
        said = f"{answer.label}: {answer.verdict}" + (f", {answer.reason}" if answer.reason else "")
        if answer.diff:
            cards.diff(answer.diff, said)
        else:
            cards.text(said)


def guidelines(said: Guidelines) -> None:
    """How to judge, folded away until it is wanted."""
    if not said.text and not said.examples:
        return
    with st.expander("Guidelines"):
        cards.text(said.text)
        for example in said.examples:
            url, alt = (example.picture.url, example.picture.alt) if example.picture else (None, "")
            note = f"{example.verdict}: {example.why}" if example.why else example.verdict
            cards.image_card(url, alt, example.text, note=note)


def history(entries: tuple[HistoryEntry, ...]) -> None:
    """Who did what and when, newest first."""
    if entries:
        cards.numbered("History", [(n, f"{_moment(one)} {one.who} {one.what}") for n, one in enumerate(entries, 1)])


def _moment(entry: HistoryEntry) -> str:
    """Return the time of an entry in full: a form without script does not know the person's own time."""
    return f"{entry.at[:16].replace('T', ' ')} UTC" if entry.at else entry.when
