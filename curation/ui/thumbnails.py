"""Thumbnails: each picture once per display size, as WebP, in a folder that is bounded in number and bytes."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from pathlib import Path
from typing import Literal, get_args

from curation.pictures import TooManyPixels, open_picture
from curation.records import RegrainError
from curation.workspace import MAX_THUMBNAIL_BYTES, MAX_THUMBNAILS

Size = Literal[96, 320, 640, 1280]
SIZES: tuple[Size, ...] = get_args(Size)
"""Longest side in pixels; smaller pictures are not enlarged."""

LOSSLESS_UP_TO = 128
"""Pictures no larger than this are kept without loss: they are shown enlarged."""

SWEEP_EVERY = 200
"""New thumbnails between two looks at the folder's size."""


class UnreadablePicture(RegrainError):
    """The file is missing, is no picture, or claims more pixels than can be decoded safely."""


class Thumbnails:
    """The thumbnails of one workspace. Safe to share between threads; losing the folder costs only time."""

    def __init__(self, folder: Path, *, max_files: int = MAX_THUMBNAILS, max_bytes: int = MAX_THUMBNAIL_BYTES) -> None:
        self.folder = folder
        self.max_files = max_files
        self.max_bytes = max_bytes
        self._made = itertools.count(1)
        self._sweeping = threading.Lock()

    def of(self, source: Path, size: Size) -> Path:
        """Return the thumbnail of a picture, made on first use; raises ``UnreadablePicture``.

        A file that was replaced (another size or time of change) gets a new thumbnail.
        """
        try:
            facts = source.stat()
        except OSError as error:
            raise UnreadablePicture(f"`{source.name}` is not there: check the image folder") from error
        key = f"{source}\0{facts.st_mtime_ns}\0{facts.st_size}\0{size}"
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        path = self.folder / name[:2] / f"{name}.webp"
        if path.exists():
            os.utime(path)  # what was shown last is removed last
            return path
        self._make(source, path, size)
        if next(self._made) % SWEEP_EVERY == 0:
            self.sweep()
        return path

    def sweep(self) -> int:
        """Remove the thumbnails that were shown longest ago until 90 % of the bounds hold; return how many."""
        if not self._sweeping.acquire(blocking=False):
            return 0
        try:
            return self._sweep()
        finally:
            self._sweeping.release()

    def _sweep(self) -> int:
        kept = sorted(
            (facts.st_mtime_ns, facts.st_size, path)
            for path in self.folder.glob("*/*.webp")
            if (facts := _facts(path)) is not None
        )
        number, size = len(kept), sum(entry[1] for entry in kept)
        if number <= self.max_files and size <= self.max_bytes:
            return 0
        removed = 0
        for _, length, path in kept:
            if number <= 0.9 * self.max_files and size <= 0.9 * self.max_bytes:
                break
            path.unlink(missing_ok=True)
            number, size, removed = number - 1, size - length, removed + 1
        return removed

    def _make(self, source: Path, path: Path, size: Size) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{threading.get_ident()}.partial")
        try:
            _resize(source, partial, size)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


def _resize(source: Path, target: Path, size: Size) -> None:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with open_picture(source) as picture:
            picture.draft("RGB", (size, size))  # JPEG: decode no more than is shown
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((size, size), Image.Resampling.LANCZOS)
            shown = upright.convert("RGBA" if "A" in upright.getbands() else "RGB")
            lossless = max(shown.size) <= LOSSLESS_UP_TO
            shown.save(target, "WEBP", quality=84, method=2, lossless=lossless)
    except TooManyPixels as error:
        raise UnreadablePicture(f"`{source.name}` {error}: scale it down") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise UnreadablePicture(f"`{source.name}` cannot be read as a picture: {error}") from error


def _facts(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:  # swept by another thread meanwhile
        return None
