"""The embedded model: its shape, its files, and the trimmed text pass that training uses."""

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from curation.demo.vocabulary import write_vocabulary
from curation.encoders.embedded import CHECKSUMS
from curation.encoders.open_clip_models import VOCABULARY_FILE

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

CONTEXT: Final = 40
CONFIG_FILE: Final = "open_clip_config.json"
WEIGHTS_FILE: Final = "open_clip_model.safetensors"
TRAINING_FILE: Final = "training.json"


def write_config(folder: Path) -> None:
    """Write vocabulary and configuration into a folder that open_clip reads as `local-dir:`."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = write_vocabulary(folder / VOCABULARY_FILE)
    config = {
        "model_cfg": {
            "embed_dim": 192,
            "vision_cfg": {"image_size": 96, "layers": [1, 2, 1, 1], "width": 24, "head_width": 64},
            "text_cfg": {"context_length": CONTEXT, "vocab_size": tokens, "width": 128, "heads": 4, "layers": 3},
        },
        "preprocess_cfg": {
            "mean": [0.5, 0.5, 0.5],
            "std": [0.5, 0.5, 0.5],
            "interpolation": "bicubic",
            "resize_mode": "squash",
        },
    }
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n")


def write_record(folder: Path, training: dict[str, Any]) -> None:
    """Write how the weights were trained, and the SHA-256 of each file that makes up the model."""
    (folder / TRAINING_FILE).write_text(json.dumps(training, indent=2) + "\n")
    files = (VOCABULARY_FILE, CONFIG_FILE, WEIGHTS_FILE)
    checksums = {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files}
    (folder / CHECKSUMS).write_text(json.dumps(checksums, indent=2) + "\n")


def untrained(folder: Path) -> Any:
    """Build the model that the folder's configuration describes, with random weights."""
    from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
    from torch import nn

    config = json.loads((folder / CONFIG_FILE).read_text())["model_cfg"]
    model = CLIP(config["embed_dim"], CLIPVisionCfg(**config["vision_cfg"]), CLIPTextCfg(**config["text_cfg"]))
    for name, parameter in model.visual.named_parameters():
        if name.endswith("bn3.weight"):  # open_clip starts with 0: no 3 x 3 filter of a block would learn at first
            nn.init.ones_(parameter)
    return model


def encode_trimmed(model: Any, tokens: "Tensor", parts: int = 4) -> "Tensor":
    """Encode token rows (q, t), padding each of a few length groups only to its own longest row.

    The text tower is causal and pools at the end token, so what follows that token changes nothing.
    """
    import torch

    lengths = tokens.argmax(dim=1) + 1  # the end token has the highest number
    order = torch.argsort(lengths, stable=True)
    rows = [
        _encode_short(model, tokens[part, : int(lengths[part].max())])
        for part in order.tensor_split(min(parts, len(tokens)))
    ]
    return torch.cat(rows)[torch.argsort(order)]


def _encode_short(model: Any, tokens: "Tensor") -> "Tensor":
    import torch

    length = tokens.shape[1]
    x = model.token_embedding(tokens) + model.positional_embedding[:length]
    x = model.ln_final(model.transformer(x, attn_mask=model.attn_mask[:length, :length]))
    pooled: Tensor = x[torch.arange(len(tokens)), tokens.argmax(dim=1)] @ model.text_projection
    return pooled


def batch_norms(model: "Module") -> list[Any]:
    """Return the model's batch normalisation layers."""
    from torch.nn import BatchNorm2d

    return [layer for layer in model.modules() if isinstance(layer, BatchNorm2d)]
