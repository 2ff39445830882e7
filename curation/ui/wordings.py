"""Wordings beside a caption: suggestions, attributes by noun, other people's answers, the image's other captions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from curation.records import Queue
from curation.text.lexicon import lexicon
from curation.text.worddiff import word_diff
from curation.ui.evidence import caution, evidence_line
from curation.ui.reviewer import Answer, Offer, OtherCaption, Place, Slot, SlotOption
from curation.ui.reviewer.items import MAX_DIGITS, DiffOp
from curation.ui.wording import source_title, verdict_label, when

Row = Mapping[str, Any]

OFFERS = 5
"""Suggestions shown, best first: more would push the verdicts off the screen."""

BRIEF = ("captions", "support", "probability", "where", "rank")
"""The evidence that an attribute's button has room for."""

PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")
"""How answers are told apart before an item is settled: by their order, not by a name."""


def offers(text: str, found: Sequence[Row]) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            id=one["id"],
            text=one["text"],
            diff=_diff(text, one["text"]),
            source=source_title(one["source"]),
            evidence=_told_of(one),
            places=_places(one["evidence"]),
            caution=caution(one["evidence"]),
        )
        for one in found[:OFFERS]
    )


def _told_of(one: Row) -> str:
    """Return the evidence of a suggestion, and how seldom people take such ones where that put it last."""
    facts = [evidence_line(one["evidence"]), _seldom(one)]
    return " · ".join(fact for fact in facts if fact)


def _seldom(one: Row) -> str:
    return "seldom taken: {} of {}".format(*one["seldom"]) if "seldom" in one else ""


def answers(queue: Queue, text: str, said: Sequence[Row]) -> tuple[Answer, ...]:
    """Return what several people answered, for whoever settles the item."""
    return tuple(
        Answer(
            label=f"{place} answer",
            verdict=verdict_label(queue, one["verdict"]),
            reason=one["reason"],
            text=one["text"] or "",
            diff=_diff(text, one["text"]) if one["text"] else (),
            when=when(one["decided_at"]),
        )
        for place, one in zip(PLACES, said, strict=False)
    )


def said(text: str, said: Sequence[Row]) -> tuple[Offer, ...]:
    """Return the wordings of several answers as suggestions, so that one key takes one; each wording once."""
    texts = {_tidy(one["text"]): place for place, one in zip(PLACES, said, strict=False) if one["text"]}
    return tuple(
        Offer(f"answer-{n}", wording, _diff(text, wording), f"the {place.lower()} answer")
        for n, (wording, place) in enumerate(texts.items())
    )


def _tidy(text: str) -> str:
    """Return a text as it is stored: blanks folded."""
    return " ".join(text.split())


def _diff(text: str, wording: str) -> tuple[tuple[DiffOp, str], ...]:
    return tuple((segment.op, segment.text) for segment in word_diff(text, _tidy(wording)))


def slots(text: str, found: Sequence[Row]) -> tuple[Slot, ...]:
    """Gather single-word suggestions by the noun that they go with, in the order of the text."""
    by_noun: dict[tuple[int, int], list[SlotOption]] = {}
    for one in found:
        start, end = one["evidence"].get("slot_span", (0, 0))
        options = by_noun.setdefault((start, end), [])
        word = one["evidence"].get("word", "")
        if 0 <= start < end <= len(text) and word and len(options) < MAX_DIGITS:
            label = evidence_line({name: one["evidence"][name] for name in BRIEF if name in one["evidence"]})
            label = " · ".join(fact for fact in (label, caution(one["evidence"]), _seldom(one)) if fact)
            order = lexicon().order.get(lexicon().kind_of.get(word, ""), -1)
            options.append(SlotOption(word, label, one["text"], one["id"], _places(one["evidence"]), order))
    return tuple(
        Slot(text[start:end], start, end, tuple(options))
        for (start, end), options in sorted(by_noun.items())
        if options
    )


def _places(evidence: Row) -> tuple[Place, ...]:
    """Return the boxes to draw; details that are seen in one box share it."""
    names: dict[tuple[float, float, float, float], list[str]] = {}
    for one in evidence.get("where", ()):
        if "box" in one:
            left, top, right, bottom = one["box"]
            names.setdefault((left, top, right, bottom), []).append(one["name"])
    return tuple(Place(", ".join(several), box) for box, several in names.items())


def others(row: Row, texts: Iterable[Row], offers: Sequence[Row]) -> tuple[OtherCaption, ...]:
    told = _told(offers)
    return tuple(
        OtherCaption(one["i"], one["text"], _marks(one["text"], told.get(one["i"], ())))
        for one in texts
        if one["id"] != row["caption_id"]
    )


def _told(offers: Sequence[Row]) -> dict[int, list[str]]:
    """Return the words that suggestions took, by the number of the caption that told them."""
    told: dict[int, list[str]] = {}
    for one in offers:
        evidence = one["evidence"]
        words = evidence.get("words") or [evidence["word"]] if "words" in evidence or "word" in evidence else []
        for i in evidence.get("captions", ()):
            told.setdefault(i, []).extend(words)
    return told


def _marks(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return where words stand in a text as whole words, in order and without overlap."""
    spans = sorted(
        match.span() for word in set(words) for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    )
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return tuple(apart)
