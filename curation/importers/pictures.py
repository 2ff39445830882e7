"""Which named images a folder holds and whether they can be used, without decoding a single one."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from curation.importers.naming import IdRule, image_id
from curation.pictures import TooManyPixels, open_picture
from curation.records import IMAGE_SUFFIXES, RegrainError

Check = Literal["header", "exists"]
Status = Literal["held", "missing", "unreadable", "named"]

HEADERS_UP_TO = 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """Where an image lies (``file`` is relative to the folder) and, where it cannot be used, why."""

    status: Status
    file: str | None = None
    rule: str = ""
    remedy: str = ""


class PictureFolder:
    """The image files below one folder, found by path, by file name or by id, with or without suffix.

    Symbolic links that lead out of the folder are known but never followed. Raises ``RegrainError`` where
    there is no such folder.
    """

    def __init__(self, folder: Path, ids: IdRule = "name") -> None:
        if not folder.is_dir():
            raise RegrainError(f"{folder}: there is no such image folder. Check the path, or import the text alone.")
        self.folder = folder
        self.ids = ids
        self.sizes: dict[str, int] = {}
        self.outside: set[str] = set()
        self._by_id: dict[str, list[str]] = {}
        self._scan(folder, folder.resolve())

    def find(self, name: str) -> Found:
        """Return where the image of this name lies; size zero and links that leave the folder are unreadable."""
        clean = name.replace("\\", "/").removeprefix("./")
        files = [clean] if clean in self.sizes else self._same_id(clean)
        if not files:
            return Found("missing")
        if len(files) > 1:
            rule = f"{name} could be {files[0]} or {files[1]}"
            return Found("missing", None, rule, "Name the image with its folder and suffix")
        file = files[0]
        if file in self.outside:
            return Found("unreadable", file, f"{file} is a link that leaves the image folder", "Copy the file itself")
        if self.sizes[file] == 0:
            return Found("unreadable", file, f"{file} has no bytes", "Copy or download the image again")
        return Found("held", file)

    def check_header(self, file: str) -> Found:
        """Return ``held``, or ``unreadable`` with the reason, from the header of one image file."""
        from PIL import UnidentifiedImageError

        damaged = "Copy or download the image again, or remove it"
        try:
            with open_picture(self.folder / file):
                return Found("held", file)
        except TooManyPixels as error:
            return Found("unreadable", file, f"{file} {error}", "Scale the image down")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            reason = "is not an image" if isinstance(error, UnidentifiedImageError) else f"cannot be read: {error}"
            return Found("unreadable", file, f"{file} {reason}", damaged)

    def _same_id(self, name: str) -> list[str]:
        files = self._by_id.get(image_id(name, self.ids), [])
        same_path = [file for file in files if file.endswith(f"/{name}")]
        tail = name.rpartition("/")[2]
        same_name = [file for file in files if file.rpartition("/")[2] == tail]
        return same_path or same_name or files

    def _scan(self, folder: Path, root: Path, prefix: str = "") -> None:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir(follow_symlinks=False):
                    self._scan(Path(entry.path), root, f"{prefix}{entry.name}/")
                elif Path(entry.name).suffix.lower() in IMAGE_SUFFIXES:
                    self._add(entry, root, f"{prefix}{entry.name}")

    def _add(self, entry: os.DirEntry[str], root: Path, file: str) -> None:
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            self.outside.add(file)
            self.sizes[file] = 0
        else:
            self.sizes[file] = _size(entry)
        self._by_id.setdefault(image_id(file, self.ids), []).append(file)


def checker(folder: PictureFolder, check: Check | None, n: int) -> Callable[[str], Found]:
    """Return name -> Found. Without a choice, headers are read for up to 20,000 images, beyond that only sizes."""
    if (check or ("header" if n <= HEADERS_UP_TO else "exists")) == "exists":
        return folder.find

    def find_and_open(name: str) -> Found:
        found = folder.find(name)
        return folder.check_header(found.file) if found.status == "held" and found.file else found

    return find_and_open


def _size(entry: os.DirEntry[str]) -> int:
    try:
        facts = entry.stat()
    except OSError:  # a link to nothing, or a file removed meanwhile: unreadable like an empty one
        return 0
    return facts.st_size if stat.S_ISREG(facts.st_mode) else 0  # a pipe would be waited for, forever
