"""One score from all signals, with the signals that moved each caption.

Any model of ``curation.coarse.model`` can give it: the shipped prior, for as long as a workspace has no verdicts of
its own, or one fitted to them (``curation.coarse.fit``). Without vectors only the text speaks, and the prior's
score stays nearer to the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.coarse import CoarseContext, CoarseSignalFunction, SignalValues, coarse_signals
from curation.coarse.model import RUNS, CoarseModel, probability, shipped_prior
from curation.records import Signal
from curation.registry import Plugin
from curation.retrieval.blocks import IndexArray

REASONS = 3
WORTH_NAMING = 0.08

Settings = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class CoarseScores:
    """Scores of n captions.

    ``score`` (n,) in [0, 1], high = coarse: the probability that a curator would call the caption coarse.
    ``moved`` holds per caption the one to three signals that moved it most to the side it is on, strongest first,
    with their reason in words. ``raw`` holds every signal's values (n,), high = coarse, and ``model`` the id of
    the weights.
    """

    model: str
    score: NDArray[np.float64]
    moved: tuple[tuple[Signal, ...], ...]
    raw: dict[str, NDArray[np.float64]]


def signals_of(context: CoarseContext, *, settings: Settings | None = None) -> dict[str, SignalValues]:
    """Return every signal that the data of ``context`` allow, by name.

    ``settings`` maps a signal's name to its keyword settings. An unknown name raises ``RegrainError``.
    """
    settings = settings or {}
    for name in settings:
        coarse_signals.get(name)
    plugins = [plugin for plugin in coarse_signals if _can_run(plugin, context)]
    return {plugin.name: plugin.run(context, **settings.get(plugin.name, {})) for plugin in plugins}


def coarse_scores(
    context: CoarseContext, *, settings: Settings | None = None, model: CoarseModel | None = None
) -> CoarseScores:
    """Score every caption of ``context`` with ``model``, or with the shipped prior."""
    model = model or shipped_prior()
    signals = signals_of(context, settings=settings)
    raw = {name: signal.values for name, signal in signals.items()}
    grammar = [analysis.grammar for analysis in context.analyses]
    parts = model.parts(raw, context.texts, grammar, context.image)
    score = probability(model.level + sum(parts.values(), start=np.zeros(len(context.texts))))
    reasons = {name: signal.reason for name, signal in signals.items()}
    if "wording" in parts:
        reasons["wording"] = lambda row: _wording(model, context.texts[row])
    reasons["grammar"] = lambda row: "built like captions judged before"
    reasons["company"] = lambda row: "beside the image's other captions it is like captions judged before"
    reasons["surroundings"] = lambda row: "its image's captions are built like those of images judged before"
    learned = {name: part for name, part in parts.items() if name in RUNS}
    moved = _moved(parts, raw | learned, reasons, score)
    return CoarseScores(model=model.id, score=score, moved=moved, raw=raw)


def rescored(
    model: CoarseModel,
    raw: Mapping[str, NDArray[np.float64]],
    texts: Sequence[str],
    grammar: Sequence[str] = (),
    image: IndexArray | None = None,
) -> NDArray[np.float64]:
    """Return the scores (n,) of captions whose signals are known already; NaN where one is not known.

    ``grammar`` is that of their analyses, if there are any, and ``image`` (n,) numbers the image of each.
    """
    parts = model.parts(raw, texts, grammar, image)
    return probability(model.level + sum(parts.values(), start=np.zeros(len(texts))))


def _can_run(plugin: Plugin[CoarseSignalFunction], context: CoarseContext) -> bool:
    given = {
        "text": True,
        "analyses": bool(context.analyses),
        "vectors": context.has_vectors,
        "swaps": context.has_vectors and context.swaps is not None,
    }
    return given[plugin.facts["needs"]]


def _wording(model: CoarseModel, text: str) -> str:
    told = ", ".join(f"'{run}'" for run in model.told_by(text)[:2])
    return f"worded like captions judged before: {told}" if told else "worded like captions judged before"


def _moved(
    parts: dict[str, NDArray[np.float64]],
    raw: dict[str, NDArray[np.float64]],
    reasons: dict[str, Callable[[int], str]],
    score: NDArray[np.float64],
) -> tuple[tuple[Signal, ...], ...]:
    names = list(parts)
    towards = np.stack(list(parts.values())) * np.where(score >= 0.5, 1.0, -1.0)  # high = moved it to where it is
    order = np.argsort(-towards, axis=0, kind="stable")[:REASONS]
    moved = []
    for row in range(len(score)):
        named = [names[s] for place, s in enumerate(order[:, row]) if place == 0 or towards[s, row] > WORTH_NAMING]
        moved.append(tuple(Signal(name, float(raw[name][row]), reasons[name](row)) for name in named))
    return tuple(moved)
