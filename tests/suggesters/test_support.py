"""Who tells a detail: counted over all sources, by noun and word, whatever else their suggestions hold."""

from dataclasses import replace

import numpy as np
import pytest

from curation.records import Suggestion
from curation.suggesters import CaptionContext, Neighbour, Sibling
from curation.suggesters.batch import suggest_batch
from curation.suggesters.rank import ranked
from curation.suggesters.slots import DetectedObject
from curation.suggesters.support import supported
from curation.text.parse import analyse
from tests.suggesters.test_attribute_words import COLOURS, embed_texts


def context_of(caption, **more):
    (analysis,) = analyse([caption])
    return CaptionContext(analysis, **more)


def one(text, source="siblings", kind="rewrite", **evidence):
    return Suggestion(text, source, kind, (), {"sources": [source], **evidence})


def support(caption, *found, **more):
    return [s.evidence.get("support") for s in supported(context_of(caption, **more), found)]


def test_a_word_counts_inside_different_suggestions():
    sibling = one("a red ball by a tree", insertions=[[2, "red", 0], [6, "by a tree", 0]], told=[[1, 3], [1]])
    picture = one("a red ball", "attribute_words", word="red", slot_span=[2, 6], insertions=[[2, "red", 0]])
    neighbour = one("a red ball", "neighbours", neighbours=["a#1", "a#2", "b#0"], insertions=[[2, "red", 0]])
    red = {"name": "red ball", "captions": [1, 3], "images": ["a", "b"], "seen": ["picture"]}
    both, alone, near = support("a ball", sibling, picture, neighbour)
    assert both == [red, {"name": "tree", "captions": [1]}]
    assert alone == near == [red]


def test_a_suggestion_has_as_many_voices_as_its_weakest_detail():
    sibling = one("a red ball by a tree", insertions=[[2, "red", 0], [6, "by a tree", 0]], told=[[1, 3], [1]])
    (judged,) = supported(context_of("a ball"), [sibling])
    assert judged.evidence["voices"] == 1


def test_the_same_word_of_another_thing_is_another_detail():
    ball = one("a red ball and a box", captions=[1], insertions=[[2, "red", 0]])
    box = one("a ball and a red box", "attribute_words", insertions=[[13, "red", 0]])
    assert support("a ball and a box", ball, box) == [
        [{"name": "red ball", "captions": [1]}],
        [{"name": "red box", "seen": ["picture"]}],
    ]


def test_of_two_balls_each_is_another_thing():
    first = one("a red ball and a striped ball", captions=[1], insertions=[[2, "red", 0]])
    second = one("a ball and a red striped ball", captions=[2], insertions=[[13, "red", 0]])
    both = support("a ball and a striped ball", first, second)
    assert [[voice["captions"] for voice in each] for each in both] == [[[1]], [[2]]]


def test_a_word_that_is_only_listed_is_not_seen():
    listed = one("a red ball", "attribute_words", "attribute", word="red", slot_span=[2, 6])
    assert support("a ball", listed) == [None]


def test_detections_speak_for_attributes_and_for_things():
    red = one("a red ball", captions=[1], insertions=[[2, "red", 0]])
    dog = one("a ball with a dog", captions=[2], insertions=[[6, "with a dog", 0]])
    seen = support("a ball", red, dog, objects=[DetectedObject("balls", ("Red",)), DetectedObject("dog")])
    assert seen == [
        [{"name": "red ball", "captions": [1], "seen": ["detector"]}],
        [{"name": "dog", "captions": [2], "seen": ["detector"]}],
    ]


def test_a_combined_edit_adds_no_voice_of_its_own():
    single = one("a red ball", captions=[1], insertions=[[2, "red", 0]])
    joined = one("a red ball by a tree", "combined", captions=[1, 2], insertions=[[2, "red", 0], [6, "by a tree", 0]])
    assert support("a ball", single, joined)[1] == [{"name": "red ball", "captions": [1]}]


@pytest.mark.parametrize(("voices", "first"), [((1, 3), "b"), ((3, 1), "a"), ((2, 2), "a")])
def test_of_equal_rank_what_more_tell_comes_first(voices, first):
    found = [Suggestion(text, "siblings", "rewrite", (), {"voices": n}) for text, n in zip("ab", voices, strict=True)]
    own = np.array([1, 0], np.float32)
    context = context_of("a ball", own=own, rivals=np.array([[0, 1]], np.float32))
    vectors = np.array([[0, 1], [1, 0], [1, 0]], np.float32)
    assert ranked(context, found, vectors)[0].text == first
    assert ranked(context, found)[0].text == "a", "where nothing is ranked, a source keeps its own order"


def test_all_sources_of_a_batch_are_heard():
    target, sibling, near = analyse(["a ball", "a red ball", "a red ball"])
    context = CaptionContext(
        target,
        [Sibling(2, sibling)],
        own=embed_texts(["red ball"])[0],
        rivals=embed_texts(["green ball", "green box"]),
        known_words=frozenset(COLOURS),
        neighbours=[Neighbour("img7#1", near)],
        objects=[DetectedObject("ball", ("red",))],
    )
    first = suggest_batch([context], embed_texts)[0][0]
    assert first.text == "a red ball"
    told = {"name": "red ball", "captions": [2], "images": ["img7"], "seen": ["detector", "picture"]}
    assert (first.evidence["support"], first.evidence["voices"]) == ([told], 4)
    (alone,) = [s for s in suggest_batch([replace(context, neighbours=())], embed_texts)[0] if s.kind == "rewrite"]
    assert alone.evidence["voices"] == 3


@pytest.mark.parametrize("words", ["in a blue t-shirt", "with a sign that says no!", "by the man 's hat"])
def test_words_with_marks_are_some_thing_too(words):
    target = next(iter(analyse(["a man waits"])))
    text = f"a man {words} waits"
    evidence = {"insertions": [[5, words, 0]], "captions": [1]}
    found = [Suggestion(text, "siblings", "rewrite", ((6, 6 + len(words)),), evidence)]
    (one,) = supported(CaptionContext(target), found)
    assert one.text == text
