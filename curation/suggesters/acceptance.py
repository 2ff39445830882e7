"""How often people take what a source suggests, and the order of suggestions that follows from it.

A rate is a posterior mean under a Beta prior that weighs as much as ``STRENGTH`` judgements. A source is pulled to the
rate of all sources together, tilted by its shipped preference; a type of detail is pulled to its source. So a source
that nobody has judged yet stands where its preference puts it, and one verdict moves little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, NamedTuple

from curation.records import detail_type
from curation.suggesters.rank import likelihood, merit, preference

STRENGTH = 8.0
"""Judgements that a prior weighs as much as."""

USUAL = 1 / 3
"""The rate of all sources before anybody has judged: about one of three suggestions on the screen is taken."""

TILT = 0.05
"""By how much the log odds of a prior fall with each step of the shipped preference."""

Cell = tuple[str, str]
"""A source and a type of detail."""

Row = Mapping[str, Any]


class Judged(NamedTuple):
    """Suggestions that people looked at and decided on, and how many of them were taken."""

    taken: int
    judged: int


class Rate(NamedTuple):
    """A rate of acceptance in [0, 1], high is good, with the ends of its 95 % credible interval, and the counts."""

    value: float
    low: float
    high: float
    taken: int = 0
    judged: int = 0


def posterior(taken: int, judged: int, prior: float, strength: float = STRENGTH) -> Rate:
    """Return the rate of ``taken`` of ``judged`` under a Beta prior of mean ``prior`` in (0, 1)."""
    from scipy.special import betaincinv

    a, b = taken + strength * prior, judged - taken + strength * (1 - prior)
    low, high = (float(betaincinv(a, b, share)) for share in (0.025, 0.975))
    return Rate(a / (a + b), low, high, taken, judged)


@dataclass(frozen=True)
class Acceptance:
    """Rates of sources and of their types of detail. What is certainly below ``floor`` is shown last.

    ``source_rates`` holds each source that was judged, ``rates`` each type of it that was.
    """

    pooled: float
    source_rates: Mapping[str, Rate]
    rates: Mapping[Cell, Rate]
    floor: float = 0.0
    preference: Callable[[str], int] = preference

    @classmethod
    def of(
        cls, counts: Mapping[Cell, Judged], *, floor: float = 0.0, preference: Callable[[str], int] = preference
    ) -> Acceptance:
        """Return the rates that follow from counts by source and type."""
        by_source: dict[str, Judged] = {}
        for (source, _), one in counts.items():
            before = by_source.get(source, Judged(0, 0))
            by_source[source] = Judged(before.taken + one.taken, before.judged + one.judged)
        taken, judged = (sum(one[n] for one in by_source.values()) for n in (0, 1))
        pooled = (taken + STRENGTH * USUAL) / (judged + STRENGTH)
        sources = {
            name: posterior(*one, _tilted(pooled, preference(name))) for name, one in by_source.items() if one.judged
        }
        rates = {cell: posterior(*one, sources[cell[0]].value) for cell, one in counts.items() if one.judged}
        return cls(pooled, sources, rates, floor, preference)

    def rate(self, source: str, type: str) -> float:
        """Return the rate of a source's type in (0, 1): of a type nobody has judged the source's, of such a source its
        prior.
        """
        known = self.rates.get((source, type)) or self.source_rates.get(source)
        return known.value if known else _tilted(self.pooled, self.preference(source))

    def seldom(self, source: str, type: str) -> Rate | None:
        """Return the rate of a source's type where all of its interval lies below the floor, else None."""
        rate = self.rates.get((source, type))
        return rate if rate is not None and rate.high < self.floor else None

    def ordered(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Return suggestions as the store keeps them, best first, in the order in which a person shall see them.

        Rewrites go by rank among rivals, then by this rate; single attributes, within their noun, by likelihood and
        then by it. Those that are seldom taken come last and carry ``seldom``, ``(taken, judged)``. Equals keep their
        order.
        """
        marked = [(dict(row), self._doubt(row)) for row in rows]
        for row, (rate, _) in marked:
            row.update({"seldom": (rate.taken, rate.judged)} if rate else {})
        marked.sort(key=lambda one: _place(*one))
        return [row for row, _ in marked]

    def _doubt(self, row: Row) -> tuple[Rate | None, float]:
        cell = row["source"], detail_type(row["evidence"])
        return self.seldom(*cell), -self.rate(*cell)


def _place(row: Row, doubt: tuple[Rate | None, float]) -> tuple[Any, ...]:
    """Return what a row is sorted by: the noun of an attribute, whether it is seldom taken, then its merits."""
    rate, less = doubt
    if row["kind"] == "attribute":
        return 1, *row["evidence"].get("slot_span", (0, 0)), rate is not None, *likelihood(row["evidence"]), less
    return 0, 0, 0, rate is not None, *merit(row["evidence"], less)


def _tilted(pooled: float, steps: int) -> float:
    return 1 / (1 + exp(TILT * steps - log(pooled / (1 - pooled))))
