"""Single signals by example, and the score that joins them."""

import numpy as np
import pytest

from curation.coarse import CoarseContext, coarse_signals
from curation.coarse.score import REASONS, coarse_scores
from curation.records import RegrainError
from curation.text.parse import analyse

TEXTS = ["a man rides a wave", "a man in a green wetsuit rides a tall foamy wave near rocks", "a photo of something"]


def context_of(texts, image=None, **more):
    image = np.arange(len(texts)) if image is None else np.asarray(image)
    return CoarseContext(texts, image, list(analyse(texts)), **more)


def signal(name, context):
    return coarse_signals.get(name).run(context)


def test_reasons_name_what_was_seen():
    context = context_of(TEXTS)
    assert signal("words", context).reason(0) == "5 words"
    assert signal("bare_nouns", context).reason(0) == "no attribute on 2 nouns"
    assert signal("attributes", context).reason(1) == "3 attributes"
    assert signal("generic", context).reason(2) == "generic: 'a photo of', 'photo', 'something'"
    assert signal("rarest_word", context).reason(1) == "rarest word: 'in'"


def test_shared_captions_count_other_images_only():
    context = context_of(["A dog .", "a dog", "a dog", "a cat"], image=[0, 0, 1, 1])
    assert signal("shared", context).values.tolist() == [1, 1, 1, 0]
    assert signal("shared", context).reason(0) == "same caption at 1 other image"


def test_images_that_fit_as_well_are_counted_like_by_hand(unit_rows):
    gallery, texts, own = unit_rows(30, 6, seed=3), unit_rows(5, 6, seed=4), np.array([3, 1, 4, 1, 5])
    context = context_of(["a"] * 5, text_vectors=texts, gallery=gallery, own=own, delta=0.1)
    scores = texts @ gallery.T
    expected = [sum(scores[n, g] >= scores[n, own[n]] - 0.1 for g in range(30) if g != own[n]) for n in range(5)]
    assert signal("fits_as_well", context).values.tolist() == expected
    assert context.spread == pytest.approx(scores.std(axis=1).mean(), rel=0.1)


def test_text_alone_gives_a_score_and_orders_fine_after_coarse():
    scores = coarse_scores(context_of(TEXTS))
    assert scores.score.shape == (3,)
    assert ((scores.score > 0) & (scores.score < 1)).all()
    assert scores.score[1] < scores.score[0]
    assert not {"fits_as_well", "own_rank"} & set(scores.raw)


def test_vectors_move_the_score_of_equal_texts(unit_rows):
    gallery = np.eye(12, dtype=np.float32)
    blurred = np.full(12, 1 / np.sqrt(12), dtype=np.float32)
    texts = np.stack([gallery[0], blurred])
    scores = coarse_scores(
        context_of(["a dog", "a dog"], image=[0, 0], text_vectors=texts, gallery=gallery, own=np.array([0, 1]))
    )
    assert scores.score[1] > scores.score[0] + 0.3
    assert "fits 11 images as well" in [signal.reason for signal in scores.moved[1]]


def test_the_signals_that_moved_it_come_with_values_and_reasons():
    scores = coarse_scores(context_of(TEXTS))
    for row, moved in enumerate(scores.moved):
        assert 1 <= len(moved) <= REASONS
        for named in moved:
            assert named.value == scores.raw[named.name][row]
            assert named.reason


def test_without_analyses_the_rest_still_scores():
    scores = coarse_scores(CoarseContext(["ein Hund"], np.array([0])))
    assert "bare_nouns" not in scores.raw
    assert scores.score.shape == (1,)


def test_nothing_to_score():
    assert coarse_scores(context_of([])).score.shape == (0,)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="image holds 1 rows for 2 captions"):
        CoarseContext(["a", "b"], np.array([0]))
    with pytest.raises(ValueError, match="come together"):
        CoarseContext(["a"], np.array([0]), own=np.array([0]))
    with pytest.raises(RegrainError, match="did you mean 'words'"):
        coarse_scores(context_of(TEXTS), settings={"word": {}})


def test_signals_that_need_english_step_aside_for_captions_that_are_not_analysed():
    german = ["Ein Mann im roten Hemd reitet auf einer Welle", "Ein Hund", "Leute stehen im Freien"]
    found = coarse_scores(CoarseContext(german, np.arange(3)))
    english = {"attributes", "bare_nouns", "colours", "clothing", "generic", "places", "text_defects"}
    assert not english & set(found.raw)
    assert found.score[1] > found.score[0]  # the length and the weight of the words speak any language
    assert {signal.name for row in found.moved for signal in row} <= set(found.raw)
