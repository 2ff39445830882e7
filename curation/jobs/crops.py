"""Parts of a picture on a grid: a vector of the whole picture does not say which thing has which attribute."""

from __future__ import annotations

import numpy as np

SIDES = (0.5, 0.34)
"""Sides of the square windows as shares of the shorter side of the picture."""

Box = tuple[int, int, int, int]


def crop_boxes(width: int, height: int) -> list[Box]:
    """Return overlapping square windows (left, top, right, bottom) in pixels that cover the picture."""
    return [
        (left, top, left + side, top + side)
        for share in SIDES
        for side in [max(1, round(share * min(width, height)))]
        for top in _starts(height, side)
        for left in _starts(width, side)
    ]


def shares(width: int, height: int) -> list[tuple[float, float, float, float]]:
    """Return the windows of ``crop_boxes`` in shares of the picture's sides, each in [0, 1]."""
    return [
        (round(left / width, 4), round(top / height, 4), round(right / width, 4), round(bottom / height, 4))
        for left, top, right, bottom in crop_boxes(width, height)
    ]


def _starts(length: int, side: int) -> list[int]:
    """Return where windows begin so that neighbours overlap by half and the last one ends at the edge."""
    steps = int(np.ceil((length - side) / (side / 2))) + 1 if length > side else 1
    return [round(at) for at in np.linspace(0, length - side, steps)]
