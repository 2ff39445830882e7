"""What never reaches a person, and in which order the rest does."""

from collections import Counter

import numpy as np
import pytest

from curation.live import live_rank
from curation.records import RegrainError, Suggestion
from curation.suggesters import CaptionContext, Sibling, running
from curation.suggesters.batch import TextCache, suggest_batch
from curation.suggesters.consistency import consistency
from curation.suggesters.gates import Gates, pass_gates
from curation.suggesters.rank import ranked
from curation.text.analysis import Analysis
from curation.text.parse import analyse

TEXT = "a man rides a horse"


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        ("a black man rides a horse", "colour"),
        ("a black and white man rides a horse", "colour"),
        ("an old man rides a horse", "age"),
        ("an asian man rides a horse", "ethnicity"),
        ("a blind man rides a horse", "health"),
        ("a man rides a black horse", None),
        ("a man rides an old horse", None),
        ("a man in a black hat rides a horse", None),
        ("a tall man rides a horse", None),
    ],
)
def test_sensitive_words_before_people(new, kind):
    assert Gates().sensitive_kind(TEXT, new) == kind


def test_what_the_caption_says_itself_is_not_blocked():
    assert Gates().sensitive_kind("a black man rides", "a black man in a hat rides") is None


def test_gates_drop_count_and_merge():
    tally = Counter()
    given = [
        Suggestion("a man rides a brown horse", "one", evidence={"captions": [1]}),
        Suggestion("a man rides a brown horse .", "two", evidence={"probability": 0.9}),
        Suggestion("a old man rides a horse", "one"),
        Suggestion("a man man rides a horse", "one"),
        Suggestion("a black man rides a horse", "one"),
        Suggestion("A man rides a horse.", "one"),
    ]
    (kept,) = pass_gates(TEXT, given, tally)
    assert kept.text == given[0].text
    assert kept.evidence == {"captions": [1], "probability": 0.9, "sources": ["one", "two"]}
    assert tally == {"sensitive:age": 1, "defect:repeated_word": 1, "sensitive:colour": 1, "unchanged": 1}


def test_ranked_puts_the_better_standing_first_and_siblings_on_ties():
    own, rivals = np.array([1, 0, 0], np.float32), np.array([[0.8, 0.6, 0], [0.6, 0.8, 0]], np.float32)
    rows = {"before": [0.5, 0.866, 0], "worse": [0, 1, 0], "good": [0.995, 0.0999, 0], "best": [1, 0, 0]}
    given = [
        Suggestion("worse", "siblings"),
        Suggestion("best", "attribute_words"),
        Suggestion("good", "siblings"),
    ]
    vectors = np.array([rows["before"], *(rows[s.text] for s in given)], dtype=np.float32)
    context = CaptionContext(Analysis("before"), own=own, rivals=rivals)
    found = ranked(context, given, vectors)
    assert [s.text for s in found] == ["good", "best", "worse"]
    assert found[0].evidence["rank"] == [3, 1]
    assert [s.text for s in ranked(context, given, vectors, limit=1)] == ["good"]


def test_single_attributes_go_by_slot_then_probability():
    def single(at, word, p):
        return Suggestion(word, "attribute_words", "attribute", evidence={"slot_span": [at, at + 1], "probability": p})

    given = [single(9, "c", 0.9), single(2, "a", 0.2), single(2, "b", 0.7)]
    assert [s.text for s in ranked(CaptionContext(Analysis("x")), given)] == ["b", "a", "c"]


def test_live_rank_is_pessimistic_and_counts_those_that_fit():
    own = np.array([1, 0], np.float32)
    draft = np.array([0.8, 0.6], np.float32)
    rivals = np.array([[1, 0], [0, 1], [0.8, 0.6]], np.float32)
    standing = live_rank(draft, own, rivals, delta=0.25)
    assert (standing.rank, standing.fits) == (3, 3)
    assert standing.margin == pytest.approx(-0.2)
    assert live_rank(draft, own, rivals[:0]).rank == 1


def test_live_rank_refuses_vectors_of_two_encoders():
    with pytest.raises(ValueError, match="one encoder"):
        live_rank(np.ones(3, np.float32), np.ones(3, np.float32), np.ones((2, 4), np.float32))


def test_every_text_is_encoded_once_whatever_asks_for_it():
    calls = []

    def embed(texts):
        calls.extend(texts)
        return np.eye(8, dtype=np.float32)[[len(text) % 8 for text in texts]]

    target, other = analyse(["a man holds a cup", "a red cup"])
    context = CaptionContext(target, [Sibling(1, other)], np.eye(8, dtype=np.float32)[0], np.eye(8, dtype=np.float32))
    cache = TextCache(embed)
    suggest_batch([context, context], cache)
    suggest_batch([context], cache)
    assert len(calls) == len(set(calls)) == cache.encoded


