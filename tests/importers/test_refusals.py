"""Bad input: every message names the file, the row, the rule and the remedy."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from curation.importers import ImportRefused, sniff
from curation.importers.stage import stage

from .conftest import Write

IMAGES = [{"id": 1, "file_name": "x.jpg"}]


def refused(importer: str, path: Any, **settings: Any) -> str:
    with pytest.raises(ImportRefused) as error:
        stage(importer, path, settings=settings)
    return str(error.value)


def test_truncated_json(write: Write) -> None:
    text = json.dumps({"images": IMAGES, "annotations": []}, indent=1)
    message = refused("coco", write("c.json", text[:-20]))
    assert message.startswith("c.json, row 8: not valid JSON at column 1")
    assert message.endswith("The file seems to be cut off: copy or download it again.")


def test_json_wrong_in_the_middle_is_not_called_cut_off(write: Write) -> None:
    message = refused("albef", write("c.json", '[{"image": "x",\n "caption" "A"},\n {"image": "y", "caption": "B"}]'))
    assert message == (
        "c.json, row 2: not valid JSON at column 12: Expecting ':' delimiter. Correct the JSON at that place."
    )


def test_empty_json(write: Write) -> None:
    assert "c.json: the file is empty" in refused("coco", write("c.json", " \n"))


@pytest.mark.parametrize("depth", [100_000])
def test_json_nested_too_deep(write: Write, depth: int) -> None:
    assert "not usable JSON" in refused("coco", write("c.json", "[" * depth + "]" * depth))


def test_json_lines_name_the_line(write: Write) -> None:
    lines = '{"image": "x", "caption": "A"}\n\n{"image": "y", "caption": \n'
    message = refused("table", write("t.jsonl", lines))
    assert message.startswith("t.jsonl, row 3: the line is not valid JSON at column")
    assert message.endswith("Correct the line, or copy the file again if it is cut off.")


@pytest.mark.parametrize(
    ("name", "importer"), [("t.csv", "table"), ("t.jsonl", "table"), ("t.json", "albef"), ("t.token", "flickr_token")]
)
def test_wrong_encoding_names_line_and_byte(write: Write, name: str, importer: str) -> None:
    lines = {
        "t.csv": "image,caption\nx,Caf\xe9\n",
        "t.jsonl": '{"image": "x", "caption": "A"}\n{"image": "x", "caption": "Caf\xe9"}\n',
        "t.json": '[{"image": "x",\n"caption": "Caf\xe9"}]',
        "t.token": "x.jpg#0\tA dog .\nx.jpg#1\tCaf\xe9 .\n",
    }[name]
    data = lines.encode("latin-1")
    message = refused(importer, write(name, data))
    offset = data.index(b"\xe9")
    assert message == f"{name}, row 2: byte 0xe9 at offset {offset} is not UTF-8. Save the file as UTF-8."


@pytest.mark.parametrize("name", ["t.csv", "t.json"])
def test_utf16_is_named(write: Write, name: str) -> None:
    assert f"{name}, row 1: the file is UTF-16" in refused("table", write(name, "image,caption".encode("utf-16")))


def test_a_bom_is_accepted(write: Write) -> None:
    assert stage("table", write("t.csv", "\ufeffimage,caption\nx,A\n")).preflight.captions == 1
    assert stage("albef", write("t.json", '\ufeff[{"image": "x", "caption": "A"}]')).preflight.captions == 1


@pytest.mark.parametrize("name", ["t.csv", "t.json", "t.jsonl"])
def test_missing_columns_name_those_that_are_there(write: Write, name: str) -> None:
    record = {"img": "x", "text": "A"}
    content = {"t.csv": "img,text\nx,A\n", "t.json": [record], "t.jsonl": json.dumps(record)}[name]
    message = refused("table", write(name, content))
    assert message == f"{name}: there is no column 'image'; the columns are 'img, text'. Choose among these."


@pytest.mark.parametrize("name", ["../x.jpg", "a/../../x.jpg", "/etc/x.jpg", "C:\\x.jpg", "..\\x.jpg"])
def test_paths_that_leave_the_folder(write: Write, name: str) -> None:
    message = refused("albef", write("t.json", [{"image": "ok.jpg", "caption": "A"}, {"image": name, "caption": "A"}]))
    assert message.startswith("t.json, row 2: the path ") and "leaves the image folder" in message
    assert message.endswith("Give names relative to the image folder, without '..'.")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("x\x00.jpg", "control character"),
        ("x\n.jpg", "control character"),
        ("\ud800.jpg", "control character"),
        ("", "image name is empty"),
        ("folder/", "names no file"),
        (17, "image name is int, not text"),
        (["x"], "image name is list, not text"),
        ("x" * 1001, "1,001 characters"),
    ],
)
def test_bad_names(write: Write, name: Any, rule: str) -> None:
    message = refused("albef", write("t.json", [{"image": name, "caption": "A"}]))
    assert message.startswith("t.json, row 1: ") and rule in message
    assert "\n" not in message and "\x00" not in message


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (3, "caption 0 of 'x.jpg' is a number, not a text"),
        (None, "caption 0 of 'x.jpg' is nothing (null), not a text"),
        ({"en": "A"}, "caption 0 of 'x.jpg' is an object, not a text"),
        ("broken \ud83d", "holds half a surrogate pair"),
        ("nul \x00", "holds a NUL character"),
    ],
)
def test_bad_captions(write: Write, text: Any, rule: str) -> None:
    message = refused("albef", write("t.json", [{"image": "x.jpg", "caption": ["fine", text][1:]}]))
    assert message.startswith("t.json, row 1: ") and rule in message and "Correct" in message


def test_a_bad_text_is_blamed_alone_among_many(write: Write) -> None:
    rows = [{"image": "x.jpg", "caption": f"text {k}"} for k in range(500)]
    rows[321]["caption"] = "\ud800"
    assert refused("albef", write("t.json", rows)).startswith("t.json, row 322: ")


@pytest.mark.parametrize(
    ("annotation", "rule"),
    [
        ({"id": 1, "image_id": 1}, "annotation 1 has no 'caption'. Use a captions_*.json file"),
        ({"id": 1, "image_id": 2, "caption": "A"}, "image_id 2 is not in 'images'"),
        ({"image_id": 1, "caption": "A"}, "annotation 1 has no 'id'"),
        ("A", "an annotation is not an object"),
    ],
)
def test_coco_annotations(write: Write, annotation: Any, rule: str) -> None:
    message = refused("coco", write("c.json", {"images": IMAGES, "annotations": [annotation]}))
    assert message.startswith("c.json, row 1: ") and rule in message


def test_coco_image_ids(write: Write) -> None:
    message = refused("coco", write("c.json", {"images": [*IMAGES, {"id": 1, "file_name": "y.jpg"}]}))
    assert message == "c.json, row 2: image id 1 stands for x.jpg and for y.jpg. Give each image an id of its own."
    assert "has no 'id' or 'file_name'" in refused("coco", write("c.json", {"images": [{"id": 1}]}))
    assert "there is no 'images' list" in refused("coco", write("c.json", {"annotations": []}))
    assert "'images' is not a list but an object" in refused("coco", write("c.json", {"images": {}}))


def test_splits(write: Write) -> None:
    karpathy = {"images": [{"filename": "x.jpg", "split": "holdout", "sentences": []}]}
    message = refused("karpathy", write("k.json", karpathy))
    assert message == "k.json, row 1: 'holdout' is not a split. Use one of train, val, test, pool, none."
    table = write("t.csv", "image,caption,split\nx,A,test\ny,B,hold\n")
    assert "t.csv, row 3: 'hold' is not a split" in refused("table", table, split_column="split")
    assert "t.csv: 'hold' is not a split" in refused("table", table, split="hold")


def test_karpathy_fields(write: Write) -> None:
    content = {"images": [{"filename": "x.jpg", "split": "val", "sentences": [{"sentid": 3}]}, 7]}
    message = refused("karpathy", write("k.json", content))
    assert "k.json, row 1: image 1 has no 'raw'" in message
    assert "k.json, row 2: None is not a split" in message


def test_token_and_results_lines(write: Write) -> None:
    message = refused("flickr_token", write("r.token", "x.jpg#0\tA\nx.jpg 1 B\n"))
    assert message == "r.token, row 2: 'x.jpg 1 B' is not 'name#number<TAB>caption'. Correct or remove the line."
    results = "image_name| comment_number| comment\nx.jpg, 1, A\n"
    assert "results.csv, row 2: 'x.jpg, 1, A' is not" in refused("flickr_csv", write("results.csv", results))
    assert "the columns are: 'image, caption'" in refused("flickr_csv", write("results.csv", "image| caption\n"))


def test_csv_shape(write: Write) -> None:
    message = refused("table", write("t.csv", 'image,caption\n"x","two\nlines"\ny,A dog, running\n'))
    assert message == (
        "t.csv, row 4: 3 cells where the header has 2. Put cells that hold the separator in double quotes."
    )
    unclosed = 'image,caption\nx,A\ny,"' + "never closed " * 12_000
    assert "t.csv, row 3: not a valid CSV record" in refused("table", write("t.csv", unclosed))
    assert "the column 'image' is there twice" in refused("table", write("t.csv", "image,image\nx,y\n"))
    assert "the file is empty" in refused("table", write("t.csv", b""))


def test_table_cells(write: Write) -> None:
    table = write("t.csv", "image,caption,n,g\nx,A,one,true\ny,B,0,maybe\n")
    assert "t.csv, row 2: 'one' is not a caption number" in refused("table", table, number="n")
    assert "t.csv, row 3: column 'g' holds 'maybe', not true or false" in refused("table", table, generated_column="g")
    assert "t.csv, row 2: column 'caption' is not a JSON list" in refused("table", table, lists=True)
    two = write("t.json", [{"image": "x", "caption": ["A", "B"], "new": ["C"]}])
    assert "t.json, row 1: 2 captions but 1 new texts" in refused("table", two, new_text="new")
    assert "t.json, row 1: column 'image' holds true/false" in refused(
        "table", write("t.json", [{"image": True, "caption": "A"}])
    )


def test_table_kinds(write: Write) -> None:
    assert "t.json, row 2: the record is a text" in refused("table", write("t.json", [{"image": "x"}, "y"]))
    assert "t.json: the file is a text, not a list of records" in refused("table", write("t.json", '"x"'))
    assert "t.json: the file holds no record" in refused("table", write("t.json", "[]"))
    assert "t.xml: .xml is not a table. Use one of" in refused("table", write("t.xml", "<x/>"))
    message = refused("table", write("t.parquet", b"PAR1 no"))
    assert message.startswith("t.parquet: not a readable Parquet file") and "download the file again" in message


def test_fg_files(write: Write) -> None:
    repeated = '{"x": ["a"], "y": ["b"], "x": ["c"]}'
    assert "f.json: the key 'x' appears twice" in refused("fg", write("f.json", repeated))
    assert "f.json, row 1: the captions of 'x' are a text" in refused("fg", write("f.json", {"x": "a"}))
    assert "f.json: the file holds a list, not an object" in refused("fg", write("f.json", ["a"]))
    objects = write("f.npy", b"")
    np.save(objects, np.array(["x", None], dtype=object), allow_pickle=True)
    message = refused("fg", objects)
    assert message.startswith("f.npy: not a readable npy file") and "allow_pickle=False" in message
    np.save(objects, np.zeros((2, 3)))
    assert "not a list of names but float64 of shape (2, 3)" in refused("fg", objects)
    assert "f.npy: not a readable npy file" in refused("fg", write("f.npy", b"\x93NUMPY"))


def test_an_fg_folder_with_two_sets_asks_for_one(write: Write) -> None:
    write("d/a_ann.json", {"x": ["a"]})
    path = write("d/b_ann.json", {"x": ["a"]})
    message = refused("fg", path.parent)
    assert message == "d: one file *_ann.json is expected; found: a_ann.json, b_ann.json. Choose the file itself."


def test_image_folder(write: Write) -> None:
    path = write("d/notes.txt", "x")
    assert "d: the folder holds no image. Image files end in" in refused("image_folder", path.parent)
    assert "notes.txt: it is not a folder" in refused("image_folder", path)


def test_xmai_ids(write: Write) -> None:
    for cell in ("397133", "0 397133", ""):
        assert f"x.csv, row 2: '{cell}' is not an ordinal" in refused(
            "xmai", write("x.csv", f"image_id,original,modified\n{cell},A,B\n")
        )
    endless = write("x.csv", f'image_id,original,modified\n"0 {"9" * 5000}\nName",A,B\n')
    assert "is not an ordinal and a COCO image id" in refused("xmai", endless)


def test_the_first_problems_are_listed_and_the_rest_counted(write: Write) -> None:
    rows = [{"image": f"../{k}.jpg", "caption": "A"} for k in range(300)]
    message = refused("albef", write("t.json", rows))
    lines = message.split("\n")
    assert [line.partition(":")[0] for line in lines[:5]] == [f"t.json, row {k}" for k in range(1, 6)]
    assert lines[5] == "... and 295 more problems that stop the import"


FILE_IMPORTERS = ["albef", "coco", "karpathy", "flickr_csv", "flickr_token"]


@pytest.mark.parametrize("importer", FILE_IMPORTERS)
def test_a_folder_where_a_file_is_expected(tmp_path: Path, importer: str) -> None:
    assert "it is a folder, not a file. Choose the file itself." in refused(importer, tmp_path)


@pytest.mark.parametrize("importer", [*FILE_IMPORTERS, "fg"])
def test_what_the_system_refuses_to_read(importer: str) -> None:
    unreadable = Path("/proc/self/mem")  # refused to every user, root too
    if not unreadable.exists():
        pytest.skip("this system has no /proc")
    message = refused(importer, unreadable)
    assert message.startswith("mem: the system refuses to read it: ") and "you may read it" in message
    with pytest.raises(ImportRefused, match="the system refuses to read it"):
        sniff(unreadable)


def test_a_path_longer_than_the_system_takes() -> None:
    assert "the system refuses to read it" in refused("coco", Path("x" * 5_000))


@pytest.mark.parametrize("shape", [10**13, 2**62, 10**40])
@pytest.mark.parametrize("letters", ["<U100", "|S4", "<U0"])
def test_an_npy_header_that_claims_more_than_the_file_holds(write: Write, shape: int, letters: str) -> None:
    header = f"{{'descr': '{letters}', 'fortran_order': False, 'shape': ({shape},), }}".ljust(117) + "\n"
    content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + b"x" * 64
    message = refused("fg", write("f.npy", content))
    assert message.startswith("f.npy: ") and "numpy.save(path, names, allow_pickle=False)" in message


@pytest.mark.parametrize("template", ["{}{}", "{:q}", "{a}", "{0.real}", "{", "no id.jpg", ("a", "b")])
def test_xmai_templates(write: Write, template: Any) -> None:
    path = write("x.csv", "image_id,original,modified\n0    12 ,A,B\n")
    message = refused("xmai", path, name=template)
    assert message.startswith("x.csv: the template ") and "{:012d}" in message
    assert stage("xmai", path, settings={"name": "COCO_{:04d}.jpg"}).images["id"].to_pylist() == ["COCO_0012"]


@pytest.mark.parametrize(
    ("importer", "name", "content"),
    [
        ("albef", "a.json", "[]"),
        ("coco", "c.json", {"images": [], "annotations": []}),
        ("karpathy", "k.json", {"images": []}),
        ("flickr_csv", "results.csv", ""),
        ("flickr_csv", "results.csv", "image_name| comment_number| comment\n"),
        ("flickr_token", "r.token", b""),
        ("fg", "f.json", {}),
        ("table", "t.csv", "image,caption\n"),
        ("table", "t.jsonl", "\n"),
        ("xmai", "x.csv", "image_id,original,modified\n"),
    ],
)
def test_a_file_without_a_record(write: Write, importer: str, name: str, content: Any) -> None:
    assert f"{name}: the file holds no record. " in refused(importer, write(name, content))


def test_a_caption_of_any_length_is_read_and_a_quote_never_closed_is_named(write: Write) -> None:
    long = "word " * 40_000
    table = stage("table", write("t.csv", f"image,caption\nx,{long}\n")).captions
    assert table["text"].to_pylist() == [long]
    assert "a quote that is never closed" in refused("table", write("t.csv", f'image,caption\nx,"{long}\n'))


def test_a_csv_with_carriage_returns_alone_names_the_line_ends(write: Write) -> None:
    message = refused("table", write("t.csv", "image,caption\rx,A\ry,B\r"))
    assert message.startswith("t.csv, row 1: ") and message.endswith("Save it with Unix or Windows line ends.")
    message = refused("flickr_token", write("r.token", "x.jpg#0\tA\rx.jpg#1\tB\r"))
    assert message.startswith("r.token, row 1: ") and message.endswith("Save it with Unix or Windows line ends.")


def test_a_split_of_the_wrong_kind(write: Write) -> None:
    path = write("t.csv", "image,caption\nx,A\n")
    assert "('a', 'b') is not a split" in refused("table", path, split=("a", "b"))


def test_a_bad_name_in_an_image_folder_is_listed_and_the_rest_is_read(photos: Path) -> None:
    bad = [b"caf\xe9.jpg", b"a\ttab.jpg"]
    for name in bad:
        Path(os.fsdecode(os.fsencode(photos) + b"/" + name)).write_bytes((photos / "a.jpg").read_bytes())
    staged = stage("image_folder", photos)
    assert "a" in staged.images["id"].to_pylist()
    listed = [one.rule for one in staged.preflight.problems if "control character" in one.rule]
    assert len(listed) == len(bad) and "'a\\ttab.jpg'" in listed[0] and "'caf\\udce9.jpg'" in listed[1]
    for path in photos.iterdir():
        if path.name in {"a.jpg", "empty.jpg", "text.jpg", "link.jpg"}:
            path.unlink()
    (photos / "val" / "b.png").unlink()
    assert "d: the folder holds no record" in refused("image_folder", photos.rename(photos.with_name("d")))
