"""Scenes as pictures at any resolution: stickers with soft shadows pasted on painted backdrops.

Each look (kind, colour, pattern) is painted once, large, and resized for every use; the same facts give the same
pixels for the same Pillow.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from curation.demo.backdrops import backdrop
from curation.demo.scenes import Scene, Thing
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

STICKER: Final = 192  # pixels of a sticker's side as painted
OVERSAMPLING: Final = 2
FRAME: Final = 0.08  # room around the thing for rim and shadow, as a share of its side


def draw(scene: Scene, pixels: int, window: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Image.Image:
    """Draw the part of a scene that a square window (left, top, side) shows, `pixels` wide and high, as RGB.

    The window must lie inside the picture.
    """
    left, top, side = window
    picture = backdrop(scene.background, scene.backdrop, pixels, window)
    scale = pixels / side
    for thing in scene.things:
        size = max(2, round(thing.extent * (1 + 2 * FRAME) * scale))
        x, y = round((thing.x - left) * scale - size / 2), round((thing.y - top) * scale - size / 2)
        if x < pixels and y < pixels and x + size > 0 and y + size > 0:
            image = _resized(thing, size)
            picture.paste(image, (x, y), image)
    return picture


def _resized(thing: Thing, size: int) -> Image.Image:
    shrink = max(1, STICKER // (2 * size))
    return _reduced(thing.kind, thing.colour, thing.pattern, shrink).resize((size, size), Image.Resampling.BILINEAR)


@lru_cache(maxsize=1024)
def _reduced(kind: str, colour: str, pattern: str, shrink: int) -> Image.Image:
    return sticker(kind, colour, pattern).reduce(shrink)


@lru_cache(maxsize=512)
def sticker(kind: str, colour: str, pattern: str) -> Image.Image:
    """Paint one look as RGBA of `STICKER` pixels a side, with rim and shadow."""
    size = STICKER * OVERSAMPLING
    paint, silhouette = _painted(SHAPES[kind], colour, pattern, size)
    outline = silhouette.filter(ImageFilter.MinFilter(5))
    line = Image.new("RGB", (size, size), _mix(PALETTE[colour], (0, 0, 0), 0.55))
    line.paste(paint, (0, 0), outline)
    rim = _grown(silhouette, 9)
    shadow = _shadow(rim, size)
    white = Image.new("RGB", (size, size), (255, 255, 255))
    white.paste(line, (0, 0), silhouette)
    ink = Image.new("RGB", (size, size), (20, 20, 30))
    ink.paste(white, (0, 0), rim)
    ink.putalpha(ImageChops.lighter(rim, shadow))
    return ink.resize((STICKER, STICKER), Image.Resampling.LANCZOS)


def _painted(steps: tuple[Step, ...], colour: str, pattern: str, size: int) -> tuple[Image.Image, Image.Image]:
    """The thing's colours and its silhouette."""
    body = _shaded(_patterned(colour, pattern, size))
    fills = {
        "body": body,
        "shade": Image.blend(_shaded(Image.new("RGB", (size, size), PALETTE[colour])), _flat((0, 0, 0), size), 0.14),
    } | {role: _flat(colour, size) for role, colour in FIXED.items()}
    paint, silhouette = _flat((0, 0, 0), size), Image.new("L", (size, size))
    for step in steps:
        mask = _mask(step, size)
        if step.role == "hole":
            silhouette = ImageChops.subtract(silhouette, mask)
        else:
            paint.paste(fills[step.role], (0, 0), mask)
            silhouette = ImageChops.lighter(silhouette, mask)
    return paint, silhouette


def _mask(step: Step, size: int) -> Image.Image:
    inner, edge = size / (1 + 2 * FRAME), size * FRAME / (1 + 2 * FRAME)
    points = [edge + p * inner for p in step.points]
    mask = Image.new("L", (size, size))
    pen = ImageDraw.Draw(mask)
    if step.form == "ellipse":
        pen.ellipse(points, fill=255)
    elif step.form == "polygon":
        pen.polygon(points, fill=255)
    else:
        pen.line(points, fill=255, width=round(step.width * inner), joint="curve")
    return mask


def _patterned(colour: str, pattern: str, size: int) -> Image.Image:
    base = np.array(PALETTE[colour], dtype=np.uint8)
    ink = np.array(OTHER_INK.get(colour, INK), dtype=np.uint8)
    return Image.fromarray(np.where(_inked(pattern, size)[..., None], ink, base))


@lru_cache(maxsize=8)
def _inked(pattern: str, size: int) -> NDArray[np.bool_]:
    y, x = np.mgrid[0:size, 0:size] / size
    inked: NDArray[np.bool_] = np.zeros((size, size), dtype=np.bool_)
    if pattern == "striped":
        inked = ((x + 0.35 * y) % 0.25) < 0.11
    if pattern == "dotted":
        row = np.floor(y / 0.17)
        u, v = (x + 0.11 * (row % 2)) % 0.22 - 0.11, y % 0.17 - 0.085
        inked = u * u + v * v < 0.058**2
    if pattern == "checked":
        inked = (np.floor(x / 0.16) + np.floor(y / 0.16)) % 2 == 1
    return inked


def _shaded(image: Image.Image) -> Image.Image:
    light, glow = _light(image.width)
    return Image.fromarray(np.clip(np.asarray(image, dtype=np.float32) * light + glow, 0, 255).astype(np.uint8))


@lru_cache(maxsize=1)
def _light(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Light from the upper left: a factor and a highlight, each (size, size, 1)."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)[..., None] / size
    return 1.06 - 0.22 * (0.35 * x + 0.65 * y), 20.0 * np.exp(-((x - 0.34) ** 2 + (y - 0.28) ** 2) / 0.03)


def _shadow(rim: Image.Image, size: int) -> Image.Image:
    moved = ImageChops.offset(rim, size // 80, size // 40).filter(ImageFilter.GaussianBlur(size / 50))
    return moved.point(lambda alpha: int(alpha * 0.45))


def _grown(mask: Image.Image, pixels: int) -> Image.Image:
    return mask.filter(ImageFilter.MaxFilter(pixels)).filter(ImageFilter.GaussianBlur(1.5))


def _flat(colour: RGB, size: int) -> Image.Image:
    return Image.new("RGB", (size, size), colour)


def _mix(a: RGB, b: RGB, share: float) -> RGB:
    return tuple(round(x + (y - x) * share) for x, y in zip(a, b, strict=True))  # type: ignore[return-value]
