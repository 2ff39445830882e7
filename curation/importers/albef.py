"""ALBEF, BLIP and X-VLM annotation files: a list of ``{"image": ..., "caption": text or list}``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.importers import Head, importer
from curation.importers.items import Item, NamedCaption, NamedImage, Problem
from curation.importers.reading import expect_list, load_json, split_for


def _recognise(head: Head) -> int:
    is_list = head.text.lstrip().startswith("[")
    return 2 * (is_list and '"caption"' in head.text and '"image"' in head.text)


@importer("albef", title="ALBEF / X-VLM JSON", recognise=_recognise)
def albef(source: Path, *, split: str = "") -> Iterator[Item]:
    """Read a list of images with one caption each (training files) or a list of captions (evaluation files).

    The split is taken from the file name (`coco_train.json`) where it is not given.
    """
    its_split = split_for(source, split)
    for row, entry in enumerate(expect_list(source, load_json(source), "the file"), 1):
        try:
            name, caption = entry["image"], entry["caption"]
        except (KeyError, TypeError):
            rule = f"entry {row:,} has no 'image' or no 'caption'"
            yield Problem(source.name, row, rule, "Add what is missing, or use the table importer")
            continue
        yield NamedImage(name, its_split, row)
        for text in caption if isinstance(caption, list) else [caption]:
            yield NamedCaption(name, text, row)
