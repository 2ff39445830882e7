"""The people of a workspace: their roles, whether they may work, and how each likes the keys."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
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
    return store.write(lambda connection: _get_in(connection, person.id) or _added(connection, person, by))


def enter(
    store: Store, person_id: str, *, name: str, new: Role | None, at_least: Role = "annotator", by: str
) -> Person | None:
    """Let somebody in and return them as they now are: whoever was invited becomes active.

    Somebody unknown is added with the role ``new``, or stays out (None) where it is None. ``at_least`` raises the role
    of those whom the machine itself names as owners. Whoever is inactive stays so: the caller turns them away.
    """
    found = get(store, person_id)
    if found is None and new is None:
        return None
    if found is not None and (found.state == "inactive" or found.may(at_least)):
        return found

    def write(connection: Connection) -> Person:
        there = _get_in(connection, person_id)
        if there is None:
            return _added(
                connection, Person(person_id, name, max(new or at_least, at_least, key=ROLES.index), "active"), by
            )
        role = max(there.role, at_least, key=ROLES.index)
        if there.state == "inactive":
            return there
        if there.name == there.id != name:  # invited by the address alone: the provider knows the name
            connection.execute("UPDATE person SET name = ? WHERE id = ?", [name, person_id])
            there = Person(there.id, name, there.role, there.state)
        return _changed(connection, there, role=role, state="active", by=by)

    return store.write(write)


def invite(store: Store, person_id: str, role: Role, *, by: str, name: str = "", checked: bool = True) -> Person:
    """Put somebody on the team; they become active when they first come.

    Raises ``RegrainError`` where they are there already, or where ``by`` is no active owner (unless not ``checked``:
    the command line acts for whoever owns the files).
    """
    person_id = person_id.strip()
    if not person_id or any(not one.isprintable() for one in person_id):
        raise RegrainError("whom? Give the e-mail address that they sign in with, or their name where nobody signs in")
    _check_role(role)

    def write(connection: Connection) -> Person:
        _check_owner(connection, by, checked)
        there = _get_in(connection, person_id)
        if there is not None:
            remedy = "reactivate them" if there.state == "inactive" else "change their role"
            raise RegrainError(f"{person_id} is on the team already ({there.role}, {there.state}): {remedy} instead")
        return _added(connection, Person(person_id, name.strip() or person_id, role, "invited"), by)

    return store.write(write)


def set_role(store: Store, person_id: str, role: Role, *, by: str, checked: bool = True) -> Person:
    """Give somebody another role; raises ``RegrainError`` where ``by`` may not, or no active owner would be left."""
    _check_role(role)

    def write(connection: Connection) -> Person:
        _check_owner(connection, by, checked)
        there = _there(connection, person_id)
        if role != "owner":
            _check_owner_left(connection, there, "demoted")
        return _changed(connection, there, role=role, state=there.state, by=by)

    return store.write(write)


def set_state(store: Store, person_id: str, state: State, *, by: str, checked: bool = True) -> Person:
    """Deactivate or reactivate somebody; raises ``RegrainError`` as ``set_role`` does. Their decisions stay."""
    if state not in ("active", "inactive"):
        raise RegrainError(f"a person is made active or inactive, not {state!r}")

    def write(connection: Connection) -> Person:
        _check_owner(connection, by, checked)
        there = _there(connection, person_id)
        if state == "inactive":
            _check_owner_left(connection, there, "deactivated")
        return _changed(connection, there, role=there.role, state=state, by=by)

    return store.write(write)


def standing(store: Store) -> list[dict[str, Any]]:
    """Return everybody with when they last decided (UTC, or None) and how many items they have judged."""
    return store.records(
        """SELECT p.id, p.name, p.role, p.state, p.added_by, p.added_at, d.last_at, coalesce(t.n, 0)::BIGINT AS judged
        FROM person p
        LEFT JOIN (SELECT person, max(made_at) AS last_at FROM decision GROUP BY person) d ON d.person = p.id
        LEFT JOIN (SELECT what, sum(n) AS n FROM tally WHERE starts_with(what, 'by:') GROUP BY what) t
            ON t.what = 'by:' || p.id
        ORDER BY p.state = 'inactive', lower(p.name), p.id"""
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the log of people: ``what`` is added, role or state; ``at`` is UTC."""

    person: str
    what: str
    old: str
    new: str
    by: str
    at: datetime


def changes(store: Store, n: int = 50) -> list[Change]:
    """Return the last changes about people, newest first."""
    return [
        Change(*row)
        for row in store.rows(
            "SELECT person, what, old, new, changed_by, changed_at FROM person_change ORDER BY number DESC LIMIT ?", [n]
        )
    ]


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


def _get_in(connection: Connection, person_id: str) -> Person | None:
    row = connection.execute("SELECT id, name, role, state FROM person WHERE id = ?", [person_id]).fetchone()
    return Person(*row) if row else None


def _there(connection: Connection, person_id: str) -> Person:
    found = _get_in(connection, person_id)
    if found is None:
        raise RegrainError(f"nobody here is called {person_id!r}: invite them first")
    return found


def _added(connection: Connection, person: Person, by: str) -> Person:
    connection.execute(
        "INSERT INTO person VALUES (?, ?, ?, ?, ?, now()::TIMESTAMP, '{}')",
        [person.id, person.name, person.role, person.state, by],
    )
    _log(connection, person.id, "added", "", f"{person.role}, {person.state}", by)
    return person


def _changed(connection: Connection, there: Person, *, role: Role, state: State, by: str) -> Person:
    if role != there.role:
        _log(connection, there.id, "role", there.role, role, by)
    if state != there.state:
        _log(connection, there.id, "state", there.state, state, by)
    connection.execute("UPDATE person SET role = ?, state = ? WHERE id = ?", [role, state, there.id])
    return Person(there.id, there.name, role, state)


def _log(connection: Connection, person_id: str, what: str, old: str, new: str, by: str) -> None:
    connection.execute(
        "INSERT INTO person_change (person, what, old, new, changed_by, changed_at) "
        "VALUES (?, ?, ?, ?, ?, now()::TIMESTAMP)",
        [person_id, what, old, new, by],
    )


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise RegrainError(f"{role!r} is no role: use one of {', '.join(ROLES)}")


def _check_owner(connection: Connection, by: str, checked: bool) -> None:
    found = _get_in(connection, by)
    if checked and not (found and found.may("owner")):
        raise RegrainError(f"{by} is no active owner of this workspace: ask an owner to change who is on the team")


def _check_owner_left(connection: Connection, there: Person, what: str) -> None:
    if not there.may("owner"):
        return
    others = connection.execute(
        "SELECT count(*) FROM person WHERE role = 'owner' AND state = 'active' AND id <> ?", [there.id]
    ).fetchone()
    if not others or not others[0]:
        raise RegrainError(
            f"{there.id} is the last active owner and cannot be {what}: make somebody else an owner first"
        )
