"""Several processes find what one does."""

import json
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from curation.text.analysis import Analysis
from curation.text.parallel import CHUNK, analysers
from curation.text.parse import analyse

TEXTS = [f"a man in a {colour} shirt holds {n} cups" for n in range(70) for colour in ("red", "blue", "old", "wet")]


def test_the_order_and_the_analyses_are_those_of_one_process():
    assert len(TEXTS) > CHUNK
    with analysers(2) as pool:
        bodies = pool.bodies(TEXTS)
        assert pool.bodies([]) == []
    assert [Analysis.from_json(json.loads(body)) for body in bodies] == list(analyse(TEXTS))


PARENT = """
import threading
from curation.text.parallel import analysers
with analysers(1) as pool:
    print(*pool.pool._processes, flush=True)
    threading.Event().wait()
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_the_processes_die_with_the_one_that_started_them():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert runs(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline, pause = monotonic() + 60, Event()
    while runs(pid):
        assert monotonic() < deadline, "the analysing process outlived its parent"
        pause.wait(0.01)


def runs(pid):
    """Say whether a process runs; one that nobody has waited for yet has ended all the same."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
