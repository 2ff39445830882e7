"""The planned demo as files: pictures, captions to import, and the truth apart from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from curation.demo.recipe import DemoImage, DemoPlan
from curation.demo.scenes import Scene

PIXELS: Final = 320
IMAGES: Final = "images"
CAPTIONS_FILE: Final = "captions.jsonl"
TRUTH_FILE: Final = "truth.jsonl"
CHUNK: Final = 250


def write_demo(
    plan: DemoPlan, folder: Path, truth: Path, workers: int = 2, progress: Callable[[int], None] | None = None
) -> None:
    """Write pictures and ``captions.jsonl`` into `folder`, and ``truth.jsonl`` into the folder `truth`.

    ``captions.jsonl`` has one row per caption, and one for each pool picture, with the columns image (a path below
    ``images/``), split, caption, generated and new_text (null where there is none). ``truth.jsonl`` has one row per
    picture and one per caption, told apart by ``record``: it must lie where annotators do not see it.
    `progress` is called with the number of pictures written so far.
    """
    (folder / IMAGES).mkdir(parents=True, exist_ok=True)
    truth.mkdir(parents=True, exist_ok=True)
    chunks = [plan.images[start : start + CHUNK] for start in range(0, len(plan.images), CHUNK)]
    write = partial(_write_pictures, folder / IMAGES)
    done = 0
    if workers <= 1 or len(chunks) == 1:
        for count in map(write, chunks):
            done = _report(done + count, progress)
    else:
        with ProcessPoolExecutor(workers) as pool:
            for count in pool.map(write, chunks):
                done = _report(done + count, progress)
    _write_rows(folder / CAPTIONS_FILE, caption_rows(plan))
    _write_rows(truth / TRUTH_FILE, truth_rows(plan))


def caption_rows(plan: DemoPlan) -> Iterable[dict[str, Any]]:
    """Yield what annotators see, one row per caption; pictures without captions have one row without a text."""
    split = {image.id: image.split for image in plan.images}
    for caption in plan.captions:
        yield {
            "image": f"{caption.image_id}.jpg",
            "split": split[caption.image_id],
            "caption": caption.text,
            "generated": caption.generated,
            "new_text": caption.new_text,
        }
    captioned = {caption.image_id for caption in plan.captions}
    for image in plan.images:
        if image.id not in captioned:
            row = {"image": f"{image.id}.jpg", "split": image.split}
            yield {**row, "caption": None, "generated": None, "new_text": None}


def truth_rows(plan: DemoPlan) -> Iterable[dict[str, Any]]:
    """Yield all facts, as plain JSON."""
    for image in plan.images:
        yield {"record": "image", **asdict(image)}
    for caption in plan.captions:
        yield {"record": "caption", **asdict(caption)}


def shifted(scene: Scene, moved: tuple[float, float]) -> Scene:
    """Return the scene with all things moved by (x, y)."""
    things = tuple(replace(thing, x=thing.x + moved[0], y=thing.y + moved[1]) for thing in scene.things)
    return replace(scene, things=things)


def _write_pictures(folder: Path, images: tuple[DemoImage, ...]) -> int:
    from curation.demo.drawing import draw

    for image in images:
        picture = draw(shifted(image.scene, image.moved), PIXELS)
        picture.save(folder / f"{image.id}.jpg", quality=image.quality)
    return len(images)


def _write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _report(done: int, progress: Callable[[int], None] | None) -> int:
    if progress is not None:
        progress(done)
    return done
