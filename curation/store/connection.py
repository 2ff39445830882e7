"""The store: one DuckDB file, one writer thread with group commit, a cursor of its own for every read."""

from __future__ import annotations

import contextlib
import json
import queue
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from curation.records import RegrainError
from curation.store.schema import migrate

T = TypeVar("T")
Connection = duckdb.DuckDBPyConnection
Row = tuple[Any, ...]
Write = Callable[[Connection], Any]

GROUP = 64
"""Most writes that share one commit: enough to amortise the fsync, few enough to keep waits short."""

LARGE_BYTES = 256 * 2**20
"""Size of a file from which reads are shared between threads, and the log is long.

In a small file a second thread costs a quarter more than it saves. Until the log is folded into the file, every
rewritten row stays in memory (each new scoring of 6,500 captions is 7 MB): in a small file that takes 60 ms, in a large
one it stalls the writer for seconds.
"""
SMALL_LOG, LARGE_LOG = "16MiB", "1GiB"

PATIENCE_SECONDS = 5.0
"""How long closing waits for reads that run, before it interrupts them."""


class WorkspaceBusy(RegrainError):
    """Another process holds the workspace; ``pid`` is its process id, or None where it is not known."""

    def __init__(self, message: str, pid: int | None) -> None:
        super().__init__(message)
        self.pid = pid


class Store:
    """An open workspace database. Safe to share between threads.

    Reads take a cursor per call. Writes are functions of a connection, run one after another in the writer
    thread; ``write`` returns when the transaction that holds them is durable. A write may be run twice (when
    a neighbour in its group failed), so it must not change anything but the database.
    """

    def __init__(self, connection: Connection, path: Path | None = None) -> None:
        self._connection = connection
        self._path = path
        self._large: bool | None = None
        self._fit(connection)
        self._name, self._commits = uuid.uuid4().hex, 0
        self._waiting: queue.SimpleQueue[tuple[Write, Future[Any]] | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Condition()
        self._reading: set[Connection] = set()
        self._writer = threading.Thread(target=self._write_forever, name="store-writer", daemon=True)
        self._writer.start()

    @classmethod
    def open(cls, path: Path) -> Store:
        """Open or create the database at ``path`` and bring its schema up to date.

        Raises ``WorkspaceBusy`` where another process holds it.
        """
        try:
            if not path.exists():
                _create_file(path)
            connection = duckdb.connect(str(path))
        except duckdb.IOException as error:
            raise _busy_or_broken(path, error) from error
        return cls(_prepared(connection), path)

    @classmethod
    def in_memory(cls) -> Store:
        """Open a fresh database that lives in memory: what tests use."""
        return cls(_prepared(duckdb.connect()))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a query and return all its rows."""
        with self.reading() as cursor:
            return cursor.execute(sql, list(parameters)).fetchall()

    def records(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run a query and return its rows as dictionaries by column name."""
        with self.reading() as cursor:
            cursor.execute(sql, list(parameters))
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Run a query and return a ``pyarrow.Table``: for reads of many rows."""
        with self.reading() as cursor:
            return cursor.sql(sql, params=list(parameters)).to_arrow_table()

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None where there is no row."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a cursor for reads that need more than one statement, e.g. a registered Arrow table.

        Raises ``RegrainError`` once the store is closed.
        """
        with self._gate:
            if self._closed:
                raise RegrainError("the workspace is closed: open it again to read")
            cursor = self._connection.cursor()
            self._reading.add(cursor)
        try:
            yield cursor
        finally:
            with self._gate:
                cursor.close()
                self._reading.discard(cursor)
                self._gate.notify_all()

    def write(self, function: Callable[[Connection], T]) -> T:
        """Run ``function`` in the writer thread and return its result once the commit is durable.

        An exception rolls back what this function did, and only that, and is raised here.
        """
        return self.submit(function).result()

    def submit(self, function: Callable[[Connection], T]) -> Future[T]:
        """Queue ``function`` for the writer thread; the future is done when its commit is durable."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise RegrainError("the workspace is closed: open it again to write")
            self._waiting.put((function, future))
        return future

    @property
    def position(self) -> tuple[str, int]:
        """Where the log of commits stands: the name of this opening of the store, and a number that grows with each
        group of commits. What is read after asking holds at least all that was written before.
        """
        return self._name, self._commits

    def waiting_writes(self) -> int:
        """Return how many writes wait for the writer thread, without those that it is busy with."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Finish the waiting writes and the reads that run, and release the file. Closing twice is harmless.

        A read that takes longer than ``PATIENCE_SECONDS`` is interrupted and fails where it runs.
        """
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._writer.join()
        with self._gate:
            if not self._gate.wait_for(lambda: not self._reading, PATIENCE_SECONDS):
                for cursor in self._reading:
                    cursor.interrupt()
                self._gate.wait_for(lambda: not self._reading, PATIENCE_SECONDS)
        self._connection.close()

    def _write_forever(self) -> None:
        connection = self._connection.cursor()
        while (first := self._waiting.get()) is not None:
            group, stop = [first], False
            while len(group) < GROUP and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    stop = True
                    break
                group.append(following)
            group = [one for one in group if one[1].set_running_or_notify_cancel()]  # what nobody has cancelled
            _commit(connection, group, self._committed)
            self._fit(connection)
            if stop:
                break
        connection.close()

    def _fit(self, connection: Connection) -> None:
        """Use more threads and a longer log once the file is large."""
        large = self._path is not None and self._path.stat().st_size >= LARGE_BYTES
        if large != self._large:
            connection.execute(f"SET GLOBAL checkpoint_threshold='{LARGE_LOG if large else SMALL_LOG}'")
            connection.execute("RESET GLOBAL threads" if large else "SET GLOBAL threads=1")
            self._large = large

    def _committed(self) -> None:
        self._commits += 1


def _commit(connection: Connection, group: list[tuple[Write, Future[Any]]], committed: Callable[[], None]) -> None:
    """Commit all writes of the group at once; where one fails, each on its own."""
    try:
        results = _in_transaction(connection, [function for function, _ in group])
    except Exception as error:
        if len(group) == 1:
            group[0][1].set_exception(error)
            return
        for one in group:
            _commit(connection, [one], committed)
        return
    committed()
    for (_, future), result in zip(group, results, strict=True):
        future.set_result(result)


def _in_transaction(connection: Connection, functions: Sequence[Write]) -> list[Any]:
    connection.execute("BEGIN")
    try:
        results = [function(connection) for function in functions]
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(duckdb.TransactionException):  # a failed commit has already rolled back
            connection.execute("ROLLBACK")
        raise
    return results


def _create_file(path: Path) -> None:
    """Create the file in a storage version that the previous DuckDB can still read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    literal = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{literal}' AS fresh (STORAGE_VERSION 'v1.5.0')")
        connection.execute("DETACH fresh")


def _prepared(connection: Connection) -> Connection:
    connection.execute("SET autoinstall_known_extensions=false")
    connection.execute("SET autoload_known_extensions=false")
    connection.execute("SET GLOBAL TimeZone='UTC'")
    migrate(connection)
    return connection


def _busy_or_broken(path: Path, error: duckdb.IOException) -> RegrainError:
    found = re.search(r"PID (\d+)", str(error))
    if "lock" not in str(error).lower():
        return RegrainError(f"`{path}` cannot be opened: {error}")
    pid = int(found.group(1)) if found else None
    holder = f"another process (PID {pid})" if pid else "another process"
    return WorkspaceBusy(f"`{path.parent}` is open in {holder}: close it or use another workspace", pid)


def to_json(value: Any) -> str:
    """Return compact JSON with sorted keys, so that equal values are equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
