"""Who visits in the tests of pages: AppTest has no request, so that each test says how its visitor came."""

from __future__ import annotations

import pytest

from curation.ui import visitor
from curation.ui.visitor import Arrival

HERE = Arrival("localhost", {"host": "localhost:8501", "origin": "http://localhost:8501"}, None)
ELSEWHERE = Arrival("0.0.0.0", {"host": "regrain.lab.example", "origin": "https://regrain.lab.example"}, "10.0.0.7")


def comes(monkeypatch: pytest.MonkeyPatch, arrival: Arrival) -> None:
    """Let the visitors of this test come in one way."""
    monkeypatch.setattr(visitor, "arrival", lambda: arrival)
