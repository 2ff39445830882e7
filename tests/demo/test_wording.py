"""Facts in English."""

import itertools

import numpy as np
import pytest

from curation.demo.captions import GRADES, graded
from curation.demo.facts import Facts, Mention
from curation.demo.scenes import draw_scene_facts
from curation.demo.vocabulary import demo_words
from curation.demo.wording import phrase, prompt


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts((Mention("ball"),)), "a ball"),
        (Facts((Mention("umbrella", "orange"),)), "an orange umbrella"),
        (Facts((Mention(None, None, "striped"),)), "a striped thing"),
        (Facts((Mention("cup", "red", "dotted", "small"),), None, "beach"), "a small red dotted cup on a sandy beach"),
        (Facts((Mention("car"), Mention("tree")), "left"), "a car to the left of a tree"),
        (Facts((Mention("car"), Mention("tree"), Mention("star"))), "a car, a tree and a star"),
        (Facts((), None, "lake"), "a view on a calm lake"),
    ],
)
def test_prompt(facts: Facts, words: str) -> None:
    assert prompt(facts) == words


def test_phrases_vary_and_repeat_with_the_seed() -> None:
    facts = Facts((Mention("cup", "red"),), None, "beach")
    many = {phrase(facts, np.random.default_rng(seed)) for seed in range(60)}
    assert len(many) > 10
    assert phrase(facts, np.random.default_rng(7)) == phrase(facts, np.random.default_rng(7))


def test_phrases_use_known_words_and_right_articles() -> None:
    words = demo_words()
    for seed in range(80):
        rng = np.random.default_rng(seed)
        text = phrase(graded(draw_scene_facts(rng), GRADES[seed % 5]), rng)
        tokens = text.lower().replace(",", "").rstrip(".").split()
        assert set(tokens) <= words, text
        for word, following in itertools.pairwise(tokens):
            if word in ("a", "an"):
                assert (word == "an") == (following[0] in "aeiou"), text
