"""Every detector by examples, the promises that hold for any text, and that each speaks its own language."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.text.defects import defect_detectors, find_defects, find_in_image, new_defects
from curation.text.parse import analyse

NAMES = {
    "apostrophe", "article", "contradiction", "duplicate", "grammar", "non_caption", "repeated_word", "spelling",
    "too_long",
}  # fmt: skip


def of_kind(kind: str, *captions: str, **known) -> list[list[tuple[str, str | None]]]:
    return [[(d.wrong, d.right) for d in found if d.kind == kind] for found in find_in_image(captions, **known)]


def test_the_detectors_that_there_are():
    assert {plugin.name for plugin in defect_detectors} == NAMES


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("a mother in a blueand white shirt", "a mother in a blue and white shirt"),
        ("a grill attachedwith chains", "a grill attached with chains"),
        ("agrassy hill", "a grassy hill"),
        ("kids eat icecream", "kids eat ice cream"),
        ("a man in the backgroud", "a man in the background"),
        ("Somthing moves", "Something moves"),
        ("a litle dog", "a little dog"),
        ("a man carring a box", "a man carrying a box"),
    ],
)
def test_misspelt_and_glued_words_with_their_repair(wrong, right):
    (defect,) = find_defects(wrong)
    assert defect.kind == "spelling"
    assert wrong[: defect.start] + defect.right + wrong[defect.end :] == right


@pytest.mark.parametrize(
    "text",
    [
        "a snowboarder in a hoodie at a skatepark", "a man in a colourful t-shirt", "two wakeboarders in lifejackets",
        "a girl with a frisbee and a labradoodle", "a man wearing a Speedo near Giesbrecht", "people at a cafe",
        "a graffitied wall beside a snowcapped mountain", "see www.exampel.com or the file.jpg",
    ],
)  # fmt: skip
def test_terms_names_and_compounds_are_spelt_right(text):
    assert find_defects(text) == []


def test_words_that_a_dataset_knows_are_right():
    assert of_kind("spelling", "a fornt of clouds") == [[("fornt", "front")]]
    assert of_kind("spelling", "a fornt of clouds", known_words={"fornt"}) == [[]]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("a womans hat lies on the grass", "womans", "woman's"),
        ("a man holds another mans head", "mans", "man's"),
        ("the goal of a mens soccer team", "mens", "men's"),
        ("a dog that looks like its made of snow", "its", "it's"),
        ("a boy who looks like hes about to jump", "hes", "he's"),
        ("a woman cant wait to eat", "cant", "can't"),
        ("a boy in a chefs hat cuts sausages", "chefs", "chef's"),
        ("two dogs stand at the waters edge", "waters", "water's"),
        ("a man stands behind a trucks back", "trucks", "truck's"),
        ("a man fixes a little girls purple bicycle", "girls", "girl's"),
    ],
)
def test_lost_apostrophes_with_their_repair(text, wrong, right):
    assert of_kind("apostrophe", text) == [[(wrong, right)]]


@pytest.mark.parametrize(
    "text",
    [
        "a sports car and a glass door", "two boys play with a ball", "the dogs run on its grass",
        "a man mans a food stand", "a woman gives the dogs food", "a dog bites purple fabric", "the man's hat",
        "a few spectators look on", "another walks by", "people in a shoes store", "the dogs' owner",
    ],
)  # fmt: skip
def test_plurals_and_verbs_have_lost_no_apostrophe(text):
    assert of_kind("apostrophe", text) == [[]]


def test_what_normalisation_drops_is_no_defect_of_a_normalised_export():
    captions = ["a womans hat in an room"]
    assert [d.kind for d in find_in_image(captions)[0]] == ["apostrophe", "article"]
    assert [d.kind for d in find_in_image(captions, normalised=True)[0]] == ["article"]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("a man can works at a table", "can works", "can work"),
        ("a man wants to sits down", "to sits", "to sit"),
        ("two woman are talking", "two woman", "two women"),
        ("Three young boy in a pool", "Three young boy", "Three young boys"),
        ("a boy stands in a the park", "a the", None),
        ("an older lady is appears to wait", "is appears", None),
        ("a man sits with a", "with a", None),
        ("a man covers his face of a chair", "his face of a chair", None),
        ("two men is in canoes", "men is", "men are"),
    ],
)
def test_broken_grammar(text, wrong, right):
    assert of_kind("grammar", text) == [[(wrong, right)]]


@pytest.mark.parametrize(
    "text",
    [
        "a trash can stands by a wall", "two person tents", "a man and a woman are there", "a plan a of sorts",
        "a group of men is here", "singers sing a cappella", "a man sits reading", "two man-made lakes",
    ],
)  # fmt: skip
def test_sound_grammar_is_left_alone(text):
    assert of_kind("grammar", text) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "no image", "There is no image here to provide a caption for.", "n/a", "", " -- ", "The image did not load",
        "https://example.com/a.jpg", "I cannot see the picture",
    ],
)  # fmt: skip
def test_what_is_no_caption(text):
    assert [(d.kind, d.start, d.end) for d in find_defects(text)] == [("non_caption", 0, len(text))]


@pytest.mark.parametrize("text", ["an image of a dog", "there is no picture on the wall", "a man has no image of it"])
def test_captions_that_only_speak_of_images(text):
    assert find_defects(text) == []


def test_the_same_caption_twice_in_any_order():
    assert of_kind("duplicate", "A dog runs.", "a cat", "a dog runs") == [
        [("A dog runs.", None)],
        [],
        [("a dog runs", None)],
    ]


def test_one_thing_in_two_colours():
    captions = ["a dog in front of a green fence", "a dog near a brown fence", "a dog by a fence"]
    assert of_kind("contradiction", *captions) == [[("green fence", None)], [("brown fence", None)], []]


@pytest.mark.parametrize(
    "captions",
    [
        ["a man in a red shirt and a boy", "a boy in a blue shirt"],
        ["two dogs, a black dog and a white dog", "a brown dog"],
        ["a tan dog on grass", "a brown dog on grass"],
        ["a white woman", "a black woman"],
        ["a black and white dog", "a white dog"],
        ["a colorful kite", "a red kite"],
        ["a red car", "blue cars"],
    ],
)  # fmt: skip
def test_colours_that_can_both_be_true(captions):
    assert of_kind("contradiction", *captions) == [[] for _ in captions]


def by_words(text: str) -> int:
    return len(text.split()) + 2


def test_the_words_beyond_the_context_are_marked():
    assert of_kind("too_long", "one two three four", count_tokens=by_words, context_length=5) == [[("four", None)]]
    assert of_kind("too_long", "one two three", count_tokens=by_words, context_length=5) == [[]]
    assert of_kind("too_long", "one two three four") == [[]]


def test_what_needs_english_steps_aside():
    german = ["Ein Mann an der See in an Bord", "ein mann", "Ein Mann"]
    assert [[d.kind for d in found] for found in find_in_image(german, language="de")] == [
        [],
        ["duplicate"],
        ["duplicate"],
    ]
    assert find_defects("a orange fornt", language="de") == []
    assert find_defects("a orange cat", language="en-GB") != []


def test_an_edit_answers_for_what_it_brings_in():
    assert [d.wrong for d in new_defects("a litle dog", "a litle dog and agrassy hill")] == ["agrassy"]


def test_analyses_of_other_captions_are_refused():
    with pytest.raises(ValueError, match="one per caption"):
        find_in_image(["a dog"], list(analyse(["a cat"])))


WORDS = ["a", "an", "the", "mans", "dogs", "two", "woman", "its", "red", "blue", "fornt", "can", "works", "and", "hat"]
LINES = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
CAPTIONS = st.lists(st.one_of(st.text(max_size=60), LINES), max_size=4)


@settings(max_examples=60, deadline=None)
@given(CAPTIONS)
def test_positions_hold_and_order_does_not_matter(captions):
    found = find_in_image(captions)
    for text, defects in zip(captions, found, strict=True):
        assert all(text[d.start : d.end] == d.wrong and d.right != d.wrong for d in defects)
        assert defects == sorted(defects, key=lambda d: (d.start, d.end, d.kind))
    assert find_in_image(captions[::-1]) == found[::-1]


def repaired(text: str, find: Callable[[str], list]) -> str:
    for defect in reversed(find(text)):
        if defect.right is not None:
            text = text[: defect.start] + defect.right + text[defect.end :]
    return text


@pytest.mark.parametrize("text", ["a blueand white fornt", "two woman in an room", "a orange orange cat can works"])
def test_a_repair_leaves_nothing_to_repair(text):
    assert find_defects(repaired(text, find_defects)) == []
