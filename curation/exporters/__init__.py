"""Exporters (plug-ins): a frozen benchmark -> files in one folder, byte for byte the same every time.

A plug-in is one decorated function in one new file of this folder. It writes into an empty folder and returns the files
in the order in which it wrote them; ``read_back`` reads them again with code of its own, so that
:mod:`curation.exporters.reconcile` can hold what was written against what should have been::

    @exporter("pairs", title="Pairs", read_back=read_pairs)
    def pairs(benchmark: Benchmark, folder: Path) -> list[Path]: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from curation.records import Benchmark
from curation.registry import Registry

Exporter = Callable[..., list[Path]]

exporters: Registry[Exporter] = Registry("exporter", __name__)


@dataclass(slots=True)
class ReadBack:
    """What a layout's files say: texts per (split, image id) in order, all image ids, judged pairs if it has them."""

    texts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    qrels: dict[tuple[str, str], int] | None = None


def nothing(benchmark: Benchmark) -> dict[str, str]:
    """Return the images left out by a layout that holds them all: none."""
    return {}


def exporter(
    name: str,
    *,
    title: str,
    read_back: Callable[[Path], ReadBack],
    expected_text: Callable[[str], str] = str,
    leaves_out: Callable[[Benchmark], dict[str, str]] = nothing,
) -> Callable[[Exporter], Exporter]:
    """Register an exporter.

    ``read_back`` reads the folder it wrote; ``expected_text`` is what the layout makes of a caption (the text itself
    unless the layout normalises), written independently of the exporter. ``leaves_out`` gives image id -> reason for
    the images that the layout cannot hold; every other image must be in its files.
    """
    return exporters.register(
        name, title=title, read_back=read_back, expected_text=expected_text, leaves_out=leaves_out
    )


__all__ = ["Benchmark", "Exporter", "ReadBack", "exporter", "exporters"]
