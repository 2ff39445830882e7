"""The silhouettes of the things, as drawing steps on a unit square (x to the right, y downwards)."""

from math import cos, pi, sin
from typing import Final, Literal, NamedTuple

Role = Literal["body", "shade", "pale", "wood", "leaf", "slate", "paper", "hole"]
"""body: the thing's own colour and pattern; shade: its colour, darker; hole: nothing; the others: fixed colours."""


class Step(NamedTuple):
    """One step: an ellipse (left, top, right, bottom), a polygon or a line (x, y, x, y, ...; with its width)."""

    form: Literal["ellipse", "polygon", "line"]
    role: Role
    points: tuple[float, ...]
    width: float = 0.0


def _ellipse(role: Role, *box: float) -> Step:
    return Step("ellipse", role, box)


def _polygon(role: Role, *points: float) -> Step:
    return Step("polygon", role, points)


def _line(role: Role, width: float, *points: float) -> Step:
    return Step("line", role, points, width)


def _disc(role: Role, x: float, y: float, radius: float) -> Step:
    return _ellipse(role, x - radius, y - radius, x + radius, y + radius)


def _star() -> Step:
    points = []
    for corner in range(10):
        radius = 0.52 if corner % 2 == 0 else 0.23
        angle = pi * corner / 5 - pi / 2
        points += [0.5 + radius * cos(angle), 0.54 + radius * sin(angle)]
    return _polygon("body", *points)


def _petals() -> list[Step]:
    return [
        _disc(
            "body", 0.5 + 0.21 * cos(2 * pi * petal / 5 - pi / 2), 0.36 + 0.21 * sin(2 * pi * petal / 5 - pi / 2), 0.17
        )
        for petal in range(5)
    ]


SHAPES: Final[dict[str, tuple[Step, ...]]] = {
    "ball": (_disc("body", 0.5, 0.5, 0.47),),
    "box": (
        _polygon("body", 0.04, 0.30, 0.72, 0.30, 0.72, 0.96, 0.04, 0.96),
        _polygon("shade", 0.72, 0.30, 0.96, 0.08, 0.96, 0.72, 0.72, 0.96),
        _polygon("shade", 0.04, 0.30, 0.28, 0.08, 0.96, 0.08, 0.72, 0.30),
        _polygon("paper", 0.30, 0.30, 0.54, 0.08, 0.68, 0.08, 0.46, 0.30, 0.46, 0.96, 0.30, 0.96),
    ),
    "star": (_star(),),
    "kite": (
        _line("wood", 0.05, 0.46, 0.66, 0.60, 0.80, 0.42, 0.88, 0.58, 0.99),
        _polygon("leaf", 0.44, 0.84, 0.60, 0.74, 0.62, 0.90),
        _polygon("body", 0.48, 0.01, 0.90, 0.30, 0.48, 0.74, 0.06, 0.30),
        _line("paper", 0.05, 0.48, 0.03, 0.48, 0.72),
        _line("paper", 0.05, 0.09, 0.30, 0.87, 0.30),
    ),
    "car": (
        _polygon("body", 0.18, 0.46, 0.32, 0.18, 0.72, 0.18, 0.86, 0.46),
        _polygon("body", 0.01, 0.44, 0.92, 0.44, 0.99, 0.54, 0.99, 0.76, 0.01, 0.76),
        _polygon("pale", 0.28, 0.43, 0.37, 0.25, 0.49, 0.25, 0.49, 0.43),
        _polygon("pale", 0.55, 0.43, 0.55, 0.25, 0.67, 0.25, 0.76, 0.43),
        _disc("slate", 0.25, 0.76, 0.16),
        _disc("slate", 0.76, 0.76, 0.16),
        _disc("pale", 0.25, 0.76, 0.06),
        _disc("pale", 0.76, 0.76, 0.06),
    ),
    "boat": (
        _line("wood", 0.05, 0.48, 0.02, 0.48, 0.70),
        _polygon("body", 0.53, 0.04, 0.53, 0.62, 0.96, 0.62),
        _polygon("body", 0.43, 0.12, 0.43, 0.62, 0.08, 0.62),
        _polygon("wood", 0.01, 0.68, 0.99, 0.68, 0.82, 0.97, 0.18, 0.97),
    ),
    "house": (
        _polygon("body", 0.10, 0.42, 0.90, 0.42, 0.90, 0.98, 0.10, 0.98),
        _polygon("slate", 0.00, 0.46, 0.50, 0.02, 1.00, 0.46),
        _polygon("wood", 0.40, 0.64, 0.60, 0.64, 0.60, 0.98, 0.40, 0.98),
    ),
    "tree": (
        _polygon("wood", 0.40, 0.58, 0.60, 0.58, 0.63, 0.99, 0.37, 0.99),
        _disc("body", 0.27, 0.46, 0.25),
        _disc("body", 0.73, 0.46, 0.25),
        _disc("body", 0.50, 0.27, 0.26),
        _disc("body", 0.50, 0.50, 0.22),
    ),
    "fish": (
        _polygon("shade", 0.66, 0.50, 0.99, 0.16, 0.92, 0.50, 0.99, 0.84),
        _polygon("shade", 0.30, 0.26, 0.50, 0.06, 0.60, 0.28),
        _ellipse("body", 0.01, 0.20, 0.78, 0.80),
        _disc("pale", 0.20, 0.43, 0.11),
        _disc("slate", 0.18, 0.43, 0.06),
    ),
    "cup": (
        _ellipse("shade", 0.52, 0.28, 0.99, 0.78),
        _ellipse("hole", 0.66, 0.41, 0.86, 0.65),
        _polygon("body", 0.04, 0.18, 0.74, 0.18, 0.68, 0.96, 0.10, 0.96),
        _ellipse("paper", 0.03, 0.04, 0.75, 0.30),
        _ellipse("wood", 0.10, 0.08, 0.68, 0.27),
    ),
    "umbrella": (
        _line("wood", 0.07, 0.50, 0.02, 0.50, 0.86, 0.54, 0.94, 0.61, 0.95, 0.68, 0.90, 0.68, 0.80),
        _polygon(
            "body",
            *(v for i in range(17) for v in (0.5 - 0.49 * cos(pi * i / 16), 0.56 - 0.50 * sin(pi * i / 16))),
            0.82, 0.49, 0.66, 0.57, 0.50, 0.49, 0.34, 0.57, 0.18, 0.49,
        ),
    ),
    "flower": (
        _line("leaf", 0.08, 0.50, 0.50, 0.50, 0.99),
        _ellipse("leaf", 0.50, 0.72, 0.86, 0.92),
        _ellipse("leaf", 0.14, 0.78, 0.50, 0.96),
        *_petals(),
        _disc("wood", 0.5, 0.36, 0.13),
    ),
}  # fmt: skip
