"""Words that a language model expects: proposed by it, kept only where the picture or somebody bears them out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from curation.language import Filling, Gap
from curation.suggesters import CaptionContext, Sibling
from curation.suggesters.batch import suggest_batch
from curation.suggesters.fluency import ANY_WORD, shares_of
from curation.suggesters.gates import Gates
from curation.suggesters.slots import DetectedObject
from curation.text.normalise import tokens
from curation.text.parse import analyse

COLOURS = ("red", "blue", "green", "maroon", "wooden")
THINGS = ("ball", "box", "racket")
AXES = [*COLOURS, *THINGS, *(f"{colour} {thing}" for colour in COLOURS for thing in THINGS)]


def embed_texts(texts):
    """Words, and neighbouring colour and thing, on axes of their own; a constant for everything else."""
    rows = []
    for text in texts:
        words = [word for word in tokens(text) if word != "tennis"]
        bound = {f"{a} {b}" for a, b in pairwise(words)}
        rows.append([0.5, *(float(axis in words or axis in bound) for axis in AXES)])
    vectors = np.array(rows, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class Model:
    """Expects the same words everywhere, each less than the one before it, and remembers what it was asked."""

    def __init__(self, *words: str) -> None:
        self.words = {word: 0.5 / 2**n for n, word in enumerate(words)}
        self.asked: list[Gap] = []

    def __call__(self, gaps):
        self.asked += gaps
        return [Filling(tuple(self.words.items()), tuple(self.words.get(w, 0.0) for w in gap.words)) for gap in gaps]


def context_of(caption, *, own=None, crops=None, siblings=(), **more):
    analysis, *others = analyse([caption, *siblings])
    vectors = {} if own is None else {"own": embed_texts([own])[0], "rivals": embed_texts(["green ball", "green box"])}
    vectors |= {} if crops is None else {"crops": embed_texts(list(crops))}
    told = [Sibling(n, other) for n, other in enumerate(others, start=1)]
    return CaptionContext(analysis, told, known_words=frozenset(COLOURS), **vectors, **more)


def suggest(model, context, **more):
    return suggest_batch([context], embed_texts, sources=["masked_words"], fill_gaps=model, **more)[0]


def texts(found):
    return [one.text for one in found if one.kind == "rewrite"]


def test_a_word_that_is_expected_and_seen_is_put_in():
    found = suggest(Model("blue", "red"), context_of("a ball", own="red ball"))
    assert texts(found) == ["a red ball"]
    assert found[0].evidence["fluent"] == 0.25 and found[0].evidence["type"] == "colour"


def test_what_is_only_fluent_is_not_put_in():
    assert texts(suggest(Model("blue", "green"), context_of("a ball", own="red ball"))) == []


def test_what_is_only_seen_is_not_put_in():
    assert texts(suggest(Model("blue"), context_of("a ball", own="red ball", crops=["red ball"]))) == []


def test_words_beyond_the_vocabulary_are_put_in():
    assert texts(suggest(Model("maroon"), context_of("a ball", own="maroon ball"))) == ["a maroon ball"]


@pytest.mark.parametrize("word", ["the", "##d", ",", "ball", "balls", "near", "box", "asdf", "racket"])
def test_words_that_are_no_new_attribute_are_dropped(word):
    assert suggest(Model(word), context_of("a ball near a box", own="red ball")) == []


def test_materials_are_put_in_only_of_what_was_called_so():
    context = context_of("a box", own="wooden box")
    assert suggest(Model("wooden"), context) == []
    assert texts(suggest(Model("wooden"), replace(context, known_pairs={"wooden box"}))) == ["a wooden box"]


def test_earlier_words_are_put_in_before_later_gaps_are_read():
    model = Model("red", "blue")
    found = suggest(model, context_of("a ball and a box", own="red ball blue box", crops=["red ball", "blue box"]))
    assert texts(found) == ["a red ball and a box", "a ball and a blue box"]
    last = model.asked[-1]
    assert (last.left, last.right, last.article) == ("a red ball and", " box", True)


def test_things_of_several_words_stay_whole_and_are_found_at_the_beginning():
    model = Model("red")
    found = suggest(model, context_of("Tennis racket beside pizzas.", own="red racket"))
    assert (model.asked[0].left, model.asked[0].right) == ("", " Tennis racket beside pizzas.")
    assert "Red tennis racket beside pizzas." in texts(found)


def test_without_a_picture_a_detection_or_another_caption_must_say_so():
    model = Model("red", "blue")
    assert suggest(model, context_of("a ball")) == []
    (seen, _) = suggest(model, context_of("a ball", objects=[DetectedObject("ball", ("blue",))]))
    assert (seen.text, seen.evidence["detected"]) == ("a blue ball", True)
    (told, listed) = suggest(model, context_of("a ball", siblings=["a dog", "a red ball on the grass"]))
    assert (told.text, told.evidence["captions"], listed.kind) == ("a red ball", [2], "attribute")


def test_where_captions_disagree_none_bears_a_word_out():
    assert suggest(Model("red"), context_of("a ball", siblings=["a red ball", "a blue ball"])) == []


def test_vectors_that_no_encoder_belongs_to_are_not_used():
    context = context_of("a ball", own="red ball", objects=[DetectedObject("ball", ("red",))])
    (found,) = suggest_batch([context], None, sources=["masked_words"], fill_gaps=Model("red"))
    assert texts(found) == ["a red ball"] and "rank" not in found[0].evidence


def test_sensitive_words_are_blocked_and_counted():
    gates = Gates(block={"red": "of the owner"})
    assert suggest(Model("red"), context_of("a ball", own="red ball", gates=gates)) == []
    assert gates.dropped["sensitive:of the owner"] > 0


def test_it_runs_only_where_there_is_a_model():
    (found,) = suggest_batch([context_of("a ball", own="red ball")], embed_texts, sources=["masked_words"])
    assert found == []


def test_how_fluent_attributes_are_is_asked_of_the_model():
    context = context_of("a ball", own="red blue ball", crops=["red ball", "blue ball"])

    def probability(word: str, model: Model) -> float:
        every = {"attribute_words": {"listed": 0.0, "keep": 9}}
        (found,) = suggest_batch([context], embed_texts, settings=every, fill_gaps=model, sources=["attribute_words"])
        return next(one.evidence["probability"] for one in found if one.evidence["word"] == word)

    assert probability("red", Model("red")) > probability("red", Model("blue"))
    assert probability("blue", Model("blue")) > probability("blue", Model("red"))


def test_how_fluent_stress_words_are_is_asked_of_the_model():
    context, model = context_of("a ball", own="red ball"), Model("red")
    suggest_batch([context], embed_texts, fill_gaps=model, sources=["stress_words"])
    assert any({"red", "blue"} <= set(gap.words) for gap in model.asked)


def test_shares_follow_their_formula():
    np.testing.assert_allclose(shares_of([0.3, 0.1]), (1 - ANY_WORD) * np.array([0.75, 0.25]) + ANY_WORD / 2, rtol=1e-6)
    np.testing.assert_allclose(shares_of([0.0, 0.0]), [0.5, 0.5])


def test_what_a_model_expects_is_no_voice_but_the_picture_is():
    seen = suggest(Model("red"), context_of("a ball", own="red ball"))[0]
    assert seen.evidence["support"] == [{"name": "red ball", "seen": ["picture"]}]
    told = suggest(Model("red"), context_of("a ball", siblings=["a red ball"]))[0]
    assert told.evidence["support"] == [{"name": "red ball", "captions": [1]}]
