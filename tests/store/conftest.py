"""A fresh store in memory with a small benchmark in it: 6 test targets with 2 captions, 4 train, 5 pool images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pytest

from curation.store import Store, datasets

IMAGES = [(f"t{n}", f"t{n}.jpg", "test") for n in range(6)]
IMAGES += [(f"r{n}", f"r{n}.jpg", "train") for n in range(4)]
IMAGES += [(f"p{n}", f"p{n}.jpg", "pool") for n in range(5)]
CAPTIONS = [
    (f"{kind}{n}", i, f"caption {i} of {kind}{n}") for kind, k in (("t", 6), ("r", 4)) for n in range(k) for i in (0, 1)
]


@dataclass(frozen=True)
class Staged:
    images: Any
    captions: Any
    revisions: Any
    on_difference: Literal["keep", "revise"] = "keep"
    normalised: bool = False


def staged(
    images: list[tuple[str, str | None, str]] = IMAGES,
    captions: list[tuple[str, int, str]] = CAPTIONS,
    revisions: list[tuple[str, int, str]] | None = None,
    **facts: Any,
) -> Staged:
    ids, files, splits = zip(*images, strict=True) if images else ((), (), ())
    owners, places, texts = zip(*captions, strict=True) if captions else ((), (), ())
    again = revisions or []
    return Staged(
        pa.table(
            {
                "id": pa.array(ids, pa.string()),
                "name": pa.array([file or one for one, file in zip(ids, files, strict=True)], pa.string()),
                "file": pa.array(files, pa.string()),
                "split": pa.array(splits, pa.string()),
            }
        ),
        pa.table(
            {
                "image_id": pa.array(owners, pa.string()),
                "i": pa.array(places, pa.int32()),
                "text": pa.array(texts, pa.string()),
                "language": pa.array(["en"] * len(owners), pa.string()),
                "generated": pa.array([None] * len(owners), pa.bool_()),
                "source_id": pa.array([None] * len(owners), pa.string()),
            }
        ),
        pa.table(
            {
                "image_id": pa.array([row[0] for row in again], pa.string()),
                "i": pa.array([row[1] for row in again], pa.int32()),
                "text": pa.array([row[2] for row in again], pa.string()),
            }
        ),
        **facts,
    )


def add(store: Store, tables: Staged) -> datasets.Changes:
    return datasets.add(store, tables, name="set", importer="jsonl", source="set.jsonl", root="images")


@pytest.fixture
def empty() -> Iterator[Store]:
    store = Store.in_memory()
    yield store
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    add(empty, staged())
    return empty
