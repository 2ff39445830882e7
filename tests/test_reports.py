"""Figures for pages and commands refuse what cannot be measured, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from curation import reports
from curation.records import RegrainError
from curation.session import open_session


@pytest.mark.parametrize("k", [0, -1])
def test_hubness_has_at_least_one_neighbour(tmp_path: Path, k: int) -> None:
    session = open_session(tmp_path / "workspace", serve=False)
    try:
        with pytest.raises(RegrainError, match=f"k is {k}: it is a number of neighbours from 1"):
            reports.hubness(session, k=k)
    finally:
        session.close()
