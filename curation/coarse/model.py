"""The model that joins the signals into one score: the shipped prior, and what a workspace's verdicts make of it.

Prior and fitted model have one form. Each signal v is brought to a common scale that saturates,
z = tanh((v - centre) / scale) in (-1, 1), so that no single odd value can decide, and

    logit = slope * (share * prior + bias + sum of weight * z + mean weight of the wording's runs) + shift

The prior is the case of no wording, share 0, slope 1 and shift 0. The score is the logistic function of the logit:
the probability that a curator would call the caption coarse. A model is plain JSON and named by its content: the
same model over the same captions gives the same order, today and after any number of later verdicts.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curation.coarse import coarse_signals
from curation.coarse.wording import runs
from curation.records import RegrainError

FloatColumn = NDArray[np.float64]
Raw = Mapping[str, FloatColumn]

BIAS = -0.25


@dataclass(frozen=True, slots=True)
class Weight:
    """What one signal adds to the logit: ``weight * tanh((v - centre) / scale)``, of log(1 + v) where ``log``."""

    centre: float
    scale: float
    weight: float
    log: bool = False

    def scaled(self, values: FloatColumn) -> FloatColumn:
        """Return the values on the common scale, in (-1, 1), 0 where a value is not known (NaN)."""
        known = np.log1p(np.maximum(values, 0.0)) if self.log else values
        return np.nan_to_num(np.tanh((known - self.centre) / self.scale), nan=0.0)


@dataclass(frozen=True)
class CoarseModel:
    """Weights by signal, weights of the runs of words, calibration, and what they were fitted on.

    ``fitted_on`` is plain JSON: the number of verdicts and of coarse ones, the last decision ``up_to`` which they
    were read, the settings. ``reliability`` holds the bins of the cross-validated probabilities.
    """

    name: str
    signals: dict[str, Weight]
    bias: float
    prior: CoarseModel | None = None
    share: float = 0.0
    wording: dict[str, float] = field(default_factory=dict)
    slope: float = 1.0
    shift: float = 0.0
    fitted_on: dict[str, Any] = field(default_factory=dict)
    reliability: tuple[dict[str, float], ...] = ()

    @cached_property
    def id(self) -> str:
        """The name followed by the hash of the content, e.g. ``fitted-3f2a90c1d4e5``."""
        body = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=True)
        return f"{self.name}-{hashlib.sha256(body.encode()).hexdigest()[:12]}"

    def parts(self, raw: Raw, texts: Sequence[str] = ()) -> dict[str, FloatColumn]:
        """Return what each signal adds to the logit, (n,) each, high = towards coarse; ``wording`` is one of them.

        Signals that ``raw`` does not hold add nothing. ``texts`` are needed where the model weighs the wording.
        """
        found = {name: one.weight * one.scaled(raw[name]) for name, one in self.signals.items() if name in raw}
        if self.prior is not None and self.share:
            for name, part in self.prior.parts(raw).items():
                found[name] = found.get(name, 0.0) + self.share * part
        if self.wording:
            found["wording"] = np.array([self._wording(text) for text in texts], dtype=np.float64)
        return {name: self.slope * part for name, part in found.items()}

    @property
    def level(self) -> float:
        """The logit of a caption on which every signal is in the middle of its range."""
        inherited = self.share * self.prior.level if self.prior is not None else 0.0
        return self.slope * (self.bias + inherited) + self.shift

    def told_by(self, text: str) -> list[str]:
        """Return the words and pairs of a text that this model weighs, the strongest first."""
        weighed = [run for run in runs(text) if run in self.wording and run.islower()]
        return sorted(weighed, key=lambda run: (-abs(self.wording[run]), run))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON."""
        found = {key: getattr(self, key) for key in ("name", "bias", "share", "slope", "shift", "fitted_on")}
        return found | {
            "signals": {name: asdict(one) for name, one in sorted(self.signals.items())},
            "wording": dict(sorted(self.wording.items())),
            "reliability": list(self.reliability),
            "prior": None if self.prior is None else self.prior.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CoarseModel:
        """Return the model that ``to_json`` wrote; any other shape raises ``RegrainError``."""
        try:
            return cls(
                signals={name: Weight(**one) for name, one in data["signals"].items()},
                reliability=tuple(data["reliability"]),
                prior=None if data["prior"] is None else cls.from_json(data["prior"]),
                **{key: data[key] for key in ("name", "bias", "share", "wording", "slope", "shift", "fitted_on")},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise RegrainError(f"not a model of coarse captions ({error!r}): fit it again") from error

    def _wording(self, text: str) -> float:
        found = runs(text)
        total = math.fsum(map(self.wording.__getitem__, found & self.wording.keys()))  # exact: in no order
        return total / math.sqrt(max(1, len(found)))


def shipped_prior() -> CoarseModel:
    """Return the prior: centres, scales and weights as the signals declare them; no caption by people was read for it.

    Set by hand; then the weights of the signals over vectors, and of the length beside the image's other captions,
    were fitted on two worlds of the demo of other seeds (101, 102) than any that is shipped or measured, by logistic
    regression without negative weights, drawn to the hand-set ones (0.01 times the squared distance), both classes
    of equal mass; to one or two digits.
    """
    facts = {plugin.name: plugin.facts for plugin in coarse_signals}
    weights = {
        name: Weight(fact["centre"], fact["scale"], fact["weight"], fact["log"])
        for name, fact in facts.items()
        if fact["weight"]
    }
    return CoarseModel(name="prior", signals=weights, bias=BIAS)


def probability(logit: FloatColumn) -> FloatColumn:
    """Return the logistic function of a logit, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logit)))
