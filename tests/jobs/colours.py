"""An encoder of eight dimensions that knows eight colours, and the worker that can load it.

The vector of a picture says how near it is to each colour, that of a text which colours it names, so that
scores, rivals and candidates on pictures of one colour can be foretold.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from curation.encoders import encoder, load_image
from curation.jobs.worker import main

NAME = "colours-8"
COMMAND = (sys.executable, __file__)
COLOURS = {
    "red": (220, 20, 20), "green": (20, 180, 20), "blue": (20, 20, 220), "yellow": (230, 230, 20),
    "black": (0, 0, 0), "white": (255, 255, 255), "pink": (255, 150, 200), "brown": (120, 70, 20),
}  # fmt: skip


@dataclass(frozen=True)
class ColourEncoder:
    name: str = NAME
    dim: int = 8
    image_size: int = 8
    context_length: int = 20
    temperature: float = 0.01

    def images(self, pictures: Sequence[Any]) -> np.ndarray:
        rows = []
        for picture in pictures:
            loaded = load_image(picture) if isinstance(picture, Path) else picture
            mean = np.asarray(loaded, dtype=np.float32).reshape(-1, 3).mean(axis=0)
            distance = np.linalg.norm(np.array(list(COLOURS.values()), np.float32) - mean, axis=1)
            rows.append(np.exp(-distance / 60))
        return _unit(rows)

    def texts(self, strings: Sequence[str]) -> np.ndarray:
        words = [re.findall("[a-z]+", text.lower()) for text in strings]
        return _unit([[0.05 + (colour in named) for colour in COLOURS] for named in words])


def _unit(rows: list[Any]) -> np.ndarray:
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@encoder(NAME, title="Eight colours")
def colours_8(device: str) -> ColourEncoder:
    """Knows eight colours."""
    return ColourEncoder()


CONFUSED = "colours-8-confused"


@dataclass(frozen=True)
class ConfusedEncoder(ColourEncoder):
    """The same, but it takes the word blue for red and red for blue: another encoder with vectors of its own."""

    name: str = CONFUSED

    def texts(self, strings: Sequence[str]) -> np.ndarray:
        rows, (red, blue) = super().texts(strings), (list(COLOURS).index(colour) for colour in ("red", "blue"))
        rows[:, [red, blue]] = rows[:, [blue, red]]
        return rows


@encoder(CONFUSED, title="Eight colours, two of them confused")
def colours_8_confused(device: str) -> ConfusedEncoder:
    """Knows six colours."""
    return ConfusedEncoder()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
