"""One filter for everything that shows many items: queue, grid, plots, select-all, export and assignment.

A filter is plain data that fits in an address; ``where`` makes it SQL over ``item t``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from curation.records import RegrainError


class Clause(NamedTuple):
    """A condition over ``item t`` and the parameters that it takes, in order."""

    sql: str
    parameters: list[Any]


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; an empty field narrows nothing.

    ``text`` is held by the caption's current text, or is its id; ``image`` is the id of its image. ``verdict``,
    ``reason`` and ``person`` are of the judged item; ``origin`` is ``model`` or ``person`` (who wrote the imported
    text); ``low`` and ``high`` bound the queue's score, both ends included. ``captions`` are the only captions that
    may come, such as those found by similarity; ``like`` says what they are similar to, in the address's words.
    ``defect`` is a kind of text defect that the caption has, or ``any``; ``cluster`` a cluster of near-identical
    captions. ``down_to`` ends the queue's order at a priority, included: the first so many of what is to judge.
    ``sort`` names one of ``OPEN_ORDERS`` or ``JUDGED_ORDERS`` and narrows nothing.
    """

    text: str = ""
    image: str = ""
    split: str = ""
    language: str = ""
    status: str = ""
    verdict: str = ""
    reason: str = ""
    person: str = ""
    origin: str = ""
    low: float | None = None
    high: float | None = None
    defect: str = ""
    cluster: str = ""
    down_to: float | None = None
    like: str = ""
    captions: tuple[str, ...] | None = None
    sort: str = ""

    def __bool__(self) -> bool:
        return replace(self, sort="") != Filter()


EVERYTHING = Filter()
_NUMBERS = ("low", "high", "down_to")
_ADDRESS = {"text": "q"} | {one.name: one.name for one in fields(Filter) if one.name not in ("text", "captions")}
"""How a filter's fields are called in an address. Captions found by similarity are found anew from ``like``."""


class Order(NamedTuple):
    """How items are ordered: SQL over ``item t`` and its direction; equal ones come in the order of their ids."""

    name: str
    label: str
    sql: str
    descending: bool

    @property
    def by(self) -> str:
        """The order as SQL."""
        return f"{self.sql} {'DESC' if self.descending else 'ASC'}, t.id"

    @property
    def after(self) -> str:
        """The condition for what comes after a key: takes its value, its id and its value again."""
        return f"(CASE WHEN {self.sql} = ? THEN t.id > ? ELSE {self.sql} {'<' if self.descending else '>'} ? END)"


OPEN_ORDERS = {
    one.name: one
    for one in (
        Order("", "highest score first", "t.priority", True),
        Order("low", "lowest score first", "t.priority", False),
        Order("caption", "by caption id", "t.id", False),
    )
}
"""Orders of what is still to judge. A score is the queue's own: high means coarse, suspicious or likely a match."""

JUDGED_ORDERS = {
    one.name: one
    for one in (
        Order("", "latest verdict first", "t.decided_at", True),
        Order("oldest", "oldest verdict first", "t.decided_at", False),
        Order("high", "highest score first", "t.priority", True),
        Order("low", "lowest score first", "t.priority", False),
        Order("caption", "by caption id", "t.id", False),
    )
}
"""Orders of what was judged."""


def to_query(narrow: Filter) -> dict[str, str]:
    """Return a filter as parameters of an address, empty fields left out.

    >>> to_query(Filter(text="red ball", low=0.5))
    {'q': 'red ball', 'low': '0.5'}
    """
    pairs = ((name, getattr(narrow, field)) for field, name in _ADDRESS.items())
    return {
        name: f"{value:g}" if isinstance(value, float) else value for name, value in pairs if value not in ("", None)
    }


def from_query(query: Mapping[str, Any]) -> Filter:
    """Return the filter of an address; what is no number where one is due is left out, unknown names are ignored.

    >>> from_query({"q": "red ball", "low": "0.5", "tab": "done"})
    Filter(text='red ball', image='', split='', language='', status='', verdict='', reason='', person='', origin='', \
low=0.5, high=None, defect='', cluster='', down_to=None, like='', captions=None, sort='')
    """
    found: dict[str, Any] = {}
    for field, name in _ADDRESS.items():
        given = query.get(name)
        value = "" if given is None else str(given).strip()
        if value and field in _NUMBERS:
            number = _number(value)
            found |= {} if number is None else {field: number}
        elif value:
            found[field] = value
    return replace(EVERYTHING, **found)