def test_the_cache_forgets_and_still_answers_right():
    cache = TextCache(lambda texts: np.array([[float(len(text))] for text in texts], np.float32), capacity=2)
    for texts in (["a", "bb"], ["a", "ccc"], ["bb", "a", "dddd", "a"]):
        assert cache(texts)[:, 0].tolist() == [len(text) for text in texts]
    assert cache.encoded == 5


def test_unknown_names_are_refused_with_the_near_one():
    with pytest.raises(RegrainError, match="did you mean 'siblings'"):
        suggest_batch([], settings={"sibling": {}})


def test_the_list_of_sensitive_words_can_be_changed():
    gates = Gates.of_setting({"allow": ["old"], "block": {"speed": ["Galloping"]}})
    assert gates.sensitive_kind(TEXT, "an old man rides a horse") is None
    assert gates.sensitive_kind(TEXT, "a man rides a galloping horse") == "speed"
    assert gates.sensitive_kind(TEXT, "a young man rides a horse") == "age"
    assert gates.sensitive_kind(TEXT, "a man rides a horse with Africans") == "ethnicity"


@pytest.mark.parametrize(
    ("new", "kind"),
    [
        ("a man (Muslim) rides a horse", "religion"),
        ("a “Muslim” man rides a horse", "religion"),
        ("a man rides a Muslim's horse", "religion"),
        ("a man rides a Muslim’s horse", "religion"),
        ("a Muslim/Arab man rides a horse", "religion"),
        ("a man rides a horse—Muslim", "religion"),
        ("a Muslim-looking man rides a horse", "religion"),
        ("a *Mus\u00adlim* man rides a horse", "religion"),
        ("a ＭＵＳＬＩＭ man rides a horse", "religion"),
        ("a [black] man rides a horse", "colour"),
        ("a white (tall) man rides a horse", "colour"),
        ("a man rides a black man's horse", "colour"),
        ("a man rides a black-haired man's horse", None),
    ],
)
def test_no_mark_at_a_sensitive_word_lets_it_pass(new: str, kind: str | None) -> None:
    assert Gates().sensitive_kind(TEXT, new) == kind


def test_a_word_that_the_owner_put_in_quotes_is_blocked_too() -> None:
    gates = Gates.of_setting({"allow": ["“Old”"], "block": {"speed": ['"galloping"']}})
    assert gates.sensitive_kind(TEXT, "a man rides a galloping horse") == "speed"
    assert gates.sensitive_kind(TEXT, "an old man rides a horse") is None


def test_what_another_caption_denies_and_what_is_too_long_stays_out_and_is_counted():
    agreed = consistency(analyse([TEXT, "a man on a brown horse"]))
    gates = Gates(context_length=12)
    given = [
        Suggestion("a man rides a white horse", "one"),
        Suggestion("a man rides a brown horse", "one"),
        Suggestion("a man rides a horse that is so large that nobody knows", "one"),
    ]
    assert [s.text for s in pass_gates(TEXT, given, gates=gates, agreed=agreed)] == ["a man rides a brown horse"]
    assert gates.dropped == {"contradiction": 1, "defect:too_long": 1}


def test_a_suggestion_that_takes_words_out_says_which_and_doubles_are_one():
    given = [
        Suggestion("a man rides a donkey", "one"),
        Suggestion("a man in a hat rides a horse", "one"),
        Suggestion("a man with the hat rides a horse", "two"),
    ]
    other, hat = pass_gates(TEXT, given)
    assert other.evidence["replaces"] == ["horse"]
    assert "replaces" not in hat.evidence
    assert hat.evidence["sources"] == ["one", "two"]


def test_what_is_kept_back_is_told_by_reason_and_sensitive_word():
    gates = Gates.of_setting({"block": {"speed": ["galloping"]}}).counting_anew()
    for word in ("old", "old", "black", "galloping", "man"):
        pass_gates(TEXT, [Suggestion(f"a {word} man rides a horse".replace("a old", "an old"), "one")], gates=gates)
    pass_gates(TEXT, [Suggestion("a man with Africans rides a horse", "one")], gates=gates)
    assert gates.kept_back() == [
        ("defect:repeated_word", "", 1),
        ("sensitive:age", "old", 2),
        ("sensitive:colour", "black", 1),
        ("sensitive:ethnicity", "african", 1),
        ("sensitive:speed", "galloping", 1),
    ]
    assert gates.counting_anew().kept_back() == []


def test_sources_run_where_they_are_neither_off_nor_only_asked_for():
    usual = running({})
    assert "siblings" in usual and "stress_words" not in usual and "vision_model" not in usual
    asked = running({"stress_words": {"preset": "paper"}}, off=["siblings"])
    assert asked["stress_words"]["preset"] == "paper" and "siblings" not in asked
    assert "stress_words" not in running({"stress_words": {}}, off=["stress_words"])
    assert "masked_words" in usual and "masked_words" not in running({}, language=False)
    with pytest.raises(RegrainError, match="did you mean 'siblings'"):
        running({}, off=["sibling"])
