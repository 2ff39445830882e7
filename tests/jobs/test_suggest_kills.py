"""The worker, then the app, is killed in the middle of asking a vision-language model: nothing is paid for twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from curation.importers.stage import stage
from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.records import Decision
from curation.store import Store, captions, datasets, decisions, scores, settings
from curation.workspace import Workspace
from tests.jobs import suggesting
from tests.suggesters.chat_server import Reply, Server, finer, serving

COLOURS = ("red", "blue", "green", "white", "pink", "brown", "black", "gray", "yellow", "orange")
"""One caption each, in five shards."""

WORKER_DIES_AT, APP_DIES_AT = 3, 8
"""Requests, from 0: the second captions of the second and the fourth shard, the former's being asked once more."""


@pytest.fixture
def asking(workspace: Workspace, store: Store, tmp_path: Path) -> Store:
    """Ten analysed captions of ten pictures, all found coarse."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rows = []
    for colour in COLOURS:
        Image.new("RGB", (12, 12), colour).save(folder / f"{colour}.png")
        rows.append({"image": f"{colour}.png", "split": "test", "caption": f"a dog beside a {colour} ball"})
    source = tmp_path / "captions.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    staged = stage("table", source, settings={"split_column": "split"}, folder=folder)
    datasets.add(store, staged, name="ten", importer="table", source=str(source), root=workspace.stored_root(folder))
    for n, colour in enumerate(COLOURS):
        revision = captions.get(store, f"{colour}#0")["revision_id"]
        verdict = Decision(f"d{n}", "ann", "coarse", f"{colour}#0", revision, "coarse")
        assert decisions.decide(store, [verdict])[0].applied
    to_the_end(store, workspace, "analyse")
    return store


def to_the_end(store: Store, workspace: Workspace, kind: str):
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=suggesting.COMMAND)
    supervisor.start()
    job = supervisor.wait(supervisor.add(kind).id)
    supervisor.stop()
    assert job.state == "done", job.error
    return job


def test_a_killed_worker_and_a_killed_app_ask_nothing_again_and_leave_one_set_of_suggestions(
    asking: Store, workspace: Workspace
) -> None:
    app: list[subprocess.Popen[bytes]] = []

    def reply(n: int) -> Reply:
        if n == WORKER_DIES_AT:
            (pid,) = workspace.jobs.glob(f"*/{suggesting.PID}")
            os.kill(int(pid.read_text()), signal.SIGKILL)
        if n == APP_DIES_AT:
            app[0].kill()
            app[0].wait()
        return finer("a wet dog beside a ball")

    with serving(reply) as server:
        asked = {"url": server.url, "model": "tiny", "at_once": 1}
        settings.put(asking, suggesters={"vision_model": asked}, device="cpu")
        asking.close()
        app.append(subprocess.Popen([sys.executable, suggesting.__file__, "app", str(workspace.folder)], env=paths()))
        assert app[0].wait(60) == -signal.SIGKILL, "the app ended by itself"
        store = Store.open(workspace.database)
        job = to_the_end(store, workspace, "suggest")
        assert_asked_once(server)
    assert job.total == len(COLOURS)
    # Of the shard in which the app died one answer was kept; finished shards are neither asked nor looked up again.
    assert "1 from the cache" in job.note
    for colour in COLOURS:
        found = scores.suggestions(store, f"{colour}#0")
        assert [one["text"] for one in found if one["source"] == "vision_model"] == ["a wet dog beside a ball"]
    twice = store.rows("SELECT caption_id FROM suggested GROUP BY ALL HAVING count(*) > 1")
    assert twice == [] and len(scores.sought(store)) == len(COLOURS)
    store.close()


def assert_asked_once(server: Server) -> None:
    """Only what was being asked when the one or the other died is asked a second time."""
    bodies = [json.dumps(one, sort_keys=True) for one in server.asked]
    again = {body for body, times in Counter(bodies).items() if times > 1}
    assert again == {bodies[WORKER_DIES_AT], bodies[APP_DIES_AT]}
    assert len(bodies) == len(COLOURS) + 2


def paths() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
