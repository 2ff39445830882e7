"""300 first suggestions from the sibling captions, read twice: are they English, and told of the right thing?

``python -m tests.benchmarks._rewrites_readings FILE`` writes the sample for a reader, with texts, to a file outside the
project; the reader fills in ``grammar_clean`` (what was put in brought no fault of grammar) and ``right_thing`` (it is
told of the right thing and contradicts none of the image's five captions). The same command with ``--keep READING``
reads such a file and keeps ids, positions and verdicts in ``judged``; no caption enters the project.
"""

from __future__ import annotations

import json
import random
import sys
from functools import cache
from pathlib import Path
from typing import Any

from curation.records import Suggestion
from curation.suggesters.batch import suggest_batch
from tests.benchmarks._coarse_defects import wilson_lower
from tests.benchmarks._rewrites_flickr import Case, cases
from tests.benchmarks.bars import NotMeasured

SAMPLE_SEED = 20_261_126
"""Seed of the sample, fixed before the suggester was last changed."""

SAMPLE_SIZE = 300
JUDGED = Path(__file__).parent / "judged"
READINGS = {"first": JUDGED / "rewrites.jsonl", "second": JUDGED / "rewrites_second.jsonl"}
QUESTIONS = ("grammar_clean", "right_thing")


@cache
def sample() -> list[tuple[Case, Suggestion]]:
    """Return the first suggestion for each caption of a shuffled order, until SAMPLE_SIZE have one."""
    order = list(cases())
    random.Random(SAMPLE_SEED).shuffle(order)
    drawn = order[: SAMPLE_SIZE + SAMPLE_SIZE // 4]
    found = suggest_batch([case.context for case in drawn], sources=["siblings"])
    firsts = (
        (case, next((s for s in one if s.kind == "rewrite"), None)) for case, one in zip(drawn, found, strict=True)
    )
    return [(case, first) for case, first in firsts if first is not None][:SAMPLE_SIZE]


def place(case: Case, suggestion: Suggestion) -> dict[str, Any]:
    """Return ids and positions of a suggestion: what may be kept of it."""
    return {"image": case.image, "i": case.i, "spans": [list(span) for span in suggestion.spans]}


def readings() -> dict[str, float]:
    """Return the share that both readers call right, its lower bound, how often they agree, and each reader's share."""
    wanted = [json.dumps(place(*one)) for one in sample()]
    kept = {name: _kept(path) for name, path in READINGS.items()}
    for name, verdicts in kept.items():
        missing = sum(one not in verdicts for one in wanted)
        if missing:
            raise NotMeasured(f"{missing} of {len(wanted)} first suggestions are not those that the {name} reader saw")
    figures: dict[str, float] = {"read_suggestions": float(len(wanted))}
    for question in QUESTIONS:
        answers = {name: [verdicts[one][question] for one in wanted] for name, verdicts in kept.items()}
        pairs = list(zip(*answers.values(), strict=True))
        both = sum(all(pair) for pair in pairs)
        figures[f"read_{question}"] = 100 * both / len(pairs)
        figures[f"read_{question}_lower_95"] = 100 * wilson_lower(both, len(pairs))
        figures[f"read_{question}_agreement"] = 100 * sum(len(set(pair)) == 1 for pair in pairs) / len(pairs)
        for name, said in answers.items():
            figures[f"read_{question}_{name}"] = 100 * sum(said) / len(said)
    return figures


def _kept(path: Path) -> dict[str, dict[str, bool]]:
    if not path.exists():
        raise NotMeasured(f"there is no reading {path.name}")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {json.dumps({name: one[name] for name in ("image", "i", "spans")}): one for one in lines}


def _write_sheet(path: Path) -> None:
    with path.open("w", encoding="utf-8") as sheet:
        for case, suggestion in sample():
            texts = {
                "caption": case.context.text,
                "suggestion": suggestion.text,
                "others": [sibling.analysis.text for sibling in case.context.siblings],
            }
            line = place(case, suggestion) | texts | dict.fromkeys(QUESTIONS)
            sheet.write(json.dumps(line, ensure_ascii=False) + "\n")


def _keep(sheet: Path, reading: str) -> None:
    lines = [json.loads(line) for line in sheet.read_text(encoding="utf-8").splitlines()]
    names = ("image", "i", "spans", *QUESTIONS)
    if any(not isinstance(line[question], bool) for line in lines for question in QUESTIONS):
        raise SystemExit(f"{sheet} has lines without both answers")
    kept = "".join(json.dumps({name: line[name] for name in names}) + "\n" for line in lines)
    READINGS[reading].write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[2:3] == ["--keep"]:
        _keep(Path(sys.argv[1]), sys.argv[3])
    else:
        _write_sheet(Path(sys.argv[1]))
