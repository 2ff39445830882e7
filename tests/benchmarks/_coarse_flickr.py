"""Which captions of Flickr30K were renovated, from the text alone, and which of two wordings is the finer one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from curation.coarse import CoarseContext
from curation.coarse.calibration import auc
from curation.coarse.comparing import learn
from curation.coarse.fit import fit
from curation.coarse.model import CoarseModel, shipped_prior
from curation.coarse.score import rescored, signals_of
from curation.text.normalise import rejoin_possessives, tokens
from tests.benchmarks.bars import NotMeasured, data

DRAWS, DRAWN_IMAGES, SEED = 20, 100, 20_261_123
REPEATS, FOLDS, RESAMPLES = 10, 5, 300


@dataclass(frozen=True, eq=False)
class Renovated:
    """The original captions in a shuffled order, so that nothing can lean on the order of the file."""

    context: CoarseContext
    raw: dict[str, NDArray[np.float64]]
    changed: NDArray[np.bool_]
    rows: list[dict[str, object]]

    @property
    def texts(self) -> list[str]:
        return list(self.context.texts)

    @property
    def grammar(self) -> list[str]:
        return [analysis.grammar for analysis in self.context.analyses]


@cache
def renovated() -> Renovated:
    """Read and analyse the original captions; their new texts are not looked at."""
    from curation.text.parse import analyse

    path = data() / "flickr30k_fg" / "old_new_aligned.jsonl"
    if not path.exists():
        raise NotMeasured(f"{path} is absent")
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    rows = [rows[n] for n in np.random.default_rng(SEED).permutation(len(rows))]
    numbers = {name: n for n, name in enumerate(sorted({row["image"] for row in rows}))}
    texts = [row["old_raw"] for row in rows]
    image = np.array([numbers[row["image"]] for row in rows], dtype=np.int64)
    context = CoarseContext(texts, image, list(analyse(texts)))
    raw = {name: signal.values for name, signal in signals_of(context).items()}
    return Renovated(context, raw, np.array([row["changed"] for row in rows], dtype=bool), rows)


def scored(model: CoarseModel, found: Renovated, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the model's scores of some captions."""
    raw = {name: values[rows] for name, values in found.raw.items()}
    texts, grammar = found.texts, found.grammar
    some = rows.tolist()
    return rescored(model, raw, [texts[n] for n in some], [grammar[n] for n in some], found.context.image[rows])


def fitted(found: Renovated, rows: NDArray[np.int64], raw: dict[str, NDArray[np.float64]] | None = None) -> CoarseModel:
    image, changed = found.context.image, found.changed[rows]
    return fit(raw or found.raw, found.texts, image, rows, changed, grammar=found.grammar)


def prior_auc() -> dict[str, float]:
    """The shipped prior, and every text signal alone."""
    found = renovated()
    everything = np.arange(len(found.changed))
    for name, values in sorted(found.raw.items()):
        print(f"    {name:24} alone: AUC {auc(values, found.changed):.3f}")
    return {"renovated_prior_auc": auc(scored(shipped_prior(), found, everything), found.changed) or 0.0}


def few_verdicts() -> dict[str, float]:
    """Fitted on the 500 captions of 100 images, scored on the captions of all other images; mean of 20 draws."""
    found = renovated()
    images = np.unique(found.context.image)
    aucs = []
    for draw in range(DRAWS):
        chosen = np.random.default_rng([SEED, draw]).choice(images, DRAWN_IMAGES, replace=False)
        judged = np.isin(found.context.image, chosen)
        model, rest = fitted(found, np.flatnonzero(judged)), np.flatnonzero(~judged)
        aucs.append(auc(scored(model, found, rest), found.changed[rest]) or 0.0)
    return {"renovated_500_verdicts_auc": float(np.mean(aucs)), "renovated_500_verdicts_worst": min(aucs)}


