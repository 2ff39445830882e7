"""The coarse queue as a whole: how its score is spread, what judging it promises, what moves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation.reports import CoarseReport, coarse_model, coarse_promise
from curation.store import Store, scores

if TYPE_CHECKING:
    from curation.coarse.model import CoarseModel


@dataclass(frozen=True, slots=True)
class SignalWeight:
    """How far one signal moves a caption: its lowest to its highest value multiply the odds of coarse by ``factor``."""

    name: str
    title: str
    help: str
    factor: float


@dataclass(frozen=True, slots=True)
class CoarseOverview:
    """The coarse queue as a whole.

    ``spread`` counts captions by bin of the score and verdict so far (``open``, the verdicts' names, ``rewritten``).
    The promise's budgets are at even steps; ``priorities`` say where in the queue's order each of them ends.
    ``weights`` fall from the strongest signal.
    """

    promise: CoarseReport
    spread: dict[int, dict[str, int]]
    priorities: list[float]
    weights: list[SignalWeight]


BINS = 20
STEPS = 100
"""Most steps of the budget."""


def coarse_overview(store: Store) -> CoarseOverview:
    """Return the distribution, the promise and the weights of the coarse queue's score."""
    ahead = scores.coarse_ahead(store)
    ends = budget_steps(ahead.num_rows)
    priorities = ahead["priority"].to_numpy()
    return CoarseOverview(
        promise=coarse_promise(store, ahead, ends),
        spread=scores.coarse_spread(store, BINS),
        priorities=[float(priorities[end - 1]) if end else 1.0 for end in ends],
        weights=_weights(coarse_model(store)),
    )


def budget_steps(waiting: int) -> list[int]:
    """Return at most 100 round steps from 0 to all that wait.

    >>> budget_steps(7), budget_steps(5321)[:3], budget_steps(5321)[-2:]
    ([0, 1, 2, 3, 4, 5, 6, 7], [0, 100, 200], [5300, 5321])
    """
    step = next(one * 10**power for power in range(12) for one in (1, 2, 5) if STEPS * one * 10**power > waiting)
    return [*range(0, waiting, step), waiting]


def _weights(model: CoarseModel) -> list[SignalWeight]:
    """Return what the signals can do: the ends of their scales are reached at once, whatever the values are."""
    import numpy as np

    from curation.coarse import coarse_signals

    raw = {plugin.name: np.array([-1e12, 1e12]) for plugin in coarse_signals}
    parts = model.parts(raw, ["", ""])
    found = [
        SignalWeight(plugin.name, plugin.title, plugin.help, float(np.exp(np.diff(parts[plugin.name])[0])))
        for plugin in coarse_signals
        if plugin.name in parts and np.diff(parts[plugin.name])[0]
    ]
    return sorted(found, key=lambda one: (-abs(np.log(one.factor)), one.name))
