"""Fitting the model to a workspace's verdicts: from the prior to the curators' own idea of coarse, without a jump.

Logistic regression (scikit-learn, L2) over the prior's logit, every signal and the wording. Next to the verdicts
it sees ``anchors``: unlabelled captions to which the prior's probabilities are attached as soft labels, with a
fixed total weight (a catalytic prior: Huang, Stein, Rubin and Kou, PNAS 2020). With no verdict it gives the prior,
with a few it leans on it, with hundreds the anchors no longer count. The probabilities are then calibrated by
Platt's method on predictions for images that the fit has not seen; the same predictions give the reliability bins
and the AUC that the record states.

Once there are many verdicts, a richer model is fitted beside it, which also weighs pairs of signals, grammar and
company; the one whose calibrated predictions for unseen images have the lower log loss is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.coarse.calibration import auc, log_loss, reliability
from curation.coarse.design import Blocks, Captions, Design, design
from curation.coarse.model import CoarseModel, FloatColumn, Raw, probability, shipped_prior
from curation.retrieval.blocks import IndexArray

Flags = NDArray[np.bool_]

_LEAST_TO_CALIBRATE = 20
_APART = frozenset({"shorter_than_others"})
"""Signals that no fitted model inherits with the prior's weights: how an image's captions compare differs most from
one benchmark to the next. The anchors still say what the prior makes of them, until verdicts say otherwise."""


SIMPLE = Blocks(wording=3.0)
RICH = Blocks(0.09, 5, wording=2.5, grammar=1.5, company=1.0, surroundings=2.0, pairs=0.4)


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    ``blocks`` says what is weighed beside the signals; from ``rich_from`` verdicts on, ``rich`` is tried too.
    ``anchors`` captions carry the prior with a weight of ``anchor_weight`` verdicts altogether.
    """

    blocks: Blocks = SIMPLE
    rich: Blocks = RICH
    rich_from: int = 1000
    anchors: int = 400
    anchor_weight: float = 20.0
    folds: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Verdicts:
    """Captions ``rows`` (v,) with what they were called, and ``anchors`` (a,) with what the prior makes of them."""

    rows: IndexArray
    coarse: Flags
    image: IndexArray
    anchors: IndexArray
    belief: FloatColumn


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """One way to fit, with its calibrated predictions for images that it had not seen (v,)."""

    columns: Design
    slope: float
    shift: float
    unseen: FloatColumn


def fit(
    raw: Raw,
    texts: Sequence[str],
    image: IndexArray,
    rows: IndexArray,
    coarse: Flags,
    *,
    grammar: Sequence[str] = (),
    up_to: int = 0,
    settings: FitSettings | None = None,
) -> CoarseModel:
    """Return a model fitted to verdicts on captions ``rows`` (v,): ``coarse`` (v,) says what the curator called them.

    ``raw`` holds the signals of all n captions (n,), NaN where one is not known; ``image`` (n,) the image of each,
    so that no image is on both sides of a cross-validation; ``grammar`` (n,) what ``Analysis.grammar`` says of each,
    "" where it is not analysed. ``up_to`` is the last decision read, for the record.
    With no verdicts the shipped prior comes back. Raises ``ValueError`` on lengths that do not fit.
    """
    settings = settings or FitSettings()
    rows, coarse = np.asarray(rows, dtype=np.int64), np.asarray(coarse, dtype=bool)
    if len(rows) != len(coarse):
        raise ValueError(f"{len(rows)} captions with {len(coarse)} verdicts: give one per caption")
    prior = shipped_prior()
    if not len(rows):
        return prior
    logits = _logits(prior, raw, len(texts))
    anchors = _anchors(logits, settings)
    verdicts = _Verdicts(rows, coarse, image[rows], anchors, probability(logits[anchors]))
    inherited = replace(prior, signals={name: one for name, one in prior.signals.items() if name not in _APART})
    base = _logits(inherited, raw, len(texts))
    captions, used = Captions(raw, texts, image, grammar), np.union1d(rows, anchors)
    ways = [settings.blocks, settings.rich][: 1 + (len(rows) >= settings.rich_from)]
    columns = [design(captions, used, rows, base, blocks) for blocks in ways]
    best = min((_tried(one, verdicts, settings) for one in columns), key=lambda one: log_loss(one.unseen, coarse))
    model = best.columns.model(inherited, *_coefficients(best.columns, verdicts, slice(None), settings))
    facts: dict[str, Any] = {"verdicts": len(rows), "coarse": int(coarse.sum()), "up_to": up_to}
    facts |= {"settings": asdict(settings), "blocks": asdict(best.columns.blocks), "auc": auc(best.unseen, coarse)}
    bins = reliability(best.unseen, coarse)
    return replace(model, slope=best.slope, shift=best.shift, fitted_on=facts, reliability=bins)


