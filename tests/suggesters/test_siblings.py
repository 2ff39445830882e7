"""Golden examples: what other captions tell, moved in in grammatical form."""

import pytest

from curation.suggesters import CaptionContext, Sibling, suggesters
from curation.suggesters.telling import chosen_together, doubt, told
from curation.text.parse import analyse


def rewrites(caption, *others):
    target, *siblings = analyse([caption, *others])
    context = CaptionContext(target, [Sibling(n + 1, analysis) for n, analysis in enumerate(siblings)])
    return [s.text for s in suggesters.get("siblings").run(context) if s.kind == "rewrite"]


@pytest.mark.parametrize(
    ("caption", "other", "expected"),
    [
        ("a woman is holding a racket", "a girl in a black top", "a woman in a black top is holding a racket"),
        ("a woman is holding a racket", "a lady wears a hat", "a woman in a hat is holding a racket"),
        ("A cat sleeps .", "the orange cat", "An orange cat sleeps ."),
        ("an umbrella is open", "a red umbrella", "a red umbrella is open"),
        ("a striped ball", "the small white ball", "a white striped ball"),
        ("a striped ball", "the small white ball", "a small striped ball"),
        ("a dog runs", "a black and white dog", "a black and white dog runs"),
        ("People sit .", "three people at a table", "Three people sit ."),
        ("some men sing", "two men on a stage", "two men sing"),
        ("A man rides a bike .", "A guy rides his bicycle down a hill .", "A man rides a bike down a hill ."),
        ("a man stands", "a man with a long beard", "a man with a long beard stands"),
        ("a boy in a cap", "there is a boy jumping into a pool", "a boy in a cap jumping into a pool"),
        ("a racket lies there", "a tennis racket", "a tennis racket lies there"),
        ("two girls laugh", "many children play in a park", "two girls laugh in a park"),
        ("a man runs", "a man in a hat running down a hill", "a man runs down a hill"),
        ("a man in a hat", "a man wearing a red coat", "a man in a hat and a red coat"),
        ("a man sings", "a man wearing glasses", "a man with glasses sings"),
        ("a man sings", "a man in black top and blue jeans", "a man in a black top sings"),
        ("a man in a hat", "the man holds a cup", "a man in a hat holding a cup"),
        ("a boy is crying", "a boy sits on a bench", "a boy is crying while sitting on a bench"),
        ("a boy is crying", "a boy runs down the street", "a boy is crying on a street"),
        ("a girl is laughing", "she feeds the goat", "a girl is laughing with a goat"),
        ("two women talk", "a woman in a green dress", "two women talk with one in a green dress"),
        ("a kitchen scene", "a man in a kitchen", "a kitchen scene with a man"),
    ],
)
def test_details_move_in(caption, other, expected):
    assert expected in rewrites(caption, other)


@pytest.mark.parametrize(
    ("caption", "other"),
    [
        ("a red ball", "a blue ball"),  # one noun, two colours
        ("a man and another man talk", "a man in a red hat"),  # which of the two?
        ("a dog runs on grass", "a dog runs on a beach"),  # placed already
        ("the man 's hat", "a man in a red shirt"),  # would tear man and hat apart
        ("a man in a hat", "a man wearing a cap"),  # has something on his head already
        ("a man wearing all black looks up", "a man in a blue coat"),
        ("a man and a boy wait", "the boys in red shirts"),
    ],
)
def test_what_would_contradict_or_does_not_fit_stays_out(caption, other):
    assert rewrites(caption, other) == []


@pytest.mark.parametrize(
    "others",
    [
        ["a brown dog", "a black dog on grass"],  # the captions disagree
        ["a brown dog", "a dog and another dog"],  # which of the two?
    ],
)
def test_a_colour_that_another_caption_puts_in_doubt_stays_out(others):
    assert not any("brown" in text for text in rewrites("a dog runs", *others))


def test_a_colour_that_another_caption_only_completes_moves_in():
    texts = rewrites("a dog runs", "a brown dog", "a brown and white dog", "a dark dog")
    assert "a brown and white dog runs" in texts


def test_details_that_more_captions_tell_come_first_and_name_them():
    target, *others = analyse(["a man is waving", "a man in a red hat", "a tall man", "the man in a red hat smiles"])
    context = CaptionContext(target, [Sibling(n, a) for n, a in zip((0, 2, 3), others, strict=True)])
    first = suggesters.get("siblings").run(context)[0]
    assert first.text == "a man in a red hat is waving"
    assert first.evidence["captions"] == [0, 3]


