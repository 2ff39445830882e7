"""Tokens and the FG layout's normalisation."""

from hypothesis import given
from hypothesis import strategies as st

from curation.text.normalise import fg_normalise, rejoin_possessives, tokens


def test_golden_lines_of_the_layout():
    assert fg_normalise("The man's  T-shirt is red/blue .") == "the mans t shirt is red blue"
    assert fg_normalise('A "Stop" sign (new); a <person>!') == "a stop sign new a person"
    assert fg_normalise("") == ""


def test_cutting_keeps_the_first_words():
    assert fg_normalise("one two three four", max_words=2) == "one two"


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    once = fg_normalise(text)
    assert fg_normalise(once) == once


@given(st.text())
def test_normalised_text_holds_no_dropped_sign_and_no_double_blank(text):
    once = fg_normalise(text)
    assert not set(once) & set(",.'!?\"()*#:;~-/")
    assert "  " not in once
    assert once == once.strip()


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_tokens_are_lower_case_letters_and_digits_in_order(text):
    joined = "".join(tokens(text))
    assert joined == "".join(sign for sign in text.lower() if sign.isalnum())


def test_split_possessives_are_joined():
    assert rejoin_possessives("a man s hat and the dog s bone") == "a mans hat and the dogs bone"
    assert rejoin_possessives("men stand") == "men stand"
