"""Judging from the command line: the same queues, verdicts and log as on the screens."""

from __future__ import annotations

import json
import uuid
from argparse import ArgumentParser, ArgumentTypeError
from typing import TYPE_CHECKING, Any

from curation.commands import Args, Console, command
from curation.records import QUEUES, Decision, RegrainError
from curation.store import bulk, captions, decisions, hands, people, pool_candidates, scores

if TYPE_CHECKING:
    from curation.session import Session

NOT_APPLIED = 1
TEXT_QUEUES = {"rewrites": "rewrite", "attributes": "attribute"}
NEEDED = ("queue", "caption", "verdict", "person")
OPTIONAL = ("text", "reason", "image", "revision", "id")


def _next_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("queue", choices=QUEUES)
    parser.add_argument("-n", type=_positive, default=1, help="how many items (1)")
    parser.add_argument("--search", default="", help="only captions that hold this text")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise ArgumentTypeError(f"{text!r} is no number of items: give 1 or more")
    return int(text)


@command("next", title="Judge", arguments=_next_arguments)
def next_(session: Session, args: Args, console: Console) -> int:
    """Show the next items of a queue, with what speaks for a verdict."""
    items = hands.next_items(session.store, args["queue"], args["n"], search=args["search"])
    found = [item | _evidence(session, args["queue"], item) for item in items]
    if console.json:
        console.give(found)
    for item in found:
        console.say(f"{item['id']}  {item['text']}")
        console.say(*(f"    {one['reason']}" for one in item["reasons"]))
        console.say(*(f"    {n}. {one['text']}  ({one['source']})" for n, one in enumerate(item["suggestions"], 1)))
    if not found:
        console.say(f"the queue {args['queue']} is empty")
    return 0


def _evidence(session: Session, queue: str, item: dict[str, Any]) -> dict[str, Any]:
    store, caption, kind = session.store, item["caption_id"], TEXT_QUEUES.get(queue)
    if queue == "pool":
        found = pool_candidates.found(store, caption, item["other_image_id"])
        return {"score": item["priority"], "reasons": [_found_by(found)] if found else [], "suggestions": []}
    score = scores.of_caption(store, "noise" if queue == "noise" else "coarse", caption)
    return {
        "score": score and score["value"],
        "reasons": score["reasons"] if score else [],
        "suggestions": scores.suggestions(store, caption, kind) if kind else [],
    }


def _found_by(candidate: dict[str, Any]) -> dict[str, Any]:
    near = "the caption" if candidate["via"] == "text" else "its image"
    fits = "better" if candidate["risk"] > 0 else "less well"
    words = (
        f"{candidate['image_id']}, near to {near} ({candidate['score']:.3f}), "
        f"fits {fits} than the own image by {abs(candidate['risk']):.3f}"
    )
    return {"signal": candidate["via"], "value": candidate["score"], "reason": words}


def _decide_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("queue", nargs="?", choices=QUEUES)
    parser.add_argument("caption", nargs="?", help="caption id, e.g. 1007129816#3")
    parser.add_argument("verdict", nargs="?")
    parser.add_argument("--text", help="the new wording")
    parser.add_argument("--suggestion", help="number (as `next` shows it) or id of the suggestion to accept")
    parser.add_argument("--image", default="", help="the other image, in the pool queue")
    parser.add_argument("--reason", default="")
    parser.add_argument("--revision", help="revision that was judged; the current one by default")
    parser.add_argument("--id", help="id of the decision, made by the caller so that a retry is harmless")
    parser.add_argument("--stdin", action="store_true", help="read decisions as JSON lines with these names")


@command("decide", title="Judge", arguments=_decide_arguments, reads_lines=True)
def decide(session: Session, args: Args, console: Console) -> int:
    """Give a verdict, or many from the standard input as JSON lines."""
    rows = _from_lines(args["lines"]) if args["stdin"] else [dict(args)]
    made = [_decision(session, {"person": args["person"]} | row) for row in rows]
    _check_people(session, {decision.person for decision in made})
    outcomes = decisions.decide(session.store, made)
    for outcome in outcomes:
        said = "applied" if outcome.applied else f"NOT applied: {outcome.message}"
        console.give(outcome, f"{outcome.decision_id}  {said}")
    return 0 if all(outcome.applied for outcome in outcomes) else NOT_APPLIED


def _check_people(session: Session, ids: set[str]) -> None:
    for found in (people.get(session.store, id) for id in sorted(ids)):
        if found is not None and found.state == "inactive":
            raise RegrainError(f"{found.id} does not work here any more (`regrain people`): nothing was decided")


