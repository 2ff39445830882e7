from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest

from curation.records import RegrainError
from curation.store import Store, WorkspaceBusy, schema
from curation.store import connection as store_connection


def columns(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    return connection.execute(
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
        "ORDER BY ALL"
    ).fetchall()


def test_a_store_migrated_step_by_step_equals_a_fresh_one(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = schema.migrations()
    numbers = [number for number, _, _ in steps]
    assert numbers == sorted(set(numbers))
    fresh, migrated = duckdb.connect(), duckdb.connect()
    schema.migrate(fresh)
    for upto in range(1, len(steps) + 1):
        monkeypatch.setattr(schema, "migrations", lambda upto=upto: steps[:upto])
        assert schema.migrate(migrated) == numbers[upto - 1]
    assert columns(migrated) == columns(fresh)
    assert schema.migrate(migrated) == numbers[-1]


def test_a_migration_whose_number_fills_a_gap_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [(1, "1", "CREATE TABLE one (n INTEGER)"), (3, "3", "CREATE TABLE three (n INTEGER)")]
    connection = duckdb.connect()
    monkeypatch.setattr(schema, "migrations", lambda: steps)
    schema.migrate(connection)
    steps.insert(1, (2, "2", "CREATE TABLE two (n INTEGER)"))
    assert schema.migrate(connection) == 3
    assert connection.execute("SELECT count(*) FROM two").fetchone() == (0,)


def test_a_store_of_a_newer_regrain_is_refused() -> None:
    connection = duckdb.connect()
    schema.migrate(connection)
    connection.execute("INSERT INTO migration VALUES (9999, 'from the future', NULL)")
    with pytest.raises(RegrainError, match="update Regrain"):
        schema.migrate(connection)


def test_a_failing_write_fails_alone(empty: Store) -> None:
    hold = Event()

    def slow(connection: Any) -> None:
        hold.wait(5)

    def good(key: str) -> Any:
        return lambda connection: connection.execute("INSERT INTO setting VALUES (?, '1')", [key])

    futures = [empty.submit(slow)]  # the rest gathers behind it into one group
    futures += [empty.submit(good("a")), empty.submit(good("a")), empty.submit(good("b"))]
    hold.set()
    assert [future.exception() is None for future in futures] == [True, True, False, True]
    assert empty.rows("SELECT key FROM setting ORDER BY key") == [("a",), ("b",)]


def test_writes_of_many_threads_all_arrive(empty: Store) -> None:
    empty.write(lambda connection: connection.execute("INSERT INTO setting VALUES ('n', '0')"))

    def add_one(_: int) -> None:
        empty.write(lambda c: c.execute("UPDATE setting SET value = (value::INT + 1)::TEXT WHERE key = 'n'"))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(add_one, range(300)))
    assert empty.value("SELECT value::INT FROM setting WHERE key = 'n'") == 300


def test_closing_finishes_what_waits_and_then_refuses(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "curation.duckdb")
    futures = [store.submit(lambda c, n=n: c.execute(f"INSERT INTO setting VALUES ('{n}', '1')")) for n in range(50)]
    store.close()
    store.close()
    assert all(future.exception() is None for future in futures)
    with pytest.raises(RegrainError, match="closed"):
        store.write(lambda connection: None)
    again = Store.open(tmp_path / "curation.duckdb")
    assert again.value("SELECT count(*) FROM setting") == 50
    again.close()


def test_closing_waits_for_a_read_that_runs_and_refuses_new_ones(tmp_path: Path) -> None:
    store, reading, go_on = Store.open(tmp_path / "curation.duckdb"), Event(), Event()

    def read() -> Any:
        with store.reading() as cursor:
            reading.set()
            go_on.wait(30)
            return cursor.execute("SELECT 7").fetchone()

    with ThreadPoolExecutor(2) as pool:
        found = pool.submit(read)
        reading.wait(30)
        closing = pool.submit(store.close)
        while not store._closed:
            assert not closing.done()
        with pytest.raises(RegrainError, match="closed"):
            store.rows("SELECT 1")
        assert not closing.done()
        go_on.set()
        assert found.result() == (7,)
        closing.result()
    Store.open(tmp_path / "curation.duckdb").close()  # the file is released


def test_closing_interrupts_a_read_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_connection, "PATIENCE_SECONDS", 0.2)
    store = Store.in_memory()
    endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 1"
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(store.rows, endless)
        while not store._reading:
            assert not found.done()
        store.close()
        assert isinstance(found.exception(), duckdb.InterruptException)


def test_a_cancelled_write_is_left_out_and_the_next_ones_arrive(empty: Store) -> None:
    hold = Event()
    first = empty.submit(lambda connection: hold.wait(30))
    cancelled = empty.submit(lambda c: c.execute("INSERT INTO setting VALUES ('cancelled', '1')"))
    last = empty.submit(lambda c: c.execute("INSERT INTO setting VALUES ('kept', '1')"))
    assert cancelled.cancel()
    hold.set()
    first.result(30)
    last.result(30)
    assert empty.rows("SELECT key FROM setting") == [("kept",)]


def test_a_second_process_is_told_who_holds_the_workspace(tmp_path: Path) -> None:
    path = tmp_path / "curation.duckdb"
    script = f"import sys, duckdb; c = duckdb.connect({str(path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(WorkspaceBusy) as busy:
            Store.open(path)
        assert busy.value.pid == holder.pid
        assert str(holder.pid) in str(busy.value)
        holder.communicate("")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "curation.duckdb"
    path.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(RegrainError, match=r"curation\.duckdb"):
        Store.open(path)


def test_a_large_file_is_read_by_more_threads_and_has_a_longer_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def threshold(store: Store) -> str:
        return str(store.value("SELECT current_setting('checkpoint_threshold')"))

    def threads(store: Store) -> int:
        return int(store.value("SELECT current_setting('threads')"))

    cores = int(duckdb.connect().execute("SELECT current_setting('threads')").fetchall()[0][0])
    monkeypatch.setattr(store_connection, "LARGE_BYTES", 2**20)
    store = Store.open(tmp_path / "w.duckdb")
    assert (threshold(store), threads(store)) == ("16.0 MiB", 1)
    store.write(lambda c: c.execute("CREATE TABLE filler AS SELECT uuid() AS u FROM range(900_000)"))
    store.write(lambda c: c.execute("SELECT 1"))
    store.write(lambda c: c.execute("SELECT 1"))
    assert (threshold(store), threads(store)) == ("1.0 GiB", cores)
    store.close()
    store = Store.open(tmp_path / "w.duckdb")
    assert (threshold(store), threads(store)) == ("1.0 GiB", cores)
    store.close()
