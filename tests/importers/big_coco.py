"""A COCO-format captions file of any size, for measuring."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

CAPTIONS_PER_IMAGE = 5
NOUNS = ["man", "woman", "dog", "cat", "ball", "table", "street", "kitchen", "field", "bench", "umbrella", "bicycle"]
MODIFIERS = ["a", "the", "two", "young", "old", "red", "blue", "green", "large", "small", "wooden"]
LINKS = ["sitting", "standing", "holding", "near", "on", "with", "under", "behind"]
WORDS = NOUNS + MODIFIERS + LINKS


def write_big_coco(path: Path, *, captions: int = 600_000, seed: int = 0) -> Path:
    """Write ``captions`` captions of 8 to 14 words, five per image, in COCO's layout; return ``path``."""
    rng = np.random.default_rng(seed)
    images = -(-captions // CAPTIONS_PER_IMAGE)
    lengths = rng.integers(8, 15, captions)
    words = rng.integers(0, len(WORDS), (captions, 14))
    content = {
        "info": {"description": "generated for measuring", "version": "1.0"},
        "images": [
            {"license": 1, "file_name": f"COCO_train2014_{n:012d}.jpg", "height": 480, "width": 640, "id": n}
            for n in range(images)
        ],
        "licenses": [],
        "annotations": [
            {"image_id": n % images, "id": n, "caption": " ".join(WORDS[w] for w in words[n, : lengths[n]])}
            for n in range(captions)
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
