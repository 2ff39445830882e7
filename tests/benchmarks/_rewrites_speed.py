"""How long suggestions for 5,000 captions take with the embedded encoder: the job itself, on the demo's captions."""

from __future__ import annotations

import json
import os
import resource
import shutil
from pathlib import Path

from tests.benchmarks._processes import ROOT, regrain
from tests.benchmarks.bars import NotMeasured
from tests.benchmarks.main import scratch

CAPTIONS = 5_000


def suggest_5k() -> dict[str, float]:
    """Seek suggestions for all captions in review of a copy of the demo, from nothing."""
    demo = Path(os.environ.get("REGRAIN_WORKSPACE") or ROOT / "data" / "demo")
    if not (demo / "curation.duckdb").exists():
        raise NotMeasured("the demo workspace is not there: run `make demo` first")
    with scratch() as folder:
        copy = folder / "demo"
        shutil.copytree(demo, copy)
        regrain(copy, "settings", f"suggest_ahead={2 * CAPTIONS}", 'suggesters={"attribute_words": {"listed": 0.11}}')
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = regrain(copy, "--json", "suggest")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    (job,) = json.loads(done.output.splitlines()[-1])
    return {
        "suggest_5k_captions": float(job["total"]),
        "suggest_5k_cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "suggest_5k_seconds": done.seconds,
    }
