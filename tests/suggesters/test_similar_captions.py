"""What captions of similar scenes tell, where no picture can be compared: guesses, and nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from curation.suggesters import CaptionContext, Neighbour, Sibling
from curation.suggesters.gates import Gates
from curation.suggesters.siblings import siblings
from curation.suggesters.similar_captions import similar_captions
from curation.text.parse import analyse

OWN = np.array([1.0, 0.0], dtype=np.float32)


def context_of(caption: str, *others: str, similar: tuple[str, ...] = (), **more: object) -> CaptionContext:
    analysis, *told = analyse([caption, *others, *similar])
    of_image, elsewhere = told[: len(others)], told[len(others) :]
    neighbours = [Neighbour(f"image-{n}#0", one) for n, one in enumerate(elsewhere)]
    return CaptionContext(
        analysis, [Sibling(n, one) for n, one in enumerate(of_image, start=1)], neighbours=neighbours, **more
    )


def texts(context: CaptionContext) -> set[str]:
    return {one.text for one in similar_captions(context)}


def test_what_several_similar_scenes_tell_is_a_guess():
    context = context_of("a man rides a bike", similar=("a man rides a bike on a street",) * 2)
    [guess] = [one for one in similar_captions(context) if one.text == "a man rides a bike on a street"]
    assert guess.evidence["unseen"] is True and guess.evidence["neighbours"] == ["image-0#0", "image-1#0"]


def test_what_one_similar_scene_tells_is_not_asked():
    assert not texts(context_of("a man rides a bike", similar=("a man rides a bike on a street",)))


def test_where_the_picture_can_be_compared_nothing_is_guessed():
    context = context_of("a man rides a bike", similar=("a man rides a bike on a street",) * 2)
    assert texts(context) and not texts(replace(context, own=OWN, rivals=OWN[None]))


@pytest.mark.parametrize("similar", [(), ("a black man rides a bike",) * 2])
@pytest.mark.parametrize("own", [None, OWN])
def test_what_is_kept_back_is_counted_once(similar, own):
    context = context_of("a man rides a bike", "an old man rides a bike", similar=similar, own=own)
    by_siblings, by_guesses = Gates(), Gates()
    siblings(replace(context, gates=by_siblings))
    similar_captions(replace(context, gates=by_guesses))
    assert by_siblings.dropped == {"sensitive:age": 1}
    assert by_guesses.dropped == ({"sensitive:colour": 1} if similar and own is None else {})
