"""A release is whole or absent, checked against the benchmark, and never overwritten."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import curation
from curation.exporters import exporters
from curation.exporters.reconcile import ExportMismatch
from curation.exporters.release import release
from curation.records import Benchmark, BenchmarkCaption, BenchmarkImage, Qrel, RegrainError
from curation.text.normalise import fg_normalise

LAYOUTS = ["fg", "jsonl", "albef", "karpathy"]


def test_manifest_counts_checksums_and_facts(toy: Benchmark, tmp_path: Path) -> None:
    folder = tmp_path / "releases" / "toy-1"
    manifest = release(toy, LAYOUTS, folder)
    written = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(manifest.as_json()))
    assert written["regrain"] == curation.__version__
    assert written["facts"] == toy.facts
    assert written["counts"] == {
        "val": {"targets": 1, "distractors": 0, "captions": 1, "changed": 0, "generated": 0},
        "test": {"targets": 2, "distractors": 0, "captions": 3, "changed": 1, "generated": 0},
        "pool": {"targets": 0, "distractors": 2, "captions": 0, "changed": 0, "generated": 0},
    }
    on_disk = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert on_disk == {*written["files"], "manifest.json"}
    for name, facts in written["files"].items():
        content = (folder / name).read_bytes()
        assert (facts["bytes"], facts["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert manifest.lines()[-4:] == [
        "fg: 4 captions in, 4 out, 5 images in, 5 out, "
        "3 judged pairs in, 0 out, 3 left out (this layout holds no judged pairs), 0 dropped",
        "jsonl: 4 captions in, 4 out, 5 images in, 5 out, 3 judged pairs in, 3 out, 0 dropped",
        "albef: 4 captions in, 4 out, 5 images in, 5 out, "
        "3 judged pairs in, 0 out, 3 left out (this layout holds no judged pairs), 0 dropped",
        "karpathy: 4 captions in, 4 out, 5 images in, 5 out, "
        "3 judged pairs in, 0 out, 3 left out (this layout holds no judged pairs), 0 dropped",
    ]
    assert [path.name for path in folder.parent.iterdir()] == ["toy-1"], "no half-written folder stays behind"


def test_what_a_layout_leaves_out_is_counted_with_the_reason(toy: Benchmark, tmp_path: Path) -> None:
    matching = replace(toy, qrels=(*toy.qrels, Qrel("v#2", "pool one", 2, "d5")))
    for one in release(matching, LAYOUTS, tmp_path / "x").reconciliation:
        whole = one.layout == "jsonl"
        assert (one.images_in, one.images_out, one.qrels_in, one.dropped) == (5, 5 if whole else 4, 4, 0)
        assert one.qrels_out + sum(one.qrels_left_out.values()) == one.qrels_in
        reason = "they match a caption, and this layout holds no judged pairs"
        assert one.images_left_out == ({} if whole else {reason: 1})


def test_train_alone_is_released_with_distractors(toy: Benchmark, tmp_path: Path) -> None:
    image = BenchmarkImage("t", "train", "target", "t.jpg")
    text = BenchmarkCaption("t#0", "t", 0, "A.", "train", "t#0@1", "import", "A.")
    manifest = release(Benchmark("x", (image, *toy.images[3:]), (text,), ()), LAYOUTS, tmp_path / "x")
    left_out = {one.layout: sum(one.images_left_out.values()) for one in manifest.reconciliation}
    assert left_out == {"fg": 0, "jsonl": 0, "albef": 2, "karpathy": 0}


def _keep_a_match(folder: Path) -> None:
    path = folder / "test_img_filenames.npy"
    np.save(path, np.append(np.load(path), "pool one.jpg"))


def test_a_known_match_among_the_files_is_not_released(
    toy: Benchmark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = exporters.get("fg")

    def write_then_damage(benchmark: Benchmark, folder: Path) -> list[Path]:
        files = plugin.run(benchmark, folder)
        _keep_a_match(folder)
        return files

    monkeypatch.setitem(exporters._plugins, "fg", replace(plugin, run=write_then_damage))
    matching = replace(toy, qrels=(*toy.qrels, Qrel("v#2", "pool one", 2, "d5")))
    with pytest.raises(ExportMismatch, match="image 'pool one' is in the files, but they match a caption"):
        release(matching, ["fg"], tmp_path / "x")


def test_two_releases_are_equal_byte_for_byte(toy: Benchmark, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    release(toy, LAYOUTS, first)
    release(toy, LAYOUTS, second)
    for path in first.rglob("*"):
        assert path.is_dir() or path.read_bytes() == (second / path.relative_to(first)).read_bytes()


def test_nothing_is_overwritten(toy: Benchmark, tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "mine.txt").write_text("keep")
    with pytest.raises(RegrainError, match=r"never overwritten\. Choose another folder"):
        release(toy, ["fg"], folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["taken", "mine.txt"]


def test_layouts_must_be_known(toy: Benchmark, tmp_path: Path) -> None:
    with pytest.raises(RegrainError, match="choose a layout to export: albef, fg, jsonl, karpathy"):
        release(toy, [], tmp_path / "x")
    with pytest.raises(RegrainError, match="did you mean 'jsonl'"):
        release(toy, ["json"], tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def _drop_an_image(folder: Path) -> None:
    path = folder / "test_img_filenames.npy"
    np.save(path, np.load(path)[:-1])
    path = folder / "val_img_filenames.npy"
    np.save(path, np.load(path)[:-1])


def _change(name: str, old: str, new: str) -> Any:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("layout", "damage", "difference"),
    [
        ("fg", _drop_an_image, "image '000000063032' is missing from the files"),
        ("fg", _change("test_ann.json", "he says no", "he says yes"), "caption 1 of image 'b' \\(test\\) should read"),
        ("fg", _change("val_ann.json", '"a cow bull"', ""), "image 'v' \\(val\\) has 1 captions, the files hold 0"),
        ("jsonl", _change("qrels.trec", "pool%20one 1", "pool%20one 2"), "pair 'b#0' - 'pool one' has grade 1"),
        ("jsonl", _change("qrels.trec", "v#2 0 v", "v#2 0 b"), "pair 'v#2' - 'b' is in the files but nobody judged"),
        ("jsonl", _change("images.jsonl", '"id": "v"', '"id": "w"'), "image 'v' is missing from the files"),
        ("albef", _change("test.json", '"image_id": "b"', '"image_id": "c"'), "image 'b' \\(test\\) has 2 captions"),
        ("karpathy", _change("dataset.json", '"regrain_id": "a"', '"regrain_id": "z"'), "image 'a' \\(test\\) has 1"),
    ],
)
def test_files_that_differ_from_the_benchmark_are_not_released(
    layout: str, damage: Any, difference: str, toy: Benchmark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = exporters.get(layout)

    def write_then_damage(benchmark: Benchmark, folder: Path) -> list[Path]:
        files = plugin.run(benchmark, folder)
        damage(folder)
        return files

    monkeypatch.setitem(exporters._plugins, layout, replace(plugin, run=write_then_damage))
    with pytest.raises(ExportMismatch, match=difference):
        release(toy, [layout], tmp_path / "x")
    assert list(tmp_path.iterdir()) == [], "neither the release nor its draft may stay behind"


texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(fg_normalise)
"""Captions of which the FG layout keeps something; one that it would leave empty is refused, as tested below."""

names = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="/\\"), min_size=1)


@settings(deadline=None, max_examples=60)
@given(st.lists(texts, min_size=1, max_size=5), names)
def test_hostile_texts_and_names_survive_every_layout(values: list[str], image: str) -> None:
    captions = tuple(
        BenchmarkCaption(f"{image}#{i}", image, i, text, "test", f"{image}#{i}@1", "import", text)
        for i, text in enumerate(values)
    )
    benchmark = Benchmark(
        "hostile",
        (BenchmarkImage(image, "test", "target"), BenchmarkImage(f"{image} other", "pool", "distractor")),
        captions,
        (Qrel(captions[0].id, f"{image} other", 1),),
    )
    with tempfile.TemporaryDirectory() as folder:
        manifest = release(benchmark, LAYOUTS, Path(folder) / "out")
    assert {one.captions_out for one in manifest.reconciliation} == {len(values)}


def test_a_caption_of_which_a_layout_keeps_no_word_is_refused_by_its_id(toy: Benchmark, tmp_path: Path) -> None:
    silent = replace(toy, captions=(replace(toy.captions[0], text="?!.."), *toy.captions[1:]))
    with pytest.raises(RegrainError, match=r"caption b#0 of test is '\?!\.\.'.*freeze a new version"):
        release(silent, ["jsonl", "fg"], tmp_path / "x")
    assert list(tmp_path.iterdir()) == []
    release(silent, ["jsonl"], tmp_path / "x")
