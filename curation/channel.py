"""The way from ``regrain`` to the app that holds the workspace: a Unix socket that only its owner may use.

One connection carries one command. The client sends one line of JSON, ``{"command", "arguments", "json"}``; the app
answers with lines ``{"out": text}`` or ``{"err": text}`` and at the end ``{"exit": code}``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket
import stat
import struct
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.records import RegrainError

if TYPE_CHECKING:
    from curation.session import Session

LONGEST_FOLDER = 84
"""In bytes: a socket's path ends at 107 with its name of 21 and a slash."""

LONGEST_REQUEST = 64 * 2**20

log = logging.getLogger(__name__)


def socket_path(workspace: Path) -> Path:
    """Return where the app that holds a workspace listens.

    Raises ``RegrainError`` where the runtime folder is not the caller's alone.
    """
    name = hashlib.sha256(str(workspace).encode()).hexdigest()[:16]
    return runtime_folder() / f"{name}.sock"


def runtime_folder() -> Path:
    """Return the folder of the sockets, mode 0700, making it where it is absent."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    own = f"regrain-{os.getuid()}"
    places = [Path(tempfile.gettempdir()) / own, Path("/tmp") / own]  # a long $TMPDIR must not spoil it
    if runtime and Path(runtime).is_dir():
        places.insert(0, Path(runtime) / "regrain")
    folder = next(place for place in places if len(os.fsencode(place)) <= LONGEST_FOLDER)
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if facts.st_uid != os.getuid() or not stat.S_ISDIR(facts.st_mode) or facts.st_mode & 0o077:
        raise RegrainError(f"`{folder}` belongs to somebody else or is open to others: remove it, then try again")
    return folder


class CommandServer:
    """Listens beside the app and carries out one command per connection, each in a thread of its own."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.path = socket_path(session.workspace.folder)
        self.path.unlink(missing_ok=True)  # left by a process that was killed: the store is ours now
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self.path))
        self.path.chmod(0o600)
        self._socket.listen()
        self._closed = False
        threading.Thread(target=self._accept_forever, name="commands", daemon=True).start()

    def close(self) -> None:
        """Stop listening; commands that run are not waited for."""
        if not self._closed:
            self._closed = True
            self.path.unlink(missing_ok=True)
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()

    def _accept_forever(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), name="command", daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(BrokenPipeError, ConnectionResetError):
            if _peer(connection) != os.getuid():
                return
            line = connection.makefile("rb").readline(LONGEST_REQUEST)
            if line.endswith(b"\n"):
                _send(connection, {"exit": self._carry_out(json.loads(line), connection)})

    def _carry_out(self, request: dict[str, Any], connection: socket.socket) -> int:
        from curation.commands import Console, run

        console = Console(
            json=bool(request["json"]),
            out=lambda text: _send(connection, {"out": text}),
            err=lambda text: _send(connection, {"err": text}),
        )
        try:
            return run(self._session, request["command"], request["arguments"], console)
        except (BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:
            log.exception("the command %s failed", request["command"])
            console.err(f"regrain: {type(error).__name__}: {error} (the app's log has more)")
            return 1


def ask(workspace: Path, request: dict[str, Any], out: Callable[[str], None], err: Callable[[str], None]) -> int | None:
    """Have the app that holds ``workspace`` carry out a command; None where no app listens.

    ``out`` and ``err`` are called with every piece of text as it comes. Raises ``RegrainError`` where the app
    ends before the command does.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with connection:
        try:
            connection.connect(str(socket_path(workspace)))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        if _peer(connection) != os.getuid():
            raise RegrainError("the app that holds the workspace runs as somebody else: ask them, or use another")
        _send(connection, request)
        for line in connection.makefile("rb"):
            answer = json.loads(line)
            if "exit" in answer:
                return int(answer["exit"])
            out(answer["out"]) if "out" in answer else err(answer["err"])
    raise RegrainError("the app ended before the command did: start it again, then see `regrain jobs`")


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    connection.sendall(json.dumps(message, ensure_ascii=False).encode() + b"\n")


def _peer(connection: socket.socket) -> int:
    """Return the user id of the process at the other end."""
    if sys.platform != "linux":
        return os.getuid()  # the folder's and the socket's modes alone decide
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", credentials)[1])
