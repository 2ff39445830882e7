"""Three people who judge the same captions: answers with a known degree of agreement, logged as a screen logs them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from curation.records import Decision, Queue
from curation.store import Store, captions, decisions
from curation.store.answers import answer_names

PEOPLE = ("ana", "bo", "cem")


def answer(
    store: Store,
    queue: Queue,
    caption_ids: Sequence[str],
    *,
    people: Sequence[str] = PEOPLE,
    agree: float = 0.8,
    seed: int = 0,
    usual: str = "",
    images: Sequence[str] = (),
) -> list[Decision]:
    """Let each person judge each caption: with chance ``agree`` as the caption truly is, else at random.

    ``usual`` is what most captions truly are. ``images`` are the other images of a pool's pairs, one per caption.
    Verdicts that need a text are never given. Returns the decisions, which all were applied.
    """
    rng = random.Random(seed)
    names = [name for name in answer_names(queue) if name not in ("edit", "accept")]
    made = []
    for at, caption in enumerate(caption_ids):
        truth = usual if usual and rng.random() < 0.85 else rng.choice(names)
        for person in people:
            verdict = truth if rng.random() < agree else rng.choice(names)
            made.append(
                Decision(
                    id=f"{queue}-{caption}-{images[at] if images else ''}-{person}-{seed}",
                    person=person,
                    queue=queue,
                    caption_id=caption,
                    revision_id=captions.get(store, caption)["revision_id"],
                    verdict=verdict,
                    reason=rng.choice(("subject", "count", "wording")) if verdict == "reject" else "",
                    image_id=images[at] if images else "",
                    shown_ms=rng.randrange(1500, 9000),
                )
            )
    outcomes = decisions.decide(store, made)
    assert all(outcome.applied for outcome in outcomes), outcomes
    return made


def make_unaided(store: Store, queue: Queue, share: float, verdict: str, seed: int = 0) -> None:
    """Let it seem that a share of a queue's items was shown without help, on which ``verdict`` was given half as often.

    Writes into the log itself: for tests of what is read from it.
    """
    rng = random.Random(seed)
    for id, given in store.rows("SELECT id, verdict FROM decision WHERE queue = ? ORDER BY seq", [queue]):
        if rng.random() < (share / 2 if given == verdict else share):
            store.write(lambda connection, id=id: connection.execute(  # type: ignore[misc]
                "UPDATE decision SET aided = false WHERE id = ?", [id]))  # fmt: skip
