"""Fixtures that tests of several rooms share."""

from collections.abc import Callable

import numpy as np
import pytest


@pytest.fixture
def unit_rows() -> Callable[..., np.ndarray]:
    """Return ``unit_rows(n, d, seed=0)``: n random float32 rows of length one."""

    def make(n: int, d: int, seed: int = 0) -> np.ndarray:
        rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return make
