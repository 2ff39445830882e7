"""Copies of an open database: what was acknowledged before the cut is in them, whatever is written meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from curation.records import Decision, RegrainError
from curation.store import Store, backups, decisions
from tests.store.conftest import add, staged


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Store]:
    """The small benchmark in a file, as the app holds it."""
    store = Store.open(tmp_path / "curation.duckdb")
    add(store, staged())
    yield store
    store.close()


def judge(store: Store, number: int) -> str:
    made = Decision(f"d{number}", "ann", "coarse", "t0#0", "t0#0@1", "fine" if number % 2 else "coarse")
    decisions.decide(store, [made])
    return made.id


def test_a_copy_holds_what_the_source_held(held: Store, tmp_path: Path) -> None:
    for number in range(5):
        judge(held, number)
    found = backups.copy(held, tmp_path / "copy.duckdb")
    assert found.rows["decision"] == 5 and found.rows["caption"] == 20
    assert found.seq == decisions.latest(held)
    judge(held, 5)
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as copy:
        assert copy.execute("SELECT count(*) FROM decision").fetchone() == (5,)
        tags: Any = copy.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'copy'").fetchone()
        assert tags[0]["storage_version"].startswith("v1.5.0")


def test_a_copy_goes_on_counting_where_its_source_was(held: Store, tmp_path: Path) -> None:
    judge(held, 0)
    seq = backups.copy(held, tmp_path / "copy.duckdb").seq
    restored = Store.open(tmp_path / "copy.duckdb")
    try:
        judge(restored, 1)
        assert decisions.latest(restored) > seq
    finally:
        restored.close()


def test_what_is_acknowledged_before_the_cut_is_in_the_copy(held: Store, tmp_path: Path) -> None:
    """People judge and a job writes in bulk, without a pause, while copies are taken."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def person() -> None:
        while not stop.is_set():
            acknowledged.append(judge(held, len(acknowledged)))

    def job() -> None:
        while not stop.is_set():
            held.write(lambda connection: connection.execute(
                "INSERT INTO rival SELECT 't0#0', '', md5(i::TEXT), [], [], 1, 1, 1 FROM range(150000) t(i)"
            ))  # fmt: skip
            held.write(lambda connection: connection.execute("DELETE FROM rival"))

    threads = [threading.Thread(target=person), threading.Thread(target=job)]
    for thread in threads:
        thread.start()
    try:
        for n in range(4):
            before = set(acknowledged)
            found = backups.copy(held, tmp_path / f"copy-{n}.duckdb")
            with duckdb.connect(str(tmp_path / f"copy-{n}.duckdb"), read_only=True) as copy:
                kept = {row[0] for row in copy.execute("SELECT id FROM decision").fetchall()}
                logged: Any = copy.execute("SELECT max(seq) FROM decision").fetchone()
                copy.execute("SELECT sum(hash(r)) FROM rival r").fetchone()
            assert before <= kept and (logged[0] or 0) == found.seq
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    upto = {row[0] for row in held.rows("SELECT id FROM decision WHERE seq <= ?", [found.seq])}
    assert kept == upto


def test_checkpoints_wait_for_a_copy_and_go_on_after_it(held: Store, tmp_path: Path) -> None:
    size = held.value("SELECT current_setting('checkpoint_threshold')")
    seen: list[str] = []
    copy_bytes = backups._copy_bytes

    def watched(*arguments: Any) -> None:
        seen.append(held.value("SELECT current_setting('checkpoint_threshold')"))
        copy_bytes(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backups, "_copy_bytes", watched)
        backups.copy(held, tmp_path / "copy.duckdb")
    assert seen and size not in seen
    assert held.value("SELECT current_setting('checkpoint_threshold')") == size


def test_a_copy_that_differs_is_refused(held: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is left out of the copy: what was decided since the last checkpoint is missing."""
    held.rows("CHECKPOINT")
    judge(held, 0)
    copy_bytes = backups._copy_bytes
    monkeypatch.setattr(backups, "_copy_bytes", lambda *given: None if len(given) == 3 else copy_bytes(*given))
    with pytest.raises(RegrainError, match="decision: 0 rows instead of 1"):
        backups.copy(held, tmp_path / "copy.duckdb")


def test_one_copy_at_a_time(held: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: Any) -> None:
        backups.copy(held, tmp_path / "second.duckdb")

    monkeypatch.setattr(backups, "_copy_bytes", again)
    with pytest.raises(RegrainError, match="being made already"):
        backups.copy(held, tmp_path / "copy.duckdb")
    monkeypatch.undo()
    backups.copy(held, tmp_path / "third.duckdb")


def test_a_store_in_memory_has_no_file_to_copy(empty: Store, tmp_path: Path) -> None:
    with pytest.raises(RegrainError, match="lives in memory"):
        backups.copy(empty, tmp_path / "copy.duckdb")
