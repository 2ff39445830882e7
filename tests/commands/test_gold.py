"""``regrain gold``, and the settings of queues as JSON: what is stored, and errors that name the rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from curation import cli
from curation.store import Store
from tests.store.conftest import add, staged

Regrain = Callable[..., tuple[int, str, str]]


@pytest.fixture
def regrain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Regrain:
    """``regrain`` on a workspace with one judged item."""
    store = Store.open(tmp_path / "curation.duckdb")
    add(store, staged())
    store.close()

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["--workspace", str(tmp_path), "--person", "zoe", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    assert run("decide", "coarse", "t0#0", "coarse")[0] == 0
    return run


def test_gold_is_made_listed_and_taken_back(regrain: Regrain) -> None:
    assert regrain("gold", "list", "coarse") == (0, "no item of the queue coarse is gold\n", "")
    assert regrain("gold", "add", "coarse", "t0#0", "--note", "fits all")[1] == "t0#0 is gold in coarse: coarse\n"
    (row,) = json.loads(regrain("--json", "gold", "list", "coarse")[1])
    assert (row["item_id"], row["verdict"], row["note"], row["person"]) == ("t0#0", "coarse", "fits all", "zoe")
    assert (row["answered"], row["right"]) == (0, 0)
    assert regrain("gold", "remove", "coarse", "t0#0")[1] == "t0#0 is no longer gold in coarse\n"
    assert json.loads(regrain("--json", "gold", "list", "coarse")[1]) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "coarse", "t1#0"), "t1#0 has no verdict in coarse: judge it first, then make it gold"),
        (("add", "coarse"), "which item? `regrain gold add coarse ITEM` needs its id"),
        (("remove", "coarse", "t0#0"), "t0#0 is no gold item of the queue coarse"),
    ],
)
def test_what_cannot_be_done_says_why(regrain: Regrain, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = regrain("gold", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("regrain: ") and words in err


@pytest.mark.parametrize(
    "setting",
    [
        'overlap={"coarse": {"answers": 2, "share": 0.1}}',
        'unaided_share={"coarse": 0.05}',
        'gold_rate={"coarse": 0.05, "pool": 0}',
        'qualification={"coarse": {"items": 10, "pass": 0.8}}',
        'assignment={"coarse": [{"person": "ana", "share": 0.5}, {"person": "bo", "filter": {"image": "t1"}}]}',
        'guidelines={"coarse": {"text": "Be kind.", "examples": []}}',
        "lease_minutes=15",
    ],
)
def test_settings_of_queues_are_kept_as_they_are_given(regrain: Regrain, setting: str) -> None:
    assert regrain("settings", setting)[0] == 0
    key, _, value = setting.partition("=")
    assert json.loads(regrain("--json", "settings")[1])[key] == json.loads(value)


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ('overlap={"coarse": 2}', 'by queue {"answers": 1 to 9, "share": 0 to 1}'),
        ('overlap={"course": {"answers": 2, "share": 1}}', "by queue"),
        ('unaided_share={"coarse": 1.5}', "by queue a share from 0 to 1"),
        ('gold_rate={"coarse": 0.6}', "by queue a share from 0 to 0.5"),
        ('qualification={"coarse": {"items": 0, "pass": 0.8}}', 'by queue {"items": 1 to 1000, "pass": 0 to 1}'),
        ('assignment={"coarse": [{"person": "a", "share": 0.8}, {"person": "b", "share": 0.3}]}', "up to 1 in all"),
        ('assignment={"coarse": [{"person": "a", "filter": {"colour": "x"}}]}', "a filter has no field 'colour'"),
        ('guidelines={"coarse": "be kind"}', 'by queue {"text": TEXT, "examples"'),
        (
            'guidelines={"coarse": {"text": "", "examples": '
            '[{"item_id": "t0#0", "text": "", "verdict": "x", "why": ""}]}}',
            "use one of fine, coarse",
        ),
        ("lease_minutes=0", "a number from 1 to 1440"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_rule(regrain: Regrain, setting: str, rule: str) -> None:
    before = regrain("--json", "settings")[1]
    code, _, err = regrain("settings", setting)
    assert code == 2 and rule in err
    assert regrain("--json", "settings")[1] == before
