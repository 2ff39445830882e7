"""What ``regrain`` can do, one function per command: the same in its own process and inside the app.

A command is one decorated function in a file of this folder::

    @command("status", title="Look", arguments=no_arguments)
    def status(session: Session, args: Args, console: Console) -> int:
        '''Show what the workspace holds and what is left to judge.'''

``arguments(parser)`` declares its arguments; ``args`` are their values as plain JSON (paths absolute), so that they can
be sent to another process. It returns the exit code; a ``RegrainError`` becomes one line and exit code 2, and so does
whatever the machine refuses (``MISUSE``).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curation.records import RegrainError
from curation.registry import Registry
from curation.store import DatabaseError

if TYPE_CHECKING:
    from curation.session import Session

REFUSED = 2
MISUSE = (RegrainError, OSError, DatabaseError, RuntimeError, ValueError)
"""What misuse or the machine brings about, told in one line. Anything else is a fault of ours, with its traceback."""

Args = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command writes: lines for people, or with ``json`` one JSON value per line for machines."""

    json: bool
    out: Callable[[str], None]
    err: Callable[[str], None]

    def say(self, *lines: str) -> None:
        """Print lines, unless a machine listens."""
        if not self.json:
            for line in lines:
                self.out(f"{line}\n")

    def give(self, value: Any, *lines: str) -> None:
        """Print a result: ``value`` for machines, the lines for people."""
        if self.json:
            self.out(json.dumps(value, ensure_ascii=False, default=plain) + "\n")
        else:
            self.say(*lines)

    def table(self, rows: Sequence[Mapping[str, Any]], columns: Sequence[str], nothing: str) -> None:
        """Print rows as aligned columns, or as one JSON list; ``nothing`` is said where there is no row."""
        if self.json:
            return self.give(list(rows))
        cells = [[_cell(row[name]) for name in columns] for row in rows]
        widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
        for line in [list(columns), *cells] if cells else []:
            self.say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        return None if cells else self.say(nothing)


Command = Callable[["Session", Args, Console], int]
Arguments = Callable[[ArgumentParser], object]

commands: Registry[Command] = Registry("command", __name__)


def no_arguments(parser: ArgumentParser) -> None:
    """Declare nothing."""


def command(
    name: str,
    *,
    title: str,
    arguments: Arguments = no_arguments,
    makes_workspace: bool = False,
    reads_lines: bool = False,
) -> Callable[[Command], Command]:
    """Register a command.

    ``title`` is the group in the help; ``makes_workspace`` allows a workspace that does not exist yet;
    ``reads_lines`` hands it the lines of the standard input as ``args["lines"]`` where ``args["stdin"]`` is set.
    """
    return commands.register(
        name, title=title, arguments=arguments, makes_workspace=makes_workspace, reads_lines=reads_lines
    )


def run(session: Session, name: str, args: Args, console: Console, *, debug: bool = False) -> int:
    """Run a command on an open workspace and return its exit code; ``debug`` lets errors through."""
    try:
        return commands.get(name).run(session, args, console)
    except (BrokenPipeError, ConnectionResetError):  # nobody reads any more
        raise
    except MISUSE as error:
        if debug and not isinstance(error, RegrainError):
            raise
        console.err(f"regrain: {reason(error)}\n")
        return REFUSED


def reason(error: Exception) -> str:
    """Return what a person is told of an error; of one that is not worded for people, on one line."""
    if isinstance(error, RegrainError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    said = " ".join(str(error).split()) or "no reason is given"
    return f"{type(error).__name__}: {said} (--debug shows where)"


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no plain value")


def absolute(path: str) -> str:
    """Return a path argument as it reads from everywhere; raises ``RegrainError`` where ``~NAME`` is nobody."""
    try:
        return str(Path(path).expanduser().absolute())
    except RuntimeError:
        raise RegrainError(f"{path}: there is no such home folder. Write the whole path.") from None


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float):
        return f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else " ".join(str(value).split())
