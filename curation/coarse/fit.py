"""Fitting the model to a workspace's verdicts: from the prior to the curators' own idea of coarse, without a jump.

Logistic regression (scikit-learn, L2) over the prior's logit, every signal and the wording. Next to the verdicts
it sees ``anchors``: unlabelled captions to which the prior's probabilities are attached as soft labels, with a
fixed total weight (a catalytic prior: Huang, Stein, Rubin and Kou, PNAS 2020). With no verdict it gives the prior,
with a few it leans on it, with hundreds the anchors no longer count. The probabilities are then calibrated by
Platt's method on predictions for images that the fit has not seen; the same predictions give the reliability bins
and the AUC that the record states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from curation.coarse import coarse_signals
from curation.coarse.calibration import auc, reliability
from curation.coarse.model import CoarseModel, FloatColumn, Raw, Weight, probability, shipped_prior
from curation.coarse.wording import runs
from curation.retrieval.blocks import IndexArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Flags = NDArray[np.bool_]

_LEAST_TO_CALIBRATE = 20
_APART = frozenset({"shorter_than_others"})
"""Signals that no fitted model inherits with the prior's weights: how an image's captions compare differs most from
one benchmark to the next. The anchors still say what the prior makes of them, until verdicts say otherwise."""

_PRIOR_PULL = 4.0
"""The prior's logit is multiplied by this, so that the penalty hardly touches its share."""


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a model is fitted.

    ``strength`` is the inverse of the L2 penalty, ``wording_scale`` how freely the wording is weighed beside the
    signals. A run of words must stand in ``least_captions`` judged captions. ``anchors`` captions carry the prior
    with a weight of ``anchor_weight`` verdicts altogether.
    """

    strength: float = 0.06
    wording_scale: float = 3.0
    least_captions: int = 3
    anchors: int = 400
    anchor_weight: float = 20.0
    folds: int = 5
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Design:
    """The columns that the regression sees, for all rows that it may need; ``at`` maps a caption to its row."""

    columns: csr_matrix
    at: dict[int, int]
    weights: dict[str, Weight]
    vocabulary: list[str]
    prior: FloatColumn

    def rows(self, captions: IndexArray) -> IndexArray:
        return np.array([self.at[caption] for caption in captions.tolist()], dtype=np.int64)


def fit(
    raw: Raw,
    texts: Sequence[str],
    image: IndexArray,
    rows: IndexArray,
    coarse: Flags,
    *,
    up_to: int = 0,
    settings: FitSettings | None = None,
) -> CoarseModel:
    """Return a model fitted to verdicts on captions ``rows`` (v,): ``coarse`` (v,) says what the curator called them.

    ``raw`` holds the signals of all n captions (n,), NaN where one is not known; ``image`` (n,) the image of each,
    so that no image is on both sides of a cross-validation. ``up_to`` is the last decision read, for the record.
    With no verdicts the shipped prior comes back. Raises ``ValueError`` on lengths that do not fit.
    """
    settings = settings or FitSettings()
    rows, coarse = np.asarray(rows, dtype=np.int64), np.asarray(coarse, dtype=bool)
    if len(rows) != len(coarse):
        raise ValueError(f"{len(rows)} captions with {len(coarse)} verdicts: give one per caption")
    prior = shipped_prior()
    if not len(rows):
        return prior
    anchors = _anchors(prior, raw, len(texts), settings)
    inherited = replace(prior, signals={name: one for name, one in prior.signals.items() if name not in _APART})
    design = _design(raw, texts, prior, inherited, rows, anchors, settings)
    unseen = _out_of_fold(design, image, rows, coarse, anchors, settings)
    slope, shift = _platt(unseen, coarse) if len(rows) >= _LEAST_TO_CALIBRATE else (1.0, 0.0)
    model = _model(design, inherited, _coefficients(design, rows, coarse, anchors, settings), settings)
    calibrated = probability(slope * unseen + shift)
    facts: dict[str, Any] = {"verdicts": len(rows), "coarse": int(coarse.sum()), "up_to": up_to}
    facts |= {"settings": asdict(settings), "auc": auc(calibrated, coarse)}
    return replace(model, slope=slope, shift=shift, fitted_on=facts, reliability=reliability(calibrated, coarse))


def _anchors(prior: CoarseModel, raw: Raw, n: int, settings: FitSettings) -> IndexArray:
    """Return captions from all over the prior's range, evenly spaced in its order."""
    logits = _logits(prior, raw, n)
    order = np.argsort(logits, kind="stable")
    places = np.linspace(0, n - 1, min(n, settings.anchors)).round().astype(np.int64)
    return np.unique(order[places])


def _logits(model: CoarseModel, raw: Raw, n: int) -> FloatColumn:
    return np.asarray(model.level + sum(model.parts(raw).values(), start=np.zeros(n)))


