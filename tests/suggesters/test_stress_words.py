"""Stress words: true by the picture, lowering the agreement, and only where they are asked for."""

from dataclasses import replace

import numpy as np
import pytest

from curation.records import RegrainError
from curation.suggesters import CaptionContext, check_settings
from curation.suggesters.batch import suggest_batch
from curation.text.normalise import tokens
from curation.text.parse import analyse

AXES = ("red", "blue", "green", "striped", "dotted", "ball", "grass")


def embed_texts(texts):
    rows = np.array([[0.2, *(float(axis in tokens(text)) for axis in AXES)] for text in texts], dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def context():
    (analysis,) = analyse(["a ball"])
    return CaptionContext(
        analysis,
        own=embed_texts(["red ball grass"])[0],
        rivals=embed_texts(["blue ball", "green ball"]),
        crops=embed_texts(["striped ball", "grass"]),  # the stripes show in a crop alone
        known_words=frozenset(AXES),
        temperature=0.03,
    )


def stressed(context, **settings):
    (found,) = suggest_batch([context], embed_texts, settings={"stress_words": settings}, sources=["stress_words"])
    return found


def test_a_true_word_that_lowers_the_agreement_is_offered(context):
    first = stressed(context)[0]
    assert first.text == "a striped ball"
    before, after = first.evidence["agreement"]
    assert after < before and first.evidence["objective"] == "stress"
    assert {one.kind for one in stressed(context)} == {"rewrite", "attribute"}


def test_a_true_word_that_raises_the_agreement_is_not(context):
    raised = replace(context, own=embed_texts(["striped ball"])[0])
    assert all("striped" not in one.text for one in stressed(raised))


def test_a_word_that_the_picture_does_not_bear_out_is_not(context):
    plain = replace(context, crops=embed_texts(["ball", "grass"]))
    assert all("dotted" not in one.text and "striped" not in one.text for one in stressed(plain))


def test_the_papers_weights_have_a_name_and_others_have_not(context):
    assert stressed(context, preset="paper")[0].evidence["score"] != stressed(context)[0].evidence["score"]
    with pytest.raises(RegrainError, match=r"no preset is called 'xmai' \(known: paper\)"):
        stressed(context, preset="xmai")


def test_it_runs_only_where_the_settings_name_it(context):
    sources = {one.source for one in suggest_batch([context], embed_texts)[0]}
    assert "stress_words" not in sources
    asked = {one.source for one in suggest_batch([context], embed_texts, settings={"stress_words": {}})[0]}
    assert "stress_words" in asked


def test_what_is_to_lower_the_agreement_is_shown_last(context):
    both = replace(context, crops=embed_texts(["red striped ball", "grass"]))
    (found,) = suggest_batch([both], embed_texts, settings={"stress_words": {}})
    rewrites = [(one.source, one.text) for one in found if one.kind == "rewrite"]
    assert rewrites[0] == ("attribute_words", "a red ball")
    assert rewrites[-1] == ("stress_words", "a striped ball")


def test_one_that_others_propose_too_stays_known_as_a_stress_word(context):
    (found,) = suggest_batch([context], embed_texts, settings={"stress_words": {}})
    (one,) = [one for one in found if one.kind == "rewrite" and one.text == "a striped ball"]
    assert one.source == "stress_words"
    assert one.evidence["sources"] == ["attribute_words", "stress_words"]


def test_settings_name_what_there_is():
    check_settings({"stress_words": {"preset": "paper"}})
    with pytest.raises(RegrainError, match="no suggester is called 'stress'"):
        check_settings({"stress": {}})
    with pytest.raises(RegrainError, match="the suggester siblings has no setting 'k'"):
        check_settings({"siblings": {"k": 3}})
