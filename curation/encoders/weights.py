"""Are a model's weights in the cache, within reach, or neither? Asked before open_clip spends a minute on retries."""

from __future__ import annotations

import hashlib
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

from curation.records import RegrainError

PROBE_SECONDS: Final = 6.0


def require_weights(name: str, source: dict[str, Any]) -> bool:
    """Return whether the weights must be fetched over the network: False where they are in the cache.

    `source` is open_clip's record of the weights. Raises ``RegrainError``, within seconds, where they are not in
    the cache and their host cannot be reached.
    """
    if cached(source):
        return False
    from huggingface_hub import constants

    host = f"{constants.ENDPOINT}/{_repository(source)[0]}" if source.get("hf_hub") else str(source.get("url"))
    reason = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else probe(host)
    if reason:
        raise RegrainError(
            f"the weights of encoder {name} are not on this computer and cannot be fetched from {host} ({reason}). "
            "Connect to the internet and try again, copy a computer's Hugging Face cache that holds them and name "
            "it in HF_HOME, or use regrain-scenes-1, which comes with Regrain"
        )
    return True


def cached(source: dict[str, Any]) -> bool:
    """Whether a copy of the weights is on this computer."""
    if not source.get("hf_hub"):
        return (Path.home() / ".cache" / "clip" / Path(str(source.get("url"))).name).is_file()
    from huggingface_hub import try_to_load_from_cache

    repository, files = _repository(source)
    return any(isinstance(try_to_load_from_cache(repository, file), str) for file in files)


def probe(url: str, seconds: float = PROBE_SECONDS) -> str:
    """Return why a host cannot be reached, or "" where it answers; never takes longer than `seconds`.

    The question is asked in a thread because looking up a host's name knows no time limit.
    """
    answer: list[str] = []
    asking = threading.Thread(target=lambda: answer.append(_ask(url, seconds)), daemon=True)
    asking.start()
    asking.join(seconds)
    return answer[0] if answer else f"no answer within {seconds:.0f} s"


def verify_checksum(path: Path, expected: str) -> None:
    """Raise ``RegrainError`` unless the file has the SHA-256 checksum expected (hex)."""
    if not path.is_file():
        raise RegrainError(f"{path} is missing: restore it from the repository (git checkout -- {path.name})")
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != expected:
        raise RegrainError(
            f"{path} is damaged: its SHA-256 is {actual[:12]}..., not {expected[:12]}.... Restore it from the "
            f"repository (git checkout -- {path.name})"
        )


def _ask(url: str, seconds: float) -> str:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=seconds):
            return ""
    except urllib.error.HTTPError as error:
        return f"it answers {error.code} {error.reason}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _repository(source: dict[str, Any]) -> tuple[str, list[str]]:
    """The hub repository of the weights, and the file names under which they may lie there."""
    repository, _, file = str(source["hf_hub"]).rpartition("/")
    if not file:
        return repository, ["open_clip_model.safetensors", "open_clip_pytorch_model.bin"]
    return repository, [str(Path(file).with_suffix(".safetensors")), file]
