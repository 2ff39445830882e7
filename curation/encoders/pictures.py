"""Reading one picture from disk, or saying in words why it cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from curation.pictures import MAX_PIXELS, TooManyPixels, open_picture
from curation.records import RegrainError

if TYPE_CHECKING:
    from PIL import Image


class UnreadableImage(RegrainError):
    """An image file that cannot be used; the message names the file, the reason and the remedy."""


def load_image(path: Path, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """Return a picture as RGB, turned upright as its EXIF data say; of an animation, the first frame.

    Raises ``UnreadableImage`` for a file that is missing, empty, no image, cut short, or claims more than
    `max_pixels` pixels (which is found out from the header, before anything is decoded).
    """
    from PIL import ImageOps

    try:
        if path.stat().st_size == 0:
            raise UnreadableImage(f"{path} is empty: copy or download it again")
        with open_picture(path, max_pixels) as file:
            return ImageOps.exif_transpose(file).convert("RGB")
    except TooManyPixels as error:
        raise UnreadableImage(f"{path} {error}: make it smaller") from error
    except FileNotFoundError as error:
        raise UnreadableImage(f"{path} does not exist: put the image there, or import the folder anew") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise UnreadableImage(f"{path} cannot be read as an image ({error}): copy or download it again") from error
