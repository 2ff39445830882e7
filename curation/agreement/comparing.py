"""What is reported of a queue: all people together, each against the rest and against gold, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from curation.agreement import measures
from curation.agreement.ratings import MISSING, Codes, Floats, Ratings
from curation.agreement.resampling import Measure, Resampling, Score, drawn, drawn_sparse, kinds_of, scores

USUAL = Resampling()


@dataclass(frozen=True, slots=True)
class Overall:
    """Agreement of all people on a queue.

    ``cohen`` is the mean over the ``pairs`` of people who share items (Light, 1971): for two people Cohen's kappa
    itself. ``alpha`` is ordinal and ``ac2`` given where the answers have an order.
    """

    items: int
    answers: int
    people: int
    pairs: int
    percent: Score
    cohen: Score
    fleiss: Score
    alpha: Score
    ac1: Score
    ac2: Score | None


@dataclass(frozen=True, slots=True)
class PersonScores:
    """One person's answers against others' answers to the same items; ``percent`` in [0, 1], high is good."""

    person: str
    items: int
    percent: Score
    ac1: Score
    kappa: Score


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by row and column; ``counts[i][j]`` belongs to ``rows[i]`` and ``columns[j]``."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]


def overall(ratings: Ratings, how: Resampling = USUAL) -> Overall:
    """Measure how far all people agree on the items that at least two of them answered."""
    ratings = ratings.only(ratings.paired)
    n, q = len(ratings.codes), len(ratings.categories)
    answers = int(ratings.given.sum())
    kinds, kind = kinds_of(ratings.counts)
    resampled = drawn(measures.per_item(kinds), kind, ratings.clusters, how)
    found = scores(_measures(q, ordinal=ratings.ordinal), resampled, how, items=n, answers=answers)
    pairs = _shared(ratings)
    cohen = _mean_cohen(ratings, pairs, how, answers)
    people = int(ratings.given.any(axis=0).sum()) if n else 0
    return Overall(n, answers, people, len(pairs), cohen=cohen, ac2=found.pop("ac2", None), **found)


def against_rest(ratings: Ratings, person: str, how: Resampling = USUAL) -> PersonScores:
    """Compare one person with the others who answered the same items; every item weighs 1, however many others."""
    own, q = ratings.column(person), len(ratings.categories)
    others = ratings.counts - (own[:, None] == np.arange(q))
    there = (own != MISSING) & (others.sum(axis=1) > 0)
    kinds, kind = kinds_of(np.concatenate([own[there, None], others[there]], axis=1))
    tables = np.zeros((len(kinds), q, q))
    tables[np.arange(len(kinds)), kinds[:, 0]] = kinds[:, 1:] / kinds[:, 1:].sum(axis=1, keepdims=True)
    return _two(person, tables, kind, ratings.clusters[there], how)


def against_gold(
    person: str, own: Codes, gold: Codes, clusters: Codes, q: int, how: Resampling = USUAL
) -> PersonScores:
    """Compare a person's answers (n,) with gold answers (n,): both places among ``q`` categories, or ``MISSING``."""
    there = (own != MISSING) & (gold != MISSING)
    return _two(person, _every_table(q), own[there] * q + gold[there], clusters[there], how)


def pairs(ratings: Ratings, how: Resampling = USUAL) -> dict[tuple[str, str], PersonScores]:
    """Return the scores of every two people who answered an item in common, by their names."""
    q, found = len(ratings.categories), {}
    for one, other in _shared(ratings):
        first, second = ratings.codes[:, one], ratings.codes[:, other]
        both = (first != MISSING) & (second != MISSING)
        names = ratings.people[one], ratings.people[other]
        found[names] = _two(names[0], _every_table(q), first[both] * q + second[both], ratings.clusters[both], how)
    return found


def verdict_table(ratings: Ratings) -> Table:
    """Return how often one person gave the row's answer and another the column's, over all pairs of answers.

    Symmetric: every pair counts once in each direction. The diagonal is agreement.
    """
    counts = ratings.counts
    table = counts.T @ counts - np.diag(counts.sum(axis=0))
    return Table(ratings.categories, ratings.categories, _rows(table.astype(float)))


