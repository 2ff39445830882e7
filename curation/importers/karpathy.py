"""Karpathy's splits: ``dataset_coco.json``, ``dataset_flickr30k.json``, ``dataset_flickr8k.json``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem, as_split, bad_split, refuse
from curation.importers.reading import expect_list, load_json


def _recognise(head: Head) -> int:
    return 2 * (head.text.lstrip().startswith("{") and '"sentences"' in head.text)


@importer("karpathy", title="Karpathy split JSON", recognise=_recognise)
def karpathy(source: Path, *, restval: str = "train") -> Iterator[Item]:
    """Read `images` with their `sentences` and splits. COCO's `restval` counts as train unless told otherwise."""
    content = load_json(source)
    if not isinstance(content, dict) or "images" not in content:
        refuse(source, None, "there is no 'images' list", "Choose the format that this file has")
    for row, image in enumerate(expect_list(source, content["images"], "'images'"), 1):
        try:
            yield from _image(source, row, image, restval)
        except (KeyError, TypeError) as error:
            missing = f"no {error}" if isinstance(error, KeyError) else "a field of the wrong kind"
            yield Problem(source.name, row, f"image {row:,} has {missing}", "Add or correct the field")


def _image(source: Path, row: int, image: Any, restval: str) -> Iterator[Item]:
    word = image.get("split", "none") if isinstance(image, dict) else None
    split = as_split(restval if word == "restval" else word)
    if split is None:
        yield bad_split(source, row, word)
        return
    folder = image.get("filepath", "")
    name = f"{folder}/{image['filename']}" if folder else image["filename"]
    yield NamedImage(name, split, row)
    for i, sentence in enumerate(image["sentences"]):
        number = sentence.get("sentid")
        yield NamedCaption(name, sentence["raw"], row, i, None if number is None else str(number))
