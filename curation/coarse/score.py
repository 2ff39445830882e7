"""One score from all signals: the shipped prior, for as long as a workspace has too few verdicts of its own.

Each signal v is brought to a common scale that saturates, z = tanh((v - centre) / scale) in (-1, 1), so that
no single odd value can decide. The score is the logistic function of ``BIAS`` plus the weighted sum: read it as
the probability that a curator would call the caption coarse. Centres, scales and weights are set by hand from
what was published of the FG renovation, fitted on nothing; they order well, but their level is a guess. Without
vectors only the text speaks, and the score stays nearer to the middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.coarse import CoarseContext, CoarseSignalFunction, SignalValues, coarse_signals
from curation.records import Signal
from curation.registry import Plugin

MODEL = "prior-1"
BIAS = -0.25
REASONS = 3
WORTH_NAMING = 0.08

Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CoarseScores:
    """Scores of n captions.

    ``score`` (n,) in [0, 1], high = coarse. ``moved`` holds per caption the one to three signals that moved it
    most to the side it is on, strongest first, with their reason in words. ``raw`` holds every signal's values
    (n,), high = coarse, and ``model`` the name of the weights.
    """

    model: str
    score: NDArray[np.float64]
    moved: tuple[tuple[Signal, ...], ...]
    raw: dict[str, NDArray[np.float64]]


def coarse_scores(context: CoarseContext, *, settings: Settings | None = None) -> CoarseScores:
    """Score every caption of ``context`` with every signal that its data allow.

    ``settings`` maps a signal's name to its keyword settings. An unknown name raises ``RegrainError``.
    """
    settings = settings or {}
    for name in settings:
        coarse_signals.get(name)
    plugins = [plugin for plugin in coarse_signals if _can_run(plugin, context)]
    signals = [plugin.run(context, **settings.get(plugin.name, {})) for plugin in plugins]
    parts = np.stack([_part(plugin, signal.values) for plugin, signal in zip(plugins, signals, strict=True)])
    score = 1.0 / (1.0 + np.exp(-(BIAS + parts.sum(axis=0))))
    return CoarseScores(
        model=MODEL,
        score=score,
        moved=_moved(plugins, signals, parts, score),
        raw={plugin.name: signal.values for plugin, signal in zip(plugins, signals, strict=True)},
    )


def _can_run(plugin: Plugin[CoarseSignalFunction], context: CoarseContext) -> bool:
    needs = plugin.facts["needs"]
    return (needs != "vectors" or context.has_vectors) and (needs != "analyses" or bool(context.analyses))


def _part(plugin: Plugin[CoarseSignalFunction], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what one signal adds to the logit (n,)."""
    facts = plugin.facts
    scaled = np.log1p(values) if facts["log"] else values
    return np.asarray(facts["weight"] * np.tanh((scaled - facts["centre"]) / facts["scale"]))


def _moved(
    plugins: list[Plugin[CoarseSignalFunction]],
    signals: list[SignalValues],
    parts: NDArray[np.float64],
    score: NDArray[np.float64],
) -> tuple[tuple[Signal, ...], ...]:
    towards = parts * np.where(score >= 0.5, 1.0, -1.0)  # (signals, n): high = moved it to where it is
    order = np.argsort(-towards, axis=0, kind="stable")[:REASONS]
    moved = []
    for row in range(len(score)):
        named = [s for place, s in enumerate(order[:, row]) if place == 0 or towards[s, row] > WORTH_NAMING]
        moved.append(
            tuple(Signal(plugins[s].name, float(signals[s].values[row]), signals[s].reason(row)) for s in named)
        )
    return tuple(moved)