def _design(
    raw: Raw,
    texts: Sequence[str],
    prior: CoarseModel,
    inherited: CoarseModel,
    rows: IndexArray,
    anchors: IndexArray,
    settings: FitSettings,
) -> _Design:
    from scipy.sparse import csr_matrix, hstack

    used = np.union1d(rows, anchors)
    weights = {name: _scale(name, values) for name, values in raw.items()}
    known = {name: values[used] for name, values in raw.items()}
    belief, base = _logits(prior, known, len(used)), _logits(inherited, known, len(used))
    dense = np.stack([_PRIOR_PULL * base, *(weights[name].scaled(known[name]) for name in raw)], axis=1)
    found = {caption: runs(texts[caption]) for caption in used.tolist()}
    frequency = Counter(run for caption in rows.tolist() for run in found[caption])
    vocabulary = sorted(run for run, number in frequency.items() if number >= settings.least_captions)
    wording = settings.wording_scale * _wording_columns(list(found.values()), vocabulary)
    at = {caption: row for row, caption in enumerate(used.tolist())}
    return _Design(hstack([csr_matrix(dense), wording]).tocsr(), at, weights, vocabulary, belief)


def _scale(name: str, values: FloatColumn) -> Weight:
    """Return the common scale of one signal over all captions, judged or not: twice its spread around its mean."""
    log = bool(coarse_signals.get(name).facts["log"])
    known = np.log1p(np.maximum(values, 0.0)) if log else values
    known = known[np.isfinite(known)]
    centre, spread = (float(known.mean()), float(known.std())) if len(known) else (0.0, 0.0)
    return Weight(centre, 2.0 * spread if spread > 1e-9 else 1.0, 0.0, log)


def _wording_columns(found: list[frozenset[str]], vocabulary: list[str]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    place = {run: column for column, run in enumerate(vocabulary)}
    columns = [sorted(place[run] for run in one if run in place) for one in found]
    values = [np.full(len(c), 1.0 / max(1, len(one)) ** 0.5) for c, one in zip(columns, found, strict=True)]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.array([column for row in columns for column in row], dtype=np.int64)
    return csr_matrix((np.concatenate(values), flat, ends), shape=(len(found), len(vocabulary)))


def _coefficients(
    design: _Design, rows: IndexArray, coarse: Flags, anchors: IndexArray, settings: FitSettings
) -> tuple[FloatColumn, float]:
    """Return the weights of the columns and the intercept."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    at = design.rows(anchors)
    belief, each = probability(design.prior[at]), settings.anchor_weight / max(1, len(anchors))
    where = np.concatenate([design.rows(rows), at, at])
    labels = np.concatenate([coarse, np.ones(len(at), bool), np.zeros(len(at), bool)])
    trust = np.concatenate([np.ones(len(rows)), each * belief, each * (1 - belief)])
    regression = LogisticRegression(C=settings.strength, max_iter=500, tol=1e-5)
    with threadpool_limits(1):  # the steps are so small that threads would wait for each other most of the time
        regression.fit(design.columns[where], labels, sample_weight=trust)
    return regression.coef_[0], float(regression.intercept_[0])


def _out_of_fold(
    design: _Design, image: IndexArray, rows: IndexArray, coarse: Flags, anchors: IndexArray, settings: FitSettings
) -> FloatColumn:
    """Return for every verdict the logit of a model that has seen no verdict on that image (v,)."""
    images, member = np.unique(image[rows], return_inverse=True)
    folds = min(settings.folds, len(images))
    fold = np.random.default_rng(settings.seed).permutation(np.arange(len(images)) % folds)[member]
    logits = np.empty(len(rows))
    for held in range(folds):
        out = fold == held
        weights, intercept = _coefficients(design, rows[~out], coarse[~out], anchors, settings)
        logits[out] = design.columns[design.rows(rows[out])] @ weights + intercept
    return logits


def _platt(logits: FloatColumn, coarse: Flags) -> tuple[float, float]:
    """Return slope and shift that make the logits probabilities, held near 1 and 0 while verdicts are few."""
    from sklearn.linear_model import LogisticRegression

    believed, each = probability(logits), _LEAST_TO_CALIBRATE / len(logits)
    labels = np.concatenate([coarse, np.ones(len(logits), bool), np.zeros(len(logits), bool)])
    trust = np.concatenate([np.ones(len(logits)), each * believed, each * (1 - believed)])
    regression = LogisticRegression(C=1e4).fit(np.tile(logits, 3)[:, None], labels, sample_weight=trust)
    return max(0.05, float(regression.coef_[0, 0])), float(regression.intercept_[0])


def _model(design: _Design, prior: CoarseModel, found: tuple[FloatColumn, float], settings: FitSettings) -> CoarseModel:
    weights, intercept = found
    signals = 1 + len(design.weights)
    named = zip(design.weights.items(), weights[1:signals], strict=True)
    wording = zip(design.vocabulary, settings.wording_scale * weights[signals:], strict=True)
    return CoarseModel(
        name="fitted",
        signals={name: replace(one, weight=float(weight)) for (name, one), weight in named},
        bias=intercept,
        prior=prior,
        share=float(_PRIOR_PULL * weights[0]),
        wording={run: float(weight) for run, weight in wording},
    )
