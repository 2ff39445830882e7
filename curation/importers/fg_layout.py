"""The layout of MSCOCO-FG and Flickr30K-FG (SIGIR 2023): a JSON of captions and an npy of pool names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, refuse
from curation.importers.reading import kind, load_json, split_for
from curation.records import image_id_from_name

CAPTION_LISTS = re.compile(r'\s*\{\s*"[^"]+"\s*:\s*\[\s*"')
TRAITS = re.compile(r"_?(ann|img_filenames)$")


def _recognise(head: Head) -> int:
    if head.is_folder:
        return 2 * bool(list(head.path.glob("*_ann.json")))
    if head.suffix == ".npy":
        return 1
    return 2 * bool(CAPTION_LISTS.match(head.text))


@importer("fg", title="FG layout", recognise=_recognise, on_difference="revise", normalised=True)
def fg(source: Path, *, split: str = "") -> Iterator[Item]:
    """Read the JSON of captions and the npy of pool names, given by their folder or by either file.

    Images with captions get the split that the file name says, else test; the other names are the pool. The two
    files are joined by image name, since their orders differ in the published MSCOCO-FG.
    """
    captions, pool = _pair(source)
    yield from _read(captions, pool, split)


def _read(captions: Path | None, pool: Path | None, split: str) -> Iterator[Item]:
    named = _pool_names(pool) if pool else []
    by_id = {image_id_from_name(name): name for name in named}
    content = _caption_lists(captions) if captions else {}
    named_in = captions or pool
    assert named_in is not None
    its_split = split_for(named_in, split)
    its_split = "test" if its_split == "none" else its_split
    targets: set[str] = set()
    for row, (key, texts) in enumerate(content.items(), 1):
        name = by_id.get(image_id_from_name(key))
        if name is None and pool is not None:
            rule = f"image {key!r} is not among the pool names of {pool.name}"
            yield Problem(named_in.name, row, rule, "It is imported all the same: check the pool", fatal=False)
        name = name or key
        targets.add(name)
        yield NamedImage(name, its_split, row)
        if not isinstance(texts, list):
            yield Problem(named_in.name, row, f"the captions of {key!r} are {kind(texts)}", "Make them a list")
            continue
        for i, text in enumerate(texts):
            yield NamedCaption(name, text, row, i)
    for row, name in enumerate(named, 1):
        if name not in targets:
            yield NamedImage(name, "pool", row)


def _pair(source: Path) -> tuple[Path | None, Path | None]:
    """Return (captions JSON, pool npy) for a folder or for either file; a lone file stands alone."""
    if source.is_dir():
        return _only(source, sorted(source.glob("*_ann.json")), "*_ann.json"), _partner(source, ".npy", None)
    stem = TRAITS.sub("", source.stem)
    if source.suffix.lower() == ".npy":
        return _partner(source.parent, ".json", stem), source
    return source, _partner(source.parent, ".npy", stem)


def _only(folder: Path, found: list[Path], pattern: str) -> Path:
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        refuse(folder, None, f"one file {pattern} is expected; found: {names}", "Choose the file itself")
    return found[0]


def _partner(folder: Path, suffix: str, stem: str | None) -> Path | None:
    """Return the file with the same stem and this suffix; without a stem, the only one there is."""
    found = [path for path in sorted(folder.glob(f"*{suffix}")) if TRAITS.search(path.stem)]
    if stem is None:
        return _only(folder, found, f"*_img_filenames{suffix}") if found else None
    return next((path for path in found if TRAITS.sub("", path.stem) == stem), None)


def _caption_lists(source: Path) -> dict[str, Any]:
    content = load_json(source, unique_keys=True)
    if not isinstance(content, dict):
        refuse(source, None, f"the file holds {kind(content)}, not an object", "Choose the format that it has")
    return content


def _pool_names(source: Path) -> list[str]:
    import numpy as np

    remedy = "Save a one-dimensional array of names with numpy.save(path, names, allow_pickle=False)"
    try:
        with np.errstate(over="ignore"):  # mapping holds the shape against the file's size before it takes memory
            names = np.load(source, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError, OverflowError, TypeError, MemoryError) as error:
        refuse(source, None, f"not a readable npy file: {error}", remedy)
    if not isinstance(names, np.ndarray) or names.ndim != 1 or names.dtype.kind not in "US" or not names.itemsize:
        what = f"{names.dtype} of shape {names.shape}" if isinstance(names, np.ndarray) else "an archive"
        refuse(source, None, f"the pool is not a list of names but {what}", remedy)
    try:
        return [str(name) for name in names.astype(str)]
    except (UnicodeDecodeError, MemoryError):
        refuse(source, None, "the pool's names are not ASCII bytes", remedy)
