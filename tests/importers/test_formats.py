"""Every format: small hand-written files and what they must become."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.importers import importers, sniff
from curation.importers.records_of import columns_of
from curation.importers.stage import Staged, stage
from curation.records import RegrainError

from .conftest import Write

COCO = {
    "images": [{"id": 7, "file_name": "COCO_val2014_7.jpg"}, {"id": 9, "file_name": "COCO_val2014_9.jpg"}],
    "annotations": [
        {"id": 1, "image_id": 9, "caption": "A cat."},
        {"id": 2, "image_id": 7, "caption": "A dog."},
        {"id": 3, "image_id": 9, "caption": "One cat."},
    ],
}
KARPATHY = {
    "dataset": "coco",
    "images": [
        {
            "filepath": "val2014",
            "filename": "x.jpg",
            "split": "restval",
            "sentences": [{"raw": "A dog.", "sentid": 4}, {"raw": "Dog!", "sentid": 5}],
        },
        {"filename": "y.jpg", "split": "test", "sentences": [{"raw": "A cat.", "sentid": 6}]},
    ],
}
RESULTS = 'image_name| comment_number| comment\nx.jpg| 0| Two "young" guys .\nx.jpg| 4   A dog runs .\n'


def images(staged: Staged) -> list[tuple[str, str]]:
    return list(zip(staged.images["id"].to_pylist(), staged.images["split"].to_pylist(), strict=True))


def captions(staged: Staged) -> list[tuple[str, int, str]]:
    return [(row["image_id"], row["i"], row["text"]) for row in staged.captions.to_pylist()]


def fg_files(write: Write) -> Path:
    """Write a captions file and a pool whose orders differ, as in MSCOCO-FG."""
    path = write("Toy_FG_ann.json", {"b": ["a cat", "one cat"], "a": ["a dog", "one dog"]})
    np.save(path.with_name("Toy_FG_img_filenames.npy"), np.array(["a.jpg", "b.jpg", "000000063032.jpg"]))
    return path


def test_coco_numbers_captions_in_file_order_and_takes_the_split_from_the_name(write: Write) -> None:
    staged = stage("coco", write("captions_val2014.json", COCO))
    assert images(staged) == [("COCO_val2014_7", "val"), ("COCO_val2014_9", "val")]
    assert captions(staged) == [
        ("COCO_val2014_9", 0, "A cat."),
        ("COCO_val2014_7", 0, "A dog."),
        ("COCO_val2014_9", 1, "One cat."),
    ]
    assert staged.captions["source_id"].to_pylist() == ["1", "2", "3"]
    assert staged.captions["language"].to_pylist() == ["en"] * 3
    assert staged.captions["generated"].to_pylist() == [None] * 3


def test_a_given_split_wins_over_the_file_name(write: Write) -> None:
    staged = stage("coco", write("captions_val2014.json", COCO), settings={"split": "test"})
    assert {split for _, split in images(staged)} == {"test"}


def test_a_coco_image_list_is_a_pool_without_captions(write: Write) -> None:
    staged = stage("coco", write("image_info_unlabeled2017.json", {"images": COCO["images"]}))
    assert images(staged) == [("COCO_val2014_7", "pool"), ("COCO_val2014_9", "pool")]
    assert captions(staged) == []


@pytest.mark.parametrize(("restval", "expected"), [("train", "train"), ("none", "none")])
def test_karpathy_splits_with_restval(write: Write, restval: str, expected: str) -> None:
    staged = stage("karpathy", write("dataset_coco.json", KARPATHY), settings={"restval": restval})
    assert images(staged) == [("x", expected), ("y", "test")]
    assert captions(staged) == [("x", 0, "A dog."), ("x", 1, "Dog!"), ("y", 0, "A cat.")]
    assert staged.images["name"].to_pylist() == ["val2014/x.jpg", "y.jpg"]


def test_flickr_token_uses_the_numbers_of_the_file(write: Write) -> None:
    staged = stage("flickr_token", write("results.token", "x.jpg#1\tA dog .\r\nx.jpg#0\tA #9\tdog .\n\n"))
    assert captions(staged) == [("x", 1, "A dog ."), ("x", 0, "A #9\tdog .")]


def test_flickr_csv_reads_the_published_line_that_lacks_its_bar_and_says_so(write: Write) -> None:
    staged = stage("flickr_csv", write("results.csv", RESULTS))
    assert captions(staged) == [("x", 0, 'Two "young" guys .'), ("x", 4, "A dog runs .")]
    assert [(p.row, p.fatal) for p in staged.preflight.problems] == [(3, False)]
    assert "'|' after the comment number 4 is missing" in staged.preflight.problems[0].rule


def test_flickr8k_csv_is_a_table(write: Write) -> None:
    path = write("captions.txt.csv", 'image,caption\nx.jpg,"A dog, running ."\nx.jpg,A dog .\n')
    assert sniff(path) == ["table"]
    assert captions(stage("table", path)) == [("x", 0, "A dog, running ."), ("x", 1, "A dog .")]


@pytest.mark.parametrize("part", ["", "Toy_FG_ann.json", "Toy_FG_img_filenames.npy"])
def test_fg_joins_its_two_files_by_name_from_folder_or_either_file(write: Write, part: str) -> None:
    source = fg_files(write).parent / part
    staged = stage("fg", source)
    assert images(staged) == [("b", "test"), ("a", "test"), ("000000063032", "pool")]
    assert captions(staged) == [("b", 0, "a cat"), ("b", 1, "one cat"), ("a", 0, "a dog"), ("a", 1, "one dog")]
    assert staged.images["name"].to_pylist() == ["b.jpg", "a.jpg", "000000063032.jpg"]
    assert (staged.on_difference, staged.normalised) == ("revise", True)


def test_fg_reads_names_of_an_array_of_bytes_and_captions_alone(write: Write) -> None:
    path = fg_files(write)
    np.save(path.with_name("Toy_FG_img_filenames.npy"), np.array([b"a.jpg", b"c.jpg"]))
    staged = stage("fg", path)
    assert images(staged) == [("b", "test"), ("a", "test"), ("c", "pool")]
    assert ["not among the pool names" in p.rule for p in staged.preflight.problems] == [True]
    path.with_name("Toy_FG_img_filenames.npy").unlink()
    assert images(stage("fg", path)) == [("b", "test"), ("a", "test")]


def test_albef_takes_one_caption_or_a_list(write: Write) -> None:
    content = [{"image": "val/x.jpg", "caption": "A dog.", "image_id": 1}, {"image": "y.jpg", "caption": ["A", "B"]}]
    staged = stage("albef", write("coco_train.json", content))
    assert images(staged) == [("x", "train"), ("y", "train")]
    assert captions(staged) == [("x", 0, "A dog."), ("y", 0, "A"), ("y", 1, "B")]


def test_xmai_modified_captions_are_revisions(write: Write) -> None:
    rows = 'image_id,original,modified\n"0    397133\nName: id, dtype: int64",A man.,A tall man.\n'
    staged = stage("xmai", write("coco.csv", rows))
    assert images(staged) == [("000000397133", "val")]
    assert staged.revisions.to_pylist() == [{"image_id": "000000397133", "i": 0, "text": "A tall man."}]


def test_xmai_hypotheses_stand_by_premise(write: Write) -> None:
    rows = (
        ",label,original,hypothesis,modified\n0,neutral,A child.,A girl.,A tall girl.\n"
        "1,entailment,A child.,A kid.,A kid.\n2,neutral,A dog.,A cat.,A wet cat.\n"
    )
    path = write("snli.csv", rows)
    assert sniff(path)[0] == "xmai_entailment"
    staged = stage("xmai_entailment", path)
    assert captions(staged) == [
        ("premise-000002", 0, "A girl."), ("premise-000002", 1, "A kid."), ("premise-000004", 0, "A cat.")
    ]  # fmt: skip
    assert [row["text"] for row in staged.revisions.to_pylist()] == ["A tall girl.", "A wet cat."]


def test_xmai_takes_a_plain_name_where_no_series_was_printed(write: Write) -> None:
    staged = stage("xmai", write("own.csv", "image_id,original,modified\nscene-7,A man.,A tall man.\n"))
    assert images(staged) == [("scene-7", "val")]


def test_image_folder_is_its_own_picture_folder(photos: Path) -> None:
    (photos / "notes.txt").write_text("x")
    staged = stage("image_folder", photos)
    rows = staged.images.to_pylist()
    assert [(row["id"], row["status"], row["file"]) for row in rows] == [
        ("a", "held", "a.jpg"),
        ("empty", "unreadable", None),
        ("link", "unreadable", None),
        ("text", "unreadable", None),
        ("b", "held", "val/b.png"),
    ]
    assert {row["split"] for row in rows} == {"pool"}
    assert staged.preflight.unreadable == 3
    assert any("1 files are not images" in line for line in staged.preflight.lines())


TABLE: list[dict[str, Any]] = [
    {"pic": "x.jpg", "a": "A dog.", "b": ["B1", "B2"], "s": "dev", "l": "de", "g": True, "n": "A brown dog.", "k": 8},
    {"pic": "y.jpg", "a": "A cat.", "b": [], "s": "", "l": "", "g": None, "n": "A cat.", "k": 9},
]


def write_table(write: Write, suffix: str) -> Path:
    if suffix == ".parquet":
        path = write("t.parquet", b"")
        pq.write_table(pa.Table.from_pylist(TABLE), path)
        return path
    if suffix == ".jsonl":
        import json

        return write("t.jsonl", "\ufeff" + "\n\n".join(json.dumps(row) for row in TABLE))
    return write("t.json", TABLE if suffix == ".json" else {"data": TABLE, "version": 1})


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".parquet", "wrapped"])
def test_table_with_every_column_chosen(write: Write, suffix: str) -> None:
    path = write_table(write, suffix)
    settings = {
        "image": "pic", "captions": "a", "new_text": "n", "split_column": "s",
        "language_column": "l", "generated_column": "g", "id_column": "k", "language": "fr",
    }  # fmt: skip
    staged = stage("table", path, settings=settings)
    assert images(staged) == [("x", "val"), ("y", "none")]
    assert staged.captions.to_pylist() == [
        {"image_id": "x", "i": 0, "text": "A dog.", "language": "de", "generated": True, "source_id": "8"},
        {"image_id": "y", "i": 0, "text": "A cat.", "language": "fr", "generated": None, "source_id": "9"},
    ]
    assert staged.revisions.to_pylist() == [{"image_id": "x", "i": 0, "text": "A brown dog."}]
    assert columns_of(path) == list(TABLE[0])


def test_table_takes_several_caption_columns_and_lists(write: Write) -> None:
    staged = stage("table", write_table(write, ".json"), settings={"image": "pic", "captions": ("a", "b")})
    assert captions(staged) == [("x", 0, "A dog."), ("x", 1, "B1"), ("x", 2, "B2"), ("y", 0, "A cat.")]


def test_csv_cells_hold_lists_only_where_told(write: Write) -> None:
    path = write("t.csv", 'image,caption\nx,"[""A"", ""B""]"\n')
    assert captions(stage("table", path)) == [("x", 0, '["A", "B"]')]
    assert captions(stage("table", path, settings={"lists": True})) == [("x", 0, "A"), ("x", 1, "B")]


def test_a_table_without_caption_column_is_an_image_list(write: Write) -> None:
    path = write("pool.tsv", "image\tsize\nx.jpg\t3\ny.jpg\t4\n")
    staged = stage("table", path, settings={"captions": "", "split": "pool"})
    assert (images(staged), captions(staged)) == ([("x", "pool"), ("y", "pool")], [])


def test_a_table_gives_all_its_records_whatever_their_number(write: Write) -> None:
    """The first hundred records are looked at for their columns; none may be lost by that."""
    for n in (99, 100, 101, 250):
        rows = [{"image": f"{k}.jpg", "caption": f"text {k}"} for k in range(n)]
        assert stage("table", write("t.json", rows)).preflight.captions == n


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("captions_val2014.json", COCO, ["coco", "table"]),
        ("dataset_coco.json", KARPATHY, ["karpathy", "table"]),
        ("coco_test.json", [{"image": "x", "caption": ["A"]}], ["albef", "table"]),
        ("FG_ann.json", {"x": ["a", "b"]}, ["fg", "table"]),
        ("other.json", [{"img": "x", "text": "A"}], ["table"]),
        ("results.csv", RESULTS, ["flickr_csv", "table"]),
        ("results_20130124.token", "x.jpg#0\tA dog .\n", ["flickr_token"]),
        ("notes.md", "# nothing", []),
    ],
)
def test_sniff_puts_the_likely_importer_first(write: Write, name: str, content: Any, expected: list[str]) -> None:
    assert sniff(write(name, content)) == expected


def test_sniff_of_folders(photos: Path, write: Write) -> None:
    assert sniff(photos) == ["image_folder"]
    path = write("release/Toy_FG_ann.json", {"a": ["a dog"]})
    assert sniff(path.parent) == ["fg"]
    with pytest.raises(RegrainError, match="no such file or folder"):
        sniff(photos / "nowhere")


def test_every_importer_explains_itself() -> None:
    for plugin in importers:
        assert plugin.help.endswith(".") and len(plugin.help) < 200, plugin.name
        assert plugin.facts["on_difference"] in ("keep", "revise")
