"""ALBEF, BLIP and X-VLM annotation files: ``train.json`` with a caption per entry, others with a list per image."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from curation.exporters import ReadBack, exporter
from curation.exporters.arrangement import (
    captions_by_image,
    gallery,
    image_name,
    known_matches,
    read_json,
    splits_with_captions,
    write_json,
)
from curation.records import Benchmark, Split


def _read_back(folder: Path) -> ReadBack:
    found = ReadBack()
    images: dict[str, None] = {}
    for path in sorted(folder.glob("*.json")):
        for entry in read_json(path):
            images[entry["image_id"]] = None
            captions = entry["caption"] if isinstance(entry["caption"], list) else [entry["caption"]]
            if captions:
                found.texts.setdefault((path.stem, entry["image_id"]), []).extend(captions)
    found.images = list(images)
    return found


def _leaves_out(benchmark: Benchmark) -> dict[str, str]:
    left_out = known_matches(benchmark)
    if splits_with_captions(benchmark) == ["train"]:
        for image in benchmark.images:
            if image.role == "distractor":
                left_out.setdefault(image.id, "they have no captions, and train.json has an entry per caption")
    return left_out


@exporter("albef", title="ALBEF / X-VLM JSON", read_back=_read_back, leaves_out=_leaves_out)
def albef(benchmark: Benchmark, folder: Path, *, suffix: str = ".jpg") -> list[Path]:
    """Write `train.json` with one entry per caption and one file per other split with one entry per gallery image.

    A distractor is an entry without captions, so that the evaluation code encodes it with the rest;
    pool images judged to match a caption are left out.
    """
    return [
        write_json(folder / f"{split}.json", _entries(benchmark, split, suffix))
        for split in splits_with_captions(benchmark)
    ]


def _entries(benchmark: Benchmark, split: Split, suffix: str) -> list[dict[str, Any]]:
    own = captions_by_image(benchmark, split)
    entries: list[dict[str, Any]] = []
    for image in gallery(benchmark, split):
        texts = [caption.text for caption in own.get(image.id, [])]
        name = image.file or image_name(image, suffix)
        if split == "train" and texts:
            entries += [{"image": name, "caption": text, "image_id": image.id} for text in texts]
        elif split != "train":
            entries.append({"image": name, "caption": texts, "image_id": image.id})
    return entries
