"""The model that joins the signals into one score: the shipped prior, and what a workspace's verdicts make of it.

Prior and fitted model have one form. Each signal v is brought to a common scale that saturates,
z = tanh((v - centre) / scale) in (-1, 1), so that no single odd value can decide, and

    logit = slope * (share * prior + bias + sum of weight * z + sum of pair weight * z * z'
            + mean weights of the runs of wording, of grammar, of company and of the surroundings) + shift

The prior is the case of no pairs and no runs, share 0, slope 1 and shift 0. The score is the logistic
function of the logit: the probability that a curator would call the caption coarse. A model is plain JSON and named
by its content: the same model over the same captions gives the same order, today and after any number of later
verdicts.
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
from curation.coarse.company import company_runs, image_means
from curation.coarse.grammar import grammar_runs
from curation.coarse.wording import runs
from curation.records import RegrainError
from curation.retrieval.blocks import IndexArray

FloatColumn = NDArray[np.float64]
Raw = Mapping[str, FloatColumn]

BIAS = -0.25
RUNS = ("wording", "grammar", "company", "surroundings")
_LATER = ("grammar", "company", "surroundings", "pairs")


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
    """Weights by signal, of runs by block, calibration, and what they were fitted on.

    The blocks are ``wording``, ``grammar``, ``company`` (what the image's other captions tell) and ``surroundings``
    (the finer grammar of all captions of the image, on average). ``pairs`` are weights of products of two signals,
    "a b" in the order of the alphabet: a short caption whose nouns are bare is not the sum of the two. ``fitted_on``
    is plain JSON: the number of verdicts and of coarse ones, the last decision ``up_to`` which they were read, the
    settings. ``reliability`` holds the bins of the cross-validated probabilities.
    """

    name: str
    signals: dict[str, Weight]
    bias: float
    prior: CoarseModel | None = None
    share: float = 0.0
    wording: dict[str, float] = field(default_factory=dict)
    grammar: dict[str, float] = field(default_factory=dict)
    company: dict[str, float] = field(default_factory=dict)
    surroundings: dict[str, float] = field(default_factory=dict)
    pairs: dict[str, float] = field(default_factory=dict)
    slope: float = 1.0
    shift: float = 0.0
    fitted_on: dict[str, Any] = field(default_factory=dict)
    reliability: tuple[dict[str, float], ...] = ()

    @cached_property
    def id(self) -> str:
        """The name followed by the hash of the content, e.g. ``fitted-3f2a90c1d4e5``."""
        body = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=True)
        return f"{self.name}-{hashlib.sha256(body.encode()).hexdigest()[:12]}"

    def parts(
        self, raw: Raw, texts: Sequence[str] = (), grammar: Sequence[str] = (), image: IndexArray | None = None
    ) -> dict[str, FloatColumn]:
        """Return what each signal adds to the logit, (n,) each, high = towards coarse.

        The blocks of runs are among them; a pair counts half for each of its signals. What is
        not given adds nothing: signals that ``raw`` does not hold, the ``grammar`` (``Analysis.grammar``, "" where
        none is known), the ``image`` (n,) of each caption, whose other captions are its company. ``texts`` are needed
        where the model weighs the wording.
        """
        scaled = {name: one.scaled(raw[name]) for name, one in self.signals.items() if name in raw}
        found = {name: self.signals[name].weight * values for name, values in scaled.items()}
        for name, part in self._paired(scaled).items():
            found[name] = found[name] + part
        if self.prior is not None and self.share:
            for name, part in self.prior.parts(raw).items():
                found[name] = found.get(name, 0.0) + self.share * part
        found |= {block: np.array(part, dtype=np.float64) for block, part in self._runs(texts, grammar, image).items()}
        return {name: self.slope * part for name, part in found.items()}

    def _runs(self, texts: Sequence[str], grammar: Sequence[str], image: IndexArray | None) -> dict[str, list[float]]:
        """Return what the runs of each block add."""
        found = {}
        if self.wording:
            found["wording"] = [mean_weight(self.wording, runs(text)) for text in texts]
        if self.grammar and len(grammar):
            found["grammar"] = _of_grammar(self.grammar, grammar, fine=False)
        if self.company and image is not None:
            found["company"] = [mean_weight(self.company, one) for one in company_runs(texts, image)]
        if self.surroundings and len(grammar) and image is not None:
            built = np.array(_of_grammar(self.surroundings, grammar, fine=True))
            found["surroundings"] = image_means(built, image).tolist()
        return found

    def _paired(self, scaled: Mapping[str, FloatColumn]) -> dict[str, FloatColumn]:
        """Return what the pairs add, half of it under the name of each of the two."""
        if not self.pairs:
            return {}
        names = sorted(scaled)
        place = {name: n for n, name in enumerate(names)}
        half = np.zeros((len(names), len(names)))
        for pair, weight in self.pairs.items():
            one, other = pair.split()
            if one in place and other in place:
                half[place[one], place[other]] += weight / 2
                half[place[other], place[one]] += weight / 2
        values = np.stack([scaled[name] for name in names], axis=1)
        return dict(zip(names, (values * (values @ half)).T, strict=True))

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
        """Return plain JSON; what came later only where there is any, so that models without keep their ids."""
        found = {key: getattr(self, key) for key in ("name", "bias", "share", "slope", "shift", "fitted_on")}
        found |= {key: dict(sorted(getattr(self, key).items())) for key in _LATER if getattr(self, key)}
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
                **{key: data.get(key, {}) for key in _LATER},
                **{key: data[key] for key in ("name", "bias", "share", "wording", "slope", "shift", "fitted_on")},
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise RegrainError(f"not a model of coarse captions ({error!r}): fit it again") from error


def _of_grammar(weights: Mapping[str, float], grammar: Sequence[str], *, fine: bool) -> list[float]:
    known = {built: mean_weight(weights, grammar_runs(built, fine=fine)) for built in set(grammar)}
    return [known[built] for built in grammar]


def mean_weight(weights: Mapping[str, float], found: frozenset[str]) -> float:
    """Return the summed weight of the runs of one caption over the square root of their number."""
    total = math.fsum(map(weights.__getitem__, found & weights.keys()))  # exact: in no order
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
