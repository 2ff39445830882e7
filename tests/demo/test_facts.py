"""The truth of captions: the fast matrix against the plain definition, and the plain definition against examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.demo.captions import GRADES, finer, five_facets, foreign_facts, graded, one_changed, some_facts
from curation.demo.facts import Facts, Mention, holds, truth_matrix
from curation.demo.scenes import Scene, Thing, draw_scene_facts
from curation.demo.wording import FOREIGN

RED_BALL = Thing("ball", "red", "plain", "small", 0.2, 0.5, 0.2)
BLUE_BOX = Thing("box", "blue", "striped", "large", 0.7, 0.55, 0.35)
SCENE = Scene("beach", 0, (RED_BALL, BLUE_BOX))


@pytest.mark.parametrize(
    ("facts", "true"),
    [
        (Facts((Mention("ball"),)), True),
        (Facts((Mention("ball", "blue"),)), False),  # there is a ball and something blue, but no blue ball
        (Facts((Mention(None, "blue"),)), True),
        (Facts((Mention("ball"), Mention("ball"))), False),  # one thing cannot stand for two
        (Facts((Mention("ball"), Mention("box")), "left"), True),
        (Facts((Mention("box"), Mention("ball")), "left"), False),
        (Facts((Mention("box"), Mention("ball")), "right"), True),
        (Facts((Mention("box"), Mention("ball")), "beside"), True),
        (Facts((Mention("ball"), Mention("box")), "above"), False),
        (Facts((), None, "beach"), True),
        (Facts((Mention("ball"),), None, "snow"), False),
        (Facts(), True),
    ],
)
def test_holds(facts: Facts, true: bool) -> None:
    assert holds(facts, SCENE) is true


def test_matrix_agrees_with_definition() -> None:
    rng = np.random.default_rng(3)
    scenes = [draw_scene_facts(rng) for _ in range(60)]
    captions = [some_facts(scene, rng) for scene in scenes] + [graded(s, g) for s in scenes[:12] for g in GRADES]
    captions += [Facts(), Facts((), None, "lake"), Facts((Mention("ball"), Mention("box")), "beside")]
    slow = np.array([[holds(caption, scene) for scene in scenes] for caption in captions])
    np.testing.assert_array_equal(truth_matrix(captions, scenes), slow)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_captions_keep_their_promises(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scene = draw_scene_facts(rng)
    captions = [*(graded(scene, grade) for grade in GRADES), *five_facets(scene, rng), some_facts(scene, rng)]
    for facts in captions:
        assert holds(facts, scene)
        assert holds(finer(facts, scene), scene)
        assert finer(facts, scene).detail >= facts.detail
        if facts.mentions:
            changed = one_changed(facts, scene, rng)
            assert not holds(changed, scene)
            assert changed.detail == facts.detail
    facets = five_facets(scene, rng)
    assert len(set(facets)) == 5
    assert facets[0].detail == 1


def test_grades_grow_finer() -> None:
    rng = np.random.default_rng(5)
    scenes = [draw_scene_facts(rng) for _ in range(300)]
    details = np.array([[graded(scene, grade).detail for grade in GRADES] for scene in scenes])
    assert (np.diff(details, axis=1) >= 0).all()
    counts = np.array([truth_matrix([graded(s, grade) for s in scenes], scenes).sum(axis=1) for grade in GRADES])
    assert (np.diff(counts, axis=0) <= 0).all()  # whatever a finer caption is true of, the coarser one is too


def test_finer_refuses_what_is_false() -> None:
    with pytest.raises(ValueError, match="not true"):
        finer(Facts((Mention("car"),)), SCENE)


def test_nothing_to_change() -> None:
    with pytest.raises(ValueError, match="no attribute"):
        one_changed(Facts(), SCENE, np.random.default_rng(0))


def test_foreign_words_are_not_of_this_world() -> None:
    facts = foreign_facts(Facts((Mention("ball", "red", "plain"),)), np.random.default_rng(0))
    (mention,) = facts.mentions
    assert mention.colour in FOREIGN["colour"] or mention.pattern in FOREIGN["pattern"]
