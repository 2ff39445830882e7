from __future__ import annotations

from curation.importers.guess import guess_columns


def test_the_columns_of_known_tables_are_guessed() -> None:
    assert guess_columns(["image", "caption"]) == {"image": "image", "captions": "caption"}
    assert guess_columns(["File_Name", "Text ", "split"]) == {
        "image": "File_Name",
        "captions": "Text ",
        "split_column": "split",
    }


def test_our_own_export_is_guessed() -> None:
    columns = ["id", "image_id", "image", "file", "i", "split", "text", "original", "generated", "qrels"]
    assert guess_columns(columns) == {
        "image": "image",
        "captions": "text",
        "number": "i",
        "split_column": "split",
        "generated_column": "generated",
        "id_column": "id",
    }


def test_unknown_columns_are_left_to_the_person() -> None:
    assert guess_columns(["a", "b"]) == {}
