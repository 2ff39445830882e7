from __future__ import annotations

import pytest

from curation.records import Benchmark, BenchmarkCaption, BenchmarkImage, Qrel


def caption(image: str, i: int, text: str, split: str = "test", *, original: str | None = None) -> BenchmarkCaption:
    changed = original is not None
    return BenchmarkCaption(
        id=f"{image}#{i}",
        image_id=image,
        i=i,
        text=text,
        split=split,  # type: ignore[arg-type]
        revision_id=f"{image}#{i}@{2 if changed else 1}",
        source="edit" if changed else "import",
        original=original if original is not None else text,
        decision_id="d1" if changed else None,
    )


@pytest.fixture
def toy() -> Benchmark:
    """Two test targets, one val target, two distractors (one not held), one edited caption, three judged pairs."""
    return Benchmark(
        name="toy 1",
        images=(
            BenchmarkImage("b", "test", "target", "photos/b.png"),
            BenchmarkImage("a", "test", "target", None),
            BenchmarkImage("v", "val", "target", "v.jpg"),
            BenchmarkImage("pool one", "pool", "distractor", None),
            BenchmarkImage("000000063032", "pool", "distractor", "000000063032.jpg"),
        ),
        captions=(
            caption("b", 0, "A man's T-shirt .", original="A shirt ."),
            caption("b", 1, 'He says: "no"\nand\u2028leaves'),
            caption("a", 0, "Ein Mädchen \U0001f600"),
            caption("v", 2, "A cow/bull .", "val"),
        ),
        qrels=(Qrel("b#0", "pool one", 1, "d2"), Qrel("b#0", "000000063032", 0, "d3"), Qrel("a#0", "a", 3, "d4")),
        facts={"encoder": "demo", "settings": {"k": 10}, "decisions": {"rewrites": {"accept": 1}}},
    )
