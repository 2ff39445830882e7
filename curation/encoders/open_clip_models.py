"""Any model that open_clip knows, behind the contract of an encoder."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from curation.encoders.contract import UnitRows
from curation.encoders.pictures import load_image
from curation.encoders.weights import require_weights
from curation.records import RegrainError

if TYPE_CHECKING:
    from PIL import Image
    from torch import Tensor

VOCABULARY_FILE: Final = "bpe_vocabulary.txt.gz"
IMAGE_BATCH: Final = 64
TEXT_BATCH: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class OpenClipEncoder:
    """An open_clip model in evaluation mode on one device, with its own preprocessing and tokeniser."""

    name: str
    dim: int
    image_size: int
    context_length: int
    temperature: float
    device: str
    model: Any
    preprocess: Callable[[Image.Image], Tensor]
    tokenise: Callable[[list[str]], Tensor]

    def images(self, pictures: Sequence[Path | Image.Image]) -> UnitRows:
        """Return (n, d) float32 unit rows; see ``Encoder.images``."""
        import torch

        rows = np.empty((len(pictures), self.dim), dtype=np.float32)
        for part in _parts(len(pictures), IMAGE_BATCH):
            inputs = torch.stack([self._prepared(picture) for picture in pictures[part]])
            rows[part] = self._encoded(self.model.encode_image, inputs)
        return rows

    def texts(self, strings: Sequence[str]) -> UnitRows:
        """Return (n, d) float32 unit rows; see ``Encoder.texts``."""
        rows = np.empty((len(strings), self.dim), dtype=np.float32)
        for part in _parts(len(strings), TEXT_BATCH):
            rows[part] = self._encoded(self.model.encode_text, self.tokenise(list(strings[part])))
        return rows

    def _prepared(self, picture: Path | Image.Image) -> Tensor:
        return self.preprocess(load_image(picture) if isinstance(picture, Path) else picture.convert("RGB"))

    def _encoded(self, encode: Callable[[Tensor], Tensor], inputs: Tensor) -> UnitRows:
        import torch

        with torch.inference_mode():
            rows = torch.nn.functional.normalize(encode(inputs.to(self.device)).float(), dim=-1)
        if not bool(torch.isfinite(rows).all()):
            raise RegrainError(f"encoder {self.name} returned numbers that are not finite: load it on another device")
        return cast(UnitRows, rows.cpu().numpy())


def pretrained_names() -> list[str]:
    """Return every ``MODEL/PRETRAINED`` that open_clip lists."""
    import open_clip

    return [f"{model}/{tag}" for model, tag in open_clip.list_pretrained()]


def load_pretrained(name: str, device: str = "cpu") -> OpenClipEncoder:
    """Load ``MODEL/PRETRAINED``, from the cache where it is there, else from where open_clip says.

    Raises ``RegrainError`` where the weights can be found nowhere or ``transformers`` is needed and missing.
    """
    import open_clip

    model, _, tag = name.partition("/")
    text_config = (open_clip.get_model_config(model) or {}).get("text_cfg", {})
    if _needs_transformers(model, text_config) and importlib.util.find_spec("transformers") is None:
        raise RegrainError(f"encoder {name} needs the package transformers: pip install 'regrain[siglip]'")
    online = require_weights(name, open_clip.get_pretrained_cfg(model, tag))
    try:
        with _hub_offline(not online):
            parts = open_clip.create_model_and_transforms(model, pretrained=tag, device=device)
            tokenise = open_clip.get_tokenizer(model)
    except (OSError, RuntimeError, ValueError) as error:
        raise RegrainError(f"encoder {name} could not be loaded: {error}") from error
    return _encoder(name, device, parts, tokenise)


def load_folder(name: str, device: str = "cpu") -> OpenClipEncoder:
    """Load ``local-dir:FOLDER``: a folder with ``open_clip_config.json`` and weights.

    A file ``bpe_vocabulary.txt.gz`` beside them replaces open_clip's own vocabulary.
    Raises ``RegrainError`` where the folder does not hold a whole model.
    """
    import open_clip

    folder = Path(name.removeprefix("local-dir:"))
    config = folder / "open_clip_config.json"
    if not config.is_file():
        raise RegrainError(f"{folder} holds no open_clip model: {config.name} is missing")
    vocabulary = folder / VOCABULARY_FILE
    own_words = {"bpe_path": str(vocabulary)} if vocabulary.exists() else {}
    try:
        parts = open_clip.create_model_and_transforms(f"local-dir:{folder}", device=device)
        tokenise = open_clip.get_tokenizer(f"local-dir:{folder}", **own_words)
    except (OSError, RuntimeError, ValueError, KeyError, json.JSONDecodeError) as error:
        raise RegrainError(f"the open_clip model in {folder} could not be loaded: {error}") from error
    return _encoder(name, device, parts, tokenise)


def _encoder(name: str, device: str, parts: tuple[Any, Any, Any], tokenise: Any) -> OpenClipEncoder:
    model, _, preprocess = parts
    model.eval()
    size = model.visual.image_size
    return OpenClipEncoder(
        name=name,
        dim=_dim(model, tokenise, device),
        image_size=int(size[0] if isinstance(size, tuple) else size),
        context_length=int(tokenise.context_length),
        temperature=1 / model.logit_scale.exp().item(),
        device=device,
        model=model,
        preprocess=preprocess,
        tokenise=tokenise,
    )


def _dim(model: Any, tokenise: Any, device: str) -> int:
    import torch

    with torch.inference_mode():
        return int(model.encode_text(tokenise(["a"]).to(device)).shape[-1])


def _needs_transformers(model: str, text_config: dict[str, Any]) -> bool:
    return "siglip" in model.lower() or bool(text_config.get("hf_tokenizer_name") or text_config.get("hf_model_name"))


@contextmanager
def _hub_offline(offline: bool) -> Iterator[None]:
    """Keep the hub client from retrying for a minute where its host is known to be out of reach."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = before or offline
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


def _parts(n: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, n, size))
