"""Hostile captions come through every table format unchanged."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from curation.importers.stage import stage

HOSTILE = [
    'He said "no", then\nleft\r\nthe\trow',
    "\u05e9\u05dc\u05d5\u05dd \u202e reversed \u202c, \u0645\u0631\u062d\u0628\u0627",
    "\U0001f9d1\u200d\U0001f33e\U0001f1e9\U0001f1ea e\u0301 \u00e9",
    '["looks", "like a list"]',
    "=SUM(A1:A9) <script>alert(1)</script> **bold** $x$ \\n %s {0}",
    "line \u2028 and paragraph \u2029 and next line \x85 ends",
    "\ufeffstarts with a mark",
    "very long " * 10_000,
]
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=60)
captions = st.lists(texts.filter(lambda text: not text.isspace()), min_size=1, max_size=8)


def write_csv(path: Path, values: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["image", "caption"])
        writer.writerows(["x.jpg", value] for value in values)


def write_jsonl(path: Path, values: list[str]) -> None:
    lines = [json.dumps({"image": "x.jpg", "caption": value}, ensure_ascii=False) for value in values]
    path.write_text("\n".join(lines), encoding="utf-8", newline="")


def write_json(path: Path, values: list[str]) -> None:
    path.write_text(json.dumps([{"image": "x.jpg", "caption": values}]), encoding="utf-8")


def write_parquet(path: Path, values: list[str]) -> None:
    pq.write_table(pa.table({"image": ["x.jpg"] * len(values), "caption": values}), path)


WRITERS = {".csv": write_csv, ".jsonl": write_jsonl, ".json": write_json, ".parquet": write_parquet}


@pytest.mark.parametrize("suffix", WRITERS)
@settings(deadline=None, max_examples=60)
@given(values=captions)
@example(values=HOSTILE)
def test_captions_come_through_unchanged(suffix: str, values: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"t{suffix}")
        WRITERS[suffix](path, values)
        staged = stage("table", path)
    assert staged.captions["text"].to_pylist() == values
    assert staged.captions["i"].to_pylist() == list(range(len(values)))
