"""Articles by sound, and the defects that gate every suggestion."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.text.articles import article_for, repair_articles, wrong_articles
from curation.text.defects import find_defects, new_defects


@pytest.mark.parametrize(
    ("article", "words"),
    [
        (
            "a",
            "uniformed utility university used user one one-way European unicycle UFO once useful horse USB 180 11th",
        ),
        (
            "an",
            "hour honest umbrella unusual uniformed-looking urban uncle only 8 11 SUV x-ray unidentified orange upper",
        ),
    ],
)
def test_article_by_sound(article, words):
    wrong_on_purpose = {"11th", "uniformed-looking"}
    for word in words.split():
        expected = {"a": "an", "an": "a"}[article] if word in wrong_on_purpose else article
        assert article_for(word) == expected, word


def test_repair_keeps_everything_else():
    assert repair_articles("A  orange cat, an man's hat; a hour.") == "An  orange cat, a man's hat; an hour."


def test_an_article_before_a_function_word_is_left_alone():
    assert wrong_articles("plan a is better than type a or b") == []


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=40))
def test_repair_leaves_nothing_to_repair(text):
    assert wrong_articles(repair_articles(text)) == []


def test_defects_by_position():
    text = "a white white table in an room"
    assert [(d.kind, text[d.start : d.end], d.right) for d in find_defects(text)] == [
        ("repeated_word", "white white", "white"),
        ("article", "an", "a"),
    ]


def test_words_that_come_twice_by_right_are_no_defect():
    assert find_defects("a boy plays with a yo yo at a choo choo train") == []


def test_only_defects_that_an_edit_brought_in_are_new():
    assert new_defects("a orange cat", "a orange cat on a mat") == []
    assert [d.wrong for d in new_defects("a orange cat", "a orange cat on an mat")] == ["an"]


def test_known_defects_of_the_published_file_are_found():
    folder = Path(os.environ.get("DATA", "")) / "flickr30k_fg"
    if not (folder / "known_defects.jsonl").is_file():
        pytest.skip("needs DATA=DIR with flickr30k_fg/known_defects.jsonl")
    captions = json.loads((folder / "Flickr30K_FG_ann.json").read_text(encoding="utf-8"))
    known = [json.loads(line) for line in (folder / "known_defects.jsonl").read_text(encoding="utf-8").splitlines()]
    ours = [row for row in known if row["type"] in ("article", "repeated_word")]
    missed = []
    for row in ours:
        found = find_defects(captions[row["image"]][row["i"]])
        if not any(d.kind == row["type"] and d.start < row["end"] and row["start"] < d.end for d in found):
            missed.append(row)
    assert len(ours) == 56
    assert missed == []
