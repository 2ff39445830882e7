"""A workspace whose every text tries to be more than text: captions, ids, reasons, suggestions, names of people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
from PIL import Image

from curation.importers.stage import stage
from curation.records import Decision, Suggestion
from curation.store import Store, clusters, datasets, decisions, defects, pool_candidates, scores, settings
from curation.store.connection import to_json
from curation.workspace import Workspace

HOST = "hostile.invalid"
TEXTS = (
    f'<x-hostile>tag</x-hostile><img src="https://{HOST}/i.png" onerror="window.hacked=1"> a ball',
    f"![picture](https://{HOST}/m.png) [link](https://{HOST}/l) **bold** `code` # heading :red[x] $a^2$ a ball",
    f'<script>window.hacked=1;fetch("https://{HOST}/s")</script><svg onload="window.hacked=1"></svg> a ball',
    "مرحبا \u202eright to left\u202c and \u2066isolated\u2069 a ball",
    "👩‍🚀 a ball 🏳️‍🌈 and e\u0301\u0327 combining",
    "ball " * 2000,
    "\"quotes\" 'single' \\ back ${window.hacked=1} {{hacked}} %s <!-- a ball",
    f'javascript:alert(1) <a href="javascript:window.hacked=1">a</a> <iframe src="https://{HOST}/f"></iframe> a ball',
)
NAMES = (
    'a"quoted', "a'single", "a#hash", "a|bar", "<x-hostile>id<", "a\u202ereversed", "👩‍🚀", f"[link](https:{HOST})",
    "a&b=c?d", "=cmd()", "..", "a b+c%2F..%2F",
)  # fmt: skip
REFUSED = ("../up", "a/../../b", "a\0b", "a\nb", "C:\\x", "/abs")
"""Image names that an import refuses."""

EVE = f"<x-hostile>Eve ![e](https://{HOST}/e)"[:40]


def build(folder: Path) -> Workspace:
    """Make the workspace in ``folder``: every name with every kind of text, scored, suggested, judged and edited."""
    workspace = Workspace.at(folder)
    pictures = workspace.folder / "pictures"
    pictures.mkdir(parents=True)
    rows = []
    for number, name in enumerate(NAMES):
        file = f"{name}.png"
        Image.new("RGB", (64, 48), (20 * number, 90, 120)).save(pictures / file, "PNG")
        captions = [TEXTS[number % len(TEXTS)], TEXTS[(number + 1) % len(TEXTS)]]
        rows.append(
            {"image": file, "split": "test" if number < 8 else "pool", "captions": captions if number < 8 else []}
        )
    source = workspace.folder / "rows.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    store = Store.open(workspace.database)
    try:
        settings.put(store, name=TEXTS[0], encoder="made-up")
        staged = stage("table", source, settings={"captions": "captions", "split_column": "split"}, folder=pictures)
        datasets.add(store, staged, name=TEXTS[1], importer="table", source=source.name, root="pictures")
        _prepare(store)
        _judge(store)
    finally:
        store.close()
    return workspace


def _prepare(store: Store) -> None:
    captions = store.records("SELECT id, image_id, revision_id, text FROM caption ORDER BY id")
    pool = [row[0] for row in store.rows("SELECT id FROM image WHERE split = 'pool'")]
    test = sorted({one["image_id"] for one in captions})

    def rows(**more: Any) -> list[dict[str, Any]]:
        return [
            {"caption_id": one["id"], "revision_id": one["revision_id"], "encoder": "made-up"} | more
            for one in captions
        ]

    reasons = to_json([{"signal": "made-up", "value": 1.0, "reason": TEXTS[0]}])
    for kind in ("coarse", "noise"):
        table = rows(settings="s", value=0.8, reasons=reasons, parts=to_json({"probability": 0.8}))
        for row in table:  # only captions that are not coarse are asked about in the pool
            row["value"] = 0.8 if row["caption_id"].endswith("#0") else 0.2
        scores.put_scores(store, kind, pa.Table.from_pylist(table))  # type: ignore[arg-type]
    near = rows(image_ids=test, scores=[0.5] * len(test), own_rank=2, own_score=0.4, gallery=8)
    scores.put_rivals(store, pa.Table.from_pylist(near))
    offers = [
        (
            one["id"],
            one["revision_id"],
            [
                Suggestion(
                    f"{one['text'][:400]} {TEXTS[2]}", "siblings", "rewrite", (), {"captions": [0], "rank": [2, 1]}
                ),
                Suggestion(f"{one['text'][:400]} {TEXTS[0]}", "vocabulary", "attribute", (), {
                    "slot": "ball", "slot_span": [0, 4], "type": "colour", "word": TEXTS[0], "probability": 0.5}),
            ],
        )
        for one in captions
    ]  # fmt: skip
    scores.put_suggestions(store, offers, encoder="made-up", settings="s")
    found = [
        {"caption_id": one["id"], "revision_id": one["revision_id"], "encoder": "made-up", "settings": "s",
         "image_id": pool[n % len(pool)], "target_id": one["image_id"], "via": "text", "score": 0.4, "risk": 0.1,
         "duplicate": False}
        for n, one in enumerate(captions)
    ]  # fmt: skip
    pool_candidates.put(store, pa.Table.from_pylist(found))
    named = [{"caption_id": one["id"], "revision_id": one["revision_id"]} for one in captions]
    wrong = [row | {"kind": "x", "start": 0, "stop": 4, "wrong": TEXTS[0], "repair": TEXTS[2]} for row in named]
    defects.put(store, pa.Table.from_pylist(wrong), pa.table({"image_id": test, "key": test}))
    clusters.put(store, pa.Table.from_pylist([row | {"cluster": TEXTS[0], "n": n} for n, row in enumerate(named)]))


def _judge(store: Store) -> None:
    """Let Eve judge: half the captions are coarse, one is edited, one was wrong for a reason of hers."""
    rows = store.records("SELECT id, revision_id FROM caption ORDER BY id")
    made = [
        Decision(f"eve-{n}", EVE, "coarse", row["id"], row["revision_id"], "coarse") for n, row in enumerate(rows[:8])
    ]
    made.append(Decision("eve-e", EVE, "coarse", rows[8]["id"], rows[8]["revision_id"], "edit", text=TEXTS[1]))
    made.append(Decision("eve-w", EVE, "coarse", rows[9]["id"], rows[9]["revision_id"], "wrong", reason=TEXTS[0]))
    outcomes = decisions.decide(store, made)
    assert all(outcome.applied for outcome in outcomes), outcomes
