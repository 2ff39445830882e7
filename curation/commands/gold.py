"""Gold items from the command line: which there are and what was answered to them, more of them, and fewer."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from curation.commands import Args, Console, command
from curation.records import QUEUES, RegrainError
from curation.store import gold as store_gold

if TYPE_CHECKING:
    from curation.session import Session

ACTIONS = ("list", "add", "remove")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("queue", choices=QUEUES)
    parser.add_argument("item", nargs="?", help="id of a settled item, e.g. 1007129816#3")
    parser.add_argument("--note", default="", help="why this verdict is right, told to those who qualify")


@command("gold", title="Judge", arguments=_arguments)
def gold(session: Session, args: Args, console: Console) -> int:
    """List the items of a queue whose verdict is known (gold), make a settled item gold, or take one back."""
    action, queue, item = args["action"], args["queue"], args["item"]
    if action == "list":
        columns = ["item_id", "verdict", "answered", "right", "person", "made_at", "note", "text"]
        console.table(store_gold.with_answers(session.store, queue), columns, f"no item of the queue {queue} is gold")
        return 0
    if not item:
        raise RegrainError(f"which item? `regrain gold {action} {queue} ITEM` needs its id")
    if action == "add":
        made = store_gold.add(session.store, queue, item, person=args["person"], note=args["note"])
        console.give(made, f"{item} is gold in {queue}: {made['verdict']}")
        return 0
    if not store_gold.remove(session.store, queue, item):
        raise RegrainError(f"{item} is no gold item of the queue {queue}: `regrain gold list {queue}` shows them")
    console.give({"queue": queue, "item_id": item, "removed": True}, f"{item} is no longer gold in {queue}")
    return 0
