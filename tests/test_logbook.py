"""The log of a workspace: bounded, without texts and tokens, and what people saw as not saved is in it."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from curation import logbook
from curation.logbook import without_texts
from curation.session import Session, open_session
from curation.ui.reviewer import outbox

log = logging.getLogger("curation.tests")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = open_session(tmp_path / "lab")
    yield opened
    opened.close()


def lines(session: Session) -> str:
    return "\n".join(logbook.tail(session.workspace))


def test_opening_is_logged_and_closing_ends_the_log(session: Session) -> None:
    path = logbook.path_of(session.workspace)
    assert "opened" in lines(session) and str(session.workspace.folder) in lines(session)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    size = path.stat().st_size
    session.close()
    log.error("after the end")
    assert path.stat().st_size == size


def test_the_log_is_bounded(session: Session) -> None:
    for number in range(20_000):
        log.info("line %d of %s", number, "x" * 250)
    files = sorted(path.name for path in session.workspace.log.iterdir())
    assert files == ["regrain.log", *(f"regrain.log.{n}" for n in range(1, logbook.KEPT + 1))]
    assert all(path.stat().st_size <= logbook.MAX_BYTES for path in session.workspace.log.iterdir())
    assert "line 19999" in logbook.tail(session.workspace, 3)[-1]


def test_an_error_is_its_kind_and_its_place_without_what_it_was_about(session: Session) -> None:
    def fail() -> None:
        caption = "a man in a red coat rides a wave"
        raise ValueError(f"cannot parse '{caption}' of /image/eyJhbm4i.c2ln")

    try:
        fail()
    except ValueError:
        log.exception("decisions were not saved")
    shown = lines(session)
    assert "ERROR curation.tests: decisions were not saved" in shown
    assert "test_logbook.py:" in shown and "fail" in shown and "ValueError: cannot parse … of /image/…" in shown
    assert "red coat" not in shown and "c2ln" not in shown


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("client_secret=abc123, next", "client_secret=…, next"),
        ("Cookie: a=b", "Cookie: …"),
        ("it can't be read: the app's file `data/x y.jpg` is gone", None),
        ("no verdict 'fine' exists", None),
        ('Could not convert "two dogs" to INT', "Could not convert … to INT"),
        ("'" + "x" * 60 + "' is too long", "… is too long"),
        ("two\nlines", "two lines"),
    ],
)
def test_what_is_left_out(words: str, kept: str | None) -> None:
    assert without_texts(words) == (kept or words)


def test_the_same_error_fills_no_log(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(logbook.time, "monotonic", lambda: now[0])
    for _ in range(500):
        log.error("the disk is full")
    assert lines(session).count("the disk is full") == 1
    now[0] += 61
    log.error("the disk is full")
    assert "the disk is full (and 499 more like it)" in lines(session)


def test_what_a_person_sees_as_not_saved_is_logged(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outbox, "read_outbox", refuse)
    box = outbox.Ledger()
    box.take({}, None, None)  # type: ignore[arg-type]
    assert "No space left" in box.error
    assert "decisions were not saved" in lines(session) and "OSError: [Errno 28] No space left" in lines(session)


def test_errors_reach_standard_error_as_well(session: Session, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log.warning("look here")
    assert "look here" in capsys.readouterr().err