def to_query_names() -> tuple[str, ...]:
    """Return every parameter of an address that belongs to a filter."""
    return tuple(_ADDRESS.values())


def order(narrow: Filter, *, judged: bool) -> Order:
    """Return the order that a filter asks for, the usual one where it names none that there is."""
    orders = JUDGED_ORDERS if judged else OPEN_ORDERS
    return orders.get(narrow.sort, orders[""])


def check_query(query: Mapping[str, str]) -> Filter:
    """Return the filter of an address that somebody wrote by hand; raises ``RegrainError`` for what it cannot hold."""
    names = {name: field for field, name in _ADDRESS.items() if field != "like"}
    wrong = sorted(set(query) - set(names))
    if wrong:
        raise RegrainError(f"a filter has no parameter {wrong[0]!r}: use some of {', '.join(sorted(names))}")
    for name, value in query.items():
        if names[name] in _NUMBERS and _number(value) is None:
            raise RegrainError(f"{name}={value} is no number: write e.g. {name}=0.5")
    return from_query(query)


def check(values: Mapping[str, Any]) -> Filter:
    """Return the filter of plain JSON; raises ``RegrainError`` for a field that there is not."""
    known = set(_ADDRESS) - {"like", "sort"}
    wrong = sorted(set(values) - known)
    if wrong:
        raise RegrainError(f"a filter has no field {wrong[0]!r}: use some of {', '.join(sorted(known))}")
    return from_query({_ADDRESS[name]: value for name, value in values.items()})


_SCORED = "('coarse', 'rewrites', 'attributes')"
"""Queues in the order of the coarse score, where the uncertain are mixed in: a priority there is no score."""

_SCORE = f"CASE WHEN t.queue IN {_SCORED} THEN coalesce(t.coarse, 0) ELSE t.priority END"
"""What a list is sorted out by; what has no score yet counts as 0."""


_CURRENT = "JOIN caption k ON k.id = d.caption_id AND k.revision_id = d.revision_id"
"""What was found in a text counts for as long as the caption reads so."""

_CONDITIONS: dict[str, str] = {
    "status": "t.status = ?",
    "split": "t.split = ?",
    "language": "t.language = ?",
    "origin": "t.generated = (? = 'model')",
    "verdict": "t.verdict = ?",
    "person": "(t.person = ? OR list_contains(t.answered_by, ?))",
    "reason": "t.decision_id IN (SELECT d.id FROM decision d WHERE d.reason = ?)",
    "low": f"({_SCORE}) >= ?",
    "high": f"({_SCORE}) <= ?",
    "down_to": "t.priority >= ?",
    "defect": f"t.caption_id IN (SELECT d.caption_id FROM text_defect d {_CURRENT} WHERE d.kind = ? OR ? = 'any')",
    "cluster": f"t.caption_id IN (SELECT d.caption_id FROM caption_cluster d {_CURRENT} WHERE d.cluster = ?)",
}
"""What each field that is set asks of ``item t``; every question mark takes its value."""


def where(narrow: Filter) -> Clause:
    """Return a filter as a condition over ``item t``; ``true`` where it narrows nothing."""
    parts: list[str] = []
    parameters: list[Any] = []
    of_caption, words = _of_caption(narrow)
    if of_caption:
        parts.append(f"t.caption_id IN (SELECT c.id FROM caption c WHERE {' AND '.join(of_caption)})")
        parameters += words
    for field, sql in _CONDITIONS.items():
        value = getattr(narrow, field)
        if value not in ("", None):
            parts.append(sql)
            parameters += [value] * sql.count("?")
    if narrow.captions is not None:
        parts.append("t.caption_id IN (SELECT unnest(?::TEXT[]))")
        parameters.append(list(narrow.captions))
    return Clause(" AND ".join(parts) or "true", parameters)


def _of_caption(narrow: Filter) -> tuple[list[str], list[Any]]:
    parts: list[str] = []
    parameters: list[Any] = []
    if narrow.text:
        parts.append("(contains(lower(c.text), lower(?)) OR c.id = ?)")
        parameters += [narrow.text, narrow.text]
    if narrow.image:
        parts.append("c.image_id = ?")
        parameters.append(narrow.image)
    return parts, parameters


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
