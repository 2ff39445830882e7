"""Train the embedded encoder: `python -m curation.demo.train` (half an hour at most on two cores).

The result lies apart from the weights that are shipped: vectors are filed under an encoder's name, so other weights
must not take the place of those that made them.
"""

import argparse
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from math import cos, pi
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from curation.demo.batches import Batch, make_batch
from curation.demo.evaluation import evaluate
from curation.demo.losses import Anchors, Readers, contrast, pixels, tell_siblings
from curation.demo.network import (
    WEIGHTS_FILE,
    batch_norms,
    encode_trimmed,
    untrained,
    write_config,
    write_record,
)
from curation.encoders.embedded import FOLDER
from curation.encoders.open_clip_models import VOCABULARY_FILE

log = logging.getLogger(__name__)
RETRAINED: Final = FOLDER.parents[1] / "retrained" / FOLDER.name
Tokeniser = Callable[[list[str]], NDArray[np.int64]]


def tokeniser(folder: Path, context: int) -> Tokeniser:
    """Return a tokeniser that remembers words, which makes it fast on our few."""
    from open_clip.tokenizer import SimpleTokenizer

    slow = SimpleTokenizer(bpe_path=str(folder / VOCABULARY_FILE))
    word = lru_cache(maxsize=4096)(slow.encode)

    def tokenise(texts: list[str]) -> NDArray[np.int64]:
        rows = np.zeros((len(texts), context), dtype=np.int64)
        for row, text in zip(rows, texts, strict=True):
            codes = [code for part in text.split() for code in word(part)][: context - 2]
            row[: len(codes) + 2] = [slow.sot_token_id, *codes, slow.eot_token_id]
        return rows

    return tokenise


def batches(seed: int, steps: int, size: int, tokenise: Tokeniser) -> Iterator[Batch]:
    """Yield batches, made a few ahead in a thread; each depends on seed and step alone."""
    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(make_batch, (seed, step), size, tokenise) for step in range(min(3, steps))]
        for step in range(steps):
            batch = waiting.pop(0).result()
            if step + 3 < steps:
                waiting.append(pool.submit(make_batch, (seed, step + 3), size, tokenise))
            yield batch


class Trainer:
    """The model with what is only needed to train it."""

    def __init__(self, folder: Path, steps: int, rate: float, seed: int) -> None:
        torch.manual_seed(seed)
        self.model = untrained(folder).to(memory_format=torch.channels_last)
        self.readers = Readers(self.model.visual.layer4[-1].conv3.out_channels)
        self.anchors = Anchors(self.model.text_projection.shape[1])
        self.sibling_scale = nn.Parameter(torch.tensor(10.0))
        self.threshold = nn.Parameter(torch.tensor(0.4))
        self.grid: Tensor | None = None
        self.model.visual.layer4.register_forward_hook(self._keep_grid)
        self.steps, self.rate = steps, rate
        self.optimiser = torch.optim.AdamW(self._parameters(), lr=rate, betas=(0.9, 0.98), eps=1e-6)

    def step(self, number: int, batch: Batch) -> dict[str, float]:
        """Learn from one batch and return the losses."""
        for parameters in self.optimiser.param_groups:
            parameters["lr"] = learning_rate(number, self.steps, self.rate)
        truth, group, topics_said = map(torch.from_numpy, (batch.truth, batch.group, batch.topics_said))
        images = self.model.encode_image(pixels(batch.pictures), normalize=True)
        texts = torch.nn.functional.normalize(encode_trimmed(self.model, torch.from_numpy(batch.tokens)), dim=-1)
        similarity = texts @ images.T
        assert self.grid is not None
        losses = {
            "contrast": contrast(similarity, truth, self.model.logit_scale.exp()),
            "siblings": tell_siblings(similarity, truth, group, self.sibling_scale, self.threshold),
            "readers": self.readers.loss(self.grid, torch.from_numpy(batch.cells)),
            "shown": self.anchors.loss(images, torch.from_numpy(batch.topics_shown)),
            "said": self.anchors.loss(texts[: len(topics_said)], topics_said),
        }
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(sum(losses.values(), torch.zeros(())))
        nn.utils.clip_grad_norm_([p for g in self.optimiser.param_groups for p in g["params"]], 2.0)
        self.optimiser.step()
        with torch.no_grad():
            self.model.logit_scale.clamp_(0, float(np.log(100)))
        return {name: float(value.detach()) for name, value in losses.items()}

    def settle_batch_norms(self, some: Iterator[Batch]) -> None:
        """Re-estimate the batch statistics as plain means over many batches."""
        norms = batch_norms(self.model)
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None
        self.model.train()
        with torch.no_grad():
            for batch in some:
                self.model.encode_image(pixels(batch.pictures))
        for norm in norms:
            norm.momentum = 0.1

    def _keep_grid(self, _module: nn.Module, _inputs: Any, output: Tensor) -> None:
        self.grid = output

    def _parameters(self) -> list[dict[str, Any]]:
        named = [*self.model.named_parameters(), *self.readers.named_parameters(), *self.anchors.named_parameters()]
        decayed = [p for name, p in named if p.ndim > 1 and "embedding" not in name]
        plain = [p for name, p in named if p.ndim <= 1 or "embedding" in name]
        return [
            {"params": decayed, "weight_decay": 0.02},
            {"params": [*plain, self.sibling_scale, self.threshold], "weight_decay": 0.0},
        ]


