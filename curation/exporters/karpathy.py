"""Karpathy's ``dataset_*.json``: images with their sentences and splits in one file."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from curation.exporters import ReadBack, exporter
from curation.exporters.arrangement import image_name, known_matches, read_json, write_json
from curation.records import Benchmark, BenchmarkCaption

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _read_back(folder: Path) -> ReadBack:
    found = ReadBack()
    for image in read_json(folder / "dataset.json")["images"]:
        found.images.append(image["regrain_id"])
        texts = [sentence["raw"] for sentence in image["sentences"]]
        if texts:
            found.texts[image["split"], image["regrain_id"]] = texts
    return found


@exporter("karpathy", title="Karpathy split JSON", read_back=_read_back, leaves_out=known_matches)
def karpathy(benchmark: Benchmark, folder: Path, *, suffix: str = ".jpg") -> list[Path]:
    """Write `dataset.json` with every image, its split and its sentences; distractors have none.

    `split` is `train`, `val`, `test`, `pool` or `none`; `regrain_id` holds our image id beside the usual fields.
    Pool images judged to match a caption are left out.
    """
    own: dict[str, list[BenchmarkCaption]] = {image.id: [] for image in benchmark.images}
    for caption in benchmark.captions:
        own[caption.image_id].append(caption)
    images: list[dict[str, Any]] = []
    sentences = 0
    left_out = known_matches(benchmark)
    for number, image in enumerate(image for image in benchmark.images if image.id not in left_out):
        path = PurePosixPath(image.file or image_name(image, suffix))
        written = [
            {
                "tokens": WORD.findall(caption.text.lower()),
                "raw": caption.text,
                "imgid": number,
                "sentid": sentences + k,
            }
            for k, caption in enumerate(sorted(own[image.id], key=lambda caption: caption.i))
        ]
        images.append(
            {
                "filepath": "" if path.parent == PurePosixPath() else path.parent.as_posix(),
                "filename": path.name,
                "imgid": number,
                "regrain_id": image.id,
                "sentids": [sentence["sentid"] for sentence in written],
                "split": image.split,
                "sentences": written,
            }
        )
        sentences += len(written)
    return [write_json(folder / "dataset.json", {"images": images, "dataset": benchmark.name})]
