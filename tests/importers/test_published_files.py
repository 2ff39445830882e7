"""The published files, where ``DATA`` names the folder that holds them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from curation.importers import sniff
from curation.importers.stage import stage

DATA = Path(os.environ.get("DATA", ""))

pytestmark = pytest.mark.skipif(
    not os.environ.get("DATA") or not (DATA / "flickr30k_fg").is_dir(), reason="DATA names no folder of measuring data"
)


def test_flickr30k_fg() -> None:
    folder = DATA / "flickr30k_fg"
    assert sniff(folder) == ["fg"]
    preflight = stage("fg", folder).preflight
    assert (preflight.images, preflight.captions) == (6_867, 5_000)
    assert preflight.splits == {"test": 1_000, "pool": 5_867}
    assert preflight.problem_count == 0


def test_flickr30k_old_captions_with_the_new_ones() -> None:
    settings = {"captions": "old_raw", "new_text": "new", "number": "i", "split": "test"}
    staged = stage("table", DATA / "flickr30k_fg" / "old_new_aligned.jsonl", settings=settings)
    assert (staged.preflight.images, staged.preflight.captions) == (1_000, 5_000)
    assert staged.revisions.num_rows == 5_000  # even unchanged captions lost their capitals and full stops
    published = {
        (row["image_id"], row["i"]): row["text"] for row in stage("fg", DATA / "flickr30k_fg").captions.to_pylist()
    }
    assert {(row["image_id"], row["i"]): row["text"] for row in staged.revisions.to_pylist()} == published


def test_flickr8k_with_and_without_photos() -> None:
    folder = DATA / "flickr8k"
    assert stage("table", folder / "all_captions.csv").preflight.captions == 40_455
    staged = stage("table", folder / "captions.json", settings={"captions": "captions"}, folder=folder / "images")
    assert (staged.preflight.held, staged.preflight.captions, staged.preflight.problem_count) == (500, 2_500, 0)
    assert stage("image_folder", folder / "images").preflight.held == 500


def test_xmai_coco_file() -> None:
    preflight = stage("xmai", DATA / "xmai" / "coco_eda_modified.csv").preflight
    assert (preflight.images, preflight.captions) == (5_000, 25_014)
