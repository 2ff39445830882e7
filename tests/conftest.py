"""Fixtures that tests of several rooms share."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.once import made_once

LONG_FILES = (
    "test_crash.py", "test_whole_way.py", "test_faults.py", "test_live_rank.py", "test_kinds.py", "test_demo_pages.py",
    "test_demo_workspace.py", "test_drafts.py", "test_defects_and_clusters.py", "test_suggestions_ahead.py",
    "test_suggest_kills.py", "test_where.py", "test_masked_words.py", "test_places.py",
)  # fmt: skip
"""Files that take longest: begun first, so that at the end no process waits for another one's long file."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG_FILES)


@pytest.fixture
def unit_rows() -> Callable[..., np.ndarray]:
    """Return ``unit_rows(n, d, seed=0)``: n random float32 rows of length one."""

    def make(n: int, d: int, seed: int = 0) -> np.ndarray:
        rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return make


@pytest.fixture(scope="session")
def masked_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small masked language model that has read captions of balls, boxes, dogs and rackets."""
    from tests.language.tiny_bert import made_captions, train

    return made_once(tmp_path_factory, "masked-model", lambda folder: train(made_captions(), folder))
