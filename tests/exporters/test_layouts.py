"""Every layout, word for word, on a small benchmark; and the published FG files again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.exporters import exporters
from curation.exporters.reconcile import reconcile
from curation.importers.stage import stage
from curation.records import Benchmark, BenchmarkCaption, BenchmarkImage, Qrel
from curation.text.normalise import fg_normalise


def run(name: str, benchmark: Benchmark, folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    return [path.name for path in exporters.get(name).run(benchmark, folder)]


def test_fg(toy: Benchmark, tmp_path: Path) -> None:
    files = run("fg", toy, tmp_path)
    assert files == ["val_ann.json", "val_img_filenames.npy", "test_ann.json", "test_img_filenames.npy"]
    assert (tmp_path / "test_ann.json").read_text("utf-8") == (
        '{"b": ["a mans t shirt", "he says no and leaves"], "a": ["ein mädchen \U0001f600"]}'
    )
    assert (tmp_path / "val_ann.json").read_text("utf-8") == '{"v": ["a cow bull"]}'
    names = np.load(tmp_path / "test_img_filenames.npy", allow_pickle=False)
    assert names.tolist() == ["b.png", "a.jpg", "pool one.jpg", "000000063032.jpg"]
    assert names.dtype == np.dtype("<U16")


def test_jsonl(toy: Benchmark, tmp_path: Path) -> None:
    assert run("jsonl", toy, tmp_path) == ["captions.jsonl", "images.jsonl", "qrels.trec"]
    text = (tmp_path / "captions.jsonl").read_text("utf-8")
    assert len(text.splitlines()) == 4, "no reader may find a line end inside a record"
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0] == {
        "id": "b#0", "image_id": "b", "image": "b.png", "file": "photos/b.png", "i": 0, "split": "test",
        "text": "A man's T-shirt .", "original": "A shirt .", "revision": "b#0@2", "source": "edit", "decision": "d1",
        "generated": None,
        "qrels": [
            {"image_id": "pool one", "grade": 1, "decision": "d2"},
            {"image_id": "000000063032", "grade": 0, "decision": "d3"},
        ],
    }  # fmt: skip
    assert lines[1]["text"] == 'He says: "no"\nand\u2028leaves'
    images = [json.loads(line) for line in (tmp_path / "images.jsonl").read_text("utf-8").splitlines()]
    assert images[3] == {"id": "pool one", "split": "pool", "role": "distractor", "file": None}
    assert (tmp_path / "qrels.trec").read_text("utf-8") == (
        "b#0 0 b 2\nb#1 0 b 2\nv#2 0 v 2\nb#0 0 pool%20one 1\nb#0 0 000000063032 0\na#0 0 a 3\n"
    )


def test_albef(toy: Benchmark, tmp_path: Path) -> None:
    assert run("albef", toy, tmp_path) == ["val.json", "test.json"]
    entries = json.loads((tmp_path / "test.json").read_text("utf-8"))
    assert [entry["image"] for entry in entries] == ["photos/b.png", "a.jpg", "pool one.jpg", "000000063032.jpg"]
    assert [len(entry["caption"]) for entry in entries] == [2, 1, 0, 0]
    assert entries[0]["caption"][0] == "A man's T-shirt ."


def test_albef_train_has_one_entry_per_caption(toy: Benchmark, tmp_path: Path) -> None:
    image = BenchmarkImage("t", "train", "target", None)
    captions = tuple(
        BenchmarkCaption(f"t#{i}", "t", i, text, "train", f"t#{i}@1", "import", text) for i, text in enumerate("AB")
    )
    run("albef", Benchmark("x", (image,), captions, ()), tmp_path)
    assert json.loads((tmp_path / "train.json").read_text("utf-8")) == [
        {"image": "t.jpg", "caption": "A", "image_id": "t"},
        {"image": "t.jpg", "caption": "B", "image_id": "t"},
    ]


def test_karpathy(toy: Benchmark, tmp_path: Path) -> None:
    assert run("karpathy", toy, tmp_path) == ["dataset.json"]
    content = json.loads((tmp_path / "dataset.json").read_text("utf-8"))
    first = content["images"][0]
    assert (content["dataset"], first["filepath"], first["filename"]) == ("toy 1", "photos", "b.png")
    assert first["sentences"][0] == {
        "tokens": ["a", "man's", "t", "shirt"], "raw": "A man's T-shirt .", "imgid": 0, "sentid": 0,
    }  # fmt: skip
    assert [image["split"] for image in content["images"]] == ["test", "test", "val", "pool", "pool"]
    assert [image["sentids"] for image in content["images"]] == [[0, 1], [2], [3], [], []]


@pytest.mark.parametrize("name", [plugin.name for plugin in exporters])
def test_every_exporter_is_deterministic_and_reads_back_what_it_was_given(
    name: str, toy: Benchmark, tmp_path: Path
) -> None:
    plugin = exporters.get(name)
    first, second = tmp_path / "1", tmp_path / "2"
    assert run(name, toy, first) == run(name, toy, second)
    assert sorted(path.name for path in first.iterdir()) == sorted(run(name, toy, second)), "files must be returned"
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
    left_out = plugin.facts["leaves_out"](toy)
    outcome = reconcile(name, toy, plugin.facts["read_back"](first), plugin.facts["expected_text"], left_out)
    assert (outcome.captions_out, outcome.images_out, outcome.dropped) == (4, 5 - len(left_out), 0)


def with_match(toy: Benchmark) -> Benchmark:
    """The same where somebody said that a pool image also matches a caption."""
    return replace(toy, qrels=(*toy.qrels, Qrel("v#2", "pool one", 2, "d5")))


@pytest.mark.parametrize("name", ["fg", "albef", "karpathy"])
def test_a_layout_without_judged_pairs_leaves_known_matches_out(name: str, toy: Benchmark, tmp_path: Path) -> None:
    run(name, with_match(toy), tmp_path)
    found = exporters.get(name).facts["read_back"](tmp_path)
    assert sorted(found.images) == ["000000063032", "a", "b", "v"]


def test_json_lines_keep_known_matches_with_their_grade(toy: Benchmark, tmp_path: Path) -> None:
    run("jsonl", with_match(toy), tmp_path)
    found = exporters.get("jsonl").facts["read_back"](tmp_path)
    assert "pool one" in found.images
    assert found.qrels["v#2", "pool one"] == 2


def test_distractors_are_no_part_of_train(toy: Benchmark, tmp_path: Path) -> None:
    image = BenchmarkImage("t", "train", "target", "t.jpg")
    text = BenchmarkCaption("t#0", "t", 0, "A.", "train", "t#0@1", "import", "A.")
    both = replace(toy, images=(*toy.images, image), captions=(*toy.captions, text))
    run("fg", both, tmp_path / "both")
    assert np.load(tmp_path / "both" / "train_img_filenames.npy").tolist() == ["t.jpg"]
    assert len(np.load(tmp_path / "both" / "test_img_filenames.npy")) == 4
    run("fg", Benchmark("x", (image, *toy.images[3:]), (text,), ()), tmp_path / "alone")
    assert len(np.load(tmp_path / "alone" / "train_img_filenames.npy")) == 3


@pytest.mark.parametrize(("name", "importer"), [("fg", "fg"), ("karpathy", "karpathy"), ("albef", "albef")])
def test_what_is_exported_can_be_imported_again(name: str, importer: str, toy: Benchmark, tmp_path: Path) -> None:
    run(name, toy, tmp_path)
    source = {"fg": "test_ann.json", "karpathy": "dataset.json", "albef": "test.json"}[name]
    staged = stage(importer, tmp_path / source)
    assert set(staged.images["id"].to_pylist()) >= {"a", "b", "pool one", "000000063032"}
    own = {(row["image_id"], row["i"]) for row in staged.captions.to_pylist()}
    assert own >= {("b", 0), ("b", 1), ("a", 0)}


@pytest.mark.skipif(not os.environ.get("DATA"), reason="DATA names no folder of measuring data")
def test_published_flickr30k_fg_is_written_again(tmp_path: Path) -> None:
    source = Path(os.environ["DATA"]) / "flickr30k_fg"
    staged = stage("fg", source)
    images = tuple(
        BenchmarkImage(row["id"], row["split"], "target" if row["split"] == "test" else "distractor")
        for row in staged.images.to_pylist()
    )
    captions = tuple(
        BenchmarkCaption(f"{row['image_id']}#{row['i']}", row["image_id"], row["i"], row["text"], "test", "", "", "")
        for row in staged.captions.to_pylist()
    )
    run("fg", Benchmark("Flickr30K-FG", images, captions, ()), tmp_path)
    published = json.loads((source / "Flickr30K_FG_ann.json").read_bytes())
    normalised = {image: [fg_normalise(text) for text in texts] for image, texts in published.items()}
    unlike = sum(
        one != other for image in published for one, other in zip(published[image], normalised[image], strict=True)
    )
    assert unlike == 22, "as many published captions break the layout's own normalisation"
    assert (tmp_path / "test_ann.json").read_bytes() == json.dumps(normalised, ensure_ascii=False).encode()
    names = source / "Flickr30K_FG_img_filenames.npy"
    assert (tmp_path / "test_img_filenames.npy").read_bytes() == names.read_bytes()


@given(st.text(st.sampled_from("aBs '-/.,!?\"()*#:;~<person>\tz9_é"), max_size=30))
def test_the_fg_layout_is_checked_by_code_that_agrees_with_what_writes_it(text: str) -> None:
    expected = exporters.get("fg").facts["expected_text"]
    assert expected(text) == fg_normalise(text)
