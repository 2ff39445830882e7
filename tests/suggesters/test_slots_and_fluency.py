"""Where attributes may be put, in which words, and how usual they are."""

import numpy as np
import pytest

from curation.suggesters import CaptionContext
from curation.suggesters.fluency import SMOOTHING, count
from curation.suggesters.slots import DetectedObject, open_slots
from curation.suggesters.vocabulary import vocabulary
from curation.text.lexicon import NOUN_CLASSES, lexicon
from curation.text.parse import analyse


def slots_of(text, **more):
    (analysis,) = analyse([text])
    return {(slot.name, slot.kind): slot for slot in open_slots(CaptionContext(analysis, **more))}


def test_probes_say_what_the_caption_says_of_the_thing():
    probes = slots_of("a striped kite above a ball")["kite", "colour"].probes()
    assert "a red striped kite" in probes
    assert probes[-1] == "a striped kite"


def test_clothes_go_behind_people_in_the_workspaces_words():
    slot = slots_of("a man rides a horse", known_words=frozenset({"in", "a", "red", "shirt"}))["man", "clothing"]
    assert slot.words == ("in a red shirt",)
    assert slot.edit("a man rides a horse", "in a red shirt") == "a man in a red shirt rides a horse"
    assert "a man in a red shirt" in slot.probes()


def test_states_are_proposed_only_for_what_somebody_called_so():
    assert ("street", "state") not in slots_of("a street")
    assert slots_of("a street", known_pairs={"wet street"})["street", "state"].words == ("wet",)


def test_what_detections_say_is_proposed_for_things_of_that_name():
    seen = [DetectedObject("sedan car", ("red", "shiny")), DetectedObject("dog", ("brown",))]
    slots = slots_of("an automobile", objects=seen, known_words=frozenset())
    assert slots["automobile", "colour"].words == ("red",)
    assert slots["automobile", "colour"].detected == {"red"}
    assert slots["automobile", "state"].words == ("shiny",)


def test_a_word_that_the_caption_holds_is_not_proposed_again():
    assert "red" not in slots_of("a red ball and a box")["box", "colour"].words


def test_fluency_follows_its_formula():
    fluency = count(analyse(["a red ball", "a red ball", "a blue box", "a blue car"]))
    words = ("red", "blue", "green")
    prior = np.array([3.0, 3.0, 1.0]) / 7
    expected = (np.array([2.0, 0.0, 0.0]) + SMOOTHING * prior) / (2 + SMOOTHING)
    np.testing.assert_allclose(fluency(words, "ball"), expected, rtol=1e-6)
    assert fluency(words, "ball").sum() == pytest.approx(1)


def test_the_vocabulary_holds_known_classes_and_nothing_sensitive():
    known = lexicon()
    for entry in vocabulary():
        assert entry.of <= {*NOUN_CLASSES, "thing"}
        assert not {word for phrase in entry.words for word in phrase.split()} & known.sensitive.keys()
        assert entry.behind or all(known.kind_of.get(word) == entry.type for word in entry.words)
