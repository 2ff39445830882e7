"""Names of encoders: unknown ones, those out of reach, those that lack a package, folders."""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from curation.encoders import Encoder, load_encoder
from curation.encoders.embedded import CHECKSUMS, FOLDER, load_verified
from curation.encoders.weights import probe, require_weights
from curation.records import RegrainError

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The hub is a port on which nobody listens, and the cache is empty."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", NOWHERE)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))


def test_unknown_name_tells_close_ones() -> None:
    with pytest.raises(RegrainError, match=r"no encoder is called 'ViT-B-32/laion2b'.*ViT-B-32/laion2b_"):
        load_encoder("ViT-B-32/laion2b")


def test_misspelt_own_name() -> None:
    with pytest.raises(RegrainError, match=r"close names: regrain-scenes-1"):
        load_encoder("regrain-scene-1")


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("name", ["ViT-B-32/laion2b_s34b_b79k", "MobileCLIP2-S0/dfndr2b"])
def test_weights_out_of_reach(name: str) -> None:
    with pytest.raises(RegrainError) as caught:
        load_encoder(name)
    message = str(caught.value)
    assert name in message
    assert NOWHERE in message
    assert "regrain-scenes-1" in message  # what to do


def test_siglip_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: None if name == "transformers" else there(name))
    with pytest.raises(RegrainError, match=r"regrain\[siglip\]"):
        load_encoder("ViT-B-16-SigLIP2/webli")


def test_offline_setting_is_respected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(RegrainError, match="HF_HUB_OFFLINE is set"):
        require_weights("x", {"hf_hub": "somebody/model/"})


def test_cached_weights_need_no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", NOWHERE)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    repository = tmp_path / "models--somebody--model"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    (repository / "snapshots" / "abc").mkdir(parents=True)
    (repository / "snapshots" / "abc" / "open_clip_model.safetensors").write_bytes(b"weights")
    assert require_weights("x", {"hf_hub": "somebody/model/"}) is False


def test_probe_says_why() -> None:
    assert "refused" in probe(NOWHERE, seconds=5)


def test_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(RegrainError, match=r"open_clip_config\.json is missing"):
        load_encoder(f"local-dir:{tmp_path}")


def test_folder_with_a_broken_config(tmp_path: Path) -> None:
    (tmp_path / "open_clip_config.json").write_text("{")
    with pytest.raises(RegrainError, match="could not be loaded"):
        load_encoder(f"local-dir:{tmp_path}")


def test_folder_by_name(embedded: Encoder) -> None:
    again = load_encoder(f"local-dir:{FOLDER}")
    assert again.name == f"local-dir:{FOLDER}"
    np.testing.assert_array_equal(again.texts(["a red ball"]), embedded.texts(["a red ball"]))


@pytest.mark.parametrize("file", sorted(json.loads((FOLDER / CHECKSUMS).read_text())))
def test_damaged_files_are_refused(tmp_path: Path, file: str) -> None:
    folder = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, folder)
    damaged = bytearray((folder / file).read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (folder / file).write_bytes(damaged)
    with pytest.raises(RegrainError, match=rf"{file} is damaged.*Restore it"):
        load_verified(folder)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER.name
    shutil.copytree(FOLDER, folder)
    (folder / "open_clip_model.safetensors").unlink()
    with pytest.raises(RegrainError, match=r"open_clip_model\.safetensors is missing"):
        load_verified(folder)
