"""Signed image addresses, thumbnails, and what the route answers."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from curation.store import Store, people
from curation.store.people import Person
from curation.ui.admission import Admission
from curation.ui.images import BadToken, Grant, ImageServer, image_route, sign, verify, workspace_secret
from curation.ui.signing import HALF_DAY
from curation.ui.thumbnails import Thumbnails, UnreadablePicture
from tests.pages.small_workspace import build

SECRET = b"s" * 32


@pytest.fixture
def server(tmp_path: Path):
    workspace = build(tmp_path / "w", prepared=False)
    store = Store.open(workspace.database)
    for name in ("ana", "ben"):
        people.add(store, Person(name, name, "annotator", "active"), by="test")
    yield ImageServer.of(workspace, store)
    store.close()


@pytest.fixture
def client(server: ImageServer) -> TestClient:
    return TestClient(Starlette(routes=[image_route(lambda: server)]))


def test_a_token_gives_back_what_was_signed() -> None:
    grant = Grant("Ana Ünal", "COCO_val2014_000000391895", 320, 2_000)
    assert verify(SECRET, sign(SECRET, grant), now=1_999) == grant


@pytest.mark.parametrize(
    ("token", "now"),
    [
        (sign(SECRET, Grant("a", "x", 320, 2_000)), 2_000),
        (sign(b"t" * 32, Grant("a", "x", 320, 2_000)), 0),
        (sign(SECRET, Grant("a", "x", 320, 2_000))[:-2], 0),
        ("", 0),
        ("no-dot", 0),
        ("a.b.c", 0),
        ("ä.ö", 0),
    ],
)
def test_a_token_that_is_over_or_not_ours_is_refused(token: str, now: float) -> None:
    with pytest.raises(BadToken):
        verify(SECRET, token, now)


def test_every_altered_character_is_noticed() -> None:
    token = sign(SECRET, Grant("ana", "scene-00", 320, 2_000))
    for place, letter in enumerate(token):
        altered = token[:place] + ("A" if letter != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadToken):
            verify(SECRET, altered, now=0)


def test_the_secret_is_kept_for_its_owner_alone(server: ImageServer) -> None:
    path = server.workspace.folder / "image-secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert workspace_secret(server.workspace) == server.secret
    assert len(server.secret) == 32


def test_addresses_of_one_half_day_are_equal_and_end(server: ImageServer) -> None:
    address = server.address("ana", "scene-00", 320)
    assert address == server.address("ana", "scene-00", 320)
    assert address != server.address("ben", "scene-00", 320)
    ends = verify(server.secret, address.removeprefix("/image/"), time.time()).expires
    assert HALF_DAY <= ends - time.time() <= 2 * HALF_DAY


@pytest.mark.parametrize("size", [96, 320, 640, 1280])
def test_a_picture_comes_at_the_size_asked_for_and_never_larger(server: ImageServer, client: TestClient, size) -> None:
    answer = client.get(server.address("ana", "scene-03", size))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"].startswith("private, max-age=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    with Image.open(BytesIO(answer.content)) as picture:
        assert max(picture.size) == min(size, 480)


def test_other_sizes_cannot_be_asked_for(server: ImageServer) -> None:
    with pytest.raises(ValueError, match="use one of"):
        server.address("ana", "scene-00", 4096)  # type: ignore[arg-type]


def test_the_route_refuses_forged_and_names_unknown(server: ImageServer, client: TestClient) -> None:
    soon = int(time.time()) + 60
    assert client.get("/image/../../etc/passwd").status_code in (403, 404)
    assert client.get(f"/image/{sign(SECRET, Grant('ana', 'scene-00', 320, soon))}").status_code == 403
    assert client.get(f"/image/{sign(server.secret, Grant('ana', 'scene-00', 320, soon - 61))}").status_code == 403
    assert client.get(f"/image/{sign(server.secret, Grant('ana', 'no-such', 320, soon))}").status_code == 404
    assert client.post(server.address("ana", "scene-00")).status_code == 405


def test_a_file_that_is_gone_or_broken_is_named(server: ImageServer, client: TestClient) -> None:
    pictures = server.workspace.folder / "pictures"
    (pictures / "scene-00.png").unlink()
    (pictures / "scene-01.png").write_bytes(b"not a picture")
    (pictures / "scene-02.png").write_bytes(b"")
    for image_id in ("scene-00", "scene-01", "scene-02"):
        answer = client.get(server.address("ana", image_id))
        assert answer.status_code == 404
        assert f"{image_id}.png" in answer.text


def test_a_replaced_file_gets_a_new_thumbnail(tmp_path: Path) -> None:
    thumbnails, source = Thumbnails(tmp_path / "thumbs"), tmp_path / "a.png"
    Image.new("RGB", (400, 300), "red").save(source)
    first = thumbnails.of(source, 96)
    assert thumbnails.of(source, 96) == first
    Image.new("RGB", (300, 400), "blue").save(source)
    os.utime(source, (1, 1))
    assert thumbnails.of(source, 96) != first


def test_a_picture_as_large_as_may_be_imported_is_shown(tmp_path: Path) -> None:
    source = tmp_path / "large.png"
    Image.new("1", (10_000, 9_990)).save(source)
    with Image.open(Thumbnails(tmp_path / "thumbs").of(source, 96)) as shown:
        assert shown.size == (96, 96)


@pytest.mark.parametrize(("size", "claimed"), [((10_001, 10_000), "10,001 x 10,000"), ((20_001, 10_000), "far too")])
def test_a_decompression_bomb_is_not_decoded(tmp_path: Path, size: tuple[int, int], claimed: str) -> None:
    source = tmp_path / "bomb.png"
    Image.new("1", size).save(source)
    with pytest.raises(UnreadablePicture, match=rf"`bomb\.png` claims {claimed}"):
        Thumbnails(tmp_path / "thumbs").of(source, 320)


def test_the_folder_of_thumbnails_stays_within_its_bounds(tmp_path: Path) -> None:
    thumbnails = Thumbnails(tmp_path / "thumbs", max_files=10)
    made = []
    for n in range(14):
        source = tmp_path / f"{n}.png"
        Image.new("RGB", (200, 200), (n, n, n)).save(source)
        made.append(thumbnails.of(source, 96))
        os.utime(made[-1], (1_000 + n, 1_000 + n))
    assert thumbnails.sweep() == 5
    assert [path.exists() for path in made] == [False] * 5 + [True] * 9
    assert thumbnails.sweep() == 0


def test_an_address_opens_nothing_to_who_is_not_on_the_team(server: ImageServer) -> None:
    asked = replace(server, may_work=Admission(server.store, seconds=0).may_work)
    client = TestClient(Starlette(routes=[image_route(lambda: asked)]))
    for name, state, status in (("ana", "active", 200), ("ben", "inactive", 403), ("ben", "active", 200)):
        people.set_state(server.store, name, state, by="test", checked=False)  # type: ignore[arg-type]
        answer = client.get(server.address(name, "scene-00"))
        assert answer.status_code == status
        assert (answer.content == b"") == (status == 403)
    people.invite(server.store, "cora", "annotator", by="test", checked=False)
    for name in ("nobody", "cora"):
        assert client.get(server.address(name, "scene-00")).status_code == 403


def test_who_is_on_the_team_is_asked_anew_after_a_while(server: ImageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((100.0, 102.9, 103.1))
    monkeypatch.setattr("curation.ui.admission.time.monotonic", lambda: next(clock))
    admission = Admission(server.store)
    assert admission.may_work("ben")
    people.set_state(server.store, "ben", "inactive", by="test", checked=False)
    assert admission.may_work("ben")
    assert not admission.may_work("ben")
