"""Learning from verdicts: the next scoring uses the model, and only new verdicts make a new one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from curation.coarse.model import CoarseModel, shipped_prior
from curation.importers.stage import stage
from curation.jobs.freshness import kinds_for
from curation.jobs.supervisor import Supervisor
from curation.records import Decision
from curation.store import Store, datasets, decisions, hands, models, scores
from curation.workspace import Workspace

NOUNS = ("dog", "horse", "bus", "boat", "child", "kite", "bird", "cow", "train", "tent")
NOTHING_STALE = {"scores": 0, "rivals": 0, "suggestions": 0}


@pytest.fixture
def judged(store: Store, workspace: Workspace, tmp_path: Path) -> Store:
    """Ten pictures with four captions each; this curator minds only whether a colour is named."""
    rows = []
    for n, noun in enumerate(NOUNS):
        for text in (f"a red {noun}", f"a {noun} on the wide road", f"a green {noun} waits", f"there is a {noun}"):
            rows.append({"image": f"picture{n}.png", "split": "test", "caption": text})
    source = tmp_path / "captions.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    staged = stage("table", source, settings={"split_column": "split"})
    datasets.add(store, staged, name="small", importer="table", source=str(source), root=None)
    return store


def run(supervisor: Supervisor, store: Store, kind: str) -> int:
    job = supervisor.wait(supervisor.add(kind).id)
    assert job.state == "done", job.error
    return job.total


def judge(store: Store, image_numbers: range) -> None:
    for row in store.records("SELECT id, revision_id, text FROM caption ORDER BY id"):
        if int(row["id"][len("picture") :].split("#")[0]) in image_numbers:
            fine = "red" in row["text"] or "green" in row["text"]
            verdict = "fine" if fine else "coarse"
            decisions.decide(
                store, [Decision(f"d{row['id']}", "ann", "coarse", row["id"], row["revision_id"], verdict)]
            )


def test_verdicts_become_a_model_that_orders_the_queue_as_the_curator_would(judged, supervisor) -> None:
    for kind in ("analyse", "coarse"):
        run(supervisor, judged, kind)
    assert run(supervisor, judged, "learn") == 0  # nobody has judged anything
    judge(judged, range(7))
    assert models.ready_to_learn(judged)
    assert kinds_for(NOTHING_STALE, learn=True) == ("learn", "coarse")
    assert run(supervisor, judged, "learn") == 28
    assert not models.ready_to_learn(judged)
    model = CoarseModel.from_json(models.latest(judged))
    assert model.fitted_on["verdicts"] == 28
    assert models.get(judged, model.id) is not None
    assert run(supervisor, judged, "coarse") == 40
    order = [row["text"] for row in hands.next_items(judged, "coarse", 12)]
    assert all("red" in text or "green" in text for text in order[6:])
    first = judged.value("SELECT caption_id FROM score ORDER BY value DESC, caption_id LIMIT 1")
    assert scores.of_caption(judged, "coarse", first)["reasons"]
    assert run(supervisor, judged, "coarse") == 0  # the same model again changes nothing


def test_without_verdicts_the_shipped_prior_scores(judged, supervisor) -> None:
    run(supervisor, judged, "coarse")
    assert models.latest(judged) is None
    assert shipped_prior().name == "prior"
    assert kinds_for(NOTHING_STALE) == ()
