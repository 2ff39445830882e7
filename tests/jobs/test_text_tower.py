"""The text tower: its process, what it does with garbage and death, and that nobody waits behind stale drafts."""

from __future__ import annotations

import base64
import io
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.encoders import load_encoder
from curation.jobs import text_tower, tower_process
from curation.jobs.text_tower import DEATHS, Superseded, TextTower, TowerFailed, TowerWarming
from tests.jobs import slow_tower
from tests.jobs.conftest import Until

Warm = Callable[[str], TextTower]


@pytest.fixture
def tower() -> Iterator[TextTower]:
    tower = TextTower(slow_tower.COMMAND, retry_seconds=0.0)
    yield tower
    tower.close()


@pytest.fixture
def warm(tower: TextTower) -> Warm:
    """Return ``warm(encoder)``: the tower with an encoder loaded."""

    def load(name: str) -> TextTower:
        tower.wake(name)
        assert tower.wait(60) == "ready", tower.problem
        return tower

    return load


def ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_texts_come_back_as_vectors_in_order(warm: Warm) -> None:
    rows = warm("good").ask("good", ["a", "red ball"], whose="ana").result(30)
    assert rows.dtype == np.float32
    assert rows.tolist() == [[1, 1, 1], [8, 2, 1]]


def test_nobody_waits_while_the_encoder_is_loaded(tower: TextTower) -> None:
    assert tower.state == "asleep" and tower.pid is None
    with pytest.raises(TowerWarming, match="a few seconds"):
        tower.ask("good", ["a"], whose="ana")
    assert tower.state == "warming"
    assert tower.wait(60) == "ready"
    assert tower.ask("good", ["a"], whose="ana").result(30).shape == (1, 3)


def test_the_real_encoder_answers_as_it_does_in_this_process() -> None:
    tower = TextTower()
    try:
        tower.wake("regrain-scenes-1")
        assert tower.wait(120) == "ready", tower.problem
        texts = ["a red ball", "Zwei Bälle 🎈", " ".join(["long"] * 500)]
        rows = tower.ask("regrain-scenes-1", texts, whose="ana").result(60)
        np.testing.assert_allclose(rows, load_encoder("regrain-scenes-1").texts(texts), atol=1e-5)
    finally:
        tower.close()


def test_why_an_encoder_cannot_be_had_is_told_in_words(tower: TextTower, until: Until) -> None:
    tower.wake("refuses")
    assert tower.wait(60) == "failed"
    assert tower.problem == "the weights are not here: copy them"
    tower.wake("crashes")
    until(lambda: tower.state == "failed" and "out of luck" in tower.problem)


def test_the_process_for_real_names_an_encoder_that_it_does_not_know() -> None:
    tower = TextTower()
    try:
        tower.wake("regrain-scenes-9")
        assert tower.wait(120) == "failed"
        assert "no encoder is called 'regrain-scenes-9'" in tower.problem
        with pytest.raises(TowerFailed, match="no encoder is called"):
            tower.ask("regrain-scenes-9", ["a"], whose="ana")
    finally:
        tower.close()


def test_after_a_while_a_failed_encoder_is_tried_again(tower: TextTower) -> None:
    tower.wake("refuses")
    assert tower.wait(60) == "failed"
    with pytest.raises(TowerWarming):
        tower.ask("refuses", ["a"], whose="ana")
    patient = TextTower(slow_tower.COMMAND, retry_seconds=60)
    patient.wake("refuses")
    assert patient.wait(60) == "failed"
    with pytest.raises(TowerFailed, match="copy them"):
        patient.ask("refuses", ["a"], whose="ana")
    patient.close()


def test_a_process_that_is_killed_is_started_anew(warm: Warm, until: Until) -> None:
    tower = warm("good")
    first = tower.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: tower.pid not in (None, first) and tower.state == "ready")
    assert tower.ask("good", ["a"], whose="ana").result(30).shape == (1, 3)


def test_a_death_over_a_draft_is_told_and_mended(warm: Warm, until: Until) -> None:
    tower = warm("good")
    with pytest.raises(TowerWarming, match="started anew"):
        tower.ask("good", ["die"], whose="ana").result(30)
    assert tower.wait(60) == "ready"
    assert tower.ask("good", ["a"], whose="ana").result(30).shape == (1, 3)


def test_an_encoder_that_dies_at_every_text_is_left_alone(until: Until) -> None:
    tower = TextTower(slow_tower.COMMAND, retry_seconds=60)
    try:
        tower.wake("dies")
        for _ in range(DEATHS):
            assert tower.wait(60) == "ready"
            with pytest.raises(TowerWarming):
                tower.ask("dies", ["a"], whose="ana").result(30)
            until(lambda: tower.state != "warming")
        assert tower.state == "failed" and "failed 3 times within a minute" in tower.problem
    finally:
        tower.close()