def reason_table(ratings: Ratings, order: Sequence[str] = ()) -> Table:
    """Return, for answers given with a reason (rows), how often others gave which answer to the same item (columns).

    Every answer that has a reason weighs 1, shared out among the others who answered the item. ``order`` sets the
    order of the rows; further reasons follow by name.
    """
    q, counts = len(ratings.categories), ratings.counts
    item, person = np.nonzero(ratings.given & (ratings.reasons != MISSING) & ratings.paired[:, None])
    others = counts[item] - np.eye(q)[ratings.codes[item, person]]
    weights = others / np.maximum(others.sum(axis=1, keepdims=True), 1.0)
    table = np.zeros((len(ratings.reason_names), q))
    np.add.at(table, ratings.reasons[item, person], weights)
    used = [name for name, row in zip(ratings.reason_names, table, strict=True) if row.any()]
    rows = [name for name in order if name in used] + sorted(set(used) - set(order))
    places = [ratings.reason_names.index(name) for name in rows]
    return Table(tuple(rows), ratings.categories, _rows(table[places]))


def _measures(q: int, *, ordinal: bool) -> dict[str, Measure]:
    found: dict[str, Measure] = {
        "percent": lambda flat: measures.percent(measures.sums_of(flat, q)),
        "fleiss": lambda flat: measures.fleiss(measures.sums_of(flat, q)),
        "alpha": lambda flat: measures.alpha(measures.sums_of(flat, q), ordinal=ordinal),
        "ac1": lambda flat: measures.ac1(measures.sums_of(flat, q)),
    }
    if ordinal:
        found["ac2"] = lambda flat: measures.ac2(measures.sums_of(flat, q), measures.quadratic_weights(q))
    return found


def _two(person: str, tables: Floats, kind: Codes, clusters: Codes, how: Resampling) -> PersonScores:
    """Score items of ``kind`` (n,), each adding ``tables[kind]`` (k, q, q) to a table of two answers."""
    k, q, _ = tables.shape
    wanted: dict[str, Measure] = {
        "percent": lambda flat: measures.two_percent(flat.reshape(-1, q, q)),
        "ac1": lambda flat: measures.two_ac1(flat.reshape(-1, q, q)),
        "kappa": lambda flat: measures.cohen(flat.reshape(-1, q, q)),
    }
    resampled = drawn(tables.reshape(k, q * q), kind, clusters, how)
    return PersonScores(person, len(kind), **scores(wanted, resampled, how, items=len(kind), answers=2 * len(kind)))


def _mean_cohen(ratings: Ratings, pairs: Sequence[tuple[int, int]], how: Resampling, answers: int) -> Score:
    """Return the mean of Cohen's kappa over pairs of people; one whose kappa is undefined is left out of it."""
    codes, q = ratings.codes, len(ratings.categories)
    columns, items = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for at, (one, other) in enumerate(pairs):
        both = np.flatnonzero((codes[:, one] != MISSING) & (codes[:, other] != MISSING))
        columns.append(at * q * q + codes[both, one] * q + codes[both, other])
        items.append(both)
    labels = np.unique(ratings.clusters, return_inverse=True)[1].reshape(-1)
    clusters = labels[np.concatenate(items)]

    def mean(flat: Floats) -> Floats:
        values = measures.cohen(flat.reshape(-1, q, q)).reshape(len(flat), -1)
        number = (~np.isnan(values)).sum(axis=1)
        total = np.nansum(values, axis=1)
        return np.asarray(np.divide(total, number, out=np.full(len(flat), np.nan), where=number > 0))

    resampled = drawn_sparse(np.concatenate(columns), clusters, len(pairs) * q * q, how)
    return scores({"cohen": mean}, resampled, how, items=len(codes), answers=answers)["cohen"]


def _shared(ratings: Ratings) -> list[tuple[int, int]]:
    """Return the columns of every two people who answered an item in common."""
    together = ratings.given.astype(np.int64).T @ ratings.given
    return [(one, other) for one, other in combinations(range(len(ratings.people)), 2) if together[one, other]]


def _every_table(q: int) -> Floats:
    """Return the table (q, q) that each pair of two answers adds, by ``first * q + second``."""
    return np.eye(q * q).reshape(q * q, q, q)


def _rows(table: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(value) for value in row) for row in table)
