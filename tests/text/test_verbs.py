"""The -ing form by rule."""

import pytest

from curation.text.verbs import ing_form


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        *(("holds", "holding"), ("rides", "riding"), ("sits", "sitting"), ("watches", "watching")),
        *(("carries", "carrying"), ("lies", "lying"), ("plays", "playing"), ("goes", "going"), ("has", "having")),
        *(("sees", "seeing"), ("eats", "eating"), ("wears", "wearing"), ("looks", "looking"), ("passes", "passing")),
    ],
)
def test_ing_form_of_a_verb_in_the_third_person(verb, form):
    assert ing_form(verb, third=True) == form
