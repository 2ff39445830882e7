"""COCO captions JSON (``captions_val2014.json``) and COCO image lists (``image_info_unlabeled2017.json``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, refuse
from curation.importers.reading import expect_list, load_json, split_for


def _recognise(head: Head) -> int:
    begins_as_object = head.text.lstrip().startswith("{")
    return 2 * (begins_as_object and ('"file_name"' in head.text or '"annotations"' in head.text[:2000]))


@importer("coco", title="COCO captions JSON", recognise=_recognise)
def coco(source: Path, *, split: str = "") -> Iterator[Item]:
    """Read COCO's `images` and `annotations`. The split is taken from the file name where it is not given.

    Caption i of an image is the i-th of its annotations in file order. A file without `annotations` is an
    image list.
    """
    content = load_json(source)
    if not isinstance(content, dict) or "images" not in content:
        refuse(source, None, "there is no 'images' list", "Choose the format that this file has")
    its_split = split_for(source, split)
    names: dict[Any, str] = {}
    for row, image in enumerate(expect_list(source, content["images"], "'images'"), 1):
        try:
            key, name = image["id"], image["file_name"]
            first = names.setdefault(key, name)
        except (KeyError, TypeError):
            yield Problem(source.name, row, "an entry of 'images' has no 'id' or 'file_name'", "Add what is missing")
            continue
        if first != name:
            rule = f"image id {key} stands for {first} and for {name}"
            yield Problem(source.name, row, rule, "Give each image an id of its own")
            continue
        yield NamedImage(name, its_split, row)
    yield from _captions(source, content.get("annotations", []), names)


def _captions(source: Path, annotations: Any, names: dict[Any, str]) -> Iterator[Item]:
    for row, annotation in enumerate(expect_list(source, annotations, "'annotations'"), 1):
        try:
            name = names[annotation["image_id"]]
            yield NamedCaption(name, annotation["caption"], row, None, str(annotation["id"]))
        except (KeyError, TypeError):
            yield _why_unusable(source, row, annotation, names)


def _why_unusable(source: Path, row: int, annotation: Any, names: dict[Any, str]) -> Problem:
    if not isinstance(annotation, dict):
        return Problem(source.name, row, "an annotation is not an object", "Correct or remove it")
    for field in ("image_id", "caption", "id"):
        if field not in annotation:
            remedy = "Use a captions_*.json file" if field == "caption" else "Add it"
            return Problem(source.name, row, f"annotation {row:,} has no '{field}'", remedy)
    rule = f"image_id {annotation['image_id']} is not in 'images'"
    return Problem(source.name, row, rule, "Add the image to 'images' or remove the annotation")
