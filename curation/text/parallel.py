"""Analysing many texts on several cores: one process per core, each with its own pipeline, loaded once."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from curation.lifeline import die_with

CHUNK = 250
MOST_PROCESSES = 8
"""Each process holds a pipeline: about 130 MB."""


@dataclass(frozen=True, slots=True)
class Analysers:
    """A pool of processes with loaded pipelines."""

    pool: ProcessPoolExecutor

    def bodies(self, texts: Sequence[str]) -> list[str]:
        """Return for each English text the JSON of its ``Analysis``, in order."""
        chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
        return list(chain.from_iterable(self.pool.map(_bodies, chunks)))


@contextmanager
def analysers(processes: int | None = None) -> Iterator[Analysers]:
    """Lend a pool of ``processes`` (default: one per core), at most 8, whose pipelines are loaded.

    The processes end with this one, even where it is killed.
    """
    wanted = min(MOST_PROCESSES, processes or os.cpu_count() or 1)
    context = multiprocessing.get_context("spawn")  # a forked child would inherit locks and threads
    with ProcessPoolExecutor(wanted, mp_context=context, initializer=_load, initargs=(os.getpid(),)) as pool:
        list(pool.map(_ready, range(wanted)))
        yield Analysers(pool)


def _load(parent: int) -> None:
    die_with(parent)
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[threads] = "1"  # the processes share the cores; threads of their own would only fight over them
    sys.modules["torch"] = None  # type: ignore[assignment]  # spaCy would load it where it is installed, for nothing
    from curation.text.parse import analyse

    list(analyse(["a man"]))
    gc.freeze()  # the pipeline stays: no collection needs to walk through it


def _ready(number: int) -> int:
    return number


def _bodies(texts: Sequence[str]) -> list[str]:
    from curation.text.parse import analyse

    return [json.dumps(one.to_json(), ensure_ascii=False) for one in analyse(texts)]
