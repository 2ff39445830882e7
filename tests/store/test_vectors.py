from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from curation.records import RegrainError
from curation.store import Store, vectors


def shard(store: Store, folder: Path, name: str, hashes: list[str], seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(len(hashes), 4)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    path = folder / f"{name}.npy"
    sha256 = vectors.write_shard(path, rows)
    vectors.add_shard(store, path, encoder="e", kind="text", hashes=hashes, sha256=sha256, dim=4)
    return rows


def test_rows_come_back_in_the_order_asked_for(empty: Store, tmp_path: Path) -> None:
    first = shard(empty, tmp_path, "one", ["a", "b"], 1)
    second = shard(empty, tmp_path, "two", ["c"], 2)
    loaded = vectors.load(empty, tmp_path, encoder="e", kind="text", hashes=["c", "x", "a", "c"])
    assert loaded.found.tolist() == [True, False, True, True]
    np.testing.assert_allclose(loaded.rows[[0, 2, 3]], [second[0], first[0], second[0]], atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(loaded.rows[loaded.found], axis=1), 1, atol=1e-6)
    assert not loaded.rows[1].any()


def test_what_exists_is_not_missing_and_keeps_its_first_row(empty: Store, tmp_path: Path) -> None:
    first = shard(empty, tmp_path, "one", ["a", "b"], 1)
    shard(empty, tmp_path, "two", ["b", "c"], 2)
    assert vectors.missing(empty, encoder="e", kind="text", hashes=["a", "b", "c", "d", "d"]) == {"d"}
    assert vectors.missing(empty, encoder="other", kind="text", hashes=["a"]) == {"a"}
    loaded = vectors.load(empty, tmp_path, encoder="e", kind="text", hashes=["b"])
    np.testing.assert_allclose(loaded.rows[0], first[1], atol=2e-3)
    assert vectors.encoders(empty) == [{"encoder": "e", "images": 0, "texts": 3}]


def test_committing_a_shard_twice_is_harmless(empty: Store, tmp_path: Path) -> None:
    shard(empty, tmp_path, "one", ["a"])
    again = vectors.add_shard(empty, tmp_path / "one.npy", encoder="e", kind="text", hashes=["a"], sha256="x", dim=4)
    assert again == 0


def test_lost_and_altered_shards_are_named(empty: Store, tmp_path: Path) -> None:
    shard(empty, tmp_path, "one", ["a"])
    shard(empty, tmp_path, "two", ["b"])
    assert vectors.verify(empty, tmp_path) == []
    (tmp_path / "one.npy").unlink()
    (tmp_path / "two.npy").write_bytes(b"nonsense")
    assert ["one.npy is missing" in line or "two.npy differs" in line for line in vectors.verify(empty, tmp_path)] == [
        True,
        True,
    ]
    for content in ("a", "b"):
        with pytest.raises(RegrainError, match="run the encoding again"):
            vectors.load(empty, tmp_path, encoder="e", kind="text", hashes=[content])


def test_broken_shards_are_forgotten_so_that_their_contents_are_missing_again(empty: Store, tmp_path: Path) -> None:
    for name, content in (("gone", "a"), ("short", "b"), ("altered", "c"), ("whole", "d")):
        shard(empty, tmp_path, name, [content])
    (tmp_path / "gone.npy").unlink()
    (tmp_path / "short.npy").write_bytes((tmp_path / "short.npy").read_bytes()[:-2])
    body = (tmp_path / "altered.npy").read_bytes()
    (tmp_path / "altered.npy").write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    assert vectors.forget_broken(empty, tmp_path) == ["gone.npy", "short.npy"]
    assert vectors.missing(empty, encoder="e", kind="text", hashes="abcd") == {"a", "b"}
    assert ["altered.npy differs" in line for line in vectors.verify(empty, tmp_path)] == [True]
    assert vectors.forget_broken(empty, tmp_path, checksums=True) == ["altered.npy"]
    assert vectors.missing(empty, encoder="e", kind="text", hashes="abcd") == {"a", "b", "c"}
    assert vectors.verify(empty, tmp_path) == vectors.forget_broken(empty, tmp_path, checksums=True) == []
