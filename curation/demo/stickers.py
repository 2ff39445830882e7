"""The looks of things, painted once and large: colour, pattern, light from the upper left, white rim and shadow."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from curation.demo.shapes import SHAPES, Step

RGB = tuple[int, int, int]
PALETTE: Final[dict[str, RGB]] = {
    "red": (214, 40, 40),
    "orange": (247, 127, 0),
    "yellow": (252, 216, 40),
    "green": (38, 142, 62),
    "blue": (32, 94, 214),
    "purple": (124, 48, 168),
    "pink": (248, 130, 186),
    "white": (246, 246, 242),
    "black": (40, 40, 46),
}
INK: Final[RGB] = (255, 250, 235)
OTHER_INK: Final[dict[str, RGB]] = {  # where cream would not show, or would make another colour of it
    "yellow": (70, 78, 96),
    "pink": (70, 78, 96),
    "white": (150, 166, 196),
    "black": (150, 150, 158),
}
FIXED: Final[dict[str, RGB]] = {
    "pale": (226, 240, 250),
    "wood": (122, 82, 56),
    "leaf": (104, 140, 72),
    "slate": (78, 84, 98),
    "paper": (226, 202, 160),
}

STICKER: Final = 192  # pixels of a sticker's side
PAINTED: Final = 2 * STICKER  # as painted, before it is made smaller and so smooth
FRAME: Final = 0.08  # room around the thing for rim and shadow, as a share of its side


class Silhouette(NamedTuple):
    """What all looks of a kind share, each (PAINTED, PAINTED) in shades of grey: where the thing is, the same
    without its outline, the same with the rim, and rim and shadow together."""

    whole: Image.Image
    inside: Image.Image
    rim: Image.Image
    alpha: Image.Image


@lru_cache(maxsize=512)
def sticker(kind: str, colour: str, pattern: str) -> Image.Image:
    """Paint one look as RGBA of `STICKER` pixels a side."""
    shape = _silhouette(kind)
    outlined = _flat(_mix(PALETTE[colour], (0, 0, 0), 0.55))
    outlined.paste(_filled(kind, colour, pattern), (0, 0), shape.inside)
    rimmed = _flat((255, 255, 255))
    rimmed.paste(outlined, (0, 0), shape.whole)
    picture = _flat((20, 20, 30))
    picture.paste(rimmed, (0, 0), shape.rim)
    picture.putalpha(shape.alpha)
    return picture.resize((STICKER, STICKER), Image.Resampling.LANCZOS)


@lru_cache(maxsize=32)
def _silhouette(kind: str) -> Silhouette:
    whole = Image.new("L", (PAINTED, PAINTED))
    for step, mask in zip(SHAPES[kind], _masks(kind), strict=True):
        whole = ImageChops.subtract(whole, mask) if step.role == "hole" else ImageChops.lighter(whole, mask)
    rim = whole
    for _ in range(4):  # four times 3 is the same as once 9, and faster
        rim = rim.filter(ImageFilter.MaxFilter(3))
    rim = rim.filter(ImageFilter.GaussianBlur(1.5))
    moved = ImageChops.offset(rim, PAINTED // 80, PAINTED // 40).filter(ImageFilter.GaussianBlur(PAINTED / 50))
    shadow = moved.point(lambda alpha: int(alpha * 0.45))
    return Silhouette(whole, whole.filter(ImageFilter.MinFilter(5)), rim, ImageChops.lighter(rim, shadow))


def _filled(kind: str, colour: str, pattern: str) -> Image.Image:
    fills = {"body": _body(colour, pattern), "shade": _shade(colour)}
    paint = _flat((0, 0, 0))
    for step, mask in zip(SHAPES[kind], _masks(kind), strict=True):
        if step.role != "hole":
            paint.paste(fills.get(step.role) or _flat(FIXED[step.role]), (0, 0), mask)
    return paint


@lru_cache(maxsize=32)
def _masks(kind: str) -> tuple[Image.Image, ...]:
    return tuple(_mask(step) for step in SHAPES[kind])


def _mask(step: Step) -> Image.Image:
    inner, edge = PAINTED / (1 + 2 * FRAME), PAINTED * FRAME / (1 + 2 * FRAME)
    points = [edge + p * inner for p in step.points]
    mask = Image.new("L", (PAINTED, PAINTED))
    pen = ImageDraw.Draw(mask)
    if step.form == "ellipse":
        pen.ellipse(points, fill=255)
    elif step.form == "polygon":
        pen.polygon(points, fill=255)
    else:
        pen.line(points, fill=255, width=round(step.width * inner), joint="curve")
    return mask


@lru_cache(maxsize=64)
def _body(colour: str, pattern: str) -> Image.Image:
    base = np.array(PALETTE[colour], dtype=np.uint8)
    ink = np.array(OTHER_INK.get(colour, INK), dtype=np.uint8)
    return _lit(np.where(_inked(pattern)[..., None], ink, base))


@lru_cache(maxsize=16)
def _shade(colour: str) -> Image.Image:
    return Image.blend(_lit(np.asarray(_flat(PALETTE[colour]))), _flat((0, 0, 0)), 0.14)


@lru_cache(maxsize=8)
def _inked(pattern: str) -> NDArray[np.bool_]:
    """(PAINTED, PAINTED) bool: where the pattern's second colour is."""
    y, x = np.mgrid[0:PAINTED, 0:PAINTED] / PAINTED
    inked: NDArray[np.bool_] = np.zeros((PAINTED, PAINTED), dtype=np.bool_)
    if pattern == "striped":
        inked = ((x + 0.35 * y) % 0.25) < 0.11
    if pattern == "dotted":
        row = np.floor(y / 0.17)
        u, v = (x + 0.11 * (row % 2)) % 0.22 - 0.11, y % 0.17 - 0.085
        inked = u * u + v * v < 0.058**2
    if pattern == "checked":
        inked = (np.floor(x / 0.16) + np.floor(y / 0.16)) % 2 == 1
    return inked


def _lit(colours: NDArray[np.uint8]) -> Image.Image:
    light, glow = _light()
    return Image.fromarray(np.clip(colours.astype(np.float32) * light + glow, 0, 255).astype(np.uint8))


@lru_cache(maxsize=1)
def _light() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A factor and a highlight, each (PAINTED, PAINTED, 1)."""
    y, x = np.mgrid[0:PAINTED, 0:PAINTED].astype(np.float32)[..., None] / PAINTED
    return 1.06 - 0.22 * (0.35 * x + 0.65 * y), 20.0 * np.exp(-((x - 0.34) ** 2 + (y - 0.28) ** 2) / 0.03)


def _flat(colour: RGB) -> Image.Image:
    return Image.new("RGB", (PAINTED, PAINTED), colour)


def _mix(a: RGB, b: RGB, share: float) -> RGB:
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]
