"""Groups of captions that say nearly the same."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.coarse.clusters import _near, near_identical
from curation.text.normalise import tokens

captions = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5).map(" ".join), max_size=12)


def shared(one: str, other: str) -> float:
    left, right = Counter(tokens(one)), Counter(tokens(other))
    return (left & right).total() / (left | right).total()


@given(captions, st.sampled_from([0.4, 0.75, 1.0]))
def test_every_member_is_near_the_first_and_no_caption_stands_in_two_groups(texts, least):
    groups = near_identical(texts, least=least)
    members = [row for group in groups for row in group]
    assert len(members) == len(set(members))
    assert all(len(group) >= 2 for group in groups)
    assert all(shared(texts[group[0]], texts[row]) >= least - 1e-9 for group in groups for row in group)


@given(captions)
def test_captions_of_equal_words_are_never_parted(texts):
    group_of = {row: n for n, group in enumerate(near_identical(texts, least=0.5)) for row in group}
    for one in range(len(texts)):
        for other in range(one):
            if sorted(tokens(texts[one])) == sorted(tokens(texts[other])):
                assert group_of[one] == group_of[other]


@given(captions, st.randoms())
def test_the_groups_do_not_follow_from_the_order_of_the_captions(texts, random):
    order = list(range(len(texts)))
    random.shuffle(order)
    plain = [sorted(texts[row] for row in group) for group in near_identical(texts, least=0.6)]
    turned = [texts[row] for row in order]
    assert sorted(plain) == sorted(sorted(turned[row] for row in group) for group in near_identical(turned, least=0.6))


def test_case_and_punctuation_part_nothing_and_a_colour_does():
    texts = ["A man in a red shirt sits .", "a man in a red shirt sits", "a man in a blue shirt sits", "two dogs"]
    assert [sorted(group) for group in near_identical(texts)] == [[0, 1]]
    assert [sorted(group) for group in near_identical(texts, least=0.7)] == [[0, 1, 2]]


def test_a_chain_of_small_differences_joins_only_what_is_near_its_centre():
    words = [f"w{n}" for n in range(14)]
    texts = [" ".join(words[start : start + 10]) for start in range(5)]
    groups = near_identical(texts, least=0.8)
    assert all(shared(texts[group[0]], texts[row]) >= 0.8 for group in groups for row in group)
    assert len(groups[0]) == 3


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="above 0 up to 1"):
        near_identical(["a"], least=0.0)
    assert near_identical([]) == []
    assert np.size(near_identical(["one", "two"])) == 0


@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=9), max_size=12), st.floats(0.3, 1.0))
def test_looking_up_the_rarest_words_finds_every_pair_that_comparing_all_finds(sentences, least):
    wordings = sorted({tuple(sorted(words)) for words in sentences})
    counted = [Counter(words) for words in wordings]

    def share(one, other):
        return (one & other).total() / (one | other).total()

    slow = [{n for n, other in enumerate(counted) if n == k or share(one, other) >= least - 1e-9}
            for k, one in enumerate(counted)]  # fmt: skip
    assert [set(found) for found in _near(wordings, least)] == slow
