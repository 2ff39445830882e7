"""The gallery of words and swapped captions, by hand."""

import numpy as np
import pytest

from curation.coarse import CoarseContext
from curation.coarse.swapping import swapped
from curation.text.lexicon import lexicon
from curation.text.parse import analyse


def test_cosines_of_words_are_those_of_a_slow_reference():
    texts = ["a dog runs on sand", "a dog on a beach", "a cat sleeps", "the dog sleeps on sand", "a bus", "a bus"]
    image = np.array([7, 7, 3, 3, 5, 1])
    context = CoarseContext(texts, image)

    def vector(rows):
        words = sorted(set().union(*context.content))
        return np.array([sum(word in context.content[row] for row in rows) * context.idf(word) for word in words])

    def cosine(a, b):
        size = np.linalg.norm(a) * np.linalg.norm(b)
        return a @ b / size if size else 0.0

    for row in range(6):
        others = [other for other in range(6) if other != row and image[other] == image[row]]
        own = cosine(vector([row]), vector(others)) if others else 0.0
        rivals = [cosine(vector([row]), vector(np.flatnonzero(image == g))) for g in {1, 3, 5, 7} - {image[row]}]
        assert context.word_view.own[row] == pytest.approx(own)
        assert context.word_view.best[row] == pytest.approx(max(rivals))
        assert context.word_view.rank[row] == 1 + sum(rival >= own - 1e-9 for rival in rivals)


def test_a_swap_changes_one_attribute_into_another_of_its_kind():
    analyses = list(analyse(["a man in a red shirt", "people are outside", "a small dog on a wooden bridge"]))
    found = list(swapped(analyses))
    assert [row for row, _ in found] == [0, 2, 2]
    assert found == list(swapped(analyses))
    kinds = [lexicon().kind_of[(set(text.split()) - set(analyses[row].text.split())).pop()] for row, text in found]
    assert kinds == ["colour", "size", "material"]
