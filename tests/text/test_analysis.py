"""Golden captions, known glitches of the parser among them."""

import json

import pytest

from curation.text.analysis import Analysis
from curation.text.lexicon import lexicon
from curation.text.parse import analyse


def parsed(text):
    return next(analyse([text]))


def nouns(analysis):
    return {analysis.name(n): [(m.kind, analysis.slice(m)) for m in n.modifiers] for n in analysis.nouns}


def phrases(analysis):
    return [(p.kind, analysis.nouns[p.noun].lemma, p.text) for p in analysis.phrases]


def test_two_garments_in_one_noun_phrase_are_two_nouns():
    analysis = parsed("a woman in a black top and white skirt is holding a tennis racket on a court")
    assert nouns(analysis) == {
        "woman": [],
        "top": [("colour", "black")],
        "skirt": [("colour", "white")],
        "tennis racket": [],
        "court": [],
    }
    assert phrases(analysis) == [
        ("clothing", "woman", "in a black top and white skirt"),
        ("deed", "woman", "holding a tennis racket on a court"),
        ("place", "woman", "on a court"),
    ]


def test_every_attribute_before_the_head_counts_however_it_was_tagged():
    assert nouns(parsed("a large striped red ball left of a blue cube"))["ball"] == [
        ("size", "large"),
        ("pattern", "striped"),
        ("colour", "red"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A small purple checked umbrella left of a big white striped boat on a sandy beach",
        "a small purple checked umbrella on the grass",
    ],
)
def test_an_attribute_taken_for_a_verb_still_describes_its_thing(text):
    assert nouns(parsed(text))["umbrella"] == [("size", "small"), ("colour", "purple"), ("pattern", "checked")]


def test_a_verb_taken_for_the_head_is_left_out():
    analysis = parsed("a man wearing a helmet skiing down a hill")
    assert "helmet" in nouns(analysis)
    assert ("clothing", "man", "wearing a helmet") in phrases(analysis)


def test_what_somebody_wears_reads_alike_in_every_form():
    analysis = parsed("The man with pierced ears is wearing glasses and an orange hat .")
    assert ("clothing", "man", "wearing glasses and an orange hat") in phrases(analysis)
    assert ("part", "man", "with pierced ears") in phrases(analysis)


@pytest.mark.parametrize("text", ["a woman wearing all black looks up", "a woman in black is sitting on a bench"])
def test_whoever_wears_a_colour_is_dressed(text):
    woman = parsed(text).nouns[0]
    assert woman.missing == ()


def test_top_is_a_garment_only_where_it_is_worn():
    on_top = parsed("two men in orange vests stand on top of a building")
    assert [n.noun_class for n in on_top.nouns if n.lemma == "top"] == ["abstract"]
    assert not any(n.bare for n in on_top.nouns if n.lemma == "top")


def test_bare_nouns_and_missing_kinds():
    analysis = parsed("a man in a red hat throws a ball to a dog")
    assert [noun.lemma for noun in analysis.bare_nouns] == ["ball", "dog"]
    ball = next(noun for noun in analysis.nouns if noun.lemma == "ball")
    assert ball.missing == ("colour", "size", "pattern", "material")
    man = next(noun for noun in analysis.nouns if noun.lemma == "man")
    assert man.missing == ()
    assert man.has_verb


def test_hyphenated_words_stay_whole():
    assert nouns(parsed("a guy in a multi-colored t-shirt rides his bike")) == {
        "guy": [],
        "t-shirt": [("colour", "multi-colored")],
        "bike": [],
    }


@pytest.mark.parametrize("text", ["", " ", "?!", "people", "two", "A dog 's bone .", "émigré café 犬 on a mat"])
def test_odd_texts_are_analysed_and_positions_stay_inside(text):
    analysis = parsed(text)
    for noun in analysis.nouns:
        assert 0 <= noun.chunk_start <= noun.name_start <= noun.start < noun.end <= noun.after <= len(text)


def test_json_and_back():
    for analysis in analyse(["a boy in a blue shirt sits on a wet bench near two brown dogs", ""]):
        assert Analysis.from_json(json.loads(json.dumps(analysis.to_json()))) == analysis


def test_other_json_is_refused():
    with pytest.raises(ValueError, match="not a stored caption analysis"):
        Analysis.from_json({"text": "a dog", "nouns": [["dog"]], "phrases": []})


def test_batches_change_nothing_and_order_is_kept():
    texts = ["a red ball", "two dogs run", "a man in a hat"] * 3
    assert list(analyse(texts, batch_size=2)) == list(analyse(texts, batch_size=100))


def test_the_lexicon_names_no_word_of_two_classes_twice_and_proposes_known_words_only():
    words = lexicon()
    for kind, proposed in words.insertable.items():
        assert all(words.kind_of[word] == kind for word in proposed)
    assert set(words.order) >= set(words.insertable)
    assert set(words.kind_of.values()) <= set(words.order)
