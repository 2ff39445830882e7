"""Objects and attributes of detectors: XMAI's table, by column or row by row, and COCO instances."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.importers.detections import read_objects
from curation.importers.items import ImportRefused
from curation.importers.xmai import image_ids

from .conftest import Write

TABLE = """img,objs,attrs,sentence
1.jpg,"['dog', 'Red car']","['Brown', ['shiny', 'red']]",A dog.
1.jpg,"['cat']","['black']",A dog beside a car.
2.jpg,"[]","[]",Nothing.
"""
MODIFIED = """image_id,original,modified
"0    139
Name: id, dtype: int64",A man.,A tall man.
"1    285
Name: id, dtype: int64",A bear.,A wet bear.
"""


def test_the_columns_are_chosen_and_an_images_first_row_counts(write: Write) -> None:
    found = read_objects(write("objects.csv", TABLE), image="img", objects="objs", attributes="attrs")
    assert found == {"1": [("dog", ("brown",)), ("Red car", ("shiny", "red"))], "2": []}


def test_rows_go_along_with_the_rows_of_a_captions_file(write: Write) -> None:
    rows = image_ids(write("coco_modified.csv", MODIFIED))
    assert rows == ["000000000139", "000000000285"]
    table = write("objects.csv", "objects,attributes\n\"['man']\",\"['tall']\"\n\"['bear']\",\"['wet']\"\n")
    found = read_objects(table, rows=rows)
    assert found == {"000000000139": [("man", ("tall",))], "000000000285": [("bear", ("wet",))]}


def test_files_of_different_length_do_not_go_together(write: Write) -> None:
    table = write("objects.csv", "objects,attributes\n\"['man']\",\"['tall']\"\n\"['bear']\",\"['wet']\"\n")
    with pytest.raises(ImportRefused, match="row 3: there are more rows than the 1 of the other file"):
        read_objects(table, rows=["a"])
    with pytest.raises(ImportRefused, match="it has 2 rows, the other file 3"):
        read_objects(table, rows=["a", "b", "c"])


def test_coco_instances_name_things_without_attributes(write: Write) -> None:
    content: dict[str, Any] = {
        "images": [{"id": 1, "file_name": "x.jpg"}, {"id": 2, "file_name": "y.jpg"}],
        "annotations": [{"image_id": 1, "category_id": 7}, {"image_id": 1, "category_id": 7}],
        "categories": [{"id": 7, "name": "dog"}],
    }
    assert read_objects(write("instances.json", json.dumps(content))) == {"x": [("dog", ()), ("dog", ())], "y": []}
    content["annotations"].append({"image_id": 3, "category_id": 7})
    with pytest.raises(ImportRefused, match="an entry lacks what it names: 3"):
        read_objects(write("broken.json", json.dumps(content)))


@pytest.mark.parametrize(
    ("objects", "attributes", "rule"),
    [
        ("['a', 'b']", "['x']", "2 objects have 1 attributes"),
        ("dog", "[]", "'dog' is not a list"),
        ("__import__('os').getcwd()", "[]", "is not a list"),
        ("{[]: 1}", "[]", "is not a list"),
        ("['\\ud800']", "['x']", "holds half a surrogate pair"),
        ("['a']", "[['\\ud800']]", "holds half a surrogate pair"),
    ],
)
def test_what_cannot_be_read_names_its_row(write: Write, objects: str, attributes: str, rule: str) -> None:
    with pytest.raises(ImportRefused, match="row 2") as refused:
        read_objects(write("o.csv", f'image,objects,attributes\nx,"{objects}","{attributes}"\n'))
    assert rule in str(refused.value)


@pytest.mark.parametrize(("name", "rule"), [(None, "nothing"), ([1], "a list"), (True, "true/false")])
def test_an_images_name_has_to_be_a_text(write: Write, name: object, rule: str) -> None:
    row = {"image": name, "objects": ["a"], "attributes": ["b"]}
    with pytest.raises(ImportRefused, match=f"row 1: the image's name is {rule}"):
        read_objects(write("o.jsonl", json.dumps(row)))
    content = {"images": [{"id": 1, "file_name": name}], "annotations": [], "categories": []}
    with pytest.raises(ImportRefused, match=f"the image's name is {rule}"):
        read_objects(write("instances.json", json.dumps(content)))


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(WORDS, st.lists(WORDS, max_size=3)), max_size=4), st.booleans())
def test_lists_are_read_as_python_and_as_json_write_them(tmp_path_factory, things, as_json) -> None:
    import csv

    path = tmp_path_factory.mktemp("o") / "o.csv"
    said = json.dumps if as_json else repr
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["image", "objects", "attributes"])
        table.writerow(["x", said([name for name, _ in things]), said([words for _, words in things])])
    assert read_objects(path) == {"x": [(name, tuple(w.lower() for w in words)) for name, words in things]}