def unseen(found: Renovated, repeat: int, raw: dict[str, NDArray[np.float64]] | None = None) -> NDArray[np.float64]:
    """Return every caption's score by a model that has seen no verdict on its image (5 folds by image)."""
    fold = _folds(found.context.image, repeat)
    part = replace(found, raw=raw or found.raw)
    scores = np.empty(len(fold))
    for held in range(FOLDS):
        out = np.flatnonzero(fold == held)
        scores[out] = scored(fitted(part, np.flatnonzero(fold != held)), part, out)
    return scores


def cross_validated() -> dict[str, float]:
    """Mean of 10 repeats of 5 folds by image, with the 95 % interval of a bootstrap over images."""
    found = renovated()
    repeats = [unseen(found, repeat) for repeat in range(REPEATS)]
    low, high = np.percentile(list(_resampled(found, repeats)), (2.5, 97.5))
    mean = float(np.mean([auc(scores, found.changed) for scores in repeats]))
    return {"renovated_fitted_auc": mean, "renovated_fitted_low": float(low), "renovated_fitted_high": float(high)}


def dropped_one() -> dict[str, float]:
    """Print what the fitted AUC loses without each signal, and without the wording; two repeats each."""
    found = renovated()
    whole = _mean_auc(found, found.raw)
    losses = {}
    for name in sorted(found.raw):
        losses[name] = whole - _mean_auc(found, {key: v for key, v in found.raw.items() if key != name})
        print(f"    without {name:24}: AUC {-losses[name]:+.4f}", flush=True)
    return {"largest_loss_without_one_signal": max(losses.values())}


def _mean_auc(found: Renovated, raw: dict[str, NDArray[np.float64]]) -> float:
    return float(np.mean([auc(unseen(found, repeat, raw), found.changed) for repeat in range(2)]))


def _folds(image: NDArray[np.int64], repeat: int) -> NDArray[np.int64]:
    return (np.random.default_rng([SEED, repeat]).permutation(image.max() + 1) % FOLDS)[image]


def _resampled(found: Renovated, repeats: Sequence[NDArray[np.float64]]) -> Iterator[float]:
    rng = np.random.default_rng(SEED)
    images = int(found.context.image.max()) + 1
    order = np.argsort(found.context.image, kind="stable")
    ends = np.cumsum(np.bincount(found.context.image, minlength=images))
    rows_of = np.split(order, ends[:-1])
    for n in range(RESAMPLES):
        rows = np.concatenate([rows_of[image] for image in rng.integers(images, size=images)])
        yield auc(repeats[n % len(repeats)][rows], found.changed[rows]) or 0.0


def ordered_pairs() -> dict[str, float]:
    """Order old against new in every changed pair by a comparison learned from the pairs of other images (5 folds).

    Both sides are written in the layout of the published file, and possessives that the old side splits are joined.
    """
    found = renovated()
    changed = np.flatnonzero(found.changed)
    pairs = [(rejoin_possessives(str(found.rows[n]["old_norm"])), str(found.rows[n]["new"])) for n in changed.tolist()]
    grown = np.array([len(tokens(new)) - len(tokens(old)) for old, new in pairs])
    fold = _folds(found.context.image, 0)[changed]
    lead = np.empty(len(pairs))
    for held in range(FOLDS):
        comparison = learn([pair for pair, its in zip(pairs, fold, strict=True) if its != held])
        for row in np.flatnonzero(fold == held).tolist():
            lead[row] = comparison.lead(*pairs[row])
    return {
        "pairs_by_words_alone": 100 * _in_order(grown),
        "pairs_in_order": 100 * _in_order(lead),
        "pairs_not_longer": float((grown <= 0).sum()),
        "pairs_not_longer_in_order": 100 * _in_order(lead[grown <= 0]),
    }


def _in_order(lead: NDArray[np.generic]) -> float:
    return float(np.mean((lead > 0) + 0.5 * (lead == 0)))
