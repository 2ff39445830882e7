"""Text defects: recall on known defects, and precision on a seeded sample of hits that two readers judged.

``python -m tests.benchmarks._coarse_defects`` prints the sample for a reader, hit by hit in its captions;
``python -m tests.benchmarks._coarse_defects draw`` writes it by ids and positions, ready for verdicts. The first
reading lies in ``judged/defects.jsonl``, the second, made without sight of the first, in ``defects_second.jsonl``.
A hit is right where the marked words are a defect of the detector's kind in a text that a person would read.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.bars import Bar, Measure, NotMeasured, data

SAMPLE_SEED = 20_261_123
"""Seed of the judged sample of hits, fixed before the detectors were finished."""

SAMPLE_SIZE = 100
"""Hits of each detector that are read: all, if there are fewer."""

JUDGED = Path(__file__).parent / "judged"
READINGS = {"first": JUDGED / "defects.jsonl", "second": JUDGED / "defects_second.jsonl"}
ALL_FOUND = ("article", "repeated_word", "duplicate", "apostrophe")
TOGETHER = ("spelling", "grammar", "contradiction")
SILENT = ("non_caption", "too_long")
NORMAL_95 = 1.959964


class Hit(NamedTuple):
    """One defect found: which detector, which caption, which characters."""

    kind: str
    image: str
    i: int
    start: int
    end: int


@cache
def captions() -> dict[str, list[str]]:
    """Return the new captions of Flickr30K-FG by image."""
    path = data() / "flickr30k_fg" / "Flickr30K_FG_ann.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@cache
def hits() -> frozenset[Hit]:
    """Return all defects of these captions as texts of the store, too long for CLIP included."""
    from open_clip import get_tokenizer

    from curation.text.defects import CONTEXT_LENGTH, find_in_image
    from curation.text.parse import analyse

    tokenizer = get_tokenizer("ViT-B-32", context_length=10 * CONTEXT_LENGTH)
    parsed = analyse(text for texts in captions().values() for text in texts)
    found = set()
    for image, texts in captions().items():
        analyses = [next(parsed) for _ in texts]
        defects = find_in_image(texts, analyses, count_tokens=lambda text: int((tokenizer(text) != 0).sum()))
        found |= {Hit(d.kind, image, i, d.start, d.end) for i, row in enumerate(defects) for d in row}
    return frozenset(found)


def sample() -> dict[str, list[Hit]]:
    """Return the hits to read, by detector: SAMPLE_SIZE drawn by SAMPLE_SEED, or all."""
    by_kind = defaultdict(list)
    for hit in sorted(hits()):
        by_kind[hit.kind].append(hit)
    drawn = {}
    for kind, found in sorted(by_kind.items()):
        order = np.random.default_rng(SAMPLE_SEED).permutation(len(found))[:SAMPLE_SIZE]
        drawn[kind] = sorted(found[place] for place in order)
    return drawn


def reading(name: str) -> dict[Hit, bool]:
    """Return one reader's verdicts; raises ``NotMeasured`` where a hit of the sample has none."""
    path = READINGS[name]
    if not path.is_file():
        raise NotMeasured(f"{path.name} is not there: draw the sample and let somebody read it")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    verdicts = {Hit(*(row[field] for field in Hit._fields)): row["right"] for row in rows}
    unread = [hit for drawn in sample().values() for hit in drawn if verdicts.get(hit) is None]
    if unread:
        raise NotMeasured(f"{path.name} has no verdict on {len(unread)} hits of the sample, such as {unread[0]}")
    return verdicts


