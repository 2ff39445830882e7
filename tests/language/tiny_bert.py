"""A BERT of some eighty thousand weights that has read some captions: what it says of them means something."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

MASKED = 0.2
"""Share of the words that it has to guess while it learns."""


def train(captions: Sequence[str], folder: Path, *, steps: int = 500, seed: int = 0, words: int = 400) -> Path:
    """Write a masked language model of these captions into ``folder``, as transformers does it, and return that.

    ``words`` bounds the pieces of its vocabulary, so that rarer words fall into several.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    transformers = pytest.importorskip("transformers", reason="the extra regrain[mlm] is not installed")
    import torch

    tokenizer = _tokenizer(captions, words)
    torch.manual_seed(seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # models of this size wait longer for a second thread than it works
    config = transformers.BertConfig(
        vocab_size=len(tokenizer), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        initializer_range=0.06, attn_implementation="eager",
    )  # fmt: skip
    model = transformers.BertForMaskedLM(config).train()
    learning = torch.optim.AdamW(model.parameters(), lr=5e-3)
    slower = torch.optim.lr_scheduler.OneCycleLR(learning, 5e-3, total_steps=steps)
    ids = tokenizer(list(captions), padding=True, return_tensors="pt", truncation=True, max_length=64)
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        rows = torch.tensor(rng.integers(len(captions), size=32))
        read, attention = ids["input_ids"][rows], ids["attention_mask"][rows]
        inside = attention.bool() & (read != tokenizer.cls_token_id) & (read != tokenizer.sep_token_id)
        hidden = torch.tensor(rng.random(read.shape) < MASKED) & inside
        asked = torch.where(hidden, tokenizer.mask_token_id, read)
        loss = model(input_ids=asked, attention_mask=attention, labels=torch.where(hidden, read, -100)).loss
        learning.zero_grad()
        loss.backward()
        learning.step()
        slower.step()
    torch.set_num_threads(threads)
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _tokenizer(captions: Sequence[str], words: int):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertTokenizerFast

    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    inner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    inner.normalizer = normalizers.BertNormalizer(lowercase=True)
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.train_from_iterator(captions, trainers.WordPieceTrainer(vocab_size=words, special_tokens=marks))
    ends = [(mark, inner.token_to_id(mark)) for mark in ("[SEP]", "[CLS]")]
    inner.post_processor = processors.BertProcessing(*ends)
    return BertTokenizerFast(tokenizer_object=inner, model_max_length=64)


WORDS = {
    "ball": ("red", "orange"),
    "box": ("wooden", "blue"),
    "dog": ("brown", "wet"),
    "tennis racket": ("green", "black"),
}
"""What the made captions say of each thing, one as often as the other."""


def made_captions(n: int = 600, seed: int = 0) -> list[str]:
    """Return captions such as "a red ball near a dog": things with and without one of their words."""
    rng = np.random.default_rng(seed)
    captions = []
    for _ in range(n):
        first, second = rng.choice(list(WORDS), 2, replace=False)
        captions.append(f"{_told(first, rng)} {rng.choice(['near', 'beside', 'behind'])} {_told(second, rng)}")
    return captions


def _told(thing: str, rng: np.random.Generator) -> str:
    said = f"{rng.choice(WORDS[thing])} {thing}" if rng.random() < 0.7 else thing
    return f"{'an' if said[0] in 'aeiou' else 'a'} {said}"
