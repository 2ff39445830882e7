"""Where an encoder runs."""

from __future__ import annotations


def best_device() -> str:
    """Return ``cuda`` where torch sees a graphics card, else ``cpu``."""
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
