"""Measures of agreement as functions of sums over items, so that a resample costs one product of matrices.

All are 1 where everybody agrees; the chance-corrected ones are 0 where people agree as often as chance would have it
and negative below that; high is good. Missing answers are left out as Gwet (2014, section 2.3) does: an item counts
with the answers that it has. Every function takes sums with a leading axis of draws, (s, ...), and returns (s,), NaN
where the measure is not defined.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from curation.agreement.ratings import Codes, Floats


class Sums(NamedTuple):
    """What the measures for any number of people need, summed over items.

    ``agreed`` (s, q, q): over items with r >= 2 answers, pairs of answers (c, k) over r (r - 1), so that every item
    weighs 1; ``paired`` (s,): those items; ``shares`` (s, q): share of each answer, summed over answered items;
    ``answered`` (s,): those items; ``together`` (s, q, q): pairs over (r - 1), the coincidences of Krippendorff.
    """

    agreed: Floats
    paired: Floats
    shares: Floats
    answered: Floats
    together: Floats


def per_item(counts: Codes) -> Floats:
    """Return what items with these ``counts`` (n, q) of answers add to the sums, flat: (n, 2 q^2 + q + 2)."""
    n, q = counts.shape
    total = counts.sum(axis=1)
    pairs = (counts[:, :, None] * (counts[:, None, :] - np.eye(q))).reshape(n, q * q)
    safe = np.maximum(total, 2)[:, None]
    shares = counts / np.maximum(total, 1)[:, None]
    parts = (pairs / (safe * (safe - 1)), (total >= 2)[:, None], shares, (total >= 1)[:, None], pairs / (safe - 1))
    return np.concatenate(parts, axis=1)


def sums_of(flat: Floats, q: int) -> Sums:
    """Read sums (s, 2 q^2 + q + 2) of what ``per_item`` returns."""
    s, ends = len(flat), np.cumsum([q * q, 1, q, 1])
    agreed, paired, shares, answered, together = np.split(flat, ends, axis=1)
    return Sums(agreed.reshape(s, q, q), paired[:, 0], shares, answered[:, 0], together.reshape(s, q, q))


def percent(sums: Sums) -> Floats:
    """Return the chance that two answers to one item are the same, in [0, 1]; every item weighs the same."""
    return _share(np.trace(sums.agreed, axis1=1, axis2=2), sums.paired)


def fleiss(sums: Sums) -> Floats:
    """Return Fleiss' kappa (Fleiss, 1971), as generalised to missing answers by Gwet (2014)."""
    pi = _share(sums.shares, sums.answered)
    return _corrected(percent(sums), (pi**2).sum(axis=1))


def ac1(sums: Sums) -> Floats:
    """Return Gwet's AC1 (Gwet, 2008): chance is what answers given at random on hard items would agree on."""
    return ac2(sums, np.eye(sums.shares.shape[1]))


def ac2(sums: Sums, weights: Floats) -> Floats:
    """Return Gwet's AC2: AC1 in which ``weights`` (q, q) in [0, 1] say how far two answers agree."""
    q = len(weights)
    if q < 2:
        return np.full(len(sums.paired), np.nan)
    pi = _share(sums.shares, sums.answered)
    chance = weights.sum() / (q * (q - 1)) * (pi * (1 - pi)).sum(axis=1)
    return _corrected(_share((sums.agreed * weights).sum(axis=(1, 2)), sums.paired), chance)


def quadratic_weights(q: int) -> Floats:
    """Return weights (q, q) for answers in order: 1 for the same, 0 for the first against the last."""
    place = np.arange(q)
    return np.asarray(1.0 - (place[:, None] - place) ** 2 / max(1, q - 1) ** 2)


def alpha(sums: Sums, *, ordinal: bool = False) -> Floats:
    """Return Krippendorff's alpha (Krippendorff, 2011), for names or, where ``ordinal``, for ranks.

    Pairs of answers within an item weigh 1 over the other answers of that item, so that missing answers need no
    filling in. Not defined where all answers are the same.
    """
    of_answer = sums.together.sum(axis=2)  # (s, q): n_c
    total = of_answer.sum(axis=1)
    if ordinal:
        rank = np.cumsum(of_answer, axis=1) - of_answer / 2
        distance = (rank[:, :, None] - rank[:, None, :]) ** 2
    else:
        distance = np.broadcast_to(1.0 - np.eye(of_answer.shape[1]), sums.together.shape)
    seen = (sums.together * distance).sum(axis=(1, 2))
    by_chance = (of_answer[:, :, None] * of_answer[:, None, :] * distance).sum(axis=(1, 2))
    return 1.0 - _share((total - 1) * seen, by_chance)


def two_percent(tables: Floats) -> Floats:
    """Return the share of items on the diagonal of tables (s, q, q), in [0, 1]."""
    return _share(np.trace(tables, axis1=1, axis2=2), tables.sum(axis=(1, 2)))


def cohen(tables: Floats) -> Floats:
    """Return Cohen's kappa (Cohen, 1960) of tables (s, q, q) of two people's answers."""
    total = tables.sum(axis=(1, 2))
    rows, columns = _share(tables.sum(axis=2), total), _share(tables.sum(axis=1), total)
    return _corrected(two_percent(tables), (rows * columns).sum(axis=1))


def two_ac1(tables: Floats) -> Floats:
    """Return Gwet's AC1 of tables (s, q, q) of two people's answers."""
    q = tables.shape[1]
    if q < 2:
        return np.full(len(tables), np.nan)
    pi = _share(tables.sum(axis=2) + tables.sum(axis=1), 2 * tables.sum(axis=(1, 2)))
    return _corrected(two_percent(tables), (pi * (1 - pi)).sum(axis=1) / (q - 1))


def _corrected(seen: Floats, chance: Floats) -> Floats:
    """Return how far agreement goes beyond chance; not defined where chance alone would agree always."""
    return _share(seen - chance, np.where(1.0 - chance < 1e-12, 0.0, 1.0 - chance))


def _share(part: Floats, whole: Floats) -> Floats:
    """Return part over whole, NaN where the whole is 0."""
    whole = np.broadcast_to(whole[:, None] if part.ndim == 2 and whole.ndim == 1 else whole, part.shape)
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=np.abs(whole) > 0))
