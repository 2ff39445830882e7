"""Answers that can be compared: of several people to one item, to gold items, and with and without help.

Read from the log, since items keep only what settled them. An answer is a person's latest verdict on an item that
still stands; skipping and being unsure are none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.records import Queue
from curation.store.connection import Store
from curation.store.deriving import STANDING
from curation.store.verdicts import VERDICTS

Codes = NDArray[np.int64]

_BLIND = "(d.needed > 1 OR coalesce(d.basis, '') = '')"
"""SQL over ``decision d``: one of several answers that are asked for, or given without seeing anybody's verdict (or
nobody said what was seen, as commands do)."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Answers as numbers, one row (a,) each: ``item`` and ``image`` from 0, ``person`` a place in ``people``,
    ``verdict`` a place in ``answer_names(queue)``, ``reason`` a place in ``reasons`` or -1.
    """

    item: Codes
    image: Codes
    person: Codes
    verdict: Codes
    reason: Codes
    people: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class GoldAnswers:
    """Answers to items whose right verdict is known, one row (a,) each; ``right`` is the gold verdict's place."""

    image: Codes
    person: Codes
    verdict: Codes
    right: Codes
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HelpCounts:
    """Verdicts on items shown with and without scores and suggestions, for each kind of image.

    ``aided`` and ``unaided`` (k, v) are how many captions of such an image got each of ``verdicts`` (v,) as their
    first; ``images`` (k,) is how many images are of that kind.
    """

    verdicts: tuple[str, ...]
    aided: Codes
    unaided: Codes
    images: Codes


def answer_names(queue: Queue) -> tuple[str, ...]:
    """Return the verdicts of a queue that are answers, in the order shown; of the pool in the order of the grades."""
    return tuple(verdict.name for verdict in VERDICTS[queue] if verdict.status == "done")


def shared(store: Store) -> dict[str, int]:
    """Return how many items of each queue have answers of at least two people; queues without any are left out."""
    return dict(store.rows("SELECT queue, count(*) FROM item WHERE answers > 1 GROUP BY queue ORDER BY queue"))


def several(store: Store, queue: Queue) -> Answers:
    """Return all answers to the items of a queue that at least two people answered on the same text.

    Verdicts that somebody gave on seeing another's (corrections, adjudication) are no answers of their own and are
    left out, and so are answers to gold items.
    """
    names = answer_names(queue)
    rows = store.rows(
        f"""WITH work AS (
            SELECT * FROM decision d WHERE queue = ? AND purpose = 'work' AND {_BLIND} AND item_id IN (
                SELECT item_id FROM decision WHERE queue = ? AND applied GROUP BY item_id
                HAVING min(person) <> max(person)) AND {STANDING}),
        latest AS (
            SELECT * FROM work QUALIFY row_number() OVER (PARTITION BY item_id, person ORDER BY seq DESC) = 1),
        kept AS (SELECT * FROM latest WHERE list_contains(?::TEXT[], verdict)),
        shared AS (SELECT *, count(*) OVER (PARTITION BY item_id, revision_id) AS answers FROM kept)
        SELECT dense_rank() OVER (ORDER BY s.item_id, s.revision_id), dense_rank() OVER (ORDER BY c.image_id),
            s.person, s.verdict, s.reason
        FROM shared s JOIN caption c ON c.id = s.caption_id WHERE answers > 1 ORDER BY 1, s.person""",
        [queue, queue, list(names)],
    )
    people = tuple(sorted({row[2] for row in rows}))
    reasons = tuple(sorted({row[4] for row in rows} - {""}))
    place = _places(people), _places(names), _places(reasons) | {"": -1}
    numbers = [(row[0] - 1, row[1] - 1, place[0][row[2]], place[1][row[3]], place[2][row[4]]) for row in rows]
    item, image, person, verdict, reason = _columns(numbers, 5)
    return Answers(item, image, person, verdict, reason, people, reasons)


def to_gold(store: Store, queue: Queue) -> GoldAnswers:
    """Return everybody's answers to the gold items of a queue beside the right ones."""
    names = answer_names(queue)
    rows = store.rows(
        f"""WITH latest AS (
            SELECT * FROM decision d WHERE queue = ? AND purpose = 'gold' AND {STANDING}
            QUALIFY row_number() OVER (PARTITION BY item_id, person ORDER BY seq DESC) = 1),
        known AS (
            SELECT * FROM gold WHERE queue = ?
            QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY made_at DESC) = 1)
        SELECT dense_rank() OVER (ORDER BY c.image_id), a.person, a.verdict, g.verdict
        FROM latest a JOIN known g ON g.item_id = a.item_id JOIN caption c ON c.id = a.caption_id
        WHERE list_contains(?::TEXT[], a.verdict) AND list_contains(?::TEXT[], g.verdict)
        ORDER BY a.person, a.item_id""",
        [queue, queue, list(names), list(names)],
    )
    people = tuple(sorted({row[1] for row in rows}))
    who, what = _places(people), _places(names)
    image, person, verdict, right = _columns([(row[0] - 1, who[row[1]], what[row[2]], what[row[3]]) for row in rows], 4)
    return GoldAnswers(image, person, verdict, right, people)


def with_help(store: Store, queue: Queue) -> HelpCounts:
    """Return the first verdicts on items that were shown with and without scores and suggestions.

    Only items judged while both were handed out count, so that a share that was set late does not compare the
    coarsest captions with the rest. Second answers are left out: they are always given without.
    """
    names = tuple(verdict.name for verdict in VERDICTS[queue] if verdict.name != "skip")
    if not store.rows("SELECT 1 FROM decision WHERE queue = ? AND NOT aided LIMIT 1", [queue]):
        nothing = np.zeros((0, len(names)), dtype=np.int64)
        return HelpCounts(names, nothing, nothing, np.zeros(0, dtype=np.int64))
    rows = store.rows(
        f"""WITH first AS (
            SELECT item_id, caption_id, arg_min(verdict, seq) AS verdict, arg_min(aided, seq) AS aided, min(seq) AS seq
            FROM decision d WHERE queue = ? AND purpose = 'work' AND verdict <> 'skip' AND {STANDING}
            GROUP BY item_id, caption_id),
        span AS (SELECT min(seq) AS low, max(seq) AS high FROM first WHERE NOT aided),
        counted AS (
            SELECT c.image_id, f.verdict, f.aided, count(*) AS n FROM first f JOIN caption c ON c.id = f.caption_id
            JOIN span ON f.seq BETWEEN span.low AND span.high GROUP BY ALL),
        kinds AS (
            SELECT list([verdict, aided::TEXT, n::TEXT] ORDER BY verdict, aided) AS kind FROM counted GROUP BY image_id)
        SELECT kind, count(*) FROM kinds GROUP BY kind ORDER BY kind""",
        [queue],
    )
    aided, unaided = (np.zeros((len(rows), len(names)), dtype=np.int64) for _ in range(2))
    for at, (kind, _) in enumerate(rows):
        for verdict, helped, n in kind:
            (aided if helped == "true" else unaided)[at, names.index(verdict)] += int(n)
    return HelpCounts(names, aided, unaided, np.array([number for _, number in rows], dtype=np.int64))


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _columns(rows: Sequence[Sequence[Any]], width: int) -> tuple[Codes, ...]:
    return tuple(np.array(rows, dtype=np.int64).reshape(-1, width).T)
