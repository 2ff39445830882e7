"""Opening a picture safely: one limit for importing, encoding and showing, known from the header alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

MAX_PIXELS: Final = 100_000_000
"""Width times height up to which a picture is decoded: 300 MB in memory as RGB."""


class TooManyPixels(ValueError):
    """A picture claims more pixels than are decoded safely; the message says how many, where that is known."""

    def __init__(self, most: int, size: tuple[int, int] | None = None) -> None:
        claimed = f"{size[0]:,} x {size[1]:,} pixels" if size else "far too many pixels"
        super().__init__(f"claims {claimed}, more than the {most:,} that are decoded safely")


def open_picture(path: Path, most: int = MAX_PIXELS) -> ImageFile:
    """Open a picture without decoding it; use it in a ``with``.

    Raises ``TooManyPixels`` where its header claims more than ``most`` pixels, else what ``PIL.Image.open`` raises.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow's own limit is lower: it would warn of pictures that we take
    try:
        picture = Image.open(path)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(most) from error
    if picture.width * picture.height > most:
        picture.close()
        raise TooManyPixels(most, picture.size)
    return picture
