"""Images whose captions are alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.text import alike
from curation.text.alike import Alike

CAPTIONS = {
    "surf": ["a man rides a wave", "a surfer on a wave"],
    "wave": ["a surfer rides a big wave"],
    "cat": ["a cat sleeps on a sofa"],
    "sofa": ["a red sofa"],
    "mute": ["the of and"],
}


def test_those_that_share_telling_words_are_near_the_likest_first():
    found = Alike(CAPTIONS).nearest(["surf", "cat", "mute", "absent"], 3)
    assert found == {"surf": ["wave"], "cat": ["sofa"], "mute": [], "absent": []}


def test_no_more_than_asked_for():
    many = {str(n): ["a red ball"] for n in range(9)}
    assert len(Alike(many).nearest(["0"], 4)["0"]) == 4


@pytest.mark.parametrize("cells", [1, 11])
def test_how_many_are_looked_at_together_changes_nothing(monkeypatch, cells):
    wanted, found = list(CAPTIONS), Alike(CAPTIONS).nearest(list(CAPTIONS), 3)
    monkeypatch.setattr(alike, "CELLS_AT_ONCE", cells)
    assert Alike(CAPTIONS).nearest(wanted, 3) == found


def test_captions_without_a_telling_word_have_no_neighbours():
    assert Alike({"a": ["the"], "b": [""]}).nearest(["a", "b"], 2) == {"a": [], "b": []}
    assert Alike({}).nearest([], 2) == {}


@given(st.dictionaries(st.text("ab", max_size=3), st.lists(st.text("xyz ", max_size=8), max_size=3), max_size=6))
def test_nobody_is_his_own_neighbour(captions):
    found = Alike(captions).nearest(list(captions), 5)
    assert found.keys() == captions.keys()
    assert all(image not in near and set(near) <= captions.keys() for image, near in found.items())
