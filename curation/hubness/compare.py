"""Hubness and recall of one benchmark before and after each mitigation, block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.hubness import Banks, Correction, mitigations
from curation.retrieval.blocks import IndexArray, Vectors, check_index, row_blocks
from curation.retrieval.bootstrap import Interval, paired_difference
from curation.retrieval.hubness import Hubness, measure, n_k
from curation.retrieval.ranks import ranks_of_rows
from curation.retrieval.topk import top_of_rows

RAW = "raw"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One row of the table: hubness and recall with one mitigation, or with none (``name`` is "raw").

    ``counts`` (g,) is N_k; ``hubness`` holds its measures (low = good); ``recall_1`` and ``recall_10`` are
    percent (high = good); ``gain_1`` and ``gain_10`` are percentage points over raw with a paired cluster
    bootstrap interval, None for raw itself; ``settings`` are the ones that were used.
    """

    name: str
    title: str
    settings: dict[str, Any]
    counts: IndexArray
    hubness: Hubness
    ranks: IndexArray
    recall_1: float
    recall_10: float
    gain_1: Interval | None
    gain_10: Interval | None


def compare(
    queries: Vectors,
    gallery: Vectors,
    own: IndexArray,
    banks: Banks,
    names: Sequence[str],
    k: int = 10,
    *,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    clusters: NDArray[Any] | None = None,
    samples: int = 2000,
    seed: int = 0,
    block_rows: int | None = None,
) -> list[Comparison]:
    """Return the raw row, then one row per named mitigation in the order given.

    ``queries`` (q, d), ``gallery`` (g, d), ``own`` (q,) each query's own gallery item; ``banks.gallery`` is
    the same gallery. ``settings`` maps a name to keyword arguments that differ from the plug-in's defaults.
    ``clusters`` (q,) are what the bootstrap resamples; by default the own image of each query. Raises
    ``RegrainError`` for an unknown mitigation, ``ValueError`` for shapes that do not fit.
    """
    if banks.gallery.shape != gallery.shape:
        raise ValueError(f"the banks are of a gallery {banks.gallery.shape}, not of this one {gallery.shape}")
    own = check_index(own, len(queries), len(gallery), "own")
    chosen = [mitigations.get(name) for name in names]
    used = [{**plugin.settings, **(settings or {}).get(plugin.name, {})} for plugin in chosen]
    corrections: list[Correction | None] = [None]
    corrections += [plugin.run(banks, **with_) for plugin, with_ in zip(chosen, used, strict=True)]
    counts, ranks = _scan(queries, gallery, own, corrections, k, block_rows)

    groups = own if clusters is None else clusters
    labels = [(RAW, "No mitigation"), *((plugin.name, plugin.title) for plugin in chosen)]
    rows = []
    for i, ((name, title), with_) in enumerate(zip(labels, [{}, *used], strict=True)):
        gains = [_gain(ranks[0], ranks[i], at, groups, samples, seed) if i else None for at in (1, 10)]
        rows.append(
            Comparison(
                name,
                title,
                with_,
                counts[i],
                measure(counts[i], min(k, len(gallery))),
                ranks[i],
                _recall(ranks[i], 1),
                _recall(ranks[i], 10),
                *gains,
            )
        )
    return rows


def _scan(
    queries: Vectors,
    gallery: Vectors,
    own: IndexArray,
    corrections: Sequence[Correction | None],
    k: int,
    block_rows: int | None,
) -> tuple[IndexArray, IndexArray]:
    """Return N_k (c, g) and ranks (c, q) under each of c corrections; the scores are computed once."""
    counts = np.zeros((len(corrections), len(gallery)), dtype=np.int64)
    ranks = np.empty((len(corrections), len(queries)), dtype=np.int64)
    for rows, scores in row_blocks(queries, gallery, block_rows=block_rows):
        for i, correct in enumerate(corrections):
            corrected = scores if correct is None else correct(scores)
            counts[i] += n_k(top_of_rows(corrected, k)[1], len(gallery))
            ranks[i, rows] = ranks_of_rows(corrected, own[rows])
    return counts, ranks


def _recall(ranks: IndexArray, at: int) -> float:
    return 100.0 * float(np.mean(ranks <= at))


def _gain(raw: IndexArray, ranks: IndexArray, at: int, clusters: NDArray[Any], samples: int, seed: int) -> Interval:
    return paired_difference(100.0 * (raw <= at), 100.0 * (ranks <= at), clusters, samples=samples, seed=seed)
