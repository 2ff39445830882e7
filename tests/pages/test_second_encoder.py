"""The second encoder is chosen where the first one is, and is never the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from curation.records import RegrainError
from curation.store import Store, settings, upkeep
from tests.pages.conftest import Open

OTHER = "ViT-B-32/laion2b_s34b_b79k"


def button(app: AppTest, label: str):
    return next(one for one in app.button if one.label == label)


def chosen(app: AppTest, name: str) -> AppTest:
    next(one for one in app.selectbox if one.label == "Second encoder").set_value(name)
    return app.run()


def test_an_owner_chooses_a_second_encoder_and_goes_without_again(prepared: Path, page: Open, store: Store) -> None:
    app = chosen(page("datasets"), OTHER)
    button(app, "Use it as second").click().run()
    assert settings.get(store, "second_encoder") == OTHER
    button(chosen(app, ""), "Use no second").click().run()
    assert settings.get(store, "second_encoder") == ""


def test_the_first_cannot_be_the_second(store: Store) -> None:
    first = settings.get(store, "encoder")
    with pytest.raises(RegrainError, match="at once: choose another second_encoder"):
        upkeep.change_settings(store, {"second_encoder": first})
    upkeep.change_settings(store, {"second_encoder": OTHER})
    with pytest.raises(RegrainError, match="at once"):
        upkeep.change_settings(store, {"encoder": OTHER})
    assert settings.get(store, "encoder") == first
    with pytest.raises(RegrainError, match="the empty text for none"):
        upkeep.change_settings(store, {"second_encoder": None})
