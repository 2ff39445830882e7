"""The silhouettes of the things, as drawing steps on a unit square (x to the right, y downwards)."""

from math import cos, pi, sin
from typing import Final, Literal, NamedTuple

Role = Literal["body", "shade", "dark", "pale", "hole"]
"""body: the thing's own colour and pattern; shade: its colour, darker; dark and pale: fixed; hole: nothing."""


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
        radius = 0.50 if corner % 2 == 0 else 0.22
        angle = pi * corner / 5 - pi / 2
        points += [0.5 + radius * cos(angle), 0.53 + radius * sin(angle)]
    return _polygon("body", *points)


def _petals() -> list[Step]:
    return [
        _disc("body", 0.5 + 0.27 * cos(2 * pi * petal / 6), 0.5 + 0.27 * sin(2 * pi * petal / 6), 0.20)
        for petal in range(6)
    ]


SHAPES: Final[dict[str, tuple[Step, ...]]] = {
    "ball": (_disc("body", 0.5, 0.5, 0.46),),
    "box": (
        _polygon("body", 0.05, 0.30, 0.70, 0.30, 0.70, 0.95, 0.05, 0.95),
        _polygon("shade", 0.70, 0.30, 0.95, 0.08, 0.95, 0.72, 0.70, 0.95),
        _polygon("body", 0.05, 0.30, 0.30, 0.08, 0.95, 0.08, 0.70, 0.30),
    ),
    "star": (_star(),),
    "kite": (
        _line("dark", 0.035, 0.46, 0.70, 0.60, 0.82, 0.44, 0.90, 0.58, 0.98),
        _polygon("body", 0.46, 0.02, 0.82, 0.30, 0.46, 0.76, 0.10, 0.30),
        _line("shade", 0.025, 0.46, 0.02, 0.46, 0.76),
        _line("shade", 0.025, 0.10, 0.30, 0.82, 0.30),
    ),
    "car": (
        _polygon("body", 0.20, 0.46, 0.34, 0.20, 0.70, 0.20, 0.84, 0.46),
        _polygon("body", 0.02, 0.46, 0.92, 0.46, 0.99, 0.56, 0.99, 0.74, 0.02, 0.74),
        _polygon("pale", 0.29, 0.44, 0.38, 0.27, 0.49, 0.27, 0.49, 0.44),
        _polygon("pale", 0.55, 0.44, 0.55, 0.27, 0.66, 0.27, 0.75, 0.44),
        _disc("dark", 0.25, 0.74, 0.13),
        _disc("dark", 0.76, 0.74, 0.13),
        _disc("pale", 0.25, 0.74, 0.055),
        _disc("pale", 0.76, 0.74, 0.055),
    ),
    "boat": (
        _line("dark", 0.045, 0.48, 0.04, 0.48, 0.70),
        _polygon("body", 0.53, 0.06, 0.53, 0.60, 0.92, 0.60),
        _polygon("body", 0.43, 0.16, 0.43, 0.60, 0.14, 0.60),
        _polygon("shade", 0.03, 0.68, 0.97, 0.68, 0.80, 0.94, 0.20, 0.94),
    ),
    "house": (
        _polygon("body", 0.14, 0.45, 0.86, 0.45, 0.86, 0.97, 0.14, 0.97),
        _polygon("shade", 0.02, 0.48, 0.50, 0.03, 0.98, 0.48),
        _polygon("dark", 0.42, 0.66, 0.58, 0.66, 0.58, 0.97, 0.42, 0.97),
    ),
    "tree": (
        _polygon("dark", 0.42, 0.60, 0.58, 0.60, 0.60, 0.99, 0.40, 0.99),
        _disc("body", 0.30, 0.48, 0.23),
        _disc("body", 0.70, 0.48, 0.23),
        _disc("body", 0.50, 0.28, 0.26),
        _disc("body", 0.50, 0.52, 0.22),
    ),
    "fish": (
        _polygon("shade", 0.70, 0.50, 0.98, 0.22, 0.92, 0.50, 0.98, 0.78),
        _polygon("shade", 0.34, 0.30, 0.52, 0.10, 0.60, 0.32),
        _ellipse("body", 0.02, 0.24, 0.78, 0.76),
        _disc("pale", 0.19, 0.44, 0.065),
        _disc("dark", 0.18, 0.44, 0.035),
    ),
    "cup": (
        _ellipse("shade", 0.56, 0.30, 0.98, 0.74),
        _ellipse("hole", 0.66, 0.40, 0.88, 0.64),
        _polygon("body", 0.06, 0.16, 0.74, 0.16, 0.68, 0.90, 0.12, 0.90),
        _ellipse("dark", 0.06, 0.09, 0.74, 0.23),
    ),
    "umbrella": (
        _line("dark", 0.05, 0.50, 0.03, 0.50, 0.88, 0.53, 0.94, 0.60, 0.95, 0.66, 0.90, 0.66, 0.84),
        _polygon(
            "body",
            *(v for i in range(17) for v in (0.5 - 0.48 * cos(pi * i / 16), 0.55 - 0.46 * sin(pi * i / 16))),
            0.82, 0.49, 0.66, 0.56, 0.50, 0.49, 0.34, 0.56, 0.18, 0.49,
        ),
    ),
    "flower": (*_petals(), _disc("dark", 0.5, 0.5, 0.155), _disc("pale", 0.5, 0.5, 0.10)),
}  # fmt: skip
