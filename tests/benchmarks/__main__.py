"""``python -m tests.benchmarks [NAME] [BAR ...]``: list the benchmarks, or run one and print a line per bar."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from tests.benchmarks import bars


def names() -> list[str]:
    """Return the benchmarks that there are: modules of this folder with a list ``MEASURES``."""
    own = {"__main__", "bars"}
    modules = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return [name for name in modules if name not in own and not name.startswith("_")]


def main(arguments: list[str]) -> int:
    if not arguments:
        for name in names():
            module = importlib.import_module(f"tests.benchmarks.{name}")
            print(f"{name}: {(module.__doc__ or '').strip().splitlines()[0]}")
            for measure in module.MEASURES:
                for bar in measure.bars:
                    goal = "reported" if bar.goal is None else f"{bar.sense} {bar.goal:g}"
                    print(f"    {bar.name} ({bar.unit}, {goal})")
        return 0
    if arguments[0] not in names():
        print(f"no benchmark is called {arguments[0]!r}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    module = importlib.import_module(f"tests.benchmarks.{arguments[0]}")
    return 0 if bars.run(arguments[0], module.MEASURES, arguments[1:]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