def test_single_attributes_are_offered_for_their_slot_as_well():
    target, other = analyse(["a man holds a cup", "a red cup"])
    found = suggesters.get("siblings").run(CaptionContext(target, [Sibling(1, other)]))
    (single,) = [s for s in found if s.kind == "attribute"]
    assert single.evidence | {"slot": "cup", "type": "colour", "word": "red"} == single.evidence
    assert target.text[slice(*single.evidence["slot_span"])] == "cup"


def test_no_more_words_than_asked_for_and_no_more_suggestions():
    target, other = analyse(
        ["a man sits", "a tall man in a red and white shirt and a black hat on an old wooden bench"]
    )
    context = CaptionContext(target, [Sibling(1, other)])
    for most in (2, 4, 6):
        found = [s for s in suggesters.get("siblings").run(context, keep=3, max_words=most) if s.kind == "rewrite"]
        assert 0 < len(found) <= 3
        assert all(len(s.text.split()) - 3 <= most for s in found)


def test_what_is_matched_by_position_alone_is_shown_last():
    target, *others = analyse(["a man and a boy wait", "a worker in a red vest", "a boy in a blue cap"])
    context = CaptionContext(target, [Sibling(n + 1, a) for n, a in enumerate(others)])
    found = [s for s in suggesters.get("siblings").run(context) if s.kind == "rewrite"]
    assert found[0].evidence["matched"] == ["word"]


def test_what_is_told_of_somebody_known_is_told_of_nobody_else():
    found = rewrites("a man and a boy wait", "a worker in a red vest", "a boy in a blue cap")
    assert all("man in a blue cap" not in text for text in found)


def test_whose_it_is_may_be_in_doubt_and_is_then_shown_last():
    target, *others = analyse(
        ["a kid riding a skateboard", "A guy wearing shorts and a white t-shirt skates while someone sits there"]
    )
    context = CaptionContext(target, [Sibling(n + 1, a) for n, a in enumerate(others)])
    found = [s for s in suggesters.get("siblings").run(context) if s.kind == "rewrite"]
    assert found, "somebody in a white t-shirt skates there"
    doubts = ["loose" in one.evidence["matched"] for one in found]
    assert doubts == sorted(doubts)


@pytest.mark.parametrize(
    ("caption", "other", "expected"),
    [
        ("a woman is cooking", "a woman holding the lid and wearing a yellow apron", "yellow apron"),
        ("a boy jumps", "a boy leaps in the air", "a boy jumps in the air"),
        ("a lady looks surprised", "a lady in front of a brick wall", "a lady looks surprised by a brick wall"),
        ("two men fight", "two men fight while a crowd watches", "two men fight with a crowd"),
    ],
)
def test_looser_details_are_english(caption, other, expected):
    assert any(expected in text for text in rewrites(caption, other))


def test_one_insertion_is_one_detail_however_it_was_found():
    target, other = analyse(["a man runs", "a man in a hat running down a hill"])
    found = told(CaptionContext(target, [Sibling(1, other)]))
    assert len({detail.insertion for detail in found.all}) == len(found.all)


def test_a_word_for_people_that_is_a_thing_elsewhere_stops_nothing():
    target, other = analyse(["a player", "the cd player on a table"])
    siblings = [Sibling(1, other)]
    assert isinstance(suggesters.get("siblings").run(CaptionContext(target, siblings)), list)


def test_the_first_is_of_the_surest_wherever_the_best_set_lies():
    target, *others = analyse(["a man sits", "a man in a red hat on a bench near a dog", "somebody has a bag"])
    context = CaptionContext(target, [Sibling(n + 1, a) for n, a in enumerate(others)])
    found = told(context)
    first, *_ = chosen_together(context, found)
    assert max(doubt(target, one) for one in first) == min(doubt(target, one) for one in found.all)


@pytest.mark.parametrize(
    ("other", "nothing"),
    [("a man with a face", "face"), ("a man looking", "looking"), ("a man breaks a stick in wood", "in the wood")],
)
def test_what_tells_nothing_stays_out(other, nothing):
    assert all(nothing not in text for text in rewrites("a man waits", other))