def learning_rate(step: int, steps: int, peak: float, warmup: int = 60) -> float:
    """Rise linearly, then fall along a cosine to nearly nothing."""
    if step < warmup:
        return peak * (step + 1) / warmup
    return peak * (0.01 + 0.99 * (1 + cos(pi * (step - warmup) / (steps - warmup))) / 2)


def save(model: nn.Module, path: Path) -> None:
    """Write the weights as float16 safetensors."""
    from safetensors.torch import save_file

    state = {name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}
    save_file({name: value.contiguous() for name, value in state.items()}, path)


def measured(model: Any, tokenise: Tokeniser, n: int) -> dict[str, Any]:
    """Evaluate the model as it stands."""
    model.eval()

    @torch.no_grad()
    def images(pictures: Sequence[Image.Image]) -> NDArray[np.float32]:
        rows = []
        for start in range(0, len(pictures), 250):
            small = [p.resize((96, 96), Image.Resampling.BICUBIC) for p in pictures[start : start + 250]]
            rows.append(model.encode_image(pixels(np.stack([np.asarray(p) for p in small])), normalize=True))
        return np.asarray(torch.cat(rows).numpy(), dtype=np.float32)

    @torch.no_grad()
    def texts(strings: Sequence[str]) -> NDArray[np.float32]:
        rows = encode_trimmed(model, torch.from_numpy(tokenise(list(strings))))
        return np.asarray(torch.nn.functional.normalize(rows, dim=-1).numpy(), dtype=np.float32)

    figures = evaluate(images, texts, n, 1 / model.logit_scale.exp().item())
    model.train()
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, print how it goes, and write weights and configuration into a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=RETRAINED)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--look-every", type=int, default=400, help="steps between evaluations")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--settle", type=int, default=40, help="batches over which batch statistics are taken")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s")
    log.setLevel(logging.INFO)
    torch.set_num_threads(options.threads)
    write_config(options.folder)
    tokenise = tokeniser(options.folder, 40)
    trainer = Trainer(options.folder, options.steps, options.rate, options.seed)
    began = time.perf_counter()
    with sdpa_kernel(SDPBackend.MATH):
        for number, batch in enumerate(batches(options.seed, options.steps, options.batch, tokenise), start=1):
            losses = trainer.step(number, batch)
            if number % 20 == 0:
                words = " ".join(f"{name} {value:.3f}" for name, value in losses.items())
                log.info("step %d %s %.2f s/step", number, words, (time.perf_counter() - began) / number)
            if number % options.look_every == 0 and number < options.steps:
                log.info("%s", json.dumps(measured(trainer.model, tokenise, 300)))
                save(trainer.model, options.folder / "checkpoint.safetensors")
        trainer.settle_batch_norms(batches(options.seed + 1, options.settle, options.batch, tokenise))
    save(trainer.model, options.folder / WEIGHTS_FILE)
    (options.folder / "checkpoint.safetensors").unlink(missing_ok=True)
    facts = {name: getattr(options, name) for name in ("seed", "steps", "batch", "rate")}
    write_record(options.folder, {**facts, "minutes": round((time.perf_counter() - began) / 60, 1)})
    log.info("trained in %.0f s; python -m curation.demo.measure rewrites the figures", time.perf_counter() - began)


if __name__ == "__main__":
    main()
