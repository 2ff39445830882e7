"""Text defects and near-identical captions, as jobs find them and filters narrow by them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from curation.importers.stage import stage
from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.records import Decision, Job
from curation.store import Store, bulk, captions, clusters, datasets, decisions, defects, hands, queues
from curation.store.clusters import Key
from curation.store.filters import EVERYTHING, Filter
from curation.workspace import Workspace
from tests.jobs import colours

CAPTIONS = {
    "one": ["a umbrella on the sand", "A dog runs through the tall green grass by the lake"],
    "two": ["a dog runs through the the tall green grass by the lake.", "two men talk"],
    "three": ["the dog runs through the tall green grass by the lake", "two men talk"],
    "four": ["two men talk !", "a man in the the hat"],
}


@pytest.fixture
def supervisor(store: Store, workspace: Workspace, tmp_path: Path) -> Iterator[Supervisor]:
    source = tmp_path / "captions.jsonl"
    rows = [{"image": f"{image}.png", "split": "test", "captions": texts} for image, texts in CAPTIONS.items()]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    staged = stage("table", source, settings={"captions": "captions", "split_column": "split"}, folder=None)
    datasets.add(store, staged, name="texts", importer="table", source=str(source), root=None)
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=colours.COMMAND)
    supervisor.start()
    yield supervisor
    supervisor.stop()


def run(supervisor: Supervisor, kind: str) -> Job:
    job = supervisor.wait(supervisor.add(kind).id)
    assert job.state == "done", job.error
    return job


def left(store: Store, narrow: Filter) -> set[str]:
    return {row["id"] for row in hands.page(store, "coarse", "ann", 99, narrow=narrow)}


def test_defects_are_found_with_their_place_and_sought_again_where_a_text_changed(
    supervisor: Supervisor, store: Store
) -> None:
    assert run(supervisor, "defects").total == 0  # nothing is analysed yet
    run(supervisor, "analyse")
    assert run(supervisor, "defects").total == 8
    [found] = defects.of_captions(store, ["one#0"])["one#0"]
    assert found == {"kind": "article", "start": 0, "stop": 1, "wrong": "a", "repair": "an"}
    assert left(store, Filter(defect="repeated_word")) == {"two#0", "four#1"}
    assert left(store, Filter(defect="any")) == {"one#0", "two#0", "four#1"}
    assert defects.waiting(store) == {"any": 3, "grammar": 2, "repeated_word": 2, "article": 1}
    assert run(supervisor, "defects").total == 0
    edit = Decision("e", "ann", "coarse", "four#1", "four#1@1", "edit", text="a man in a hat")
    assert decisions.decide(store, [edit])[0].applied
    assert left(store, Filter(defect="any")) == {"one#0", "two#0"}
    run(supervisor, "analyse")
    assert run(supervisor, "defects").total == 2
    assert defects.of_captions(store, ["four#1"]) == {"four#1": []}


def test_a_caption_twice_is_sought_again_where_its_twin_changed(supervisor: Supervisor, store: Store) -> None:
    edit = Decision("e", "ann", "coarse", "three#0", "three#0@1", "edit", text="Two men talk.")
    assert decisions.decide(store, [edit])[0].applied
    run(supervisor, "analyse")
    run(supervisor, "defects")
    assert left(store, Filter(defect="duplicate")) == {"three#1"}  # three#0 was judged by its edit
    revision = captions.get(store, "three#0")["revision_id"]
    decisions.decide(store, [Decision("e2", "ann", "coarse", "three#0", revision, "edit", text="a cat")])
    run(supervisor, "analyse")
    run(supervisor, "defects")
    assert left(store, Filter(defect="duplicate")) == set()


def test_clusters_are_judged_and_taken_back_as_one(supervisor: Supervisor, store: Store) -> None:
    assert run(supervisor, "clusters").total == 8
    assert run(supervisor, "clusters").total == 0
    first, second = clusters.page(store, "coarse", "ann", 9, narrow=EVERYTHING)
    assert (first["number"], second["number"]) == (3, 3)
    assert clusters.number(store) == 2
    after = Key(first["number"], first["cluster"])
    assert clusters.page(store, "coarse", "ann", 9, narrow=EVERYTHING, after=after) == [second]
    talk = next(one for one in (first, second) if "men" in one["text"])
    assert left(store, Filter(cluster=talk["cluster"])) == {"two#1", "three#1", "four#0"} == set(talk["items"])
    narrow = Filter(cluster=talk["cluster"])
    done = bulk.decide(store, "coarse", "coarse", person="ann", batch_id="b", narrow=narrow)
    assert done.judged == 3
    assert [one["cluster"] for one in clusters.page(store, "coarse", "ann", 9, narrow=EVERYTHING)] != [talk["cluster"]]
    assert bulk.undo(store, "b", person="ann", undo_id="u").judged == 3
    assert clusters.page(store, "coarse", "ann", 9, narrow=EVERYTHING) == [first, second]


def test_a_caption_that_was_edited_leaves_its_cluster(supervisor: Supervisor, store: Store) -> None:
    run(supervisor, "clusters")
    edit = Decision("e", "ann", "coarse", "two#1", "two#1@1", "edit", text="two men talk at a red gate")
    assert decisions.decide(store, [edit])[0].applied
    talk = next(one for one in clusters.page(store, "coarse", "ann", 9, narrow=EVERYTHING) if "men" in one["text"])
    assert set(talk["items"]) == {"three#1", "four#0"}
    assert queues.counts_within(store, "coarse", "ann", Filter(cluster=talk["cluster"]))["done"] == 0
    assert run(supervisor, "clusters").total == 8  # the texts changed: all are compared anew
