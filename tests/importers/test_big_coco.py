from __future__ import annotations

from pathlib import Path

from curation.importers.stage import stage

from .big_coco import write_big_coco


def test_a_generated_set_is_complete_and_the_same_every_time(tmp_path: Path) -> None:
    path = write_big_coco(tmp_path / "captions_train2014.json", captions=60_001)
    staged = stage("coco", path)
    assert (staged.preflight.images, staged.preflight.captions) == (12_001, 60_001)
    assert staged.preflight.splits == {"train": 12_001}
    assert len(staged.captions["text"].chunks) > 1  # more than one flush
    assert write_big_coco(tmp_path / "again.json", captions=60_001).read_bytes() == path.read_bytes()
