"""What somebody who is new reads while they qualify: how far they are, and what their last answer should have been."""

from __future__ import annotations

from dataclasses import replace

from curation.records import Queue
from curation.store import Store, gold
from curation.ui.reviewer import Item
from curation.ui.wording import verdict_label


def with_news(
    items: tuple[Item, ...], store: Store, queue: Queue, person: str, standing: gold.Standing
) -> tuple[Item, ...]:
    """Return the items with the news of the qualification as the first one's note; as they are where there is none."""
    if standing.passed is not None or not items:
        return items
    words = f"Qualification, item {standing.answered + 1} of {standing.asked}."
    answers = gold.answered(store, queue, person)
    if answers:
        last = answers[-1]
        said, due = verdict_label(queue, last["verdict"]), verdict_label(queue, last["gold"])
        why = f" {last['note']}" if last["note"] else ""
        words += (
            f" Your last answer, “{said}”, was right.{why}"
            if last["right"]
            else (f" Your last answer was “{said}”; the agreed one is “{due}”.{why}")
        )
    return (replace(items[0], note=words), *items[1:])
