"""The route that ranks drafts: who may ask, what it answers, and what it says where it cannot."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from curation.jobs.drafts import Drafts
from curation.jobs.text_tower import TextTower
from curation.live import standings
from curation.records import Decision, RegrainError
from curation.store import Store, captions, contents, decisions, settings, vectors
from curation.ui.images import ImageServer
from curation.ui.live_route import BODY_BYTES, DraftGrant, LiveRank, live_route
from curation.ui.signing import signed
from curation.workspace import Workspace
from tests.jobs import slow_tower
from tests.pages.small_workspace import ENCODER, build, scenes

CAPTION, REVISION = "scene-00#0", "scene-00#0@1"
INACTIVE = "gone"


@pytest.fixture(scope="module")
def tower() -> Iterator[TextTower]:
    tower = TextTower(slow_tower.COMMAND)
    yield tower
    tower.close()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Workspace, Store]]:
    workspace = build(tmp_path / "w")
    store = Store.open(workspace.database)
    give_vectors(workspace, store)
    yield workspace, store
    store.close()


@pytest.fixture
def live(opened: tuple[Workspace, Store], tower: TextTower) -> LiveRank:
    workspace, store = opened
    live = LiveRank.of(Drafts(store, workspace, tower), b"s" * 32, lambda person: person != INACTIVE, warm=True)
    live.wake()
    assert tower.wait(60) == "ready", tower.problem
    return live


@pytest.fixture
def client(live: LiveRank) -> TestClient:
    return TestClient(Starlette(routes=[live_route(lambda: live)]))


def give_vectors(workspace: Workspace, store: Store) -> None:
    """Give every picture a vector of three numbers."""
    ids = [scene.id for scene in scenes()]
    seen = [{"id": name, "content_hash": f"h-{name}", "bytes": 1, "mtime_ns": 1, "problem": None} for name in ids]
    contents.note(store, pa.Table.from_pylist(seen))
    rows = np.random.default_rng(0).normal(size=(len(ids), 3))
    path = workspace.vectors / "one.npy"
    sha256 = vectors.write_shard(path, rows / np.linalg.norm(rows, axis=1, keepdims=True))
    vectors.add_shard(
        store, path, encoder=ENCODER, kind="image", hashes=[f"h-{name}" for name in ids], sha256=sha256, dim=3
    )


def test_a_draft_gets_its_figures_and_those_of_the_caption(client: TestClient, live: LiveRank) -> None:
    answer = client.post(live.address("ana", CAPTION, REVISION), json={"text": "a red ball on the grass"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    place = live.drafts.place(CAPTION, REVISION)
    texts = [place.text, "a red ball on the grass"]
    before, after = standings(slow_tower.Slow("good").texts(texts), place.own, place.rivals, delta=place.delta)
    body = answer.json()
    assert body["of"] == 6 and body["stale"] is False
    assert (body["rank"], body["fits"]) == (after.rank, after.fits)
    assert body["margin"] == pytest.approx(after.margin, abs=1e-4)
    assert body["own"] == pytest.approx(after.own, abs=1e-4)
    assert (body["before"]["rank"], body["before"]["fits"]) == (before.rank, before.fits)


def test_an_address_holds_for_its_person_until_it_ends(client: TestClient, live: LiveRank) -> None:
    def post(grant: DraftGrant, key: bytes = live.key) -> int:
        return client.post(f"/live/{signed(key, grant)}", json={"text": "a ball"}).status_code

    soon = int(time.time()) + 60
    assert post(DraftGrant("ana", CAPTION, REVISION, soon)) == 200
    assert post(DraftGrant("ana", CAPTION, REVISION, soon - 61)) == 403
    assert post(DraftGrant("ana", CAPTION, REVISION, soon), key=b"t" * 32) == 403
    assert post(DraftGrant(INACTIVE, CAPTION, REVISION, soon)) == 403
    assert client.post("/live/", json={"text": "a"}).status_code == 404
    assert client.post("/live/a.b", json={"text": "a"}).status_code == 403
    token = live.address("ana", CAPTION, REVISION)
    assert client.post(token[:-2] + "AA", json={"text": "a"}).status_code == 403
    assert client.get(token).status_code == 405


def test_no_token_of_an_image_opens_this_route_and_the_reverse(
    client: TestClient, live: LiveRank, opened: tuple[Workspace, Store]
) -> None:
    images = ImageServer.of(*opened)
    of_image = images.address("ana", "scene-00").removeprefix("/image/")
    assert client.post(f"/live/{of_image}", json={"text": "a"}).status_code == 403
    own = LiveRank.of(live.drafts, images.secret, live.may_work, warm=False)
    of_draft = own.address("ana", CAPTION, REVISION).removeprefix("/live/")
    assert images.answer(of_draft).status_code == 403


def test_a_forged_address_is_refused_before_its_body_is_read(client: TestClient) -> None:
    assert client.post("/live/a.b", content=b"x" * (BODY_BYTES + 1)).status_code == 403


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "no JSON object"),
        (b"{", 400, "no JSON object"),
        (b"\xff\xfe", 400, "no JSON object"),
        (b"[" * 50_000, 400, "no JSON object"),
        (b"[]", 400, "no draft"),
        (b"null", 400, "no draft"),
        (b'{"text": 7}', 400, "no draft"),
        (b'{"text": null}', 400, "no draft"),
        (b'{"text": "\\ud83d"}', 400, "half a character"),
        (b'{"text": " \\n "}', 400, "empty"),
        (json.dumps({"text": "x" * 10_001}).encode(), 400, "10,000 are the most"),
        (b'{"text": "' + b"x" * BODY_BYTES + b'"}', 413, "10,000 characters are the most"),
    ],
)
def test_what_is_no_draft_is_refused_in_words(
    client: TestClient, live: LiveRank, body: bytes, status: int, says: str
) -> None:
    answer = client.post(live.address("ana", CAPTION, REVISION), content=body)
    assert answer.status_code == status
    assert says in answer.json()["message"]


@pytest.mark.parametrize("text", ["x" * 10_000, "😀" * 10_000, "a \0 b", "<script>alert(1)</script>", "مرحبا \u202e"])
def test_what_one_may_type_is_ranked(client: TestClient, live: LiveRank, text: str) -> None:
    assert client.post(live.address("ana", CAPTION, REVISION), json={"text": text}).status_code == 200


def test_what_stands_in_the_way_is_told(client: TestClient, live: LiveRank, opened: tuple[Workspace, Store]) -> None:
    store = opened[1]
    gone = client.post(live.address("ana", "scene-99#0", "r"), json={"text": "a"})
    assert gone.status_code == 409 and "scene-99#0" in gone.json()["message"]
    unranked = client.post(live.address("ana", "train-00#0", "train-00#0@1"), json={"text": "a"})
    assert unranked.status_code == 409 and "rivals are not computed yet" in unranked.json()["message"]
    made = Decision("e", "ben", "coarse", "scene-01#0", "scene-01#0@1", "edit", text="a text of Ben's")
    assert decisions.decide(store, [made])[0].applied
    seen = client.post(live.address("ana", "scene-01#0", "scene-01#0@1"), json={"text": "a"})
    assert seen.status_code == 200 and seen.json()["stale"] is False
    fresh = captions.get(store, "scene-01#0")["revision_id"]
    assert client.post(live.address("ana", "scene-01#0", fresh), json={"text": "a"}).json()["stale"] is True


def test_while_the_encoder_is_loaded_one_is_asked_to_come_again(opened: tuple[Workspace, Store]) -> None:
    workspace, store = opened
    tower = TextTower(slow_tower.COMMAND, retry_seconds=60)
    live = LiveRank.of(Drafts(store, workspace, tower), b"s" * 32, lambda person: True, warm=True)
    client = TestClient(Starlette(routes=[live_route(lambda: live)]))
    try:
        answer = client.post(live.address("ana", CAPTION, REVISION), json={"text": "a ball"})
        assert answer.status_code == 202 and "being loaded" in answer.json()["message"]
        assert tower.wait(60) == "ready"
        assert client.post(live.address("ana", CAPTION, REVISION), json={"text": "a ball"}).status_code == 200
        assert live.in_words("ana", CAPTION, REVISION, "a ball").endswith("among 6 images")
        assert live.in_words("ana", CAPTION, REVISION, " ").endswith("empty: there is nothing to rank")
    finally:
        tower.close()


def test_an_encoder_that_cannot_be_had_is_told(opened: tuple[Workspace, Store]) -> None:
    workspace, store = opened
    settings.put(store, device="cpu")
    tower = TextTower()
    live = LiveRank.of(Drafts(store, workspace, tower), b"s" * 32, lambda person: True, warm=False)
    client = TestClient(Starlette(routes=[live_route(lambda: live)]))
    live.wake()
    assert tower.state == "asleep"
    try:
        client.post(live.address("ana", CAPTION, REVISION), json={"text": "a ball"})
        assert tower.wait(120) == "failed"
        answer = client.post(live.address("ana", CAPTION, REVISION), json={"text": "a ball"})
        assert answer.status_code == 503
        assert "no encoder is called 'drawn-by-hand'" in answer.json()["message"]
        assert live.in_words("ana", CAPTION, REVISION, "a ball").startswith("not available: no encoder is called")
    finally:
        tower.close()


def test_without_an_open_workspace_nothing_is_ranked() -> None:
    def closed() -> LiveRank:
        raise RegrainError("the workspace is in use")

    answer = TestClient(Starlette(routes=[live_route(closed)])).post("/live/a.b", json={"text": "a"})
    assert answer.status_code == 503 and answer.json()["message"] == "the workspace is in use"
