"""The word diff gives both texts back, and its spans are what was inserted."""

from hypothesis import given
from hypothesis import strategies as st

from curation.text.worddiff import inserted_spans, word_diff

WORDS = ["a", "man", "red", "hat", "in", "the", "white", ",", ".", "dog-house", "man's"]
captions = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
texts = captions | st.text(max_size=30)


def squeezed(text):
    return "".join(text.split())


@given(texts, texts)
def test_segments_give_both_texts_back(old, new):
    segments = word_diff(old, new)
    assert "".join(s.text for s in segments if s.op != "delete") == new
    assert squeezed("".join(s.text for s in segments if s.op != "insert")) == squeezed(old)


@given(texts)
def test_a_text_does_not_differ_from_itself(text):
    assert {segment.op for segment in word_diff(text, text)} <= {"equal"}
    assert inserted_spans(text, text) == ()


@given(captions, captions)
def test_spans_are_ordered_words_that_were_inserted(old, new):
    spans = inserted_spans(old, new)
    inserted = [segment.text.strip() for segment in word_diff(old, new) if segment.op == "insert"]
    assert [new[start:end] for start, end in spans] == inserted
    assert list(spans) == sorted(spans)


def test_a_replacement_is_a_delete_then_an_insert():
    assert [tuple(s) for s in word_diff("a red hat", "a blue hat")] == [
        ("equal", "a"),
        ("delete", " red"),
        ("insert", " blue"),
        ("equal", " hat"),
    ]


def test_a_first_word_that_goes_stays_apart_from_the_one_that_comes():
    assert "".join(segment.text for segment in word_diff("A hat", "The hat")) == "A The hat"


def test_the_longer_word_is_the_one_that_stays():
    new = "holding an orange racket on a court"
    assert [new[s:e] for s, e in inserted_spans("holding a racket", new)] == ["an orange", "on a court"]


def test_very_long_texts_take_the_fast_way():
    old = " ".join(f"w{n}" for n in range(1200))
    assert inserted_spans(old, old + " end") == ((len(old) + 1, len(old) + 4),)


def test_spans_point_at_the_inserted_words():
    new = "a woman in a black top is holding a racket"
    assert [new[s:e] for s, e in inserted_spans("a woman is holding a racket", new)] == ["in a black top"]
