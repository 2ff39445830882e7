"""Every job kind on a tiny workspace of coloured pictures: what it finds, and that it seeks only what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from curation.importers.stage import stage
from curation.jobs import job_kinds
from curation.jobs.chains import PREPARE
from curation.jobs.freshness import kinds_for
from curation.jobs.kinds import analyse
from curation.jobs.process import Pace
from curation.jobs.supervisor import Supervisor
from curation.jobs.up_to_date import out_of_date
from curation.records import Decision, Job
from curation.store import (
    Store,
    captions,
    contents,
    datasets,
    decisions,
    hands,
    objects,
    pool_candidates,
    scores,
    settings,
    vectors,
)
from curation.store import jobs as store_jobs
from curation.workspace import Workspace
from tests.jobs import colours
from tests.suggesters.chat_server import finer, serving

CAPTIONS = {
    "red1": ("test", ["a red thing", "a thing"]),
    "blue1": ("test", ["a blue ball", "a ball on the grass"]),
    "green1": ("test", ["a green ball", "a red ball"]),  # the second is false of its picture
    "white1": ("train", ["a white ball", "something"]),
}
POOL = {"red2": "red", "red3": "red", "pink1": "pink"}


def picture(colour: str, shade: int = 0) -> Image.Image:
    return Image.new("RGB", (12, 12), tuple(max(0, value - shade) for value in colours.COLOURS[colour]))


@pytest.fixture
def filled(store: Store, workspace: Workspace, tmp_path: Path) -> Path:
    """The workspace with its pictures imported; returns the image folder. One picture is broken."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    rows = []
    for image, (split, texts) in CAPTIONS.items():
        picture(image[:-1]).save(folder / f"{image}.png")
        rows += [{"image": f"{image}.png", "split": split, "caption": text} for text in texts]
    for image, colour in POOL.items():
        picture(colour, shade=40 if image == "red2" else 0).save(folder / f"{image}.png")
        rows.append({"image": f"{image}.png", "split": "pool", "caption": None})
    picture("black").save(folder / "broken.png")
    rows.append({"image": "broken.png", "split": "pool", "caption": None})
    source = tmp_path / "captions.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    staged = stage("table", source, settings={"split_column": "split"}, folder=folder)
    datasets.add(store, staged, name="tiny", importer="table", source=str(source), root=workspace.stored_root(folder))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    settings.put(store, encoder=colours.NAME, device="cpu")
    return folder


@pytest.fixture
def supervisor(store: Store, workspace: Workspace) -> Iterator[Supervisor]:
    supervisor = Supervisor(store, workspace, pace=Pace(1, 0), command=colours.COMMAND)
    supervisor.start()
    yield supervisor
    supervisor.stop()


def run(supervisor: Supervisor, kind: str) -> Job:
    job = supervisor.wait(supervisor.add(kind).id)
    assert job.state == "done", job.error
    return job


def decide(store: Store, caption: str, text: str) -> None:
    revision = captions.get(store, caption)["revision_id"]
    decision = Decision(f"edit {text}", "ann", "coarse", caption, revision, "edit", text=text)
    assert decisions.decide(store, [decision])[0].applied


def test_every_kind_is_registered_with_its_three_functions() -> None:
    assert {*PREPARE, "hubness"} <= {plugin.name for plugin in job_kinds}
    assert all(callable(plugin.facts["run"]) and callable(plugin.facts["commit"]) for plugin in job_kinds)


def test_encoding_keeps_one_vector_per_content_and_lists_what_is_broken(
    supervisor: Supervisor, store: Store, workspace: Workspace, filled: Path
) -> None:
    job = run(supervisor, "encode")
    assert job.done == job.total == 8 + 8
    assert job.bad_items == 1
    [(item, error)] = store_jobs.bad_items(store, job.id)
    assert item == "broken" and "broken.png cannot be read as an image" in error
    images = {image["id"]: image for image in contents.held_images(store, colours.NAME)}
    assert images["broken"]["problem"] == error and images["broken"]["content_hash"] is None
    assert images["red1"]["content_hash"] == images["red3"]["content_hash"]  # the same bytes
    assert vectors.encoders(store) == [{"encoder": colours.NAME, "images": 6, "texts": 8}]
    assert vectors.verify(store, workspace.vectors) == []
    assert not list(workspace.vectors.glob("*.partial"))
    hashes = [images[image]["content_hash"] for image in ("red2", "blue1")]
    rows = vectors.load(store, workspace.vectors, encoder=colours.NAME, kind="image", hashes=hashes).rows
    paths = [filled / "red2.png", filled / "blue1.png"]
    np.testing.assert_allclose(rows, colours.ColourEncoder().images(paths), atol=2e-3)


