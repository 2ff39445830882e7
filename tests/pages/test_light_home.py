"""The home page opens without the heavy libraries: nobody waits for them who only looks what is left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.pages.conftest import ROOT
from tests.pages.small_workspace import build

SCRIPT = """
import sys
import streamlit  # loads plotly's figure classes itself where plotly is installed, about 0.1 s
from streamlit.testing.v1 import AppTest
from curation.ui import visitor  # AppTest has no request that says where its visitor sits
visitor.arrival = lambda: visitor.Arrival("localhost", {"host": "localhost"}, None)
before = set(sys.modules)
app = AppTest.from_file("app.py", default_timeout=60).run()
assert not app.exception, app.exception
assert app.title[0].value == "Twelve scenes", app.title
loaded = {name.split(".")[0] for name in set(sys.modules) - before}
print(sorted({"torch", "open_clip", "spacy", "plotly", "sklearn", "torchvision"} & loaded))
"""


def test_home_loads_neither_torch_nor_spacy_nor_plotly(tmp_path: Path) -> None:
    workspace = build(tmp_path / "small")
    environment = {**os.environ, "REGRAIN_WORKSPACE": str(workspace.folder), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "[]"
