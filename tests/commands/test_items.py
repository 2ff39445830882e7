"""Items that a filter leaves, written to a file: every one of them, in order, and none twice."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from curation import listing
from curation.commands import Console, run
from curation.session import open_session
from curation.store import queues
from curation.store.filters import Filter
from tests.pages.small_workspace import build


@pytest.fixture
def session(tmp_path: Path):
    opened = open_session(build(tmp_path / "small").folder, serve=False)
    yield opened
    opened.close()


def called(session, **args: object) -> tuple[int, str]:
    said: list[str] = []
    console = Console(json=False, out=said.append, err=said.append)
    given = {"queue": "coarse", "tab": "todo", "where": "", "person": "ana"} | args
    return run(session, "items", given, console), "".join(said)


def test_everything_comes_out_once_in_the_lists_order(session, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 5)
    code, said = called(session, to=str(tmp_path / "all.jsonl"))
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    listed = queues.listed(session.store, "coarse", "todo", person="ana", n=999)
    assert code == 0 and "0 dropped" in said
    assert [row["id"] for row in rows] == [row["id"] for row in listed]
    assert len({row["id"] for row in rows}) == len(rows) > 5


def test_a_filter_is_the_one_of_the_address(session, tmp_path: Path) -> None:
    called(session, to=str(tmp_path / "some.csv"), where="?q=scene-00%230")
    with (tmp_path / "some.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = queues.listed(session.store, "coarse", "todo", person="ana", narrow=Filter(text="scene-00#0"))
    assert [row["id"] for row in rows] == [row["id"] for row in wanted] == ["scene-00#0"]


@pytest.mark.parametrize(
    ("args", "why"),
    [
        ({"to": "a.txt"}, ".jsonl or .csv"),
        ({"to": "a.csv", "where": "colour=red"}, "no parameter 'colour'"),
        ({"to": "a.csv", "where": "low=much"}, "no number"),
    ],
)
def test_what_cannot_be_done_is_said_and_writes_nothing(session, tmp_path: Path, args: dict, why: str) -> None:
    code, said = called(session, **(args | {"to": str(tmp_path / args["to"])}))
    assert code == 2 and why in said
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_a_file_that_is_there_stays_as_it_is(session, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    code, said = called(session, to=str(tmp_path / "mine.csv"))
    assert code == 2 and "exists" in said
    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_a_list_that_changes_while_it_is_read_is_not_written(session, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(listing, "_every", lambda *_: iter([]))
    code, said = called(session, to=str(tmp_path / "a.csv"))
    assert code == 2 and "judged meanwhile" in said
    assert not (tmp_path / "a.csv").exists()
