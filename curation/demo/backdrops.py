"""The painted backgrounds, each in a few drawings that differ by seed."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from curation.demo.scenes import BACKGROUNDS

CANVAS: Final = 512  # pixels of a backdrop's side as painted
Floats = NDArray[np.float64]


def backdrop(background: str, drawing: int, pixels: int, window: tuple[float, float, float]) -> Image.Image:
    """Return the part of a backdrop that a window (left, top, side) shows, as a new RGB picture."""
    left, top, side = window
    if side == 1.0:
        return _whole(background, drawing, pixels).copy()
    box = (left * CANVAS, top * CANVAS, (left + side) * CANVAS, (top + side) * CANVAS)
    return _painted(background, drawing).resize((pixels, pixels), Image.Resampling.BILINEAR, box=box)


@lru_cache(maxsize=128)
def _whole(background: str, drawing: int, pixels: int) -> Image.Image:
    return _painted(background, drawing).resize((pixels, pixels), Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def _painted(background: str, drawing: int) -> Image.Image:
    rng = np.random.default_rng([BACKGROUNDS.index(background), drawing])
    y, x = np.mgrid[0:CANVAS, 0:CANVAS] / CANVAS
    pixels = _PAINTERS[background](rng, x, y)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _noise(rng: np.random.Generator, columns: int, rows: int) -> Floats:
    """Smooth noise of the given coarseness, (CANVAS, CANVAS), about -1 to 1."""
    coarse = Image.fromarray(rng.uniform(-1, 1, (rows, columns)).astype(np.float32))
    return np.asarray(coarse.resize((CANVAS, CANVAS), Image.Resampling.BICUBIC), dtype=np.float64)


def _blend(low: tuple[int, int, int], high: tuple[int, int, int], share: Floats) -> Floats:
    """Colours between `low` (share 0) and `high` (share 1), (CANVAS, CANVAS, 3)."""
    from_low = np.array(high, dtype=np.float64) - np.array(low)
    return np.asarray(low + np.clip(share, 0, 1)[..., None] * from_low)


def _grass(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    blades = _noise(rng, 90, 30)
    return _blend((150, 192, 96), (190, 220, 130), 0.5 + 0.3 * _noise(rng, 5, 5) + 0.25 * blades)


def _beach(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    sand = _blend((232, 206, 150), (248, 230, 186), 0.5 + 0.25 * _noise(rng, 6, 6) + 0.2 * _noise(rng, 120, 120))
    shore = 0.13 + 0.03 * np.sin(2 * np.pi * (x * rng.uniform(1, 2) + rng.random()))
    sea = _blend((84, 176, 200), (120, 204, 216), y / 0.16)
    return np.where((y < shore)[..., None], sea, np.where((y < shore + 0.02)[..., None], 250.0, sand))


def _snow(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    hills = _blend((214, 226, 240), (240, 246, 252), 0.5 + 0.5 * _noise(rng, 4, 6))
    sky = _blend((150, 184, 214), (196, 216, 232), y / 0.2)
    edge = 0.16 + 0.05 * np.sin(2 * np.pi * (0.7 * x + rng.random()))
    return np.where((y < edge)[..., None], sky, hills)


def _floor(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    plank = np.floor(y * 7).astype(int)
    tone = rng.uniform(-0.3, 0.3, 8)[plank] + 0.25 * _noise(rng, 8, 90)
    wood = _blend((176, 128, 84), (206, 160, 112), 0.5 + tone)
    joints = (y * 7 % 1 < 0.05) | (np.abs((x + 0.37 * plank + rng.random()) % 1 - 0.5) < 0.004)
    return np.where(joints[..., None], np.array((120, 84, 54)), wood)


def _wall(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    row = np.floor(y * 11).astype(int)
    across = x * 5.5 + 0.5 * (row % 2) + rng.random()
    column = np.floor(across).astype(int) % 8
    bricks = _blend((176, 104, 88), (202, 132, 112), 0.5 + rng.uniform(-0.5, 0.5, (12, 8))[row, column])
    mortar = (y * 11 % 1 < 0.12) | (across % 1 < 0.06)
    return np.where(mortar[..., None], np.array((222, 208, 194)), bricks)


def _night(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    sky = _blend((22, 26, 66), (58, 56, 112), y + 0.15 * _noise(rng, 4, 4))
    for star_x, star_y, size in zip(rng.random(60), rng.random(60), rng.uniform(0.001, 0.004, 60), strict=True):
        sky[(x - star_x) ** 2 + (y - star_y) ** 2 < size**2] = (250, 244, 210)
    return sky


def _lake(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    ripples = np.sin(2 * np.pi * (14 * y + 0.5 * _noise(rng, 6, 3))) * (0.4 + 0.4 * _noise(rng, 10, 40))
    return _blend((92, 168, 196), (150, 208, 222), 0.45 + 0.35 * ripples)


def _road(rng: np.random.Generator, x: Floats, y: Floats) -> Floats:
    asphalt = _blend((128, 130, 134), (154, 156, 160), 0.5 + 0.2 * _noise(rng, 5, 5) + 0.25 * _noise(rng, 160, 160))
    dashes = (np.abs(x - 0.5) < 0.014) & ((y * 4 + rng.random()) % 1 < 0.55)
    kerb = np.abs(x - 0.5) > 0.46
    marked = np.where(dashes[..., None], np.array((240, 236, 220)), asphalt)
    return np.where(kerb[..., None], np.array((188, 186, 180)), marked)


_PAINTERS: Final[dict[str, Callable[[np.random.Generator, Floats, Floats], Floats]]] = {
    "grass": _grass,
    "beach": _beach,
    "snow": _snow,
    "floor": _floor,
    "wall": _wall,
    "night": _night,
    "lake": _lake,
    "road": _road,
}
