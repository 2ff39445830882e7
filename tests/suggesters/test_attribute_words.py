"""Attribute words are read from the picture: from its crops where two things share the whole."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from curation.suggesters import CaptionContext
from curation.suggesters.batch import suggest_batch
from curation.text.normalise import tokens
from curation.text.parse import analyse

COLOURS = ("red", "blue", "green", "wooden", "brick")
THINGS = ("ball", "box", "man")
PAIRS = [f"{colour} {thing}" for colour in COLOURS for thing in THINGS]
AXES = [*COLOURS, *THINGS, *PAIRS]


def embed_texts(texts):
    """Words, and neighbouring colour and thing, on axes of their own; a constant for everything else."""
    rows = []
    for text in texts:
        words = tokens(text)
        bound = {f"{a} {b}" for a, b in pairwise(words)}
        rows.append([0.5, *(float(axis in words or axis in bound) for axis in AXES)])
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def suggest(caption, *, own, crops=None, rivals=("green ball", "green box")):
    (analysis,) = analyse([caption])
    context = CaptionContext(
        analysis,
        own=embed_texts([own])[0],
        rivals=embed_texts(list(rivals)),
        crops=None if crops is None else embed_texts(list(crops)),
        known_words=frozenset(COLOURS),
    )
    return suggest_batch([context], embed_texts, sources=["attribute_words"])[0]


def words_of(found, slot):
    return [s.evidence["word"] for s in found if s.kind == "attribute" and s.evidence["slot"] == slot]


def test_the_colour_in_the_picture_comes_first_with_its_probability():
    found = suggest("a ball", own="red ball")
    assert words_of(found, "ball")[0] == "red"
    first = found[0]
    assert (first.kind, first.text) == ("rewrite", "a red ball")
    assert first.evidence["probability"] > 0.5
    assert first.evidence | {"type": "colour", "slot_span": [2, 6]} == first.evidence


def test_crops_bind_colours_to_things():
    found = suggest("a ball and a box", own="red blue ball box", crops=["red ball", "blue box"])
    assert words_of(found, "ball")[0] == "red"
    assert words_of(found, "box")[0] == "blue"


def test_a_material_is_proposed_only_for_what_somebody_called_so():
    (analysis,) = analyse(["a box"])
    own = embed_texts(["wooden box"])[0]
    (attested,) = analyse(["a wooden box"])
    context = CaptionContext(analysis, own=own, known_words=frozenset({"wooden", "brick"}))
    assert suggest_batch([context], embed_texts) == [[]]
    (found,) = suggest_batch([replace(context, known_pairs=attested.attribute_pairs())], embed_texts)
    assert {s.evidence["word"] for s in found} == {"wooden"}


def test_where_no_word_is_true_none_looks_probable():
    found = suggest("a ball", own="ball", crops=["ball"])
    assert all(s.evidence["probability"] < 0.5 for s in found)


def test_people_get_no_colour():
    assert suggest("a man with a box", own="red man blue box") != []
    assert words_of(suggest("a man with a box", own="red man blue box"), "man") == []


def test_a_word_that_the_rivals_show_as_well_is_likely_but_not_telling():
    telling = suggest("a ball", own="red ball", rivals=("green ball",))[0].evidence["probability"]
    shared = [s for s in suggest("a ball", own="red ball", rivals=("red ball",)) if s.evidence["word"] == "red"]
    assert all(s.evidence["probability"] <= telling for s in shared)


def test_words_that_nobody_used_here_are_not_proposed():
    assert {s.evidence["word"] for s in suggest("a ball", own="red ball")} <= set(COLOURS)


@pytest.mark.parametrize("caption", ["a red ball", "music", "a man runs"])
def test_where_nothing_can_be_added_nothing_is(caption):
    assert [s for s in suggest(caption, own="red ball") if s.evidence["type"] == "colour"] == []
