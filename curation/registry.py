"""Plug-ins: one decorated function in one new file of a room; the room's folder is scanned on first use.

A room declares its kind once, in its ``__init__``::

    mitigations: Registry[Mitigation] = Registry("mitigation", __name__)
    mitigation = mitigations.register

and a plug-in is a file beside it::

    @mitigation("nnn", title="Nearest-neighbour normalisation")
    def nnn(banks, *, k: int = 128, alpha: float = 0.75): ...

Keyword-only arguments with defaults are its settings; the first sentence of its docstring is its help text.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from curation.records import RegrainError

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Plugin(Generic[F]):
    """A registered function with what the screens and the README say of it."""

    name: str
    title: str
    run: F
    help: str
    settings: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)


class Registry(Generic[F]):
    """The plug-ins of one kind, found by importing every module of one package."""

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self.package = package
        self._plugins: dict[str, Plugin[F]] = {}
        self._scanned = False

    def register(self, name: str, *, title: str, **facts: Any) -> Callable[[F], F]:
        """Return a decorator that adds a function under ``name``.

        Raises ``ValueError`` where the name is taken or the function has no docstring.
        """

        def add(function: F) -> F:
            taken = self._plugins.get(name)
            if taken is not None and taken.run.__module__ != function.__module__:
                raise ValueError(f"{self.kind} {name!r} is already defined in {taken.run.__module__}")
            doc = inspect.getdoc(function)
            if not doc:
                raise ValueError(f"{self.kind} {name!r} needs a docstring: its first sentence is the help text")
            self._plugins[name] = Plugin(name, title, function, first_sentence(doc), _settings(function), facts)
            return function

        return add

    def get(self, name: str) -> Plugin[F]:
        """Return one plug-in; an unknown name raises ``RegrainError`` with the names that are close."""
        self._scan()
        if name not in self._plugins:
            near = get_close_matches(name, self._plugins, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise RegrainError(f"no {self.kind} is called {name!r}{hint} (known: {', '.join(sorted(self._plugins))})")
        return self._plugins[name]

    def __iter__(self) -> Iterator[Plugin[F]]:
        self._scan()
        return iter(sorted(self._plugins.values(), key=lambda plugin: plugin.name))

    def _scan(self) -> None:
        if self._scanned:
            return
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
        self._scanned = True


def first_sentence(doc: str) -> str:
    """Return the first sentence of a docstring on one line."""
    paragraph = " ".join(doc.split("\n\n")[0].split())
    end = paragraph.find(". ")
    return paragraph if end < 0 else paragraph[: end + 1]


def _settings(function: Callable[..., Any]) -> dict[str, Any]:
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and parameter.default is not inspect.Parameter.empty
    }
