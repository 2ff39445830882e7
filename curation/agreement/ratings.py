"""Who answered what: the array that every measure takes.

Letters: n items, m people, q categories. A missing answer is ``MISSING``; an item with answers of fewer than two
people says nothing about agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

MISSING = -1


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Answers of several people to the same items.

    ``codes`` (n, m): the place of the answer in ``categories``, or ``MISSING``. ``categories`` (q,) are all answers
    that could have been given, also those that nobody gave; where ``ordinal``, in their order. ``clusters`` (n,) are
    labels of what is drawn as a whole when resampling: captions of one image are not independent. ``reasons`` (n, m)
    are places in ``reason_names`` of the reasons given with the answers, or ``MISSING``.
    """

    codes: Codes
    categories: tuple[str, ...]
    people: tuple[str, ...]
    clusters: Codes
    reasons: Codes
    reason_names: tuple[str, ...] = ()
    ordinal: bool = False

    def __post_init__(self) -> None:
        n, m = self.codes.shape
        if m != len(self.people) or self.clusters.shape != (n,) or self.reasons.shape != (n, m):
            raise ValueError(
                f"codes {self.codes.shape} do not go with {len(self.people)} people, clusters {self.clusters.shape} "
                f"and reasons {self.reasons.shape}"
            )
        if n and m and not MISSING <= self.codes.min() <= self.codes.max() < len(self.categories):
            raise ValueError(f"codes must lie between {MISSING} and {len(self.categories) - 1}")

    @property
    def given(self) -> NDArray[np.bool_]:
        """Which answers are there: (n, m)."""
        return np.asarray(self.codes != MISSING)

    @property
    def counts(self) -> Codes:
        """How many people gave each answer: (n, q)."""
        return np.stack([(self.codes == k).sum(axis=1) for k in range(len(self.categories))], axis=1)

    @property
    def paired(self) -> NDArray[np.bool_]:
        """Which items at least two people answered: (n,)."""
        return np.asarray(self.given.sum(axis=1) >= 2)

    def only(self, items: NDArray[np.bool_]) -> Ratings:
        """Return the same for some of the items, ``items`` (n,) bool."""
        return Ratings(
            self.codes[items], self.categories, self.people, self.clusters[items], self.reasons[items],
            self.reason_names, self.ordinal,
        )  # fmt: skip

    def column(self, person: str) -> Codes:
        """Return the answers of one person: (n,)."""
        return self.codes[:, self.people.index(person)]


def from_codes(
    item: Codes,
    cluster: Codes,
    person: Codes,
    answer: Codes,
    reason: Codes,
    *,
    categories: Sequence[str],
    people: Sequence[str],
    reasons: Sequence[str] = (),
    ordinal: bool = False,
) -> Ratings:
    """Return ratings from one number per answer (a,): its item and cluster from 0, its person, category and reason.

    A person's second answer to an item replaces the first.
    """
    n = int(item.max()) + 1 if len(item) else 0
    codes = np.full((n, len(people)), MISSING, dtype=np.int64)
    why = codes.copy()
    clusters = np.zeros(n, dtype=np.int64)
    codes[item, person], why[item, person], clusters[item] = answer, reason, cluster
    return Ratings(codes, tuple(categories), tuple(people), clusters, why, tuple(reasons), ordinal)


def collect(
    rows: Iterable[Sequence[Any]], categories: Sequence[str], *, ordinal: bool = False, people: Sequence[str] = ()
) -> Ratings:
    """Return ratings from rows ``(item, cluster, person, answer)`` or ``(…, reason)``.

    Answers that are no category (skipped, unsure) are left out. Items keep the order in which they come; people and
    reasons are sorted, unless ``people`` names them.
    """
    kept = [tuple(row) if len(row) > 4 else (*row, "") for row in rows if row[3] in categories]
    names = tuple(people) or tuple(sorted({row[2] for row in kept}))
    reasons = tuple(sorted({row[4] for row in kept} - {""}))
    places: list[dict[Any, int]] = [
        {name: place for place, name in enumerate(dict.fromkeys(known))}
        for known in ([row[0] for row in kept], [row[1] for row in kept], names, categories, reasons)
    ]
    places[4][""] = MISSING
    numbers = np.array([[places[at][row[at]] for at in range(5)] for row in kept], dtype=np.int64).reshape(-1, 5)
    return from_codes(*numbers.T, categories=categories, people=names, reasons=reasons, ordinal=ordinal)
