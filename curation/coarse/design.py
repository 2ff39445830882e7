"""The columns that a fit sees: the prior, every signal, pairs of signals, and runs of words, grammar and company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from curation.coarse import coarse_signals
from curation.coarse.company import company_runs
from curation.coarse.grammar import grammar_runs
from curation.coarse.model import RUNS, CoarseModel, FloatColumn, Raw, Weight
from curation.coarse.wording import runs
from curation.retrieval.blocks import IndexArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_PRIOR_PULL = 4.0
"""The prior's logit is multiplied by this, so that the penalty hardly touches its share."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """How freely each block of columns is weighed beside the signals themselves; 0 leaves it out.

    ``strength`` is the inverse of the L2 penalty; a run must stand in ``least`` judged captions.
    """

    strength: float = 0.06
    least: int = 3
    wording: float = 0.0
    grammar: float = 0.0
    company: float = 0.0
    surroundings: float = 0.0
    pairs: float = 0.0


@dataclass(frozen=True, slots=True)
class Captions:
    """All n captions that a fit may look at: signals (n,) each, NaN where not known; grammars or none."""

    raw: Raw
    texts: Sequence[str]
    image: IndexArray
    grammar: Sequence[str] = ()

    def runs(self, block: str, used: IndexArray) -> dict[int, frozenset[str]]:
        """Return the runs of one block for some captions."""
        if block == "wording":
            return {caption: runs(self.texts[caption]) for caption in used.tolist()}
        if block in ("grammar", "surroundings"):
            fine = block == "surroundings"
            known = used.tolist() if len(self.grammar) else []
            return {caption: grammar_runs(self.grammar[caption], fine=fine) for caption in known}
        near = self.near(used).tolist()
        company = company_runs([self.texts[caption] for caption in near], self.image[near])
        found = dict(zip(near, company, strict=True))
        return {caption: found[caption] for caption in used.tolist()}

    def near(self, used: IndexArray) -> IndexArray:
        """Return all captions of the images of some captions."""
        return np.flatnonzero(np.isin(self.image, self.image[used]))


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The columns of some captions; ``at`` maps a caption to its row."""

    columns: csr_matrix
    at: dict[int, int]
    blocks: Blocks
    weights: dict[str, Weight]
    pairs: list[str]
    runs: dict[str, list[str]]

    def rows(self, captions: IndexArray) -> IndexArray:
        """Return the rows of some captions."""
        return np.array([self.at[caption] for caption in captions.tolist()], dtype=np.int64)

    def model(self, prior: CoarseModel, coefficients: FloatColumn, intercept: float) -> CoarseModel:
        """Return the model that has these weights of the columns and inherits ``prior``."""
        sizes = np.cumsum([1, len(self.weights), len(self.pairs), *map(len, self.runs.values())])
        share, signals, pairs, *found, _ = np.split(coefficients, sizes)
        weighed = {
            block: _named(names, getattr(self.blocks, block) * weights)
            for (block, names), weights in zip(self.runs.items(), found, strict=True)
        }
        model = CoarseModel(
            name="fitted",
            signals={
                name: replace(one, weight=float(weight))
                for (name, one), weight in zip(self.weights.items(), signals, strict=True)
            },
            bias=intercept,
            prior=prior,
            share=float(_PRIOR_PULL * share[0]),
            pairs=_named(self.pairs, self.blocks.pairs * pairs),
        )
        return replace(model, **weighed)  # type: ignore[arg-type]


def design(captions: Captions, used: IndexArray, judged: IndexArray, inherited: FloatColumn, blocks: Blocks) -> Design:
    """Return the columns of the captions ``used``; a run must stand in enough of the ``judged`` ones.

    ``inherited`` (n,) is the logit of all captions by the model that a fit starts from.
    """
    from scipy.sparse import csr_matrix, hstack

    weights = {name: _scale(name, values) for name, values in captions.raw.items()}
    scaled = {name: weights[name].scaled(values[used]) for name, values in captions.raw.items()}
    both = combinations_with_replacement(sorted(scaled), 2) if blocks.pairs else ()
    pairs = {f"{one} {other}": blocks.pairs * scaled[one] * scaled[other] for one, other in both}
    dense = np.stack([_PRIOR_PULL * inherited[used], *scaled.values(), *pairs.values()], axis=1)
    found = {block: captions.runs(block, used) for block in RUNS if getattr(blocks, block)}
    vocabularies = {block: _vocabulary(runs_of, judged, blocks.least) for block, runs_of in found.items() if runs_of}
    columns = []
    for block, names in vocabularies.items():
        made = _columns(found[block], names) if block != "surroundings" else _surroundings(captions, used, names)
        columns.append(getattr(blocks, block) * made)
    at = {caption: row for row, caption in enumerate(used.tolist())}
    return Design(hstack([csr_matrix(dense), *columns]).tocsr(), at, blocks, weights, list(pairs), vocabularies)


def _named(names: Sequence[str], weights: FloatColumn) -> dict[str, float]:
    return dict(zip(names, map(float, weights), strict=True))


def _scale(name: str, values: FloatColumn) -> Weight:
    """Return the common scale of one signal over all captions, judged or not: twice its spread around its mean."""
    log = bool(coarse_signals.get(name).facts["log"])
    known = np.log1p(np.maximum(values, 0.0)) if log else values
    known = known[np.isfinite(known)]
    centre, spread = (float(known.mean()), float(known.std())) if len(known) else (0.0, 0.0)
    return Weight(centre, 2.0 * spread if spread > 1e-9 else 1.0, 0.0, log)


def _vocabulary(found: Mapping[int, frozenset[str]], judged: IndexArray, least: int) -> list[str]:
    frequency = Counter(run for caption in judged.tolist() for run in found[caption])
    return sorted(run for run, number in frequency.items() if number >= least)


def _columns(found: Mapping[int, frozenset[str]], vocabulary: list[str]) -> csr_matrix:
    """Return a column per run, 1 where a caption holds it, over the square root of the number of all its runs."""
    from scipy.sparse import csr_matrix

    place = {run: column for column, run in enumerate(vocabulary)}
    columns = [sorted(place[run] for run in one if run in place) for one in found.values()]
    values = [np.full(len(c), 1.0 / max(1, len(one)) ** 0.5) for c, one in zip(columns, found.values(), strict=True)]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.array([column for row in columns for column in row], dtype=np.int64)
    return csr_matrix((np.concatenate(values), flat, ends), shape=(len(found), len(vocabulary)))


def _surroundings(captions: Captions, used: IndexArray, vocabulary: list[str]) -> csr_matrix:
    """Return the mean of the grammar's columns over all captions of each caption's image, its own included."""
    from scipy.sparse import csr_matrix

    near = captions.near(used)
    images, member = np.unique(captions.image[near], return_inverse=True)
    shares = (1.0 / np.bincount(member))[member]
    means = csr_matrix((shares, (member, np.arange(len(near)))), shape=(len(images), len(near)))
    of_images = means @ _columns(captions.runs("surroundings", near), vocabulary)
    return of_images.tocsr()[np.searchsorted(images, captions.image[used])]
