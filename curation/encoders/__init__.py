"""Encoders, a plug-in kind: a function that takes a device and returns an ``Encoder``.

::

    @encoder("regrain-scenes-1", title="Regrain scenes 1")
    def regrain_scenes_1(device: str) -> Encoder: ...

Every name that open_clip lists needs no plug-in: ``load_encoder("ViT-B-32/laion2b_s34b_b79k")``.
"""

from __future__ import annotations

from difflib import get_close_matches

from curation.encoders.contract import Encoder, Load, UnitRows
from curation.encoders.pictures import UnreadableImage, load_image
from curation.records import RegrainError
from curation.registry import Registry

DEFAULT_ENCODER = "regrain-scenes-1"

encoders: Registry[Load] = Registry("encoder", __name__)
encoder = encoders.register


def load_encoder(name: str = DEFAULT_ENCODER, device: str = "cpu") -> Encoder:
    """Load an encoder by name: a plug-in, ``MODEL/PRETRAINED`` as open_clip lists them, or ``local-dir:FOLDER``.

    Raises ``RegrainError`` that says what to do where the name is unknown, its weights cannot be fetched, or a
    package that the model needs is not installed.
    """
    from curation.encoders.open_clip_models import load_folder, load_pretrained, pretrained_names

    if name.startswith("local-dir:"):
        return load_folder(name, device)
    known = {plugin.name: plugin for plugin in encoders}
    if name in known:
        return known[name].run(device)
    names = pretrained_names()
    if name in names:
        return load_pretrained(name, device)
    near = get_close_matches(name, [*known, *names], n=3, cutoff=0.4) or [DEFAULT_ENCODER]
    raise RegrainError(
        f"no encoder is called {name!r}; close names: {', '.join(near)}. Name one of Regrain's own "
        f"({', '.join(known)}), MODEL/PRETRAINED from open_clip's list, or local-dir:FOLDER"
    )


__all__ = [
    "DEFAULT_ENCODER", "Encoder", "Load", "UnitRows", "UnreadableImage", "encoder", "encoders", "load_encoder",
    "load_image",
]  # fmt: skip
