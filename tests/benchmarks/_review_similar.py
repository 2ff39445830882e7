"""Captions like a caption, over 25,000 texts of 256 numbers: from the question to ids in order."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.bars import Bar, Measure

IMAGES, CAPTIONS, D = 5_000, 5, 256
ENCODER = "random"
QUESTIONS = 100


def similar_search() -> dict[str, float]:
    """Lay the vectors out once, then ask for the 1,000 captions most similar to each of a hundred."""
    from curation import similar
    from curation.store import Store
    from curation.workspace import Workspace

    with tempfile.TemporaryDirectory() as place:
        workspace = Workspace.at(Path(place) / "w")
        store = Store.open(workspace.database)
        try:
            _fill(store, workspace)
            began = time.perf_counter()
            similar.captions(store, workspace, like=similar.CaptionId("image0#0"))
            first = time.perf_counter() - began
            seconds, busy = [], time.process_time()
            for n in range(QUESTIONS):
                began = time.perf_counter()
                similar.captions(store, workspace, like=similar.CaptionId(f"image{n * 37}#1"))
                seconds.append(time.perf_counter() - began)
            busy = time.process_time() - busy
        finally:
            store.close()
    return {
        "similar_first_ms": 1000 * first,
        "similar_p50_ms": 1000 * float(np.percentile(seconds, 50)),
        "similar_cpu_ms": 1000 * busy / QUESTIONS,
        "similar_p95_ms": 1000 * float(np.percentile(seconds, 95)),
    }


def _fill(store: object, workspace: object) -> None:
    from curation.importers.stage import stage
    from curation.records import text_hash
    from curation.store import datasets, settings, vectors

    texts = [[f"image {n} caption {i}" for i in range(CAPTIONS)] for n in range(IMAGES)]
    source = workspace.folder / "texts.jsonl"  # type: ignore[attr-defined]
    rows = [{"image": f"image{n}.png", "captions": said} for n, said in enumerate(texts)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    staged = stage("table", source, settings={"captions": "captions"}, folder=None)
    datasets.add(store, staged, name="texts", importer="table", source=source.name)  # type: ignore[arg-type]
    settings.put(store, encoder=ENCODER)  # type: ignore[arg-type]
    hashes = [text_hash(text) for said in texts for text in said]
    numbers = np.random.default_rng(0).normal(size=(len(hashes), D)).astype(np.float32)
    numbers /= np.linalg.norm(numbers, axis=1, keepdims=True)
    path = workspace.vectors / "one.npy"  # type: ignore[attr-defined]
    sha256 = vectors.write_shard(path, numbers)
    vectors.add_shard(store, path, encoder=ENCODER, kind="text", hashes=hashes, sha256=sha256, dim=D)  # type: ignore[arg-type]


MEASURES = (
    Measure(
        (
            Bar("similar_first_ms", "ms, laying out 25,000 vectors of 256"),
            Bar("similar_p50_ms", "ms", "<=", 50),
            Bar("similar_p95_ms", "ms"),
            Bar("similar_cpu_ms", "ms of all cores per question"),
        ),
        similar_search,
    ),
)
