"""Reading one picture from disk, or saying in words why it cannot be read."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curation.records import RegrainError

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS: Final = 100_000_000


class UnreadableImage(RegrainError):
    """An image file that cannot be used; the message names the file, the reason and the remedy."""


def load_image(path: Path, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Return a picture as RGB, turned upright as its EXIF data say; of an animation, the first frame.

    Raises ``UnreadableImage`` for a file that is missing, empty, no image, cut short, or claims more than
    `max_pixels` pixels (which is found out from the header, before anything is decoded).
    """
    from PIL import Image, ImageOps

    try:
        if path.stat().st_size == 0:
            raise UnreadableImage(f"{path} is empty: copy or download it again")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                width, height = file.size
                if width * height > max_pixels:
                    raise UnreadableImage(_too_large(path, width * height, max_pixels))
                return ImageOps.exif_transpose(file).convert("RGB")
    except Image.DecompressionBombError as error:
        raise UnreadableImage(_too_large(path, None, max_pixels)) from error
    except FileNotFoundError as error:
        raise UnreadableImage(f"{path} does not exist: put the image there, or import the folder anew") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadableImage(f"{path} cannot be read as an image ({error}): copy or download it again") from error


def _too_large(path: Path, pixels: int | None, most: int) -> str:
    claimed = f"{pixels:,} pixels" if pixels else "far too many pixels"
    return f"{path} claims {claimed}, more than the {most:,} that are decoded safely: make it smaller"
