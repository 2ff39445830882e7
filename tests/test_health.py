"""``regrain health``: every line can say that it is not fine, and then says what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from curation import cli, disk, health, logbook
from curation.backup import back_up
from curation.health import LIMITS, Limits, Line, examine
from curation.records import Decision
from curation.session import Session, open_session
from curation.store import decisions, jobs, vectors
from tests.store.conftest import add, staged


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = open_session(tmp_path / "lab", serve=False)
    (opened.workspace.folder / "images").mkdir()
    add(opened.store, staged())
    yield opened
    opened.close()


def line(session: Session, name: str, limits: Limits = LIMITS, later: timedelta = timedelta()) -> Line:
    found = examine(session, limits=limits, now=datetime.now(UTC).replace(tzinfo=None) + later)
    (one,) = (line for line in found.lines if line.name == name)
    assert one.words and (one.fine or one.remedy)
    return one


def judge(session: Session, number: int) -> None:
    made = Decision(f"d{number}", "ann", "coarse", f"t{number}#0", f"t{number}#0@1", "fine")
    decisions.decide(session.store, [made])


def test_a_new_workspace_is_fine(session: Session) -> None:
    assert [one.title for one in examine(session).lines if not one.fine] == []
    assert "coarse 12" in line(session, "queues").words


def test_little_disk(session: Session) -> None:
    free = shutil.disk_usage(session.workspace.folder).free
    assert not line(session, "disk", Limits(free_bytes=2 * free)).fine
    assert not line(session, "disk", Limits(free_share=1.1)).fine
    assert line(session, "disk").facts["used"]["database"] > 0


def test_a_writer_that_is_stuck(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert line(session, "writing").facts["seconds"] < health.PATIENCE_SECONDS
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.05)
    import threading

    hold = threading.Event()
    stuck = [session.store.submit(lambda connection: hold.wait(30)) for _ in range(3)]
    try:
        found = line(session, "writing")
        assert not found.fine and found.facts["seconds"] is None and "nothing is written" in found.words
    finally:
        hold.set()
        for future in stuck:
            future.result(30)


def test_verdicts_without_a_backup(session: Session, tmp_path: Path) -> None:
    assert line(session, "backup").fine
    judge(session, 0)
    found = line(session, "backup")
    assert not found.fine and "1 decision in no backup" in found.words and "regrain backup" in found.remedy
    made = back_up(session, tmp_path / "shelf", person="ann")
    assert line(session, "backup", later=timedelta(days=30)).fine  # nothing was judged since
    judge(session, 1)
    assert line(session, "backup").fine
    late = line(session, "backup", later=timedelta(days=2))
    assert not late.fine and "1 decision since then" in late.words
    shutil.rmtree(made.folder)
    assert "not there any more" in line(session, "backup").words and not line(session, "backup").fine


def test_a_failed_job_until_one_of_its_kind_is_done(session: Session) -> None:
    failed = jobs.add(session.store, "encode", {})
    jobs.start(session.store, failed.id)
    jobs.finish(session.store, failed.id, "failed", "it could not read 'a man rides a wave'")
    found = line(session, "jobs")
    assert not found.fine and f"regrain jobs retry {failed.id}" in found.remedy and "wave" not in found.remedy
    good = jobs.add(session.store, "encode", {})
    jobs.start(session.store, good.id)
    assert not line(session, "jobs").fine
    late = line(session, "jobs", later=timedelta(hours=30))
    assert f"regrain jobs cancel {good.id}" in late.remedy
    jobs.add_bad_item(session.store, good.id, "t0.jpg", "unreadable")
    jobs.finish(session.store, good.id, "done")
    assert line(session, "jobs").fine and "1 item skipped" in line(session, "jobs").words


def test_a_supervisor_that_has_ended(tmp_path: Path) -> None:
    session = open_session(tmp_path / "lab")
    try:
        assert line(session, "jobs").fine
        session.supervisor.stop()
        assert "restart the app" in line(session, "jobs").remedy
    finally:
        session.close()


def test_folders_and_vectors_that_are_gone(session: Session, unit_rows: Any) -> None:
    path = session.workspace.vectors / "one.npy"
    sha256 = vectors.write_shard(path, unit_rows(2, 4))
    vectors.add_shard(session.store, path, encoder="e", kind="text", hashes=["a", "b"], sha256=sha256, dim=4)
    assert line(session, "files").fine
    path.unlink()
    assert "regrain prepare" in line(session, "files").remedy
    (session.workspace.folder / "images").rmdir()
    assert "images" in line(session, "files").remedy


def test_a_clock_that_went_back_and_a_lease_without_end(session: Session) -> None:
    judge(session, 0)
    assert line(session, "decisions").fine
    assert "clock" in line(session, "decisions", later=-timedelta(hours=1)).remedy
    session.store.write(lambda connection: connection.execute(
        "INSERT INTO lease VALUES ('t0#0', 'ann', 'coarse', now()::TIMESTAMP + INTERVAL 10 MINUTE)"
    ))  # fmt: skip
    assert "1 caption in the hands of 1 person" in line(session, "leases").words and line(session, "leases").fine
    session.store.write(lambda connection: connection.execute("UPDATE lease SET until = until + INTERVAL 3 DAY"))
    assert not line(session, "leases").fine


def test_thumbnails_beyond_their_bounds(session: Session) -> None:
    (session.workspace.thumbs / "ab").mkdir()
    (session.workspace.thumbs / "ab" / "x.webp").write_bytes(b"x" * 100)
    assert line(session, "thumbnails").facts == {"number": 1, "bytes": 100}
    assert not line(session, "thumbnails", Limits(thumbnails=0)).fine


def test_other_versions_than_were_tested(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_pins", lambda: {"duckdb": "1.0.0"})
    assert "pip install duckdb==1.0.0" in line(session, "versions").remedy


def test_errors_of_the_last_day(session: Session) -> None:
    import logging

    logging.getLogger("curation.tests").error("decisions were not saved")
    found = line(session, "log")
    assert not found.fine and "decisions were not saved" in found.words
    assert line(session, "log", later=timedelta(days=2)).fine
    assert logbook.FILE in found.remedy


def test_the_command_says_the_same_and_ends_with_1_where_to_look(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(session.workspace.folder)
    session.close()
    assert cli.main(["--workspace", folder, "health"]) == 0
    assert "LOOK" not in capsys.readouterr().out
    again = open_session(folder, serve=False)
    judge(again, 0)
    again.close()
    assert cli.main(["--workspace", folder, "health"]) == 1
    out = capsys.readouterr().out
    assert "LOOK  Last backup" in out and "-> `regrain backup DIR" in out
    assert cli.main(["--workspace", folder, "health", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["fine"] is False and told["lines"]["backup"]["fine"] is False
    assert told["lines"]["decisions"]["number"] == 1


def test_a_database_that_fails_is_told_and_hides_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from curation.store import DatabaseError, Store

    def fail(*_: Any, **__: Any) -> Any:
        raise DatabaseError("FATAL Error: the database must be restarted")

    monkeypatch.setattr(Store, "rows", fail)
    monkeypatch.setattr(Store, "records", fail)
    found = {one.name: one for one in examine(session).lines}
    assert found["disk"].fine and found["writing"].fine
    assert not found["decisions"].fine and "must be restarted" in found["decisions"].words
    assert "restart the app" in found["decisions"].remedy


def test_examples_hold() -> None:
    import doctest

    for module in (disk, logbook):
        results = doctest.testmod(module)
        assert results.attempted and not results.failed
