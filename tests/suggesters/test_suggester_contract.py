"""What every suggester must hold to; a new one is tested by being there."""

import copy
import json
from dataclasses import replace

import numpy as np
import pytest

from curation.language import Filling
from curation.suggesters import CaptionContext, Neighbour, Sibling, suggesters
from curation.suggesters.batch import suggest_batch
from curation.text.defects import new_defects
from curation.text.normalise import tokens
from curation.text.parse import analyse
from curation.text.worddiff import inserted_spans

CAPTIONS = [
    "A woman is holding a racket .",
    "a young woman in a black top and white skirt holds an orange racket on a court",
    "a lady with long hair waits for a small ball near the net",
]
WORDS = ("red", "orange", "black", "white", "blue", "small", "striped", "woman", "racket", "ball", "court", "top")


def embed_texts(texts):
    """A bag of words on its own axes plus a constant: a word moves the text towards images that show it."""
    rows = np.array([[0.3, *(float(word in tokens(text)) for word in WORDS)] for text in texts], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill_gaps(gaps):
    """A language model that expects the same words everywhere."""
    expected = dict.fromkeys(WORDS, 1 / len(WORDS))
    return [Filling(tuple(expected.items()), tuple(expected.get(word, 0.0) for word in gap.words)) for gap in gaps]


LOCAL = [plugin for plugin in suggesters if plugin.facts["needs"] != "endpoint"]  # others are tried with a server


@pytest.fixture(params=LOCAL, ids=lambda plugin: plugin.name)
def plugin(request):
    return request.param


@pytest.fixture
def context():
    target, *others = analyse(CAPTIONS)
    own = embed_texts(["woman orange racket court"])[0]  # of its rivals one has the racket, one the court
    rivals = embed_texts(["woman orange racket ball", "woman blue racket court", "woman red racket ball"])
    crops = embed_texts(["orange striped racket", "court"])  # what a crop shows and the whole does not
    siblings = [Sibling(1, others[0]), Sibling(4, others[1])]
    boxes = ((0.0, 0.0, 0.5, 0.5), (0.5, 0.5, 1.0, 1.0))
    similar = [Neighbour("other#0", others[0]), Neighbour("another#0", others[0])]
    return CaptionContext(
        target, siblings, own, rivals, crops, boxes, known_words=frozenset(WORDS), temperature=0.03, neighbours=similar
    )


def run_all(plugin, contexts):
    """What works on the suggestions of others is given some; only its own are looked at."""
    others = ["siblings", "attribute_words"] if plugin.facts["needs"] == "suggestions" else []
    settings = {"siblings": {"max_words": 3, "keep": 9}} if others else {}  # short ones leave something to join
    if plugin.name == "similar_captions":  # asked only where no picture can be
        contexts = [replace(context, own=None, rivals=None, crops=None, siblings=()) for context in contexts]
    found = suggest_batch(
        contexts, embed_texts, settings=settings, sources=[plugin.name, *others], limit=40, fill_gaps=fill_gaps
    )
    return [[one for one in each if one.source == plugin.name] for each in found]


def run(plugin, context):
    return run_all(plugin, [context])[0]


def test_it_finds_something(plugin, context):
    assert any(s.kind == "rewrite" for s in run(plugin, context))


def test_spans_hold_what_was_inserted_and_nothing_is_lost(plugin, context):
    for suggestion in run(plugin, context):
        assert suggestion.spans == inserted_spans(context.text, suggestion.text)
        assert suggestion.spans
        kept = suggestion.text
        for start, end in reversed(suggestion.spans):
            kept = kept[:start] + kept[end:]
        articles = {"a", "an"}
        assert [t for t in tokens(kept) if t not in articles] == [t for t in tokens(context.text) if t not in articles]


def test_evidence_is_plain_json_and_says_where_it_stands(plugin, context):
    for suggestion in run(plugin, context):
        assert json.loads(json.dumps(suggestion.evidence)) == suggestion.evidence
        assert suggestion.source == plugin.name
        stands = {"rank", "margin", "fits"} if plugin.name != "similar_captions" else set()
        assert {"sources", *stands} <= suggestion.evidence.keys()
        if suggestion.kind == "attribute":
            start, end = suggestion.evidence["slot_span"]
            assert context.text[start:end].lower() == suggestion.evidence["slot"].lower()
            assert suggestion.evidence["word"] in suggestion.text.lower()


def test_no_defect_and_no_doubles(plugin, context):
    found = run(plugin, context)
    assert all(not new_defects(context.text, s.text) for s in found)
    keys = [(s.kind, s.text, str(s.evidence.get("slot_span"))) for s in found]
    assert len(keys) == len(set(keys))


def test_same_input_same_output_and_inputs_unchanged(plugin, context):
    before = copy.deepcopy((context.own, context.rivals))
    assert run(plugin, context) == run(plugin, context)
    np.testing.assert_array_equal(context.own, before[0])
    np.testing.assert_array_equal(context.rivals, before[1])


def test_a_caption_alone_without_vectors_is_no_error(plugin):
    (lone,) = analyse(["a dog"])
    assert suggest_batch([CaptionContext(lone)], sources=[plugin.name]) == [[]]
    assert suggest_batch([CaptionContext(lone)], sources=[plugin.name], fill_gaps=fill_gaps) == [[]]


def test_the_batch_gives_each_caption_what_it_gets_alone(plugin, context):
    (other,) = analyse(["a ball on a court"])
    second = CaptionContext(other, context.siblings, context.own, context.rivals)
    together = run_all(plugin, [context, second, context])
    assert together == [run(plugin, context), run(plugin, second), run(plugin, context)]
