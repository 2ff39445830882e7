"""The rules that all formats share: ids, splits, duplicates, empty captions, pictures, revisions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from curation.importers import ImportRefused, NamedCaption, importers
from curation.importers.pictures import PictureFolder
from curation.importers.preflight import PROBLEMS_KEPT
from curation.importers.stage import stage
from curation.records import RegrainError

from .conftest import Write


def csv(write: Write, *rows: str, header: str = "image,caption") -> Path:
    return write("t.csv", "\n".join([header, *rows]) + "\n")


def test_two_names_with_one_id_are_refused_and_ids_from_paths_mend_it(write: Write) -> None:
    path = csv(write, "train/1.jpg,A dog.", "val/1.jpg,A cat.")
    with pytest.raises(ImportRefused) as refused:
        stage("table", path)
    assert str(refused.value) == (
        "t.csv, row 3: 'train/1.jpg' (row 2) and 'val/1.jpg' both have the image id '1'. "
        "Import with ids from paths, so that the folder becomes part of the id, or rename one."
    )
    staged = stage("table", path, ids="path")
    assert staged.images["id"].to_pylist() == ["train/1", "val/1"]


def test_a_name_with_and_without_suffix_is_one_image(write: Write) -> None:
    staged = stage("table", csv(write, "x,A dog.", "x.jpg,A cat.", "x,A cow."))
    assert staged.images.to_pylist() == [
        {"id": "x", "name": "x.jpg", "file": None, "split": "none", "status": "named"},
    ]
    assert staged.captions["i"].to_pylist() == [0, 1, 2]


def test_an_empty_caption_is_listed_and_keeps_its_number(write: Write) -> None:
    staged = stage("table", csv(write, "x,A dog.", "x,   ", "x,A cat."))
    assert staged.captions["i"].to_pylist() == [0, 2]
    assert staged.preflight.empty == 1
    assert "t.csv, row 3: caption 1 of 'x' is empty. It is left out." in staged.preflight.lines()


def test_the_same_key_with_the_same_text_counts_once(write: Write) -> None:
    path = write("t.token", "x.jpg#0\tA dog .\nx.jpg#0\tA dog .\nx.jpg#1\tA dog .\n")
    staged = stage("flickr_token", path)
    assert staged.captions["i"].to_pylist() == [0, 1]
    assert staged.preflight.duplicates == 1
    assert "1 repeated entry left out" in staged.preflight.lines()


def test_the_same_key_with_two_texts_is_refused_with_both_rows(write: Write) -> None:
    path = write("t.token", "y.jpg#0\tA cow .\nx.jpg#0\tA dog .\nx.jpg#0\tA cat .\n")
    with pytest.raises(ImportRefused) as refused:
        stage("flickr_token", path)
    assert str(refused.value) == (
        "t.token, row 3: caption 0 of image 'x' is already in row 2 with another content. Keep one of the two."
    )


def test_a_caption_id_may_come_twice_only_with_the_same_content(write: Write) -> None:
    images = [{"id": 1, "file_name": "x.jpg"}]
    twice = [{"id": 5, "image_id": 1, "caption": "A dog."}] * 2
    staged = stage("coco", write("a.json", {"images": images, "annotations": twice}))
    assert (staged.preflight.captions, staged.preflight.duplicates) == (1, 1)
    other = [twice[0], {"id": 5, "image_id": 1, "caption": "A cat."}]
    with pytest.raises(ImportRefused, match=r"b.json, row 2: caption id 5 is already in row 1 with another content"):
        stage("coco", write("b.json", {"images": images, "annotations": other}))


def test_an_image_in_two_splits_is_refused(write: Write) -> None:
    path = csv(write, "x,A,train", "x,B,", "x,C,test", header="image,caption,split")
    with pytest.raises(ImportRefused, match=r"row 4: 'x' is in split train \(row 2\) and in test"):
        stage("table", path, settings={"split_column": "split"})


def test_text_is_kept_exactly(write: Write) -> None:
    decomposed = "Un cafe\u0301 \u202eabc\u202c  two blanks \U0001f9d1\u200d\U0001f33e"
    assert stage("table", csv(write, f"x,{decomposed}")).captions["text"].to_pylist() == [decomposed]


def test_new_texts_become_revisions_only_where_they_differ(write: Write) -> None:
    path = csv(write, "x,A dog.,A brown dog.", "x,A cat.,A cat.", "x,A cow.,", header="image,caption,new")
    staged = stage("table", path, settings={"new_text": "new"})
    assert staged.revisions.to_pylist() == [{"image_id": "x", "i": 0, "text": "A brown dog."}]
    assert any("the new text of caption 2 of image 'x' is empty" in line for line in staged.preflight.lines())


def test_pictures_are_found_by_path_name_and_id(write: Write, photos: Path) -> None:
    path = csv(write, "val2014/a.jpg,A", "b,B", "gone.jpg,C", "text,D", "empty.jpg,E", "link.jpg,F")
    staged = stage("table", path, folder=photos)
    rows = {row["id"]: (row["status"], row["file"]) for row in staged.images.to_pylist()}
    assert rows == {
        "a": ("held", "a.jpg"),
        "b": ("held", "val/b.png"),
        "gone": ("missing", None),
        "text": ("unreadable", None),
        "empty": ("unreadable", None),
        "link": ("unreadable", None),
    }
    lines = staged.preflight.lines()
    assert "image files: 2 found (headers read), 1 missing, 3 unreadable" in lines
    assert any(line.startswith("t.csv, row 4: image 'gone.jpg' is not in the image folder") for line in lines)
    assert any(line.startswith("t.csv, row 5: text.jpg is not an image. Copy or download") for line in lines)
    assert any(line.startswith("t.csv, row 6: empty.jpg has no bytes. Copy or download") for line in lines)
    assert any(line.startswith("t.csv, row 7: link.jpg is a link that leaves the image folder") for line in lines)


def test_the_cheap_check_looks_at_existence_and_size_only(write: Write, photos: Path) -> None:
    staged = stage("table", csv(write, "a,A", "text,D", "empty,E"), folder=photos, check="exists")
    assert staged.images["status"].to_pylist() == ["held", "held", "unreadable"]
    assert "image files: 2 found (only existence and size checked), 0 missing, 1 unreadable" in staged.preflight.lines()


def test_a_decompression_bomb_is_known_by_its_header(write: Write, photos: Path) -> None:
    Image.new("1", (10_001, 10_000)).save(photos / "a.jpg")
    staged = stage("table", csv(write, "a,A"), folder=photos)
    claim = "a.jpg claims 10,001 x 10,000 pixels, more than the 100,000,000 that are decoded safely"
    assert staged.preflight.problems[0].rule == claim


def test_two_files_for_one_bare_name_are_named(write: Write, photos: Path) -> None:
    Image.new("RGB", (2, 2)).save(photos / "val" / "a.png")
    staged = stage("table", csv(write, "a,A"), folder=photos)
    assert staged.images["status"].to_pylist() == ["missing"]
    assert staged.preflight.problems[0].rule == "a could be a.jpg or val/a.png"
    exact = stage("table", csv(write, "val/a.png,A"), folder=photos)
    assert exact.images["file"].to_pylist() == ["val/a.png"]


def test_a_link_within_the_folder_is_fine(photos: Path) -> None:
    (photos / "again.jpg").symlink_to(photos / "a.jpg")
    assert PictureFolder(photos).find("again").status == "held"


def test_many_problems_are_counted_and_the_first_listed(write: Write) -> None:
    n = PROBLEMS_KEPT + 50
    preflight = stage("table", csv(write, *("x," for _ in range(n)))).preflight
    assert (len(preflight.problems), preflight.problem_count) == (PROBLEMS_KEPT, n)
    assert preflight.lines()[-1] == "... and 50 more"


def test_unknown_settings_folders_and_sources_name_the_next_step(write: Write, tmp_path: Path) -> None:
    path = csv(write, "x,A")
    with pytest.raises(RegrainError, match=r"no setting 'colour'.*settings: image, captions"):
        stage("table", path, settings={"colour": "red"})
    with pytest.raises(RegrainError, match="no such image folder"):
        stage("table", path, folder=tmp_path / "nowhere")
    with pytest.raises(RegrainError, match="no such file or folder"):
        stage("table", tmp_path / "nowhere.csv")
    with pytest.raises(RegrainError, match="did you mean 'table'"):
        stage("tabel", path)


def test_staging_twice_gives_the_same_tables_and_leaves_the_source_alone(write: Write) -> None:
    path = csv(write, "x,A", "y,B", "x,C")
    before = path.read_bytes()
    first, second = stage("table", path), stage("table", path)
    assert first.images.equals(second.images) and first.captions.equals(second.captions)
    assert path.read_bytes() == before


def test_progress_is_told(write: Write) -> None:
    told: list[int] = []
    stage("table", csv(write, *(f"{k},A" for k in range(11_000))), progress=told.append)
    assert told == [0, 20_000]


def test_an_importer_that_forgets_an_image_is_told_so(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = importers.get("table")
    forgetful = replace(plugin, run=lambda source: iter([NamedCaption("x", "A", 1)]))
    monkeypatch.setitem(importers._plugins, "table", forgetful)
    with pytest.raises(ValueError, match="caption before its image 'x'"):
        stage("table", csv(write, "x,A"))
