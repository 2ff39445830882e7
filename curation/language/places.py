"""Where a masked language model lies: a folder, this computer's copy of the hub, or the hub."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from curation.records import RegrainError

CONFIG = "config.json"
_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


def folder_of(name: str) -> Path | None:
    """Return the folder that a name means, None where it is a name of the hub.

    A name with a leading ``/``, ``.`` or ``~`` means a folder, be it there or not; so does any other that is one.
    Raises ``RegrainError`` where ``~NAME`` is nobody.
    """
    try:
        path = Path(name).expanduser()
    except RuntimeError:
        raise RegrainError(f"{name}: there is no such home folder. Write the whole path.") from None
    return path if name.startswith(("/", ".", "~")) or path.is_dir() else None


def check(name: str) -> None:
    """Raise ``RegrainError`` where the package is missing, a folder holds no model, or a name can be none."""
    if importlib.util.find_spec("transformers") is None:
        raise RegrainError(
            f"the masked language model {name} needs the package transformers: pip install 'regrain[mlm]'"
        )
    folder = folder_of(name)
    if folder is not None and not (folder / CONFIG).is_file():
        raise RegrainError(
            f"{folder} holds no masked language model: {CONFIG} is missing. Name a folder that transformers' "
            "save_pretrained wrote, with its tokeniser, or a model of the hub, e.g. bert-base-uncased"
        )
    if folder is None and not _HUB_NAME.fullmatch(name):
        raise RegrainError(f"{name!r} is neither a folder nor a name of the hub such as bert-base-uncased")


def is_here(name: str) -> bool:
    """Say whether a model of the hub is on this computer; where it is not, whether it can be fetched.

    Raises ``RegrainError``, within seconds, where it is not here and the hub cannot be reached.
    """
    from huggingface_hub import constants, try_to_load_from_cache

    from curation.encoders.weights import probe

    if isinstance(try_to_load_from_cache(name, CONFIG), str):
        return True
    host = f"{constants.ENDPOINT}/{name}"
    reason = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else probe(host)
    if reason:
        raise RegrainError(
            f"the masked language model {name} is not on this computer and cannot be fetched from {host} ({reason}). "
            "Connect to the internet and try again, or name a folder that holds such a model"
        )
    return False