def _logits(model: CoarseModel, raw: Raw, n: int) -> FloatColumn:
    return np.asarray(model.level + sum(model.parts(raw).values(), start=np.zeros(n)))


def _anchors(logits: FloatColumn, settings: FitSettings) -> IndexArray:
    """Return captions from all over the prior's range, evenly spaced in its order."""
    order = np.argsort(logits, kind="stable")
    places = np.linspace(0, len(logits) - 1, min(len(logits), settings.anchors)).round().astype(np.int64)
    return np.unique(order[places])


def _tried(columns: Design, verdicts: _Verdicts, settings: FitSettings) -> _Trial:
    """Return what one way to fit makes of the verdicts on images that it has not seen."""
    logits = _out_of_fold(columns, verdicts, settings)
    enough = len(logits) >= _LEAST_TO_CALIBRATE
    slope, shift = _platt(logits, verdicts.coarse) if enough else (1.0, 0.0)
    return _Trial(columns, slope, shift, probability(slope * logits + shift))


def _coefficients(
    columns: Design, verdicts: _Verdicts, some: Flags | slice, settings: FitSettings
) -> tuple[FloatColumn, float]:
    """Return the weights of the columns and the intercept, fitted to some of the verdicts."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    at, rows, coarse = columns.rows(verdicts.anchors), verdicts.rows[some], verdicts.coarse[some]
    belief, each = verdicts.belief, settings.anchor_weight / max(1, len(at))
    where = np.concatenate([columns.rows(rows), at, at])
    labels = np.concatenate([coarse, np.ones(len(at), bool), np.zeros(len(at), bool)])
    trust = np.concatenate([np.ones(len(rows)), each * belief, each * (1 - belief)])
    regression = LogisticRegression(C=columns.blocks.strength, max_iter=500, tol=1e-5)
    with threadpool_limits(1):  # the steps are so small that threads would wait for each other most of the time
        regression.fit(columns.columns[where], labels, sample_weight=trust)
    return regression.coef_[0], float(regression.intercept_[0])


def _out_of_fold(columns: Design, verdicts: _Verdicts, settings: FitSettings) -> FloatColumn:
    """Return for every verdict the logit of a model that has seen no verdict on that image (v,)."""
    images, member = np.unique(verdicts.image, return_inverse=True)
    folds = min(settings.folds, len(images))
    fold = np.random.default_rng(settings.seed).permutation(np.arange(len(images)) % folds)[member]
    logits = np.empty(len(fold))
    for held in range(folds):
        out = fold == held
        weights, intercept = _coefficients(columns, verdicts, ~out, settings)
        logits[out] = columns.columns[columns.rows(verdicts.rows[out])] @ weights + intercept
    return logits


def _platt(logits: FloatColumn, coarse: Flags) -> tuple[float, float]:
    """Return slope and shift that make the logits probabilities, held near 1 and 0 while verdicts are few."""
    from sklearn.linear_model import LogisticRegression

    believed, each = probability(logits), _LEAST_TO_CALIBRATE / len(logits)
    labels = np.concatenate([coarse, np.ones(len(logits), bool), np.zeros(len(logits), bool)])
    trust = np.concatenate([np.ones(len(logits)), each * believed, each * (1 - believed)])
    regression = LogisticRegression(C=1e4).fit(np.tile(logits, 3)[:, None], labels, sample_weight=trust)
    return max(0.05, float(regression.coef_[0, 0])), float(regression.intercept_[0])