def test_encoding_again_looks_only_at_what_has_changed(supervisor: Supervisor, store: Store, filled: Path) -> None:
    run(supervisor, "encode")
    assert run(supervisor, "encode").total == 0
    picture("brown").save(filled / "pink1.png")
    picture("black").save(filled / "broken.png")
    decide(store, "red1#1", "a red thing on a table")
    assert run(supervisor, "encode").total == 3
    assert all(image["problem"] is None for image in contents.held_images(store, colours.NAME))
    settings.put(store, encoder="colours-9")
    assert supervisor.wait(supervisor.add("encode").id).error.startswith("no encoder is called 'colours-9'")


def test_a_file_that_leaves_its_folder_or_is_gone_is_a_bad_item(
    supervisor: Supervisor, store: Store, filled: Path, tmp_path: Path
) -> None:
    (filled / "red2.png").unlink()
    picture("pink").save(tmp_path / "outside.png")
    (filled / "pink1.png").unlink()
    (filled / "pink1.png").symlink_to(tmp_path / "outside.png")
    bad = dict(store_jobs.bad_items(store, run(supervisor, "encode").id))
    assert "lies outside the image folder" in bad["pink1"]
    assert "red2.png" in bad["red2"]
    assert run(supervisor, "encode").total == 0


def test_encoding_again_makes_anew_what_a_lost_shard_held(
    supervisor: Supervisor, store: Store, workspace: Workspace, filled: Path
) -> None:
    run(supervisor, "encode")
    next(workspace.vectors.glob("*-images-*.npy")).unlink()
    assert len(vectors.verify(store, workspace.vectors)) == 1
    assert run(supervisor, "encode").total == 7  # the held pictures, two of one content
    assert vectors.verify(store, workspace.vectors) == []
    assert vectors.encoders(store) == [{"encoder": colours.NAME, "images": 6, "texts": 8}]


