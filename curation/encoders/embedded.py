"""The encoder that comes with Regrain: small, trained on the scenes that `curation.demo` draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from curation.encoders import encoder
from curation.encoders.contract import Encoder
from curation.encoders.weights import verify_checksum

NAME: Final = "regrain-scenes-1"
FOLDER: Final = Path(__file__).parents[2] / "data" / "encoder" / NAME
CHECKSUMS: Final = "checksums.json"


@encoder(NAME, title="Regrain scenes 1")
def regrain_scenes_1(device: str) -> Encoder:
    """The embedded model: knows the demo's drawn scenes, needs no network; for photographs choose another."""
    return load_verified(FOLDER, device)


def recorded_checksums(name: str) -> dict[str, str]:
    """Return file name -> SHA-256 in hex of the weights of an encoder that comes with Regrain; empty for others."""
    return _checksums(FOLDER) if name == NAME else {}


def load_verified(folder: Path, device: str = "cpu") -> Encoder:
    """Load a model whose files match ``checksums.json`` beside them ({file name: SHA-256 in hex}).

    Raises ``RegrainError`` where a file is missing or damaged.
    """
    from dataclasses import replace

    import torch

    from curation.encoders.open_clip_models import load_folder

    for file, checksum in _checksums(folder).items():
        verify_checksum(folder / file, checksum)
    loaded = replace(load_folder(f"local-dir:{folder}", device), name=folder.name)
    loaded.model.to(memory_format=torch.channels_last)  # a third faster on a CPU
    return loaded


def _checksums(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / CHECKSUMS).read_text(encoding="utf-8")))
