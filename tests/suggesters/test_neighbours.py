"""Details of similar images' captions: kept where the own picture gains more by them than its rivals do."""

import numpy as np

from curation.suggesters import CaptionContext, Neighbour
from curation.suggesters.batch import suggest_batch
from curation.suggesters.gates import Gates
from curation.text.normalise import tokens
from curation.text.parse import analyse

AXES = ("red", "blue", "striped", "ball", "grass", "beach")


def embed_texts(texts):
    rows = np.array([[0.2, *(float(axis in tokens(text)) for axis in AXES)] for text in texts], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def told(caption, *others, own, rivals=("blue ball", "ball beach"), crops=None, gates=None, **settings):
    target, *similar = analyse([caption, *others])
    context = CaptionContext(
        target,
        own=embed_texts([own])[0],
        rivals=embed_texts(rivals),
        crops=None if crops is None else embed_texts(crops),
        neighbours=[Neighbour(f"other#{n}", one) for n, one in enumerate(similar)],
        temperature=0.03,
        gates=gates or Gates(),
    )
    return suggest_batch([context], embed_texts, settings={"neighbours": settings}, sources=["neighbours"])[0]


def test_what_the_picture_bears_out_is_kept_with_who_told_it():
    (one,) = told("a ball", "a red ball", "a ball", "a red ball", own="red ball")
    assert one.text == "a red ball"
    assert one.evidence["neighbours"] == ["other#0", "other#2"]
    assert one.evidence["gain"] >= 2


def test_what_the_picture_does_not_show_is_not():
    assert told("a ball", "a striped ball on the beach", own="red ball") == []


def test_what_rivals_show_as_much_is_not():
    assert told("a ball", "a red ball", own="red ball", rivals=("red ball", "red ball grass")) == []


def test_what_is_so_of_another_thing_in_the_picture_is_not():
    """The whole picture agrees with "a red ball" as much as a red ball would; the crop with the ball does not."""
    crops = ("blue ball", "red grass")
    assert told("a ball", "a red ball", own="red ball blue grass", crops=crops, sure=0.0) != []
    assert told("a ball", "a red ball", own="red ball blue grass", crops=crops) == []
    assert told("a ball", "a red ball", own="red ball blue grass", crops=("red ball", "blue grass")) != []


def test_of_two_colours_for_one_thing_the_better_is_kept():
    found = told("a ball", "a red ball", "a blue ball", own="red ball", gain=-99.0)
    assert [one.text for one in found] == ["a red ball"]


def test_what_a_gate_keeps_back_takes_no_others_place():
    gates = Gates(block={"red": "colour"})
    assert told("a ball", "a red ball", own="red ball", gates=gates) == []


def test_without_neighbours_there_is_nothing():
    assert told("a ball", own="red ball") == []
