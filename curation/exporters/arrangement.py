"""A benchmark arranged as the layouts need it: by split, by image, with file names; and files written the same way."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from curation.records import SPLITS, Benchmark, BenchmarkCaption, BenchmarkImage, Split

MATCHES = 2
"""From this grade on a judged image is a right answer to the caption (see ``records.Qrel``)."""


def splits_with_captions(benchmark: Benchmark) -> list[Split]:
    """Return the splits that hold captions, in the order train, val, test, pool, none."""
    present = {caption.split for caption in benchmark.captions}
    return [split for split in SPLITS if split in present]


def captions_by_image(benchmark: Benchmark, split: Split) -> dict[str, list[BenchmarkCaption]]:
    """Return image id -> captions ordered by number, images in stored order, for one split."""
    found: dict[str, list[BenchmarkCaption]] = {image.id: [] for image in benchmark.images}
    for caption in benchmark.captions:
        if caption.split == split:
            found.setdefault(caption.image_id, []).append(caption)
    return {image: sorted(own, key=lambda caption: caption.i) for image, own in found.items() if own}


def known_matches(benchmark: Benchmark) -> dict[str, str]:
    """Return image id -> why a layout without judged pairs leaves it out: distractors that match some caption.

    Such a layout can only say that a distractor is wrong, so recall would count a known match (grade 2 or more) as
    a mistake. Targets always stay: without them their own captions would have no answer.
    """
    matching = {qrel.image_id for qrel in benchmark.qrels if qrel.grade >= MATCHES}
    return {
        image.id: "they match a caption, and this layout holds no judged pairs"
        for image in benchmark.images
        if image.role == "distractor" and image.id in matching
    }


def gallery(benchmark: Benchmark, split: Split) -> list[BenchmarkImage]:
    """Return the images that the queries of a split search, for a layout without judged pairs.

    First the split's targets in stored order, then the distractors without ``known_matches``. Nobody searches train
    in an evaluation, so distractors join it only where no other split has captions.
    """
    images = [image for image in benchmark.images if image.role == "target" and image.split == split]
    if split == "train" and splits_with_captions(benchmark) != ["train"]:
        return images
    left_out = known_matches(benchmark)
    return images + [image for image in benchmark.images if image.role == "distractor" and image.id not in left_out]


def image_name(image: BenchmarkImage, suffix: str = ".jpg") -> str:
    """Return id + file suffix; an image that is not held has no file, so it gets the given suffix.

    The name leads back to the id, whatever folder the file lies in.
    """
    return image.id + (PurePosixPath(image.file).suffix if image.file else suffix)


def write_json(path: Path, content: Any, *, indent: int | None = None) -> Path:
    """Write UTF-8 JSON with a final newline only where it is indented for people; return ``path``."""
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    path.write_text(text + ("\n" if indent else ""), encoding="utf-8", newline="\n")
    return path


def read_json(path: Path) -> Any:
    """Return the content of a UTF-8 JSON file."""
    return json.loads(path.read_bytes())
