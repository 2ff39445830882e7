"""The demo by its truth: a caption is coarse where at least 20 of the 1,000 targets fit it, fine where at most 2 do."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from curation.coarse import CoarseContext
from curation.coarse.calibration import auc, calibration_error
from curation.coarse.fit import fit
from curation.coarse.model import shipped_prior
from curation.coarse.score import rescored, signals_of
from tests.benchmarks.bars import NotMeasured

SEED = 20_261_123
COARSE_FROM, FINE_TO = 20, 2
DRAWS, VERDICTS = 20, 300
CAPTIONS = 25_000


@dataclass(frozen=True, eq=False)
class DemoTruth:
    """The demo's test captions with their signals, and for how many of the 1,000 targets each is true (n,)."""

    context: CoarseContext
    raw: dict[str, NDArray[np.float64]]
    fits: NDArray[np.int64]
    false: NDArray[np.bool_]

    @property
    def coarse(self) -> NDArray[np.bool_]:
        return np.asarray(self.fits >= COARSE_FROM)

    @property
    def known(self) -> NDArray[np.int64]:
        """The captions that a truthful curator calls coarse or fine: not those false of their picture."""
        return np.flatnonzero((self.coarse | (self.fits <= FINE_TO)) & ~self.false)


@cache
def demo_truth() -> DemoTruth:
    """Plan the demo, draw its 1,000 targets and encode them and their captions with the shipped encoder."""
    from curation.demo.drawing import draw
    from curation.demo.evaluation import DISPLAY
    from curation.demo.facts import truth_matrix
    from curation.demo.recipe import make_demo
    from curation.encoders import load_encoder
    from curation.records import RegrainError
    from curation.text.parse import analyse

    plan = make_demo(SEED)
    images = [image for image in plan.images if image.split == "test"]
    place = {image.id: n for n, image in enumerate(images)}
    captions = [caption for caption in plan.captions if caption.image_id in place]
    scenes = [image.scene for image in images]
    try:
        encoder = load_encoder()
    except RegrainError as reason:
        raise NotMeasured(str(reason)) from reason
    gallery = encoder.images([draw(scene, DISPLAY) for scene in scenes])
    texts = [caption.text for caption in captions]
    own = np.array([place[caption.image_id] for caption in captions], dtype=np.int64)
    context = CoarseContext(texts, own, list(analyse(texts)), encoder.texts(texts), gallery, own)
    raw = {name: signal.values for name, signal in signals_of(context).items()}
    fits = truth_matrix([caption.facts for caption in captions], scenes).sum(axis=1)
    return DemoTruth(context, raw, fits, np.array([caption.noise for caption in captions]))


def by_truth() -> dict[str, float]:
    """Coarse against fine by the shipped prior with embeddings, over all such captions that are true."""
    demo = demo_truth()
    score = rescored(shipped_prior(), demo.raw, list(demo.context.texts))
    known = demo.known
    for name, values in sorted(demo.raw.items()):
        print(f"    {name:24} alone: AUC {auc(values[known], demo.coarse[known]):.3f}")
    return {
        "demo_coarse_captions": float(demo.coarse[known].sum()),
        "demo_fine_captions": float((~demo.coarse[known]).sum()),
        "demo_prior_auc": auc(score[known], demo.coarse[known]) or 0.0,
    }


def calibration() -> dict[str, float]:
    """Mean over 20 draws of 300 truthful verdicts: calibration error and AUC on the captions without a verdict."""
    demo = demo_truth()
    errors, aucs = [], []
    for draw in range(DRAWS):
        order = np.random.default_rng([SEED, draw]).permutation(demo.known)
        judged, rest = order[:VERDICTS], order[VERDICTS:]
        model = fit(demo.raw, list(demo.context.texts), demo.context.image, judged, demo.coarse[judged])
        raw = {name: values[rest] for name, values in demo.raw.items()}
        score = rescored(model, raw, [demo.context.texts[row] for row in rest.tolist()])
        errors.append(calibration_error(score, demo.coarse[rest]))
        aucs.append(auc(score, demo.coarse[rest]) or 0.0)
    return {"demo_calibration_error": float(np.mean(errors)), "demo_fitted_auc": float(np.mean(aucs))}


def refit() -> dict[str, float]:
    """Fit to 300 verdicts and order 25,000 captions anew, their signals being known; the faster of two."""
    demo = demo_truth()
    rows = np.resize(np.arange(len(demo.fits)), CAPTIONS)
    raw = {name: values[rows] for name, values in demo.raw.items()}
    texts = [f"{demo.context.texts[row]} {n}" for n, row in enumerate(rows.tolist())]
    image = demo.context.image[rows] + 10_000 * (np.arange(CAPTIONS) // len(demo.fits))
    judged = np.random.default_rng(SEED).choice(len(demo.fits), VERDICTS, replace=False)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        model = fit(raw, texts, image, judged, demo.coarse[judged])
        np.argsort(-rescored(model, raw, texts), kind="stable")
        seconds.append(time.perf_counter() - began)
    return {"refit_25k_seconds": min(seconds)}
