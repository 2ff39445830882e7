"""The log of a workspace, ``log/regrain.log``: what went wrong and when, bounded in size, fit to be shown and sent.

It holds no captions, no addresses of images and no secrets: of an error it keeps the kind, where it arose and what it
says, with long quotations and tokens left out.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from curation.workspace import Workspace

FILE = "regrain.log"
MAX_BYTES = 1_000_000
KEPT = 4
"""Older files beside the present one."""

LOGGERS = ("curation", "streamlit.error_util", "uvicorn.error", "asyncio")
"""Whose records go into the log: ours, and what the server says of pages and routes that failed."""

REPEAT_SECONDS = 60.0
REMEMBERED = 100
"""Different errors among which repeats are looked for."""

LONGEST = 600
FRAMES = 12

_TOKENS = re.compile(r"/(image|live|oauth2callback)[/?][^\s,;]+")
_SECRETS = re.compile(r"(?i)\b(\w*(?:secret|token|password|authorization|cookie|code|state))(\s*[=:]\s*)[^\s,;]+")
_QUOTED = re.compile(r"(?<!\w)(['\"])(?:(?!\1).){0,400}?(?:\s|.{25})(?:(?!\1).)*\1(?!\w)|“[^”]{25,}”")


def path_of(workspace: Workspace) -> Path:
    """Return where the log of a workspace is."""
    return workspace.log / FILE


def begin(workspace: Workspace) -> logging.Handler:
    """Begin to write the log; errors still go to standard error as well. To be ended with ``end``."""
    handler = _PrivateFile(path_of(workspace), maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
    handler.setLevel(logging.INFO)
    handler.setFormatter(_Formatter())
    handler.addFilter(_Repeats())
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    ours = logging.getLogger(LOGGERS[0])
    ours.setLevel(logging.INFO)
    if not any(isinstance(one, _StandardError) for one in ours.handlers):
        ours.addHandler(_StandardError())
    return handler


def end(handler: logging.Handler) -> None:
    """Stop writing. Ending twice is harmless."""
    ours = logging.getLogger(LOGGERS[0])
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(handler)
    if not any(isinstance(one, _PrivateFile) for one in ours.handlers):
        for one in [one for one in ours.handlers if isinstance(one, _StandardError)]:
            ours.removeHandler(one)
    handler.close()


def tail(workspace: Workspace, lines: int = 200) -> list[str]:
    """Return the last lines of the log, oldest first; none where nothing was logged yet."""
    found: deque[str] = deque(maxlen=lines)
    for path in (path_of(workspace).with_name(f"{FILE}.1"), path_of(workspace)):
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as file:
                found.extend(line.rstrip("\n") for line in file)
    return list(found)


def without_texts(words: str) -> str:
    """Return what an error says on one line, without long quotations, signed addresses and secrets.

    >>> without_texts("cannot read 'a man riding a wave' at /image/abc.def, cookie_secret=x1")
    'cannot read … at /image/…, cookie_secret=…'
    """
    words = _TOKENS.sub(r"/\1/…", " ".join(words[: 10 * LONGEST].split()))
    words = _QUOTED.sub("…", _SECRETS.sub(r"\1\2…", words))
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


class _PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner may read."""

    def _open(self) -> Any:
        path = Path(self.baseFilename)
        path.parent.mkdir(exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding=self.encoding)


class _StandardError(logging.StreamHandler[TextIO]):
    """What Python does by itself where nobody listens: warnings go to standard error, as it is at that moment."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setLevel(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        if not logging.getLogger().handlers:
            self.stream = sys.stderr
            super().emit(record)


class _Repeats(logging.Filter):
    """Lets the same error through once a minute, and says how often it came: a full disk must not fill the log."""

    def __init__(self) -> None:
        super().__init__()
        self._since: dict[tuple[Any, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return record.name.startswith(LOGGERS[0])  # the server tells of every connection
        kind, now = record.exc_info[0] if record.exc_info else None, time.monotonic()
        key = (record.name, record.msg, kind, str(record.args))
        at, left_out = self._since.get(key, (now - REPEAT_SECONDS, 0))
        if now - at < REPEAT_SECONDS:
            self._since[key] = (at, left_out + 1)
            return False
        if len(self._since) > REMEMBERED:
            self._since.clear()
        self._since[key] = (now, 0)
        record.__dict__["left_out"] = left_out
        return True


class _Formatter(logging.Formatter):
    """One line per record, then where an error arose: files, lines and functions, no values."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        again = f" (and {left} more like it)" if (left := record.__dict__.get("left_out")) else ""
        line = f"{moment} {record.levelname} {record.name}: {without_texts(record.getMessage())}{again}"
        if not record.exc_info or record.exc_info[0] is None:
            return line
        kind, error, frames = record.exc_info
        return "\n".join([line, *_places(frames), f"    {kind.__name__}: {without_texts(str(error))}"])


def _places(frames: TracebackType | None) -> list[str]:
    places: deque[str] = deque(maxlen=FRAMES)
    while frames is not None:
        code = frames.tb_frame.f_code
        places.append(f"    {Path(code.co_filename).name}:{frames.tb_lineno} {code.co_name}")
        frames = frames.tb_next
    return list(places)
