"""Another encoder's margin stands beside the first one's, and what helps only the first is marked."""

import numpy as np

from curation.live import live_rank
from curation.records import Suggestion
from curation.suggesters.second import View, second_opinion

ROWS = {
    "a ball": [0.6, 0.8, 0.0],
    "a red ball": [1.0, 0.0, 0.0],
    "a round ball": [0.0, 1.0, 0.0],
}
OWN, RIVALS = np.array([1, 0, 0], np.float32), np.array([[0, 1, 0], [0, 0, 1]], np.float32)


def embed(texts):
    assert len(texts) == len(set(texts))
    return np.array([ROWS[text] for text in texts], np.float32)


def offered(text, **evidence):
    return Suggestion(text, "siblings", "rewrite", (), {"margin": [0.1, 0.2], **evidence})


def test_margin_and_rank_are_those_of_the_other_encoder():
    (found,) = second_opinion(["a ball"], [[offered("a red ball")]], [View(OWN, RIVALS)], embed, "B")
    before, after = (live_rank(embed([text])[0], OWN, RIVALS) for text in ("a ball", "a red ball"))
    second = found[0].evidence["second"]
    assert second["encoder"] == "B"
    assert second["rank"] == [before.rank, after.rank] == [2, 1]
    np.testing.assert_allclose(second["margin"], [before.margin, after.margin], atol=1e-4)
    assert "first_only" not in found[0].evidence


def test_what_helps_only_the_first_is_marked():
    (found,) = second_opinion(["a ball"], [[offered("a round ball")]], [View(OWN, RIVALS)], embed, "B")
    assert found[0].evidence["first_only"] is True


def test_what_helps_neither_or_is_to_mislead_is_not_marked():
    given = [offered("a round ball", margin=[0.2, 0.1]), offered("a round ball", objective="stress")]
    (found,) = second_opinion(["a ball"], [given], [View(OWN, RIVALS)], embed, "B")
    assert all("first_only" not in one.evidence and "second" in one.evidence for one in found)


def test_an_image_that_it_has_not_seen_is_left_as_it_was():
    given = [[offered("a red ball")], [offered("a red ball")], []]
    found = second_opinion(["a ball"] * 3, given, [None, View(OWN, RIVALS), View(OWN, RIVALS)], embed, "B")
    assert found[0] == given[0] and found[2] == []
    assert "second" in found[1][0].evidence
    assert second_opinion(["a ball"], [[]], [None], embed, "B") == [[]]
