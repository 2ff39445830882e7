"""What the settings of a queue come to, in one sentence each, with the numbers of the queue as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curation.ui.wording import counted, listed

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def overlap(rule: Mapping[str, Any] | None, open_items: int, people: int) -> str:
    """Return what an overlap comes to; ``people`` is how many may judge.

    >>> overlap({"answers": 2, "share": 0.1}, 1204, 5)
    'About 120 of 1,204 open items are asked of two people, each without seeing the other answer.'
    >>> overlap(None, 1204, 5)
    'Each of 1,204 open items is asked of one person.'
    """
    if rule is None or rule["answers"] == 1 or not rule["share"]:
        return f"Each of {counted(open_items, 'open item')} is asked of one person."
    several = NUMBERS[rule["answers"]]
    seen = "the other answer" if rule["answers"] == 2 else "the other answers"
    words = f"{_about(rule['share'], open_items)} are asked of {several} people, each without seeing {seen}."
    if people < rule["answers"]:
        words += f" Only {counted(people, 'person', 'people')} may judge here: these items wait until there are more."
    return words


def unaided(share: float, open_items: int) -> str:
    """Return what a share without help comes to.

    >>> unaided(0.05, 1204)
    'About 60 of 1,204 open items are shown without scores and suggestions; “Effect of help” compares the verdicts.'
    """
    if not share:
        return "Every item is shown with its scores and suggestions, so that what showing them does is not known."
    return (
        f"{_about(share, open_items)} are shown without scores and suggestions; “Effect of help” compares the verdicts."
    )


def gold_rate(share: float, gold: int) -> str:
    """Return what a gold rate comes to; ``gold`` is how many gold items there are.

    >>> gold_rate(0.05, 12)
    'Of every 20 items that a person judges, one is gold; 12 items are gold.'
    """
    there = f"{counted(gold, 'item is', 'items are')} gold"
    if not share:
        return f"No gold item is mixed into the work; {there}."
    if not gold:
        return "Nothing is mixed into the work yet, since no item of this queue is gold: make some below."
    return f"Of every {max(1, round(1 / share))} items that a person judges, one is gold; {there}."


def qualification(rule: Mapping[str, Any] | None, gold: int) -> str:
    """Return what a qualification comes to.

    >>> qualification({"items": 10, "pass": 0.8}, 12)
    'An annotator who is new here answers 10 gold items first, and works on with 8 or more of them right.'
    """
    if rule is None:
        return "Annotators who are new here begin at once."
    asked = min(rule["items"], gold)
    if not gold:
        return "Nobody is held up, since no item of this queue is gold: make some below."
    need = _least(rule["pass"], asked)
    right = "works on however many are right" if not need else f"works on with {need} or more of them right"
    return f"An annotator who is new here answers {counted(asked, 'gold item')} first, and {right}."


def lease(minutes: int) -> str:
    """Return what the length of a lease comes to."""
    return (
        f"What is on a person's screen comes to nobody else for {counted(minutes, 'minute')}, in no queue; then it is "
        "free again. An answer that comes later still counts where nobody else has answered."
    )


def assignment(rules: Sequence[Mapping[str, Any]], dealt: Sequence[int], names: Mapping[str, str]) -> str:
    """Return who gets how many open items; ``dealt`` is one number a rule, and last what is nobody's.

    >>> assignment([{"person": "ana", "share": 0.5}], [602, 602], {})
    'Of the open items, ana gets 602; the other 602 come to everybody without a line here.'
    """
    if not rules:
        return f"Everybody gets what is next of {counted(dealt[-1], 'open item')}."
    each = [f"{names.get(rule['person'], rule['person'])} gets {n:,}" for rule, n in zip(rules, dealt, strict=False)]
    rest = f"the other {dealt[-1]:,} come to everybody without a line here" if dealt[-1] else "none is left for others"
    return f"Of the open items, {listed(each)}; {rest}."


def _about(share: float, items: int) -> str:
    """Return how many open items a share is.

    >>> _about(0.1, 1204), _about(1, 1204)
    ('About 120 of 1,204 open items', 'All 1,204 open items')
    """
    whole = counted(items, "open item")
    return f"All {whole}" if share == 1 else f"About {round(share * items):,} of {whole}"


def _least(share: float, asked: int) -> int:
    """Return the fewest right answers that are ``share`` of those asked."""
    return next(right for right in range(asked + 1) if right >= share * asked)
