"""What detectors saw in pictures: tables with lists of objects and attributes (XMAI's form), and COCO instances."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.importers.items import quoted, refuse
from curation.importers.naming import image_id
from curation.importers.reading import expect_list, kind, load_json
from curation.importers.records_of import open_table
from curation.importers.table import check_columns

Found = dict[str, list[tuple[str, tuple[str, ...]]]]
"""By image id, names of things with their attributes."""

LONGEST_LIST = 1_000_000
"""Characters of a cell; more than that is no list of what is in one picture."""


def read_objects(
    source: Path,
    *,
    image: str = "image",
    objects: str = "objects",
    attributes: str = "attributes",
    rows: list[str] | None = None,
) -> Found:
    """Return the objects of each image by its id.

    A ``.json`` file is COCO instances: categories, without attributes. Any other is a table, whose columns are named:
    ``objects`` and ``attributes`` hold parallel lists, as JSON or as Python writes them, an attribute being text or a
    list of texts; ``attributes`` may be empty. ``rows`` names the images by row instead of a column. Where an image
    stands in several rows (once per caption, say), the first counts. Raises ``ImportRefused`` with the row for what
    cannot be read.
    """
    if source.suffix.lower() == ".json":
        return _coco_instances(source)
    header, records = open_table(source)
    wanted = [name for name in ("" if rows is not None else image, objects, attributes) if name]
    check_columns(source, header, wanted)
    found: Found = {}
    number = 0
    for number, (row, record) in enumerate(records, 1):
        if rows is not None and number > len(rows):
            refuse(source, row, f"there are more rows than the {len(rows):,} of the other file", "Choose its companion")
        key = rows[number - 1] if rows is not None else _image_of(source, row, record[image])
        if key not in found:
            found[key] = list(_pairs(source, row, record[objects], record[attributes] if attributes else None))
    if rows is not None and number < len(rows):
        refuse(source, None, f"it has {number:,} rows, the other file {len(rows):,}", "Choose its companion")
    return found


def _pairs(source: Path, row: int, objects: Any, attributes: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    names = _list(source, row, objects)
    said = _list(source, row, attributes) if attributes is not None else [""] * len(names)
    if len(names) != len(said):
        refuse(source, row, f"{len(names)} objects have {len(said)} attributes", "Both lists must be of one length")
    for name, words in zip(names, said, strict=True):
        listed = words if isinstance(words, list | tuple) else [words]
        kept = tuple(" ".join(str(word).lower().split()) for word in listed if word is not None)
        for text in (str(name), *kept):
            _storable(source, row, text)
        if str(name).strip():
            yield " ".join(str(name).split()), tuple(word for word in kept if word)


def _image_of(source: Path, row: int | None, name: Any) -> str:
    if not isinstance(name, str | int) or isinstance(name, bool):
        refuse(source, row, f"the image's name is {kind(name)}, not a text", "Name the image's file")
    return image_id(_storable(source, row, str(name)), "name")


def _storable(source: Path, row: int | None, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse(source, row, f"{quoted(text)} holds half a surrogate pair", "Correct it")
    return text


def _list(source: Path, row: int, cell: Any) -> list[Any]:
    """Return a cell that holds a list, as JSON or as a Python literal; nothing in it is executed."""
    if isinstance(cell, list | tuple):
        return list(cell)
    text = str(cell or "[]").strip()
    if len(text) > LONGEST_LIST:
        refuse(source, row, f"a list has {len(text):,} characters", f"At most {LONGEST_LIST:,} are read")
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, list | tuple):
            return list(value)
    refuse(source, row, f"{quoted(text)} is not a list", "Write [\"ball\", \"box\"] or ['ball', 'box']")


def _coco_instances(source: Path) -> Found:
    content = load_json(source)
    if not isinstance(content, dict) or not {"images", "annotations", "categories"} <= content.keys():
        refuse(source, None, "it has no images, annotations and categories", "Choose a COCO instances file, or a table")
    try:
        names = {
            one["id"]: _image_of(source, None, one["file_name"])
            for one in expect_list(source, content["images"], "images")
        }
        kinds = {
            one["id"]: _storable(source, None, str(one["name"]))
            for one in expect_list(source, content["categories"], "categories")
        }
        found: Found = {name: [] for name in names.values()}
        for one in expect_list(source, content["annotations"], "annotations"):
            found[names[one["image_id"]]].append((kinds[one["category_id"]], ()))
    except (KeyError, TypeError) as error:
        refuse(source, None, f"an entry lacks what it names: {error}", "Choose a whole COCO instances file")
    return found
