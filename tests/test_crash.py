"""Several times the app is killed in the middle of verdicts and of an encoding job; nothing that it said is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from curation.importers.stage import stage
from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.store import Store, contents, datasets, decisions, settings, vectors
from curation.store import jobs as store_jobs
from curation.workspace import Workspace
from tests import crash_app
from tests.jobs import colours

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("KILLS", "4"))
"""The benchmark asks for ten."""

MOST_VERDICTS = 5000
PICTURES = 1500
"""Three shards of pictures and one of texts: some rounds end within one, some between two."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with pictures of random colours, nothing encoded yet."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    rng = np.random.default_rng(0)
    rows = []
    for number in range(PICTURES):
        name = f"picture-{number:04d}"
        colour = (number % 256, number // 256, int(rng.integers(256)))
        Image.new("RGB", (16, 16), colour).save(pictures / f"{name}.png")
        rows.append({"image": f"{name}.png", "split": "test", "caption": f"a thing, number {number}"})
    source = tmp_path / "captions.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    workspace = Workspace.at(tmp_path / "workspace")
    store = Store.open(workspace.database)
    staged = stage("table", source, settings={"split_column": "split"}, folder=pictures, check="exists")
    root = workspace.stored_root(pictures)
    datasets.add(store, staged, name="crash", importer="table", source=str(source), root=root)
    settings.put(store, encoder=colours.NAME, device="cpu")
    store.close()
    return workspace


def acknowledged_until_killed(workspace: Workspace, attempt: int, *, in_the_middle: bool) -> list[str]:
    """Run the app, kill it after some verdicts or once its worker has begun to write; return what it said."""
    command = [sys.executable, "-m", crash_app.__name__, str(workspace.folder), str(attempt)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as app:
        assert app.stdout is not None
        assert app.stdout.readline() == "ready\n"
        lines = [app.stdout.readline() for _ in range(20 + 10 * attempt)]
        while in_the_middle and len(lines) < MOST_VERDICTS and not at_work(workspace):
            lines.append(app.stdout.readline())
        app.kill()
        lines += app.stdout.read().splitlines(keepends=True)  # what it said before it died
    assert lines and all(line.split()[1] == "True" for line in lines if line.endswith("\n"))
    return [line.split()[0] for line in lines if line.endswith("\n")]


def at_work(workspace: Workspace) -> bool:
    """Say whether a worker has written progress."""
    return any(workspace.jobs.glob("*/progress.jsonl"))


def check_shards(store: Store, workspace: Workspace) -> int:
    """Assert that every vector that the store names is on disk, whole and right; return how many there are."""
    assert vectors.verify(store, workspace.vectors) == []
    images = contents.held_images(store, colours.NAME)
    encoded = [image for image in images if image["encoded"]]
    if encoded:
        hashes = [image["content_hash"] for image in encoded]
        found = vectors.load(store, workspace.vectors, encoder=colours.NAME, kind="image", hashes=hashes)
        assert found.found.all()
        paths = [workspace.image_path(image["root"], image["file"]) for image in encoded]
        np.testing.assert_allclose(found.rows, colours.ColourEncoder().images(paths), atol=2e-3)
    return len(encoded)


def test_kills_lose_no_acknowledged_verdict_and_leave_no_half_shard(
    workspace: Workspace, record_property: Callable[[str, object], None]
) -> None:
    said: list[str] = []
    encoded = met = 0
    for attempt in range(KILLS):
        middle = attempt % 2 == 1 and encoded < PICTURES
        said += acknowledged_until_killed(workspace, attempt, in_the_middle=middle)
        met += at_work(workspace)
        store = Store.open(workspace.database)
        kept = {row["id"] for number in range(crash_app.CAPTIONS)
                for row in decisions.history(store, f"picture-{number:04d}#0")}  # fmt: skip
        lost, broken = set(said) - kept, vectors.verify(store, workspace.vectors)
        record_property("round", f"{len(said)} {len(lost)} {len(broken)}")  # counted before they are judged
        assert not lost
        now = check_shards(store, workspace)
        assert now >= encoded, "vectors were lost"
        encoded = now
        store.close()
    assert met, "no kill met the encoding"

    store = Store.open(workspace.database)
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=colours.COMMAND)
    supervisor.start()
    job = supervisor.wait(supervisor.add("encode").id)
    supervisor.stop()
    assert (job.state, job.error) == ("done", "")
    assert check_shards(store, workspace) == PICTURES
    assert vectors.encoders(store) == [{"encoder": colours.NAME, "images": PICTURES, "texts": PICTURES}]
    named = {row[0] for row in store.rows("SELECT file FROM vector_shard")}
    assert {path.name for path in workspace.vectors.iterdir()} == named, "a file that no map names was left behind"
    assert not any(workspace.jobs.iterdir())
    assert all(one.state in ("done", "waiting") for one in store_jobs.listed(store))
    assert decisions.rebuild(store) == len(store.rows("SELECT id FROM decision"))
    store.close()
