"""Releasing a version of an open workspace: where it is written, what its manifest says, and that it is remembered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from curation.session import Session
from curation.store import Store, datasets, models, versions
from curation.workspace import Workspace

if TYPE_CHECKING:
    from curation.exporters.release import Manifest

LONGEST_NAME = 60


def release_version(
    session: Session, name: str, layouts: Sequence[str], *, person: str, folder: Path | None = None
) -> tuple[Manifest, Path]:
    """Write a version (by name or id) in the given layouts and remember it; return its manifest and folder.

    Without ``folder`` a new one is made below ``exports/``. The folder is remembered relative to the workspace where
    it lies inside, so that a workspace can move. Raises ``RegrainError`` where the version or a layout is not known
    or the folder exists, and ``ExportMismatch`` where the files differ from the version.
    """
    from curation.exporters.release import release

    version = versions.find(session.store, name)
    folder = folder or free_folder(session.workspace, version["name"])
    benchmark = versions.benchmark(session.store, version["id"])
    facts = benchmark.facts | provenance(session.store, version)
    manifest = release(replace(benchmark, facts=facts), layouts, folder)
    stored = session.workspace.stored_root(folder)
    versions.record_release(session.store, version["id"], folder=stored, manifest=manifest.as_json(), person=person)
    return manifest, folder


def free_folder(workspace: Workspace, name: str) -> Path:
    """Return a folder below ``exports/`` that is not taken yet, named after the version."""
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST_NAME] or "version"
    folder, n = workspace.exports / stem, 1
    while folder.exists():
        n += 1
        folder = workspace.exports / f"{stem}-{n}"
    return folder


def provenance(store: Store, version: dict[str, Any]) -> dict[str, Any]:
    """Return what a version came from, as plain JSON: only what was there when it was frozen.

    ``encoder_checksums`` is file -> SHA-256 of the weights, empty for an encoder that Regrain does not ship;
    ``imports`` name their source file without its folder, oldest first; ``coarse_models`` are ids, oldest first.
    """
    from curation.encoders.embedded import recorded_checksums

    frozen: datetime = version["frozen_at"]
    return {
        "encoder_checksums": recorded_checksums(version["facts"]["encoder"]),
        "imports": [
            {
                "name": one["name"],
                "importer": one["importer"],
                "source": PurePath(one["source"]).name,
                "counts": one["counts"],
                "imported_at": f"{one['imported_at'].isoformat()}Z",
            }
            for one in reversed(datasets.imports(store))
            if one["imported_at"] <= frozen
        ],
        "coarse_models": [one["id"] for one in reversed(models.listed(store)) if one["made_at"] <= frozen],
    }
