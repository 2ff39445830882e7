"""A small demo, built from nothing with the real encoder: what was planted is found, and the folder can move."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curation.commands import Console
from curation.demo_workspace import BEFORE_OPENING, build_demo
from curation.store import (
    Store,
    captions,
    contents,
    datasets,
    pool_candidates,
    queues,
    scores,
    settings,
    vectors,
    versions,
)
from curation.store import jobs as store_jobs
from curation.workspace import Workspace

SIZES = (120, 60, 120)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demo, moved to another place after it was built."""
    folder = tmp_path_factory.mktemp("demo")
    said: list[str] = []
    assert build_demo(folder / "first", Console(False, said.append, said.append), seed=7, sizes=SIZES) == 0, said
    (folder / "first").rename(folder / "moved")
    return Workspace.at(folder / "moved")


@pytest.fixture(scope="module")
def store(built: Workspace) -> Any:
    store = Store.open(built.database)
    yield store
    store.close()


@pytest.fixture(scope="module")
def truth(built: Workspace) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (built.folder / "truth" / "truth.jsonl").open(encoding="utf-8")]


def test_everything_is_imported_encoded_and_ready(store: Store, built: Workspace) -> None:
    totals = datasets.totals(store)
    assert {split: number["images"] for split, number in totals["splits"].items()} == {
        "train": 120, "test": 60, "pool": 120,
    }  # fmt: skip
    assert totals["held"] == 300 and totals["captions"] == 900
    assert all(image["encoded"] for image in contents.held_images(store, settings.get(store, "encoder")))
    assert vectors.verify(store, built.vectors) == []
    counts = queues.counts(store)
    assert counts["coarse"]["todo"] == 300 and counts["noise"]["todo"] == 60 and counts["pool"]["todo"] > 0
    assert [version["name"] for version in versions.listed(store)] == [versions.ORIGINAL]
    done = {job.kind for job in store_jobs.listed(store, states=("done",))}
    waiting = [job.kind for job in store_jobs.listed(store, states=("waiting",))]
    assert (done, waiting) == (set(BEFORE_OPENING), ["suggest"])


def test_a_workspace_that_moved_finds_its_pictures(store: Store, built: Workspace) -> None:
    image = captions.image(store, "scene-00120")
    assert built.image_path(image["root"], image["file"]).is_file()
    assert not Path(image["root"]).is_absolute()


def test_planted_noise_is_found(store: Store, truth: list[dict[str, Any]]) -> None:
    noise = {f"{row['image_id']}#{row['i']}": row["noise"] for row in truth if row["record"] == "caption"}
    found = [scores.of_caption(store, "noise", caption) for caption in scores.keys(store, "noise")]
    wrong = np.array([score["value"] for score in found if score and noise[score["caption_id"]]])
    right = np.array([score["value"] for score in found if score and not noise[score["caption_id"]]])
    assert len(wrong) > 10
    assert (wrong[:, None] > right[None]).mean() > 0.9


def test_planted_copies_of_targets_are_set_apart(store: Store, truth: list[dict[str, Any]]) -> None:
    copies = [(row["id"], row["copy_of"]) for row in truth if row["record"] == "image" and row["copy_of"]]
    found = [pool_candidates.found(store, f"{target}#0", image) for image, target in copies]
    assert len(copies) == 6
    assert sum(one is not None and one["duplicate"] for one in found) >= 5
