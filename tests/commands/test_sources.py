"""``regrain sources``: the figures of the view, for people and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation import cli
from curation.records import Decision, Suggestion
from curation.store import Store, decisions, scores
from tests.store.conftest import add, staged


def test_figures_of_sources_for_people_and_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store.open(tmp_path / "curation.duckdb")
    add(store, staged())
    one = Suggestion("caption 0 of t0 outside", "siblings", evidence={"type": "place"})
    back = {"t0#0": [("sensitive:age", "old", 2)]}
    scores.put_suggestions(store, [("t0#0", "t0#0@1", [one])], encoder="e", settings="s", kept_back=back)
    id = scores.suggestion_id("t0#0@1", one)
    made = Decision("d", "ann", "rewrites", "t0#0", "t0#0@1", "accept", text=one.text, suggestion_id=id, offered=(id,))
    assert decisions.decide(store, [made])[0].applied
    store.close()
    assert cli.main(["--workspace", str(tmp_path), "sources"]) == 0
    said = capsys.readouterr().out
    assert "siblings" in said and "place" in said and "not running: " in said
    assert cli.main(["--workspace", str(tmp_path), "--json", "sources"]) == 0
    found = json.loads(capsys.readouterr().out)
    (row,) = found["sources"]
    assert (row["source"], row["type"], row["accepted"], row["judged"]) == ("siblings", "place", 1, 1)
    assert row["low"] < row["rate"] < row["high"]
    assert found["floor"] == 0.15
