"""Which of two wordings is finer."""

from hypothesis import given
from hypothesis import strategies as st

from curation.coarse.comparing import Comparison, learn

PAIRS = [
    (f"a {old} in the {place}", f"a {new} in the {place}")
    for old, new in (("person", "surfer"), ("animal", "terrier"), ("thing", "kite"))
    for place in ("park", "street", "sea")
]
LEARNED = learn(PAIRS)
words = st.lists(st.sampled_from(["a", "person", "surfer", "animal", "terrier", "in", "the", "park"]), max_size=6).map(
    " ".join
)


def test_more_words_win_before_anything_was_learned():
    comparison = Comparison()
    assert comparison.lead("a dog", "a black dog") > 0
    assert comparison.lead("a dog", "a cat") == 0


def test_what_curators_replaced_decides_where_the_length_does_not():
    comparison = LEARNED
    assert comparison.lead("a person in the snow", "a surfer in the snow") > 0
    assert comparison.lead("a surfer in the snow", "a person in the snow") < 0
    assert comparison.lead("the terrier waits", "the animal waits") < 0


@given(words, words)
def test_the_lead_turns_round_with_the_sides_and_more_words_win(old, new):
    there, back = LEARNED.lead(old, new), LEARNED.lead(new, old)
    if len(old.split()) == len(new.split()):
        assert there == -back
    else:
        assert (there > back) == (len(new.split()) > len(old.split()))


def test_nothing_to_learn_from_gives_no_weights():
    assert learn([]).weights == {}
    assert learn([("a dog", "a cat")]).weights == {}