def recall() -> dict[str, float]:
    """Share of the known defects that a hit of the same kind overlaps."""
    path = data() / "flickr30k_fg" / "known_defects.jsonl"
    known = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    spans = defaultdict(list)
    for hit in hits():
        spans[hit[:3]].append((hit.start, hit.end))
    found = defaultdict(list)
    for row in known:
        near = spans[row["type"], row["image"], row["i"]]
        found[row["type"]].append(any(start < row["end"] and row["start"] < end for start, end in near))
    values = {f"defects_recall_{kind}": 100 * float(np.mean(rows)) for kind, rows in found.items()}
    together = [one for kind in TOGETHER for one in found[kind]]
    return values | {"defects_recall_spelling_grammar_contradiction": 100 * float(np.mean(together))}


def precision() -> dict[str, float]:
    """Share of the sample that both readers call right, its lower bound, and how often the readers agree."""
    first, second = reading("first"), reading("second")
    values: dict[str, float] = {}
    for kind, drawn in sample().items():
        right = [first[hit] and second[hit] for hit in drawn]
        agreed = [first[hit] == second[hit] for hit in drawn]
        values[f"defects_precision_{kind}"] = 100 * float(np.mean(right))
        values[f"defects_precision_{kind}_lower_95"] = 100 * wilson_lower(sum(right), len(right))
        values[f"defects_agreement_{kind}"] = 100 * float(np.mean(agreed))
    return values


def counts() -> dict[str, float]:
    """How many hits each detector has, those without any included."""
    kinds = (*ALL_FOUND, *TOGETHER, *SILENT)
    return {f"defects_hits_{kind}": float(sum(hit.kind == kind for hit in hits())) for kind in kinds}


def wilson_lower(right: int, n: int) -> float:
    """Return the lower end of Wilson's 95 % interval of a share.

    >>> round(wilson_lower(95, 100), 3)
    0.888
    """
    p, z2 = right / n, NORMAL_95**2
    return (p + z2 / (2 * n) - NORMAL_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)


def show(hit: Hit) -> str:
    """Return a hit for a reader: its caption with the place marked, and for siblings' sake the other captions."""
    texts = captions()[hit.image]
    text = texts[hit.i]
    lines = [f"{text[: hit.start]}[[{text[hit.start : hit.end]}]]{text[hit.end :]}"]
    if hit.kind in ("contradiction", "duplicate"):
        lines += [f"    {other}" for n, other in enumerate(texts) if n != hit.i]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the sample, or write it for a reader who has not judged yet."""
    drawn = [hit for found in sample().values() for hit in found]
    if arguments[:1] == ["draw"]:
        for path in READINGS.values():
            _write_unread(path, drawn)
        return 0
    for number, hit in enumerate(drawn):
        print(f"{number} {hit.kind} {hit.image}/{hit.i}: {show(hit)}")
    return 0


def _write_unread(path: Path, drawn: list[Hit]) -> None:
    """Write one line per hit; verdicts that are there already stay."""
    known: dict[Hit, Any] = {}
    if path.is_file():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        known = {Hit(*(row[field] for field in Hit._fields)): row["right"] for row in rows}
    path.parent.mkdir(exist_ok=True)
    lines = [json.dumps({**hit._asdict(), "right": known.get(hit)}) for hit in drawn]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


MEASURES = (
    Measure(
        (
            *(Bar(f"defects_recall_{kind}", "% of the known defects", ">=", 100) for kind in ALL_FOUND),
            Bar("defects_recall_spelling_grammar_contradiction", "% of the known defects", ">=", 85),
            *(Bar(f"defects_recall_{kind}", "% of the known defects") for kind in TOGETHER),
        ),
        recall,
    ),
    Measure(
        tuple(
            bar
            for kind in (*ALL_FOUND, *TOGETHER)
            for bar in (
                Bar(f"defects_precision_{kind}", "% of the hits read twice", ">=", 90),
                Bar(f"defects_precision_{kind}_lower_95", "% of the hits read twice"),
                Bar(f"defects_agreement_{kind}", "% of the hits read twice"),
            )
        ),
        precision,
    ),
    Measure(tuple(Bar(f"defects_hits_{kind}", "hits") for kind in (*ALL_FOUND, *TOGETHER, *SILENT)), counts),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
