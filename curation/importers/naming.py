"""From the name that a file gives an image to its id, and which names are refused."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Literal

from curation.records import IMAGE_SUFFIXES, image_id_from_name

IdRule = Literal["name", "path"]
IDS_FROM_PATHS = "Import with ids from paths, so that the folder becomes part of the id, or rename one"
DRIVE = re.compile(r"[A-Za-z]:")
FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}  # control characters, half surrogates, line and paragraph separators
MAX_NAME = 1_000


def image_id(name: str, ids: IdRule) -> str:
    """Return the image id for a name: the file name without suffix, or the whole path without suffix.

    >>> image_id("val2014/x.jpg", "name"), image_id("val2014/x.jpg", "path")
    ('x', 'val2014/x')
    """
    if ids == "name":
        return image_id_from_name(name)
    path = PurePosixPath(name.replace("\\", "/"))
    return (path.with_suffix("") if path.suffix.lower() in IMAGE_SUFFIXES else path).as_posix()


def is_bare(name: str) -> bool:
    """Return whether a name has neither folder nor image suffix, so that it says no more than an id does."""
    return image_id_from_name(name) == name


def why_refused(name: object) -> tuple[str, str] | None:
    """Return (rule, remedy) for a name that cannot be imported, or None for a good one."""
    if not isinstance(name, str):
        return f"the image name is {type(name).__name__}, not text", "Give the image's file name"
    if not name.strip():
        return "the image name is empty", "Give the image's file name"
    if len(name) > MAX_NAME:
        return f"the image name has {len(name):,} characters", f"Use at most {MAX_NAME:,}"
    if not name.isprintable() and any(unicodedata.category(character) in FORBIDDEN for character in name):
        return f"the image name {name!r} holds a control character", "Rename the image"
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "" or DRIVE.match(parts[0]) or ".." in parts:
        return f"the path {name!r} leaves the image folder", "Give names relative to the image folder, without '..'"
    if parts[-1] in {"", "."}:
        return f"the path {name!r} names no file", "Give the image's file name"
    return None
