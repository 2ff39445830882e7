"""Several details in one caption: the shortest that beats all rivals, and nothing where one detail does."""

import numpy as np

from curation.records import Suggestion
from curation.suggesters import CaptionContext
from curation.suggesters.batch import TextCache
from curation.suggesters.combined import combined
from curation.text.normalise import tokens
from curation.text.parse import analyse

AXES = ("red", "blue", "striped", "large", "ball", "box", "grass")
TEXT = "a ball and a box"


def embed_texts(texts):
    rows = np.array([[0.2, *(float(axis in tokens(text)) for axis in AXES)] for text in texts], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def part(word, at, kind="colour", slot=(2, 6), **evidence):
    told = {"type": kind, "slot_span": list(slot), "word": word, "insertions": [[at, word, 0]], "captions": [1]}
    return Suggestion(f"{TEXT} {word}", "siblings", "rewrite", ((0, 1),), told | evidence)


def join(found, *, own, rivals, **settings):
    (analysis,) = analyse([TEXT])
    context = CaptionContext(analysis, own=embed_texts([own])[0], rivals=embed_texts(rivals))
    asking = combined(context, found, **settings)
    embed = TextCache(embed_texts)
    try:
        wanted = next(asking)
        asking.send(embed(wanted))
    except StopIteration as end:
        return end.value


RED, STRIPED, BLUE = part("red", 2), part("striped", 2, "pattern"), part("blue", 13, slot=(13, 16))


def test_details_that_only_together_beat_the_rivals_are_joined():
    (one,) = join([RED, BLUE], own="red ball blue box", rivals=["red ball box", "ball blue box"])
    assert one.text == "a red ball and a blue box"
    assert one.evidence["captions"] == [1]
    assert one.evidence["words"] == ["red", "blue"]


def test_the_shortest_that_reaches_the_first_rank_is_taken():
    grass = part("on the grass", 16, "place", slot=(0, 0))
    rivals = ["red ball box", "ball blue box", "ball box grass"]
    (one,) = join([grass, RED, BLUE], own="red ball blue box grass", rivals=rivals)
    assert one.text == "a red ball and a blue box"


def test_where_one_detail_is_enough_nothing_is_joined():
    assert join([RED, BLUE], own="red ball box", rivals=["ball box blue"]) == []


def test_where_no_wording_reaches_the_first_rank_there_is_none():
    assert join([RED, BLUE], own="ball box grass", rivals=["red ball blue box"]) == []


def test_no_two_colours_for_one_thing_and_nothing_that_is_to_mislead():
    rivals = ["red ball box", "ball blue box"]
    assert join([RED, part("blue", 2)], own="red ball blue box", rivals=rivals) == []
    misleading = part("blue", 13, slot=(13, 16), objective="stress")
    assert join([RED, misleading], own="red ball blue box", rivals=rivals) == []


def test_not_too_many_words():
    rivals = ["red ball box", "ball blue box"]
    assert join([RED, BLUE], own="red ball blue box", rivals=rivals, max_words=1) == []
