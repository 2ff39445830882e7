"""Where a detail is seen: in the crop that clearly leads over those elsewhere, in the whole picture, or nowhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.jobs.crops import shares
from curation.records import Suggestion
from curation.suggesters import CaptionContext
from curation.suggesters.batch import TextCache, suggest_batch
from curation.suggesters.looking import parts
from curation.suggesters.where import ELSEWHERE, clear_best, located
from curation.text.parse import analyse
from tests.suggesters.test_attribute_words import COLOURS, embed_texts

CORNERS = ((0.0, 0.0, 0.5, 0.5), (0.5, 0.0, 1.0, 0.5), (0.0, 0.5, 0.5, 1.0), (0.5, 0.5, 1.0, 1.0))


def told(old, new, **evidence):
    (analysis,) = analyse([old])
    kind = "attribute" if "word" in evidence else "rewrite"
    found = parts(CaptionContext(analysis), Suggestion(new, "vision_model", kind, (), evidence))
    return [(part.name, part.probe) for part in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a ball", "an orange ball", [("orange ball", "an orange ball")]),
        ("two dogs run", "two wet dogs run on the beach", [("wet dogs", "wet dogs"), ("beach", "the beach")]),
        ("a man sits", "a man in a red shirt sits", [("red shirt", "a red shirt")]),
        ("a man sits", "a man wearing glasses sits", [("glasses", "glasses")]),
        ("a man", "a man sitting on a bench", [("sitting on a bench", "sitting on a bench")]),
        ("a striped ball", "a large striped ball", [("large ball", "a striped ball")]),
        ("a black cup", "a black dotted cup", [("dotted cup", "a black dotted cup")]),
        ("a dog", "a brown terrier", [("brown terrier", "brown terrier")]),
        ("a dog", "the dog", []),
    ],
)
def test_each_detail_is_looked_for_with_its_noun(old, new, expected):
    assert told(old, new) == expected


def test_what_the_suggester_says_it_put_in_goes_before_the_difference_of_the_texts():
    insertions = [[2, "small", 0], [2, "red", 0]]
    both = [("red ball", "a red ball"), ("small ball", "a ball")]
    assert told("a ball", "a small red ball", insertions=insertions) == both
    assert told("a ball", "a red ball", word="red", slot_span=[2, 6]) == [("red ball", "a red ball")]


def context_of(crops, own="ball box", caption="a ball and a box"):
    (analysis,) = analyse([caption])
    return CaptionContext(
        analysis,
        own=embed_texts([own])[0],
        rivals=embed_texts(["green ball"]),
        crops=embed_texts(crops),
        boxes=CORNERS,
        known_words=frozenset(COLOURS),
    )


def places(context, *texts):
    found = [Suggestion(text, "vision_model", "rewrite", ()) for text in texts]
    (judged,) = located([context], [found], embed_texts)
    return [one.evidence.get("where") for one in judged]


def test_the_box_is_that_of_the_best_crop_one_for_each_detail():
    context = context_of(["red ball", "blue box", "man", "man"])
    (both,) = places(context, "a red ball and a blue box")
    assert both == [{"name": "red ball", "box": list(CORNERS[0])}, {"name": "blue box", "box": list(CORNERS[1])}]


def test_what_two_places_show_alike_gets_no_box():
    assert places(context_of(["red ball", "man", "man", "red ball"]), "a red ball and a box") == [None]


def test_what_the_whole_picture_shows_best_is_said_to_be_there():
    context = context_of(["man", "man", "ball", "box"], own="red ball")
    assert places(context, "a red ball and a box") == [[{"name": "red ball", "whole": True}]]


def test_every_shown_suggestion_is_located_and_probes_are_encoded_once():
    calls = []

    def embed(texts):
        calls.extend(texts)
        return embed_texts(texts)

    context = context_of(["red ball", "blue box", "man", "man"])
    cache = TextCache(embed)
    found = suggest_batch([context, context], cache)
    assert found[0] == found[1]
    assert {one.source for one in found[0] if "where" in one.evidence} == {"attribute_words"}
    red = next(one for one in found[0] if one.evidence["word"] == "red")
    assert red.evidence["where"] == [{"name": "red ball", "box": list(CORNERS[0])}]
    assert len(calls) == len(set(calls))


def test_without_crops_nothing_is_said():
    (analysis,) = analyse(["a ball"])
    context = CaptionContext(analysis, own=embed_texts(["red ball"])[0])
    assert places(context, "a red ball") == [None]


@given(st.data(), st.integers(20, 900), st.integers(20, 900))
def test_the_clear_best_is_what_a_look_at_every_pair_gives(data, width, height):
    boxes = shares(width, height)
    seen = np.array(
        data.draw(st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3]), min_size=len(boxes), max_size=len(boxes)))
    )
    best = int(np.argmax(seen))
    others = [seen[n] for n in range(len(boxes)) if _common(boxes[best], boxes[n]) <= ELSEWHERE]
    expected = best if others and all(seen[best] - other >= 0.15 for other in others) else None
    assert clear_best(seen, boxes, 0.15) == expected


def _common(one, other):
    """The part of the smaller box that two boxes share."""
    across = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    down = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    return across * down / min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
