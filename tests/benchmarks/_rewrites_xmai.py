"""XMAI's two released files: through import, a frozen version and the export in their own form."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

from tests.benchmarks._processes import regrain
from tests.benchmarks.bars import data
from tests.benchmarks.main import scratch

FILES = {
    "coco": ("coco_eda_modified.csv", "xmai", "val", "original"),
    "snli": ("snli_ve_xmai_modified.csv", "xmai_entailment", "none", "hypothesis"),
}


def there_and_back() -> dict[str, float]:
    """Import each file, freeze, export, and compare the rows: image ids and texts for COCO, texts for SNLI-VE."""
    values = {}
    for name, (file, importer, split, column) in FILES.items():
        source = data() / "xmai" / file
        with scratch() as folder:
            workspace = folder / "workspace"
            regrain(workspace, "import", importer, source)
            held = json.loads(regrain(workspace, "--json", "status").output)["totals"]["captions"]
            regrain(workspace, "freeze", "all")
            regrain(workspace, "export", "all", "--format", "xmai", "--to", folder / "release")
            (written,) = (folder / "release").glob(f"**/{split}_modified.csv")
            went_in, came_out = _rows(source, column), _rows(written, "original")
        values[f"xmai_{name}_rows_imported"] = float(held)
        values[f"xmai_{name}_rows_exported"] = float(came_out.total())
        values[f"xmai_{name}_rows_alike"] = float((went_in & came_out).total())
    return values


def _rows(path: Path, column: str) -> Counter[tuple[int, str, str]]:
    """Count rows by image number (0 where the file has none) and texts, blanks folded as every import does."""
    with path.open(encoding="utf-8", newline="") as stream:
        return Counter(
            (_number(row.get("image_id", "")), " ".join(row[column].split()), " ".join(row["modified"].split()))
            for row in csv.DictReader(stream)
        )


def _number(cell: str) -> int:
    parts = cell.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0
