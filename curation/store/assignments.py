"""Whose items are whose: a queue is dealt by shares of its captions or by filters; what nobody has is everybody's."""

from __future__ import annotations

from typing import Any

from curation.records import Queue
from curation.store import filters, queues, settings
from curation.store.connection import Connection, Store
from curation.store.dealing import BUCKETS
from curation.store.filters import Clause


def where(connection: Connection, queue: Queue, person: str) -> Clause:
    """Return which items of a queue may come to a person, as a condition over ``item t``.

    A person with a share or a filter gets just those items; whoever has neither gets what no rule gives to somebody.
    """
    rules = settings.get_in(connection, "assignment").get(queue) or []
    clauses = [(rule["person"], clause) for rule, clause in zip(rules, _clauses(rules), strict=True)]
    own = [clause for name, clause in clauses if name == person]
    if own:
        return _any(own)
    if not clauses:
        return Clause("true", [])
    return _nobodys([clause for _, clause in clauses])


def dealt(store: Store, queue: Queue, rules: list[dict[str, Any]]) -> list[int]:
    """Return how many open items each rule gives, and last how many are left for those without a rule.

    Rules may overlap where one is by filter: such an item may come to either person.
    """
    clauses = _clauses(rules)
    rest = _nobodys(clauses) if clauses else Clause("true", [])
    return [_open(store, queue, clause) for clause in (*clauses, rest)]


def _open(store: Store, queue: Queue, clause: Clause) -> int:
    return int(
        store.value(
            f"SELECT count(*) FROM item t WHERE t.queue = ? AND {queues.OPEN} AND ({clause.sql})",
            [queue, *clause.parameters],
        )
    )


def _nobodys(clauses: list[Clause]) -> Clause:
    """Return what no rule gives to somebody; an item without what a filter asks for (NULL) is nobody's."""
    others = _any(clauses)
    return Clause(f"NOT coalesce({others.sql}, false)", others.parameters)


def _clauses(rules: list[dict[str, Any]]) -> list[Clause]:
    """Return each rule as a condition; shares follow one another from the first bucket on."""
    clauses = []
    begin = 0.0
    for rule in rules:
        if "share" in rule:
            end = begin + float(rule["share"])
            clauses.append(Clause("(t.bucket >= ? AND t.bucket < ?)", [round(begin * BUCKETS), round(end * BUCKETS)]))
            begin = end
        else:
            clauses.append(filters.where(filters.check(rule["filter"])))
    return clauses


def _any(clauses: list[Clause]) -> Clause:
    parameters = [value for clause in clauses for value in clause.parameters]
    return Clause(f"({' OR '.join(f'({clause.sql})' for clause in clauses)})", parameters)
