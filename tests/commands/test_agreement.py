"""``regrain agreement``: the figures of the page, for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from curation import cli
from curation.store import Store
from tests.store.conftest import add, staged
from tests.three_people import answer, make_unaided

TARGETS = [f"t{n}#{i}" for n in range(6) for i in (0, 1)]
Regrain = Callable[..., tuple[int, str]]


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Path]:
    """A workspace in which three people have judged all coarse items, a part of them without help."""
    store = Store.open(tmp_path / "curation.duckdb")
    add(store, staged())
    answer(store, "coarse", TARGETS, agree=0.7)
    make_unaided(store, "coarse", 0.5, "coarse")
    store.close()
    yield tmp_path


@pytest.fixture
def regrain(judged: Path, capsys: pytest.CaptureFixture[str]) -> Regrain:
    def run(*arguments: str) -> tuple[int, str]:
        code = cli.main(["--workspace", str(judged), *arguments])
        return code, capsys.readouterr().out

    return run


def test_figures_stand_with_their_denominators_and_intervals(regrain: Regrain) -> None:
    code, out = regrain("agreement", "coarse")
    assert code == 0
    assert "12 items of the queue coarse with 36 answers of 3 people" in out
    assert "Cohen's kappa, mean of 3 pairs" in out
    assert all(person in out for person in ("ana", "bo", "cem"))
    assert "first verdicts on" in out


def test_machines_get_the_same_as_json(regrain: Regrain) -> None:
    code, out = regrain("--json", "agreement", "coarse")
    found = json.loads(out)
    assert code == 0
    assert found["overall"]["items"] == 12
    assert 0 <= found["overall"]["percent"]["low"] <= found["overall"]["percent"]["value"] <= 1
    assert {one["person"] for one in found["rest"]} == {"ana", "bo", "cem"}
    assert found["anchoring"]["effects"]


def test_a_queue_without_second_answers_says_so(regrain: Regrain) -> None:
    code, out = regrain("agreement", "noise")
    assert code == 0
    assert out == "no item of the queue noise has answers of two people yet\n"
