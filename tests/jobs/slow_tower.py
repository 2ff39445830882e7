"""A text tower without a model: a vector is (letters, words, 1). Its encoder's name says what it shall suffer.

``python -m tests.jobs.slow_tower PARENT NAME DEVICE``, NAME one of: ``good``; ``refuses`` (cannot be loaded);
``crashes`` (dies while loading); ``dies`` (at every text); or a folder: then the text ``hold`` waits there for a
file ``go``, and what was asked stands in ``asked``. The text ``bad`` cannot be encoded, ``junk`` is answered with
junk, ``die`` ends the process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np

from curation.jobs import tower_process
from curation.records import RegrainError

COMMAND = (sys.executable, "-m", "tests.jobs.slow_tower")


class Slow:
    dim = 3

    def __init__(self, name: str) -> None:
        self.name = name

    def texts(self, strings: list[str]) -> np.ndarray:
        if "/" in self.name:
            self.note(strings)
        if "die" in strings or self.name == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if "bad" in strings:
            raise ValueError("half a letter")
        if "junk" in strings:
            return np.zeros((1, 1), np.float32)
        return np.array([[len(text), len(text.split()), 1] for text in strings], np.float32)

    def note(self, strings: list[str]) -> None:
        folder = Path(self.name)
        with (folder / "asked").open("a") as file:
            file.write("|".join(strings) + "\n")
        pause = threading.Event()
        while "hold" in strings and not (folder / "go").exists():
            pause.wait(0.01)


def load(name: str, device: str) -> Slow:
    print("a library that talks")  # noqa: T201 - what it says must not be taken for an answer
    if name == "refuses":
        raise RegrainError("the weights are not here: copy them")
    if name == "crashes":
        sys.stderr.write("out of luck\n")
        sys.stderr.flush()
        os._exit(9)
    return Slow(name)


if __name__ == "__main__":
    tower_process.load = load
    sys.exit(tower_process.main(sys.argv[1:]))
