"""Scenes as pictures at any resolution: stickers pasted on painted backdrops.

The same facts give the same pixels for the same Pillow.
"""

from functools import lru_cache

from PIL import Image

from curation.demo.backdrops import backdrop
from curation.demo.scenes import Scene, Thing
from curation.demo.stickers import FRAME, STICKER, sticker


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
