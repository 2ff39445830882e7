"""The people of a workspace from the command line, which acts as whoever owns the files: with an owner's rights."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from curation.commands import Args, Console, command
from curation.records import RegrainError
from curation.store import people as store_people
from curation.store.people import ROLES

if TYPE_CHECKING:
    from curation.session import Session

ACTIONS = ("list", "add", "role", "state", "log")
STATES = ("active", "inactive")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", nargs="?", default="list", choices=ACTIONS)
    parser.add_argument("id", nargs="?", help="e-mail address where people sign in, else the name")
    parser.add_argument("value", nargs="?", help=f"the new role ({', '.join(ROLES)}) or state ({', '.join(STATES)})")
    parser.add_argument("--role", choices=ROLES, default="annotator", help="role of somebody who is added (annotator)")
    parser.add_argument("--name", default="", help="name of somebody who is added")


@command("people", title="Care", arguments=_arguments, makes_workspace=True)
def people(session: Session, args: Args, console: Console) -> int:
    """List who works here, add somebody, or change a role or a state."""
    action, by = args["action"], f"{args['person']} (command line)"
    if action == "list":
        console.table(
            store_people.standing(session.store),
            ["id", "name", "role", "state", "judged", "last_at"],
            "nobody yet: whoever opens the app on this machine becomes an owner",
        )
        return 0
    if action == "log":
        rows = [
            {"at": one.at, "person": one.person, "what": one.what, "old": one.old, "new": one.new, "by": one.by}
            for one in store_people.changes(session.store)
        ]
        console.table(rows, ["at", "person", "what", "old", "new", "by"], "nothing has changed yet")
        return 0
    if not args["id"]:
        raise RegrainError(f"whom? `regrain people {action}` needs an e-mail address or a name")
    id = args["id"].strip().lower() if "@" in args["id"] else args["id"].strip()
    changed = _change(session, action, id, args, by)
    console.give(changed, f"{changed.id}: {changed.role}, {changed.state}")
    return 0


def _change(session: Session, action: str, id: str, args: Args, by: str) -> store_people.Person:
    store, value = session.store, args["value"]
    if action == "add":
        return store_people.invite(store, id, args["role"], by=by, name=args["name"], checked=False)
    if action == "role":
        if value not in ROLES:
            raise RegrainError(f"which role? `regrain people role {id} ROLE` with one of {', '.join(ROLES)}")
        return store_people.set_role(store, id, value, by=by, checked=False)
    if value not in STATES:
        raise RegrainError(f"which state? `regrain people state {id} STATE` with one of {', '.join(STATES)}")
    return store_people.set_state(store, id, value, by=by, checked=False)
