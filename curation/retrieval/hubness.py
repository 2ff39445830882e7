"""Measures of hubness: how unevenly gallery items appear among the k nearest of all queries.

All measures take ``counts`` (g,), the k-occurrence N_k of every gallery item, antihubs (N_k = 0) included.
Released code of DBNorm leaves antihubs out of the skewness, which gives smaller values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curation.retrieval.blocks import IndexArray

HUB_FACTOR = 2.0
"""A hub has at least this many times the mean N_k."""


@dataclass(frozen=True, slots=True)
class Hubness:
    """All measures of one N_k distribution; 0 is even for each of them, high = more hubness.

    - ``skewness``: population skewness of N_k over all items (Radovanovic et al., JMLR 2010).
    - ``robin_hood``: share of slots to move until all items have equally many, [0, 1).
    - ``antihub_rate``: share of items that no query reaches, [0, 1).
    - ``hub_rate``: share of items with at least twice the mean N_k; ``hub_occurrence``: their share of slots.
    - ``gini``: Gini coefficient, [0, 1); ``largest``: the largest N_k, at most ``queries``.
    """

    k: int
    queries: int
    items: int
    skewness: float
    robin_hood: float
    antihub_rate: float
    hub_rate: float
    hub_occurrence: float
    gini: float
    largest: int


def n_k(index: IndexArray, g: int) -> IndexArray:
    """Return how many queries have each gallery item among their k nearest (g,), from ``index`` (q, k)."""
    flat = np.asarray(index).ravel()
    if len(flat) and (flat.min() < 0 or flat.max() >= g):
        raise ValueError(f"neighbour indices must lie in [0, {g}), got {flat.min()}..{flat.max()}")
    return np.bincount(flat, minlength=g).astype(np.int64)


def measure(counts: IndexArray, k: int) -> Hubness:
    """Return all measures of ``counts`` (g,); ``ValueError`` unless they sum to k times some queries."""
    slots = int(np.sum(counts))
    if not len(counts) or k < 1 or slots < 1 or slots % k:
        raise ValueError(f"{len(counts)} counts that sum to {slots} are not the N_{k} of any queries")
    return Hubness(
        k=k,
        queries=slots // k,
        items=len(counts),
        skewness=skewness(counts),
        robin_hood=robin_hood(counts),
        antihub_rate=antihub_rate(counts),
        hub_rate=hub_rate(counts),
        hub_occurrence=hub_occurrence(counts),
        gini=gini(counts),
        largest=int(np.max(counts)),
    )


def skewness(counts: IndexArray) -> float:
    """Return m3 / m2^1.5 over all items, antihubs included; 0 where all counts are equal."""
    centred = counts - np.mean(counts)
    variance = np.mean(centred**2)
    return float(np.mean(centred**3) / variance**1.5) if variance > 0 else 0.0


def robin_hood(counts: IndexArray) -> float:
    """Return the share of slots to be moved for equality, [0, 1) (Feldbauer & Flexer 2019)."""
    return float(np.abs(counts - np.mean(counts)).sum() / (2 * np.sum(counts)))


def antihub_rate(counts: IndexArray) -> float:
    """Return the share of items with N_k = 0, [0, 1)."""
    return float(np.mean(counts == 0))


def hub_rate(counts: IndexArray) -> float:
    """Return the share of items with N_k of at least twice the mean, [0, 0.5]."""
    return float(np.mean(hubs(counts)))


def hub_occurrence(counts: IndexArray) -> float:
    """Return the share of all slots that hubs take, [0, 1]."""
    return float(np.sum(counts[hubs(counts)]) / np.sum(counts))


def hubs(counts: IndexArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which items are hubs (g,): N_k of at least twice the mean."""
    return np.asarray(counts >= HUB_FACTOR * np.mean(counts), dtype=np.bool_)


def gini(counts: IndexArray) -> float:
    """Return the Gini coefficient, [0, 1)."""
    ordered = np.sort(counts)
    g = len(ordered)
    place = np.arange(1, g + 1)
    return float((2 * place - g - 1) @ ordered / (g * np.sum(ordered)))
