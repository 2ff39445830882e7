"""Exports leave the app by signed addresses alone, to people who may export at that moment."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from curation.releasing import release_version
from curation.session import Session, open_session
from curation.store import people, versions
from curation.store.people import Person
from curation.ui.downloads import DownloadGrant, Downloads, download_route
from curation.ui.images import Grant, sign, workspace_secret
from curation.ui.signing import signed
from tests.pages.small_workspace import build


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = open_session(build(tmp_path / "small").folder, serve=False)
    people.add(opened.store, Person("ana", "Ana", "owner", "active"), by="test")
    people.add(opened.store, Person("ben", "Ben", "adjudicator", "active"), by="test")
    versions.freeze(opened.store, "fine", person="ana")
    release_version(opened, "fine", ["jsonl"], person="ana")
    yield opened
    opened.close()


@pytest.fixture
def downloads(session: Session) -> Downloads:
    return Downloads.of(session.workspace, session.store, workspace_secret(session.workspace))


@pytest.fixture
def client(downloads: Downloads) -> TestClient:
    return TestClient(Starlette(routes=[download_route(lambda: downloads)]))


@pytest.fixture
def release(session: Session) -> dict[str, object]:
    (one,) = versions.releases(session.store, versions.listed(session.store)[0]["id"])
    return one


def test_an_owner_loads_the_archive_and_the_manifest(session, downloads, client, release) -> None:
    answer = client.get(downloads.address("ana", release, "zip"))
    assert answer.status_code == 200 and answer.headers["cache-control"] == "private, no-store"
    assert "attachment" in answer.headers["content-disposition"]
    folder = session.workspace.folder / release["folder"]
    with ZipFile(BytesIO(answer.content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    assert held == {
        str(path.relative_to(folder.parent)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    told = client.get(downloads.address("ana", release, "manifest"))
    assert json.loads(told.content) == release["manifest"]


def test_nobody_else_loads_anything(session, downloads, client, release) -> None:
    address = downloads.address("ana", release, "zip")
    for person in ("ben", "nobody"):
        answer = client.get(downloads.address(person, release, "zip"))
        assert (answer.status_code, answer.content) == (403, b"")
    people.add(session.store, Person("cy", "Cy", "owner", "active"), by="test")
    people.set_state(session.store, "ana", "inactive", by="cy")
    assert client.get(address).status_code == 403, "she was sent away after the page was drawn"
    people.set_state(session.store, "ana", "active", by="cy")
    assert client.get(address).status_code == 200
    people.set_role(session.store, "ana", "adjudicator", by="cy")
    assert client.get(address).status_code == 403


def test_forged_altered_and_ended_addresses_open_nothing(session, downloads, client, release) -> None:
    ended = DownloadGrant("ana", release["version_id"], release["folder"], "zip", int(time.time()) - 1)
    good = downloads.address("ana", release, "zip")
    secret = workspace_secret(session.workspace)
    image = sign(secret, Grant("ana", "scene-00", 320, int(time.time()) + 60))
    for token in (signed(downloads.key, ended), signed(b"x" * 32, ended), image, "", "a.b", good[10:-3]):
        answer = client.get(f"/download/{token}")
        assert answer.status_code in (403, 404) and b"small" not in answer.content


def test_only_releases_that_the_store_knows_are_read(session, downloads, client, release) -> None:
    soon = int(time.time()) + 60
    for folder in ("", ".", "../..", "exports", "/etc"):
        token = signed(downloads.key, DownloadGrant("ana", release["version_id"], folder, "zip", soon))
        assert client.get(f"/download/{token}").status_code == 404