def _undo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("queue", nargs="?", choices=QUEUES, help="only in this queue")


@command("undo", title="Judge", arguments=_undo_arguments)
def undo(session: Session, args: Args, console: Console) -> int:
    """Take back your latest verdict that still stands."""
    last = decisions.last_of(session.store, args["person"], args["queue"])
    if last is None:
        raise RegrainError(f"there is no verdict of {args['person']} left to undo")
    taken = Decision(
        id=uuid.uuid4().hex,
        person=args["person"],
        queue=last["queue"],
        caption_id=last["caption_id"],
        revision_id=last["revision_id"],
        verdict="undo",
        image_id=last["image_id"],
        undoes=last["id"],
    )
    outcome = bulk.apply(session.store, [taken])[0]
    what = f"{last['queue']} {last['caption_id']}: {last['verdict']}"
    console.give(outcome, f"{what} taken back" if outcome.applied else f"{what} NOT taken back: {outcome.message}")
    return 0 if outcome.applied else NOT_APPLIED


def _history_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("caption", help="caption id")


@command("history", title="Look", arguments=_history_arguments)
def history(session: Session, args: Args, console: Console) -> int:
    """Show every decision on a caption and the chain of its texts."""
    captions.get(session.store, args["caption"])
    chain, log = captions.revisions(session.store, args["caption"]), decisions.history(session.store, args["caption"])
    if console.json:
        console.give({"revisions": chain, "decisions": log})
        return 0
    console.table(chain, ["id", "source", "person", "made_at", "current", "text"], "no text")
    console.table(log, ["made_at", "person", "queue", "verdict", "reason", "applied", "message", "text"], "no decision")
    return 0


def _from_lines(lines: list[str]) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise RegrainError(f"line {number} is no JSON ({error}): nothing was decided") from None
        if not isinstance(row, dict):
            raise RegrainError(f"line {number} is no JSON object: nothing was decided")
        rows.append(row | {"line": number})
    return rows


def _decision(session: Session, row: dict[str, Any]) -> Decision:
    try:
        return _made(session, row)
    except RegrainError as error:
        place = f"line {row['line']}: " if "line" in row else ""
        raise RegrainError(f"{place}{error}: nothing was decided") from None


def _made(session: Session, row: dict[str, Any]) -> Decision:
    _check_fields(row)
    if row["queue"] not in QUEUES:
        raise RegrainError(f"{row['queue']!r} is no queue: use one of {', '.join(QUEUES)}")
    caption = captions.get(session.store, row["caption"])
    suggestion = _suggestion(session, row) if row.get("suggestion") not in (None, "") else None
    text = row.get("text") or (suggestion["text"] if suggestion else None)
    return Decision(
        id=row.get("id") or uuid.uuid4().hex,
        person=row["person"],
        queue=row["queue"],
        caption_id=row["caption"],
        revision_id=row.get("revision") or caption["revision_id"],
        verdict=row["verdict"],
        reason=row.get("reason") or "",
        text=text,
        image_id=row.get("image") or "",
        suggestion_id=suggestion["id"] if suggestion else None,
    )


def _check_fields(row: dict[str, Any]) -> None:
    """Refuse a decision with a field that is missing or of the wrong kind: what is logged is never altered again."""
    for name in NEEDED:
        if row.get(name) in (None, ""):
            raise RegrainError(f"a decision needs {', '.join(NEEDED)}; {name} is missing")
    for name in (*NEEDED, *OPTIONAL):
        value = row.get(name)
        if value is not None and not _is_text(value):
            raise RegrainError(f"{name} is {json.dumps(value)[:60]}, which is no text; correct it")
    if not row["person"].strip():
        raise RegrainError("person is blank; say who decides")
    number = row.get("suggestion")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | str)):
        raise RegrainError(f"suggestion is {json.dumps(number)[:60]}, which is neither a number nor an id; correct it")


def _is_text(value: object) -> bool:
    """Say whether a value is text that can be stored: JSON may hold half a surrogate pair."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= one <= "\udfff" for one in value)


def _suggestion(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    found = scores.suggestions(session.store, row["caption"], TEXT_QUEUES.get(row["queue"]))
    wanted = str(row["suggestion"])
    for number, suggestion in enumerate(found, 1):
        if wanted in (str(number), suggestion["id"]):
            return suggestion
    raise RegrainError(f"{row['caption']} has no suggestion {wanted} (there are {len(found)}): see `regrain next`")
