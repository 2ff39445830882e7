"""The README's file tree and plug-in table are true, and what it names exists."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"

# Kind of plug-in -> the room and the name of its registry there.
KINDS = {
    "importer": ("curation.importers", "importers"),
    "encoder": ("curation.encoders", "encoders"),
    "coarse signal": ("curation.coarse", "coarse_signals"),
    "defect detector": ("curation.text.defects", "defect_detectors"),
    "suggester": ("curation.suggesters", "suggesters"),
    "noise scorer": ("curation.noise", "noise_scorers"),
    "mitigation": ("curation.hubness", "mitigations"),
    "exporter": ("curation.exporters", "exporters"),
    "job": ("curation.jobs", "job_kinds"),
}


def plugin_table() -> str:
    """Return the table as the README must hold it."""
    lines = ["| kind | name | what it does | settings |", "|---|---|---|---|"]
    for kind, (room, registry) in KINDS.items():
        for plugin in getattr(importlib.import_module(room), registry):
            if not plugin.run.__module__.startswith("curation."):
                continue  # tests register plug-ins of their own
            settings = ", ".join(f"`{name}={value!r}`" for name, value in plugin.settings.items())
            help_text = plugin.help.replace("|", "\\|")
            lines.append(f"| {kind} | `{plugin.name}` | {help_text} | {settings} |")
    return "\n".join(lines)


def tree_entries() -> list[tuple[str, str]]:
    """Return (path, sentence) of every line of the file tree."""
    block = README.read_text(encoding="utf-8").split("## The file tree", 1)[1].split("```", 2)[1]
    entries, folders = [], [""]
    for line in block.strip("\n").splitlines():
        match = re.match(r"^( *)(\S+) {2,}(\S.*)$", line)
        assert match, f"a line of the tree has no sentence: {line!r}"
        depth, name = len(match[1]) // 2, match[2]
        folders = [*folders[: depth + 1], folders[depth] + name if name.endswith("/") else folders[depth]]
        entries.append((folders[depth] + name, match[3]))
    return entries


def test_every_line_of_the_tree_exists() -> None:
    for path, _ in tree_entries():
        assert (ROOT / path).exists(), f"the README's tree names {path}, which is not there"


def test_every_room_and_page_stands_in_the_tree() -> None:
    named = {path.rstrip("/") for path, _ in tree_entries()}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wanted = {path.split("/")[0] for path in tracked}
    wanted |= {"/".join(path.split("/")[:2]) for path in tracked if path.startswith(("curation/", "pages/"))}
    missing = sorted(path for path in wanted - named if not path.endswith(("__init__.py", "py.typed", ".gitignore")))
    assert not missing, f"give these a line in the README's file tree: {missing}"


def test_the_plugin_table_is_the_registries() -> None:
    assert plugin_table() in README.read_text(encoding="utf-8"), (
        f"the README's plug-in table must be:\n{plugin_table()}"
    )


def test_make_targets_named_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    code = "\n".join(re.findall(r"```.*?```|`[^`]+`", README.read_text(encoding="utf-8"), flags=re.DOTALL))
    named = set(re.findall(r"\bmake ([a-z-]+)", code))
    assert named <= targets, f"the README names targets that the Makefile lacks: {named - targets}"


def test_pictures_in_the_readme_exist() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), path
