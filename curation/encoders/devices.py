"""Where an encoder runs."""

from __future__ import annotations

AUTO = "auto"


def chosen_device(setting: str) -> str:
    """Return the device that a setting names; ``auto`` is ``cuda`` where torch sees a graphics card, else ``cpu``."""
    if setting != AUTO:
        return setting
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