def test_of_one_person_only_the_newest_draft_waits(warm: Warm, tmp_path: Path, until: Until) -> None:
    tower, encoder = warm(str(tmp_path)), str(tmp_path)
    held = tower.ask(encoder, ["hold"], whose="ana")
    until((tmp_path / "asked").exists)
    stale = [tower.ask(encoder, [f"draft {n}"], whose="ana") for n in range(5)]
    other = tower.ask(encoder, ["of ben"], whose="ben")
    newest = tower.ask(encoder, ["the newest"], whose="ana")
    (tmp_path / "go").touch()
    assert [held.result(30).shape, newest.result(30).tolist()] == [(1, 3), [[10, 2, 1]]]
    assert other.result(30).tolist() == [[6, 2, 1]]
    for draft in stale:
        assert isinstance(draft.exception(30), Superseded)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["hold", "of ben|the newest"]  # what waited went together, and no stale draft was encoded


def test_one_impossible_text_spoils_no_other(warm: Warm, tmp_path: Path, until: Until) -> None:
    tower, encoder = warm(str(tmp_path)), str(tmp_path)
    tower.ask(encoder, ["hold"], whose="cleo")
    until((tmp_path / "asked").exists)
    bad, good = tower.ask(encoder, ["bad"], whose="ana"), tower.ask(encoder, ["a"], whose="ben")
    (tmp_path / "go").touch()
    assert good.result(30).tolist() == [[1, 1, 1]]
    with pytest.raises(TowerFailed, match=r"cannot read this text .*half a letter"):
        bad.result(30)
    assert tower.ask(encoder, ["a"], whose="ana").result(30).shape == (1, 3)


def test_an_answer_of_another_shape_is_a_broken_process(warm: Warm) -> None:
    tower = warm("good")
    with pytest.raises(TowerWarming):
        tower.ask("good", ["junk"], whose="ana").result(30)
    assert tower.wait(60) == "ready"


def test_a_process_that_hangs_is_ended(warm: Warm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tower, encoder = warm(str(tmp_path)), str(tmp_path)
    first = tower.pid
    monkeypatch.setattr(text_tower, "ANSWER_SECONDS", 0.2)
    with pytest.raises(TowerWarming):
        tower.ask(encoder, ["hold"], whose="ana").result(30)
    assert first is not None and ended(first)


def test_another_encoder_takes_the_place_of_the_first(warm: Warm, tmp_path: Path) -> None:
    tower = warm("good")
    first = tower.pid
    with pytest.raises(TowerWarming):
        tower.ask(str(tmp_path), ["a"], whose="ana")
    assert tower.wait(60) == "ready"
    assert tower.ask(str(tmp_path), ["a"], whose="ana").result(30).shape == (1, 3)
    assert first is not None and ended(first)


def test_closing_ends_the_process_and_what_waits(warm: Warm, tmp_path: Path, until: Until) -> None:
    tower, encoder = warm(str(tmp_path)), str(tmp_path)
    pid = tower.pid
    held = tower.ask(encoder, ["hold"], whose="ana")
    until((tmp_path / "asked").exists)
    waiting = tower.ask(encoder, ["a"], whose="ben")
    tower.close()
    tower.close()
    assert pid is not None and ended(pid)
    assert isinstance(held.exception(30), TowerWarming)
    assert isinstance(waiting.exception(30), TowerFailed)
    with pytest.raises(TowerFailed, match="closing"):
        tower.ask(encoder, ["a"], whose="ana")


def test_a_cancelled_draft_is_not_encoded(warm: Warm, tmp_path: Path, until: Until) -> None:
    tower, encoder = warm(str(tmp_path)), str(tmp_path)
    tower.ask(encoder, ["hold"], whose="cleo")
    until((tmp_path / "asked").exists)
    gone = tower.ask(encoder, ["gone"], whose="ana")
    assert gone.cancel()
    kept = tower.ask(encoder, ["kept"], whose="ben")
    (tmp_path / "go").touch()
    assert kept.result(30).shape == (1, 3)
    assert "gone" not in (tmp_path / "asked").read_text()


@given(lines=st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"") + b"\n"), max_size=8))
def test_garbage_on_the_wire_is_answered_line_by_line(lines: list[bytes]) -> None:
    answers = io.BytesIO()
    last = json.dumps({"texts": ["a b"]}).encode() + b"\n"
    tower_process.serve(slow_tower.Slow("good"), [*lines, last], answers)  # type: ignore[arg-type]
    said = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert len(said) == len(lines) + 1
    assert all(set(answer) in ({"failed"}, {"rows"}) for answer in said)
    assert np.frombuffer(base64.b64decode(said[-1]["rows"]), "<f4").tolist() == [3, 2, 1]


@pytest.mark.parametrize("line", ['{"texts": []}', '{"texts": "a"}', '{"texts": [1]}', "[]", "null", '{"text": "a"}'])
def test_a_request_of_another_form_is_refused_in_words(line: str) -> None:
    answers = io.BytesIO()
    tower_process.serve(slow_tower.Slow("good"), [line.encode()], answers)  # type: ignore[arg-type]
    assert "a request is" in json.loads(answers.getvalue())["failed"]
