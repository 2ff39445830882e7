"""Measure an encoder on the demo's world: `python -m curation.demo.measure` rewrites the figures beside the weights."""

import argparse
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from curation.demo.captions import graded
from curation.demo.drawing import draw
from curation.demo.evaluation import DISPLAY, evaluate, held_out
from curation.demo.network import TRAINING_FILE
from curation.demo.wording import prompt
from curation.encoders.contract import Encoder
from curation.encoders.embedded import FOLDER, load_verified

log = logging.getLogger(__name__)
FIGURES_FILE: Final = "figures.json"
GOALS: Final[dict[str, float]] = {
    "recall_at_1/grade 5": 0.85,
    "zero_shot/colour": 0.95,
    "zero_shot/kind": 0.80,
    "zero_shot/pattern": 0.80,
    "coarse_or_fine_auc/entropy": 0.98,
    "colour_from_crops/crops": 0.75,
    "one_attribute_changed_auroc/all": 0.80,
}


def measure(encoder: Encoder, n: int = 1000) -> dict[str, Any]:
    """Return all figures of an encoder on `n` held-out scenes of each sort; shares are in [0, 1], high is good."""
    figures = evaluate(encoder.images, encoder.texts, n, encoder.temperature)
    return {"encoder": encoder.name, **figures, "per_second_on_one_thread": speeds(encoder)}


def speeds(encoder: Encoder, n: int = 512) -> dict[str, float]:
    """Pictures (of display size, in memory) and texts encoded per second on one thread; the better of two tries."""
    import torch

    scenes = held_out(n, 3)
    pictures = [draw(scene, DISPLAY) for scene in scenes]
    texts = [prompt(graded(scene, 5)) for scene in scenes]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    rates: dict[str, float] = {"images": 0.0, "texts": 0.0}
    for _ in range(2):
        began = time.perf_counter()
        encoder.images(pictures)
        between = time.perf_counter()
        encoder.texts(texts)
        rates["images"] = max(rates["images"], round(n / (between - began), 1))
        rates["texts"] = max(rates["texts"], round(n / (time.perf_counter() - between), 1))
    torch.set_num_threads(threads)
    return rates


def missed(figures: dict[str, Any]) -> list[str]:
    """Return in words which goals the figures miss."""
    words = []
    for path, goal in GOALS.items():
        group, name = path.split("/")
        value = figures[group][name]
        if not np.isfinite(value) or value < goal:
            words.append(f"{path} is {value:.3f}, the goal is {goal}")
    return words


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the weights in a folder, write figures.json beside them; return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    parser.add_argument("--scenes", type=int, default=1000)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s")
    log.setLevel(logging.INFO)
    training = json.loads((options.folder / TRAINING_FILE).read_text())
    figures = {**measure(load_verified(options.folder), options.scenes), "training": training}
    (options.folder / FIGURES_FILE).write_text(json.dumps(figures, indent=2) + "\n")
    log.info("%s", json.dumps(figures, indent=2))
    misses = missed(figures)
    for words in misses:
        log.info("missed: %s", words)
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
