from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from curation.records import Decision
from curation.store import Store, analyses, decisions, models, scores


def score(store: Store, *captions: str, revision: int = 1, words: float = -3.0) -> None:
    table: dict[str, Any] = {
        "caption_id": list(captions),
        "revision_id": [f"{one}@{revision}" for one in captions],
        "encoder": ["e"] * len(captions),
        "settings": ["s"] * len(captions),
        "value": [0.5] * len(captions),
        "reasons": ["[]"] * len(captions),
        "parts": [json.dumps({"words": words})] * len(captions),
    }
    scores.put_scores(store, "coarse", pa.table(table))


def judge(store: Store, caption: str, verdict: str, **more: Any) -> None:
    one = Decision(f"{caption}-{verdict}", "ann", "coarse", caption, f"{caption}@1", verdict, **more)
    assert decisions.decide(store, [one])[0].applied


def examples(store: Store) -> list[dict[str, Any]]:
    models.remember(store)
    return list(models.examples(store, ["test"]).to_pylist())


def test_fine_and_coarse_are_examples_and_other_verdicts_are_not(store: Store) -> None:
    score(store, "t0#0", "t1#0", "t2#0", "t3#0")
    for caption, verdict in (("t0#0", "fine"), ("t1#0", "coarse"), ("t2#0", "wrong"), ("t3#0", "unsure")):
        judge(store, caption, verdict)
    found = examples(store)
    assert [(row["caption_id"], row["coarse"]) for row in found] == [("t0#0", False), ("t1#0", True)]
    assert found[1]["text"] == "caption 0 of t1"
    assert found[0]["seq"] < found[1]["seq"]
    assert json.loads(found[0]["parts"]) == {"words": -3.0}


def test_a_verdict_outlives_the_rewrite_with_the_signals_of_the_judged_text(store: Store) -> None:
    score(store, "t1#0")
    judge(store, "t1#0", "coarse")
    rewrite = Decision("e", "ann", "rewrites", "t1#0", "t1#0@1", "edit", text="a red caption 0 of t1 on grass")
    outcome = decisions.decide(store, [rewrite])[0]
    assert outcome.applied
    models.remember(store)
    scores.put_scores(
        store,
        "coarse",
        pa.table({
            "caption_id": ["t1#0"], "revision_id": [outcome.revision_id], "encoder": ["e"], "settings": ["s"],
            "value": [0.1], "reasons": ["[]"], "parts": ['{"words": -8.0}'],
        }),
    )  # fmt: skip
    found = examples(store)
    assert [(row["text"], json.loads(row["parts"])["words"]) for row in found] == [("caption 0 of t1", -3.0)]
    assert models.scored(store, ["test"]).to_pylist()[0]["text"] == "a red caption 0 of t1 on grass"


def test_the_grammar_is_that_of_the_text_that_was_judged_as_one_pipeline_found_it(store: Store) -> None:
    score(store, "t0#0", "t1#0")
    judge(store, "t0#0", "coarse")
    models.remember(store)
    texts = analyses.missing(store, ["test"], "p/2").to_pylist()
    bodies = [json.dumps({"grammar": f"of {row['text']}"}) for row in texts]
    analyses.put(store, "p/2", pa.table({"text_hash": [row["text_hash"] for row in texts], "body": bodies}))
    assert models.examples(store, ["test"], "p/2").to_pylist()[0]["grammar"] == "of caption 0 of t0"
    assert [row["grammar"] for row in models.scored(store, ["test"], "p/2").to_pylist()] == [
        "of caption 0 of t0",
        "of caption 0 of t1",
    ]
    assert models.examples(store, ["test"], "p/3").to_pylist()[0]["grammar"] == ""


def test_remembering_twice_adds_nothing_and_an_undone_verdict_is_no_example(store: Store) -> None:
    score(store, "t0#0", "t1#0")
    judge(store, "t0#0", "coarse")
    assert models.remember(store) == 1
    assert models.remember(store) == 0
    undo = Decision("u", "ann", "coarse", "t0#0", "t0#0@1", "undo", undoes="t0#0-coarse")
    assert decisions.decide(store, [undo])[0].applied
    assert examples(store) == []


def test_a_model_is_kept_once_and_the_latest_is_the_one_that_saw_most(store: Store) -> None:
    assert models.latest(store) is None
    models.put(store, "fitted-b", 20, {"bias": 0.5})
    models.put(store, "fitted-a", 7, {"bias": 0.25})
    models.put(store, "fitted-b", 20, {"bias": 9.0})
    assert models.latest(store) == {"bias": 0.5}
    assert models.get(store, "fitted-a") == {"bias": 0.25}
    assert models.get(store, "other") is None
    assert sorted(row["id"] for row in models.listed(store)) == ["fitted-a", "fitted-b"]
