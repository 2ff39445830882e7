"""What a benchmark prints: one JSON line per bar, also for a bar that could not be measured."""

from __future__ import annotations

import json
import operator
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMPARE = {">=": operator.ge, "<=": operator.le, "==": operator.eq}


class NotMeasured(Exception):
    """A bar could not be measured here; the message says why."""


@dataclass(frozen=True)
class Bar:
    """One bar: ``sense`` and ``goal`` say when it holds; ``goal`` None means that the value is only reported."""

    name: str
    unit: str
    sense: str = "<="
    goal: float | None = None

    def line(self, bench: str, value: float | None, why: str = "") -> dict[str, Any]:
        holds = value is not None and (self.goal is None or bool(COMPARE[self.sense](value, self.goal)))
        goal = None if self.goal is None else f"{self.sense} {self.goal:g}"
        line = {"bench": bench, "bar": self.name, "value": value, "unit": self.unit, "goal": goal, "holds": holds}
        return line | ({"reason": why} if why else {})


@dataclass(frozen=True)
class Measure:
    """A function that measures several bars at once and returns their values by name."""

    bars: tuple[Bar, ...]
    run: Callable[[], dict[str, float]]


def data() -> Path:
    """Return the folder of the measuring data that ``DATA`` names; raises ``NotMeasured`` where it is absent."""
    folder = os.environ.get("DATA")
    if not folder:
        raise NotMeasured("DATA names no folder of measuring data")
    if not Path(folder).is_dir():
        raise NotMeasured(f"DATA={folder} is no folder")
    return Path(folder)


def run(bench: str, measures: Sequence[Measure], only: Sequence[str] = ()) -> bool:
    """Run all measures (or those with a bar that ``only`` names), print a line per bar, say whether all hold."""
    good = True
    for measure in measures:
        if only and not any(bar.name in only for bar in measure.bars):
            continue
        values, why = _measured(measure)
        for bar in measure.bars:
            value = values.get(bar.name)
            line = bar.line(bench, value, why if value is None else "")
            good = good and line["holds"]
            print(json.dumps(line), flush=True)
    return good


def _measured(measure: Measure) -> tuple[dict[str, float], str]:
    try:
        return measure.run(), "the measurement gave no value"
    except NotMeasured as reason:
        return {}, str(reason)
    except Exception as error:  # a bar that breaks is a bar that does not hold, with its reason
        traceback.print_exc(file=sys.stderr)
        return {}, f"{type(error).__name__}: {error}"
