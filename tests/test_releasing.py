"""Releasing from an open workspace: provenance in the manifest, a folder that moves with the workspace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from curation.records import RegrainError
from curation.releasing import provenance, release_version
from curation.session import Session, open_session
from curation.store import models, settings, versions
from tests.pages.small_workspace import build

WEIGHTS = Path(__file__).parents[1] / "data" / "encoder" / "regrain-scenes-1" / "open_clip_model.safetensors"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = open_session(build(tmp_path / "small").folder, serve=False)
    yield opened
    opened.close()


def test_a_manifest_says_what_the_version_came_from(session: Session) -> None:
    models.put(session.store, "before", 1, {"weights": [1]})
    versions.freeze(session.store, "fine", person="ana")
    models.put(session.store, "after", 2, {"weights": [2]})
    _, folder = release_version(session, "fine", ["jsonl"], person="ana")
    facts = json.loads((folder / "manifest.json").read_text("utf-8"))["facts"]
    assert facts["encoder"] == settings.get(session.store, "encoder")
    assert facts["coarse_models"] == ["before"], "a model made later had no part in the version"
    assert facts["imports"] and all("/" not in one["source"] for one in facts["imports"])
    assert sum(one["counts"]["captions_added"] for one in facts["imports"]) == 48


def test_the_weights_of_the_embedded_encoder_are_named_by_their_checksum(session: Session) -> None:
    settings.put(session.store, encoder="regrain-scenes-1")
    ours = versions.freeze(session.store, "ours", person="ana")
    settings.put(session.store, encoder="ViT-B-32/laion2b_s34b_b79k")
    theirs = versions.freeze(session.store, "theirs", person="ana")
    checksums = provenance(session.store, versions.find(session.store, ours))["encoder_checksums"]
    assert checksums[WEIGHTS.name] == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert provenance(session.store, versions.find(session.store, theirs))["encoder_checksums"] == {}


def test_a_folder_inside_the_workspace_is_remembered_relative_to_it(session: Session, tmp_path: Path) -> None:
    version = versions.freeze(session.store, "a/b", person="ana")
    inside = session.workspace.exports / "chosen"
    for folder in (None, None, inside, tmp_path / "outside"):
        release_version(session, version, ["jsonl"], person="ana", folder=folder)
    stored = [one["folder"] for one in reversed(versions.releases(session.store, version))]
    assert stored == ["exports/a-b", "exports/a-b-2", "exports/chosen", str((tmp_path / "outside").resolve())]
    with pytest.raises(RegrainError, match="never overwritten"):
        release_version(session, version, ["jsonl"], person="ana", folder=inside)
