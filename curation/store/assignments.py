"""Whose items are whose: a queue is dealt by shares of its captions or by filters; what nobody has is everybody's."""

from __future__ import annotations

from typing import Any

from curation.records import Queue
from curation.store import filters, settings
from curation.store.connection import Connection
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
    others = _any([clause for _, clause in clauses])
    return Clause(f"NOT ({others.sql})", others.parameters)


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