def test_many_texts_are_analysed_on_as_many_cores_as_the_worker_may_take(
    store: Store, workspace: Workspace, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent: list[int | None] = []

    @contextmanager
    def lend(processes: int | None = None) -> Iterator[Any]:
        lent.append(processes)
        yield SimpleNamespace(bodies=analyse._bodies)

    monkeypatch.setattr(analyse, "analysers", lend)
    monkeypatch.setattr(analyse, "WORTH_MORE_PROCESSES", 1)
    for cores in ("1", "3"):
        monkeypatch.setenv("REGRAIN_THREADS", cores)
        folder = tmp_path / cores
        assert analyse.prepare(store, workspace, {}, folder) == 6
        assert list(analyse.run(folder, {}))[-1].done == 6
    assert lent == [3]  # the app leaves one core to jobs: no further process


def test_coarse_scores_come_from_the_text_alone_until_there_are_vectors(
    supervisor: Supervisor, store: Store, filled: Path
) -> None:
    assert run(supervisor, "coarse").total == 6  # the reviewed split alone
    before = scores.of_caption(store, "coarse", "red1#1")
    assert before is not None and before["encoder"] == "" and scores.rivals(store, "red1#1") is None
    run(supervisor, "encode")
    assert run(supervisor, "coarse").total == 6
    after = scores.of_caption(store, "coarse", "red1#1")
    assert after is not None and after["encoder"] == colours.NAME and "own_rank" in after["parts"]
    assert run(supervisor, "coarse").total == 0
    fine = scores.of_caption(store, "coarse", "blue1#0")
    assert fine is not None and fine["value"] < after["value"]
    assert all(set(reason) == {"signal", "value", "reason"} for reason in after["reasons"])
    found = [scores.of_caption(store, "coarse", caption) for caption in scores.keys(store, "coarse")]
    assert hands.next_items(store, "coarse", 1)[0]["priority"] == max(score["value"] for score in found if score)


def test_rivals_are_the_nearest_other_images(supervisor: Supervisor, store: Store, filled: Path) -> None:
    run(supervisor, "encode")
    run(supervisor, "coarse")
    told_apart, false = scores.rivals(store, "blue1#0"), scores.rivals(store, "green1#1")
    assert told_apart is not None and false is not None
    assert (told_apart["own_rank"], told_apart["gallery"]) == (1, 3)
    assert sorted(told_apart["image_ids"]) == ["green1", "red1"]
    assert (false["own_rank"] > 1, false["image_ids"][0]) == (True, "red1")
    assert false["scores"] == sorted(false["scores"], reverse=True)


def test_only_changed_texts_are_scored_again(supervisor: Supervisor, store: Store, filled: Path) -> None:
    for kind in ("encode", "analyse", "coarse", "noise"):
        run(supervisor, kind)
    decide(store, "red1#1", "a red thing that lies about")
    stale = scores.stale(store, colours.NAME)
    assert stale["scores"] == stale["rivals"] == 1
    assert kinds_for(stale) == ("encode", "analyse", "coarse", "noise", "pool", "defects")
    assert [run(supervisor, kind).total for kind in kinds_for(stale)[:4]] == [1, 1, 1, 1]
    assert scores.stale(store, colours.NAME)["scores"] == 0


def test_noise_puts_the_false_pair_first(supervisor: Supervisor, store: Store, filled: Path) -> None:
    settings.put(store, noise_share=0.3)
    assert run(supervisor, "noise").total == 0  # nothing is encoded: nothing to say
    run(supervisor, "encode")
    assert run(supervisor, "noise").total == 6
    assert hands.next_items(store, "noise", 1)[0]["id"] == "green1#1"
    score = scores.of_caption(store, "noise", "green1#1")
    assert score is not None and 0 < score["value"] <= 1 and score["parts"]["probability"] is None  # too few to fit
    assert "cosine distance" in score["reasons"][0]["reason"]


def test_pool_finds_candidates_and_sets_copies_of_the_target_apart(
    supervisor: Supervisor, store: Store, filled: Path
) -> None:
    settings.put(store, pool_neighbours=2, duplicate_threshold=0.9999)
    assert run(supervisor, "pool").total == 0
    run(supervisor, "encode")
    assert run(supervisor, "pool").total == 6
    same = pool_candidates.found(store, "red1#0", "red3")
    assert same is not None and same["duplicate"]
    other = pool_candidates.found(store, "red1#0", "red2")
    assert other is not None and not other["duplicate"] and other["via"] == "text"
    asked = {(item["image_id"], item["other_image_id"]) for item in hands.next_items(store, "pool", 50)}
    assert ("red1", "red2") in asked and ("red1", "red3") not in asked
    assert run(supervisor, "pool").total == 0
    decide(store, "green1#0", "a very green ball")
    run(supervisor, "encode")
    assert run(supervisor, "pool").total == 2  # both captions of the one target


def test_a_caption_for_which_nothing_was_found_is_not_searched_again(
    supervisor: Supervisor, store: Store, filled: Path
) -> None:
    settings.put(store, pool_neighbours=1, duplicate_threshold=0.0)  # every pool image repeats a target
    run(supervisor, "encode")
    assert run(supervisor, "pool").total == 6
    assert store.value("SELECT count(DISTINCT caption_id) FROM candidate") < 6
    assert run(supervisor, "pool").total == 0


@pytest.mark.parametrize(("replaced", "by"), [("red1", "yellow"), ("pink1", "brown")])
def test_a_replaced_picture_makes_what_was_computed_on_it_stale(
    supervisor: Supervisor, store: Store, filled: Path, replaced: str, by: str
) -> None:
    kinds = ("encode", "analyse", "coarse", "noise", "pool")
    for kind in kinds:
        run(supervisor, kind)
    assert [run(supervisor, kind).total for kind in kinds] == [0] * 5
    picture(by).save(filled / f"{replaced}.png")
    reviewed = 6 if replaced == "red1" else 0
    assert [run(supervisor, kind).total for kind in kinds] == [1, 0, reviewed, reviewed, 6]


def test_noise_compares_all_pairs_anew_where_others_join(supervisor: Supervisor, store: Store, filled: Path) -> None:
    for kind in ("encode", "noise"):
        run(supervisor, kind)
    settings.put(store, review_splits=["test", "train"])
    assert run(supervisor, "noise").total == 8


def test_only_captions_in_review_are_stale(supervisor: Supervisor, store: Store, filled: Path) -> None:
    settings.put(store, review_splits=["test", "train"])
    for kind in ("encode", "coarse"):
        run(supervisor, kind)
    decide(store, "white1#1", "something white")
    assert scores.stale(store, colours.NAME)["scores"] == 1
    settings.put(store, review_splits=["test"])
    assert scores.stale(store, colours.NAME) == {"scores": 0, "rivals": 0, "suggestions": 0}


def test_suggestions_are_sought_once_per_text_and_the_urgent_ones_first(
    supervisor: Supervisor, store: Store, filled: Path
) -> None:
    for kind in ("encode", "analyse", "coarse"):
        run(supervisor, kind)
    revision = captions.get(store, "blue1#1")["revision_id"]
    decisions.decide(store, [Decision("d", "ann", "coarse", "blue1#1", revision, "coarse")])
    assert scores.to_suggest_for(store, ["test"], 100)["id"].to_pylist()[0] == "blue1#1"
    settings.put(store, suggest_ahead=2)
    assert run(supervisor, "suggest").total == 3
    assert run(supervisor, "suggest").total == 0
    rewrites = scores.suggestions(store, "blue1#1", "rewrite")
    assert "a blue ball on the grass" in [one["text"] for one in rewrites]
    assert rewrites[0]["evidence"]["rank"]  # judged by the picture
    assert scores.suggestions(store, "blue1#1", "attribute")[0]["evidence"]["word"] == "blue"
    decide(store, "blue1#1", "a ball on the green grass")
    assert run(supervisor, "suggest").total == 0  # the person has settled it


def test_the_second_encoder_tells_what_helps_only_the_first(supervisor: Supervisor, store: Store, filled: Path) -> None:
    for kind in ("encode", "analyse", "coarse", "encode_second", "suggest"):
        run(supervisor, kind)
    assert vectors.encoders(store) == [{"encoder": colours.NAME, "images": 6, "texts": 8}]
    settings.put(store, second_encoder=colours.CONFUSED)
    assert run(supervisor, "suggest").total == 0  # it has no vectors yet
    assert run(supervisor, "encode_second").total == 3  # those of the reviewed split
    assert run(supervisor, "encode_second").total == 0
    assert out_of_date(store) == run(supervisor, "suggest").total == 6
    assert out_of_date(store) == run(supervisor, "suggest").total == 0
    found = {one["text"]: one["evidence"] for one in scores.suggestions(store, "blue1#1", "rewrite")}
    blue = found["a blue ball on the grass"]
    assert blue["second"]["encoder"] == colours.CONFUSED
    assert blue["margin"][0] < blue["margin"][1] and blue["second"]["margin"][1] <= blue["second"]["margin"][0]
    assert blue["first_only"] is True
    settings.put(store, second_encoder="")
    assert run(supervisor, "suggest").total == 6  # what it said is gone again
    assert all("second" not in one["evidence"] for one in scores.suggestions(store, "blue1#1"))


def test_detections_that_come_later_make_suggestions_out_of_date(
    supervisor: Supervisor, store: Store, filled: Path
) -> None:
    for kind in ("encode", "analyse", "coarse", "suggest"):
        run(supervisor, kind)
    assert out_of_date(store) == 0
    objects.put(store, {"green1": [("ball", ["striped"])]})
    assert out_of_date(store) == run(supervisor, "suggest").total == 2
    assert out_of_date(store) == run(supervisor, "suggest").total == 0


def test_a_vision_model_is_asked_by_the_job_and_nothing_is_asked_twice(
    supervisor: Supervisor, store: Store, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGRAIN_VLM_KEY", "sk-secret")
    for kind in ("encode", "analyse", "coarse"):
        run(supervisor, kind)
    objects.put(store, {"green1": [("ball", ["striped"])]})
    with serving(lambda n: finer("a ball on the wet grass", "a wet thing")) as server:
        asked = {"url": server.url, "model": "tiny", "at_once": 1}
        settings.put(store, suggesters={"vision_model": asked})
        job = run(supervisor, "suggest")
        assert job.total == 6 and "vision model: 6 answers, 0 from the cache" in job.note
        settings.put(store, suggesters={"vision_model": asked | {"max_words": 7}})
        assert "0 answers, 6 from the cache" in run(supervisor, "suggest").note
        settings.put(store, suggesters={"vision_model": asked | {"max_words": 7, "price_in": 2, "retries": 1}})
        assert run(supervisor, "suggest").total == 0  # neither changes what is suggested
        assert len(server.asked) == 6
    found = [one for one in scores.suggestions(store, "blue1#1", "rewrite") if one["source"] == "vision_model"]
    assert {one["text"]: one["evidence"].get("replaces") for one in found} == {
        "a ball on the wet grass": None, "a wet thing": ["ball", "grass"]
    }  # fmt: skip
    assert found[0]["evidence"]["model"] == "tiny"
    assert "sk-secret" not in json.dumps([job.args, job.note, settings.everything(store)])
    settings.put(store, suggesters={"vision_model": {"modell": "x"}})
    assert "has no setting 'modell'" in supervisor.wait(supervisor.add("suggest").id).error


def test_a_masked_language_model_proposes_and_says_how_fluent_others_are(
    supervisor: Supervisor, store: Store, filled: Path, masked_model: Path
) -> None:
    for kind in ("encode", "analyse", "coarse"):
        run(supervisor, kind)
    settings.put(store, masked_model="/nowhere")
    failed = supervisor.wait(supervisor.add("suggest").id)
    assert failed.state == "failed" and "/nowhere holds no masked language model" in failed.error
    settings.put(store, masked_model=str(masked_model))
    assert run(supervisor, "suggest").total == 6
    found = [one["evidence"] for one in scores.suggestions(store, "blue1#1", "rewrite")]
    (blue,) = [one for one in found if one.get("word") == "blue"]  # "a ball on the grass", the picture is blue
    assert "masked_words" in blue["sources"] and 0 < blue["fluent"] < 1
    settings.put(store, masked_model="")
    assert run(supervisor, "suggest").total == 6  # without it, other words are the usual ones
    assert all("fluent" not in one["evidence"] for one in scores.suggestions(store, "blue1#1"))
