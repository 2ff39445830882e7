"""Release a version: write the chosen layouts, read them back, and only then give the folder its name."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import curation
from curation.exporters import exporters
from curation.exporters.reconcile import Reconciled, reconcile
from curation.records import SPLITS, Benchmark, RegrainError

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release holds. ``files`` maps the path in the folder to bytes and SHA-256; facts come from the version."""

    name: str
    regrain: str
    facts: dict[str, Any]
    counts: dict[str, dict[str, int]]
    files: dict[str, dict[str, Any]]
    reconciliation: tuple[Reconciled, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the manifest as plain JSON, as ``manifest.json`` holds it."""
        return asdict(self) | {"reconciliation": [asdict(one) for one in self.reconciliation]}

    def lines(self) -> list[str]:
        """Return the release in plain words, one fact per line."""
        counts = [
            f"{split}: {n['targets']:,} targets, {n['distractors']:,} distractors, {n['captions']:,} captions "
            f"({n['changed']:,} changed)"
            for split, n in self.counts.items()
        ]
        return [*counts, *(one.line() for one in self.reconciliation)]


def release(benchmark: Benchmark, names: Sequence[str], folder: Path) -> Manifest:
    """Write ``benchmark`` in the named layouts to ``folder/LAYOUT/`` with a manifest, and return the manifest.

    Everything is written to a hidden folder beside it, flushed to disk, read back with independent code, and renamed;
    so ``folder`` is whole or absent. Raises ``RegrainError`` where no layout is chosen, a layout is not known or the
    folder exists, and ``ExportMismatch`` where the files differ from the benchmark.
    """
    if not names:
        raise RegrainError(f"choose a layout to export: {', '.join(plugin.name for plugin in exporters)}")
    plugins = [exporters.get(name) for name in dict.fromkeys(names)]
    if folder.exists() or folder.is_symlink():
        raise RegrainError(f"{folder} exists: a release is never overwritten. Choose another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name[:100]}."))
    try:
        outcome = []
        for plugin in plugins:
            own = partial / plugin.name
            own.mkdir()
            plugin.run(benchmark, own)
            found, left_out = plugin.facts["read_back"](own), plugin.facts["leaves_out"](benchmark)
            outcome.append(reconcile(plugin.name, benchmark, found, plugin.facts["expected_text"], left_out))
        manifest = _manifest(benchmark, partial, outcome)
        text = json.dumps(manifest.as_json(), ensure_ascii=False, indent=2) + "\n"
        (partial / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        _publish(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return manifest


def _manifest(benchmark: Benchmark, folder: Path, outcome: Iterable[Reconciled]) -> Manifest:
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return Manifest(
        benchmark.name, curation.__version__, dict(benchmark.facts), _counts(benchmark), files, tuple(outcome)
    )


def _counts(benchmark: Benchmark) -> dict[str, dict[str, int]]:
    """Return split -> counts of targets, distractors, captions, changed and generated captions."""
    images = Counter((image.split, image.role) for image in benchmark.images)
    captions = Counter(caption.split for caption in benchmark.captions)
    changed = Counter(caption.split for caption in benchmark.captions if caption.text != caption.original)
    generated = Counter(caption.split for caption in benchmark.captions if caption.generated)
    return {
        split: {
            "targets": images[split, "target"],
            "distractors": images[split, "distractor"],
            "captions": captions[split],
            "changed": changed[split],
            "generated": generated[split],
        }
        for split in SPLITS
        if captions[split] or images[split, "target"] or images[split, "distractor"]
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _publish(partial: Path, folder: Path) -> None:
    """Flush every file and folder, then rename; the rename itself is flushed with the parent."""
    for path in [*partial.rglob("*"), partial]:
        _flush(path)
    partial.chmod(0o755)  # mkdtemp makes it private; a release is meant to be read
    try:
        partial.rename(folder)
    except OSError as error:
        raise RegrainError(f"{folder} cannot be made: {error.strerror}. Choose another folder.") from error
    _flush(folder.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
