"""``regrain``: everything that the app does, without a browser.

Where the app holds the workspace, the command is carried out there and its output comes back; nothing heavy is
imported here.
"""

from __future__ import annotations

import getpass
import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import curation
from curation.records import RegrainError
from curation.workspace import DATABASE

REFUSED = 2
INTERRUPTED = 130
EVERYWHERE = ("command", "workspace", "json", "debug")
GROUPS = ("Start", "Data", "Prepare", "Judge", "Release", "Look", "Care")
STARTERS = {
    "app": "Open the app in a browser on this machine.",
    "demo": "Build the demo workspace where it is absent.",
    "restore": "Put a backup into the workspace folder; what it replaces is set aside.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 done in part, 2 refused with one line of reason."""
    from curation.commands import MISUSE, reason

    debug = bool(os.environ.get("REGRAIN_DEBUG"))
    try:
        chosen = parser().parse_args(arguments)
        debug = chosen.debug = debug or chosen.debug
        return _main(chosen)
    except KeyboardInterrupt:
        sys.stderr.write("regrain: interrupted; jobs go on where they were when they are started again\n")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, e.g. `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MISUSE as error:
        if debug and not isinstance(error, RegrainError):
            raise
        sys.stderr.write(f"regrain: {reason(error)}\n")
        return REFUSED


def parser() -> ArgumentParser:
    """Return the parser of all commands, each in its group."""
    from curation.commands import commands

    whole = ArgumentParser("regrain", description=curation.__doc__, formatter_class=RawDescriptionHelpFormatter)
    whole.add_argument("--version", action="version", version=curation.__version__)
    _everywhere(whole, {"workspace": None, "json": False, "debug": False, "person": _person()})
    subparsers = whole.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")
    everywhere = ArgumentParser(add_help=False)
    _everywhere(everywhere, {})
    for name, help_text in STARTERS.items():
        sub = subparsers.add_parser(name, help=help_text, description=help_text, parents=[everywhere])
        _STARTER_ARGUMENTS[name](sub)
    for plugin in sorted(commands, key=lambda plugin: (GROUPS.index(plugin.title), plugin.name)):
        sub = subparsers.add_parser(plugin.name, help=plugin.help, description=plugin.help, parents=[everywhere])
        plugin.facts["arguments"](sub)
    return whole


def _everywhere(one: ArgumentParser, defaults: dict[str, Any]) -> None:
    """Declare what may stand before and behind the name of the command."""
    one.add_argument("--workspace", metavar="DIR", default=defaults.get("workspace", SUPPRESS),
                     help="workspace folder ($REGRAIN_WORKSPACE, else data/demo)")  # fmt: skip
    one.add_argument("--json", action="store_true", default=defaults.get("json", SUPPRESS),
                     help="print JSON for machines")  # fmt: skip
    one.add_argument("--debug", action="store_true", default=defaults.get("debug", SUPPRESS),
                     help="show where an unforeseen error arose ($REGRAIN_DEBUG=1)")  # fmt: skip
    one.add_argument("--person", default=defaults.get("person", SUPPRESS), help="who decides (your user name)")


def _main(chosen: Namespace) -> int:
    from curation.commands import absolute
    from curation.session import default_folder

    folder = Path(absolute(chosen.workspace)).resolve() if chosen.workspace else default_folder()
    if chosen.command == "app":
        return _open_app(folder, chosen.port)
    if chosen.command == "demo":
        return _build_demo(Path(chosen.folder).resolve() if chosen.folder else folder)
    if chosen.command == "restore":
        return _restore(folder, Path(absolute(chosen.folder)), chosen.replace)
    return _command(folder, chosen)


def _command(folder: Path, chosen: Namespace) -> int:
    """Run a command in the app that holds the workspace, else here."""
    from curation.channel import ask
    from curation.commands import Console, commands, run
    from curation.session import open_session

    plugin = commands.get(chosen.command)
    args = {name: value for name, value in vars(chosen).items() if name not in EVERYWHERE}
    if plugin.facts["reads_lines"] and args["stdin"]:
        args["lines"] = sys.stdin.read().splitlines()
    request = {"command": chosen.command, "arguments": args, "json": chosen.json}
    code = ask(folder, request, _out, _err)
    if code is not None:
        return code
    if not plugin.facts["makes_workspace"] and not (folder / DATABASE).exists():
        raise RegrainError(
            f"there is no workspace in `{folder}`: `regrain demo` builds the demo, `regrain import` begins a new one"
        )
    session = open_session(folder, serve=False)
    try:
        return run(session, chosen.command, args, Console(chosen.json, _out, _err), debug=chosen.debug)
    finally:
        session.close()


def _app_arguments(one: ArgumentParser) -> None:
    one.add_argument("--port", type=int, default=8501, help="port on localhost (8501)")


def _open_app(folder: Path, port: int) -> int:
    """Become Streamlit, on this machine's own address alone."""
    from curation.session import PROJECT

    os.environ["REGRAIN_WORKSPACE"] = str(folder)
    os.chdir(PROJECT)  # where .streamlit/ lies
    options = ["--server.address=localhost", f"--server.port={port}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "app.py", *options])


def _demo_arguments(one: ArgumentParser) -> None:
    one.add_argument("folder", nargs="?", metavar="DIR", help="where to build it (the workspace by default)")


def _build_demo(folder: Path) -> int:
    from curation.commands import Console
    from curation.demo_workspace import build_demo

    return build_demo(folder, Console(False, _out, _err))


def _restore_arguments(one: ArgumentParser) -> None:
    one.add_argument("folder", metavar="BACKUP", help="folder that `regrain backup` made")
    one.add_argument("--replace", action="store_true", help="set the workspace's present database aside")


def _restore(folder: Path, source: Path, replace: bool) -> int:
    from curation.backup import restore

    facts = restore(source, folder, replace=replace)
    _out(
        f"{folder} is as it was at {facts['made_at']}: {facts['rows']['decision']:,} decisions on "
        f"{facts['rows']['caption']:,} captions\n`regrain prepare` computes vectors that are missing\n"
    )
    return 0


def _person() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name, as in some containers
        return f"user-{os.getuid()}"


def _out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _err(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


_STARTER_ARGUMENTS = {"app": _app_arguments, "demo": _demo_arguments, "restore": _restore_arguments}


if __name__ == "__main__":
    sys.exit(main())
