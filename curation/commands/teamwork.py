"""The people of a queue: how far they agree."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from curation import team
from curation.agreement import PersonScores, Score
from curation.commands import Args, Console, command
from curation.records import QUEUES
from curation.team import Anchoring, Consistency

if TYPE_CHECKING:
    from curation.session import Session

MEASURES = {
    "percent": "same answer",
    "ac1": "Gwet's AC1",
    "ac2": "Gwet's AC2",
    "alpha": "Krippendorff's alpha",
    "fleiss": "Fleiss' kappa",
    "cohen": "Cohen's kappa",
}


def _agreement_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("queue", choices=QUEUES)


@command("agreement", title="Look", arguments=_agreement_arguments)
def agreement(session: Session, args: Args, console: Console) -> int:
    """Show how far people agree on a queue, with each other and with gold, and what showing scores changes."""
    found, help_ = team.consistency(session.store, args["queue"]), team.anchoring(session.store, args["queue"])
    if console.json:
        console.give(asdict(found) | {"anchoring": asdict(help_)})
        return 0
    _say(console, found)
    _say_anchoring(console, help_)
    return 0


def _say(console: Console, found: Consistency) -> None:
    whole = found.overall
    console.say(
        f"{whole.items:,} items of the queue {found.queue} with {whole.answers:,} answers of {whole.people} people"
        if whole.items
        else f"no item of the queue {found.queue} has answers of two people yet"
    )
    for name, words in MEASURES.items():
        score: Score | None = getattr(whole, name)
        if whole.items and score is not None:
            mean = f", mean of {whole.pairs} pairs" if name == "cohen" and whole.pairs > 1 else ""
            console.say(f"{words + mean:38} {_figure(score)}")
    for title, people in (("against the others", found.rest), ("against gold", found.gold)):
        if people:
            console.table([_row(one, title) for one in people], ["person", title, "items", "AC1", "kappa"], "")


def _row(one: PersonScores, title: str) -> dict[str, Any]:
    same = _figure(one.percent)
    return {"person": one.person, title: same, "items": one.items, "AC1": _figure(one.ac1), "kappa": _figure(one.kappa)}


def _say_anchoring(console: Console, found: Anchoring) -> None:
    if not found.unaided:
        return
    console.say(f"first verdicts on {found.aided:,} items with scores and suggestions, {found.unaided:,} without:")
    rows = [
        {
            "verdict": one.verdict,
            "with": f"{one.aided / max(1, found.aided):.3f}",
            "without": f"{one.unaided / found.unaided:.3f}",
            "difference": _figure(one.difference),
        }
        for one in found.effects
    ]
    console.table(rows, ["verdict", "with", "without", "difference"], "")


def _figure(score: Score) -> str:
    """Return a value with its 95 % interval, or why there is none."""
    if score.value is None:
        return f"not defined: {score.why}"
    if score.low is None or score.high is None:
        return f"{score.value:.3f} ({score.why})"
    return f"{score.value:.3f} [{score.low:.3f}, {score.high:.3f}]"
