"""Examples in the docstrings of the screens' own functions hold."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "wording",
        "evidence",
        "hubness_page",
        "markup",
        "cards",
        "charts",
        "reviewer.compose",
        "figure_table",
        "team_words",
        "team_progress",
        "queue_words",
        "queue_gold",
    ],
)
def test_examples_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(f"curation.ui.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
