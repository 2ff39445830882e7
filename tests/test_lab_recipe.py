"""What the README tells a lab to copy is taken by the programs that it is for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curation import cli

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
UNITS = ("regrain.service", "regrain-backup.service", "regrain-backup.timer")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_units_are_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for name, text in zip(UNITS, blocks("ini"), strict=True):
        # The user and the program of a lab are not here.
        here = text.replace("User=regrain", "User=root").replace("/opt/regrain/.venv/bin/regrain", sys.executable)
        (tmp_path / name).write_text(here)
    found = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in UNITS)], capture_output=True, text=True
    )
    complaints = [line for line in found.stderr.splitlines() if str(tmp_path) in line]
    assert found.returncode == 0 and not complaints, found.stderr


def test_the_commands_of_the_recipe_exist() -> None:
    commands = re.findall(r"regrain --workspace /var/lib/regrain/coco\s+([^`\n#]+)", README)
    assert len(commands) >= 5
    for command in commands:
        cli.parser().parse_args(command.split())


def test_caddy_takes_its_recipe(tmp_path: Path) -> None:
    if not shutil.which("caddy"):
        pytest.skip("caddy is not installed")
    (block,) = blocks("caddy")
    (tmp_path / "Caddyfile").write_text(block)
    command = ["caddy", "adapt", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert "127.0.0.1:8501" in found.stdout
