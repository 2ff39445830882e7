"""The people of a workspace: their roles, whether they may work, and how each likes the keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, get_args

from curation.records import RegrainError
from curation.store.connection import Connection, Store, to_json

Role = Literal["annotator", "adjudicator", "owner"]
State = Literal["invited", "active", "inactive"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most that one may do."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person. ``id`` is what decisions are logged under: the verified e-mail address, or the name on trust."""

    id: str
    name: str
    role: Role
    state: State

    def may(self, role: Role) -> bool:
        """Say whether this person works here and has at least this role."""
        return self.state == "active" and ROLES.index(self.role) >= ROLES.index(role)


def get(store: Store, person_id: str) -> Person | None:
    """Return one person, or None where nobody has this id."""
    rows = store.rows("SELECT id, name, role, state FROM person WHERE id = ?", [person_id])
    return Person(*rows[0]) if rows else None


def listed(store: Store) -> list[Person]:
    """Return everybody, in the order of their ids."""
    return [Person(*row) for row in store.rows("SELECT id, name, role, state FROM person ORDER BY id")]


def add(store: Store, person: Person, *, by: str) -> Person:
    """Add somebody; whoever is there already stays as they are and is returned."""

    def write(connection: Connection) -> Person:
        row = connection.execute("SELECT id, name, role, state FROM person WHERE id = ?", [person.id]).fetchone()
        if row:
            return Person(*row)
        connection.execute(
            "INSERT INTO person VALUES (?, ?, ?, ?, ?, now()::TIMESTAMP, '{}')",
            [person.id, person.name, person.role, person.state, by],
        )
        return person

    return store.write(write)


def preferences(store: Store, person_id: str) -> dict[str, Any]:
    """Return what a person has set for themselves; nothing where they are not known."""
    found = store.value("SELECT settings::TEXT FROM person WHERE id = ?", [person_id])
    return dict(json.loads(found)) if found else {}


def prefer(store: Store, person_id: str, **values: Any) -> None:
    """Set some of a person's preferences; raises ``RegrainError`` where nobody has this id."""

    def write(connection: Connection) -> None:
        row = connection.execute("SELECT settings::TEXT FROM person WHERE id = ?", [person_id]).fetchone()
        if row is None:
            raise RegrainError(f"nobody here is called {person_id!r}: settings are kept for people on the team")
        fresh = to_json(json.loads(row[0]) | values)
        connection.execute("UPDATE person SET settings = ? WHERE id = ?", [fresh, person_id])

    store.write(write)
