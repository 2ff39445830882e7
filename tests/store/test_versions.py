from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from curation.records import Decision, Qrel, RegrainError
from curation.store import Store, captions, decisions, pool_candidates, versions
from tests.store.conftest import add, staged


def judge(store: Store, name: str, caption: str, image: str, verdict: str) -> None:
    revision = captions.get(store, caption)["revision_id"]
    decisions.decide(store, [Decision(name, "ann", "pool", caption, revision, verdict, image_id=image)])


def candidates(store: Store, pairs: list[tuple[str, str]]) -> None:
    columns: dict[str, list[Any]] = {
        "caption_id": [one for one, _ in pairs],
        "image_id": [two for _, two in pairs],
        "target_id": [one.split("#")[0] for one, _ in pairs],
        "via": ["text"] * len(pairs),
        "score": [0.5] * len(pairs),
        "risk": [0.5] * len(pairs),
        "duplicate": [False] * len(pairs),
        "revision_id": [f"{one}@1" for one, _ in pairs],
        "encoder": ["e"] * len(pairs),
        "settings": ["s"] * len(pairs),
    }
    pool_candidates.put(store, pa.table(columns))


def test_a_version_holds_texts_pool_and_judgements(store: Store) -> None:
    candidates(store, [("t0#0", "p0"), ("t0#0", "p1"), ("t1#0", "p2"), ("t1#1", "p3"), ("t2#0", "p4")])
    judge(store, "a", "t0#0", "p0", "no")
    judge(store, "b", "t0#0", "p1", "yes")
    judge(store, "c", "t1#0", "p2", "same")
    decisions.decide(store, [Decision("d", "ann", "noise", "t5#0", "t5#0@1", "mismatch")])
    decisions.decide(store, [Decision("e", "ann", "rewrites", "t3#0", "t3#0@1", "edit", text="a finer one")])
    frozen = versions.benchmark(store, versions.freeze(store, "fine", person="ann"))
    assert [image.id for image in frozen.images if image.role == "distractor"] == ["p0", "p1"]
    assert frozen.qrels == (Qrel("t0#0", "p0", 0, "a"), Qrel("t0#0", "p1", 2, "b"))
    ids = {caption.id for caption in frozen.captions}
    assert "t5#0" not in ids
    assert len(ids) == 19
    changed = next(caption for caption in frozen.captions if caption.id == "t3#0")
    assert (changed.text, changed.original, changed.source, changed.decision_id) == (
        "a finer one", "caption 0 of t3", "edit", "e",
    )  # fmt: skip
    assert frozen.facts["captions_changed"] == 1
    assert frozen.facts["captions"] == {"test": 11, "train": 8}


def test_unjudged_candidates_join_only_where_asked(store: Store) -> None:
    candidates(store, [("t0#0", "p0"), ("t0#1", "p1")])
    judge(store, "a", "t0#0", "p0", "no")
    roles = {}
    for pool in ("none", "judged", "candidates"):
        frozen = versions.benchmark(store, versions.freeze(store, pool, person="ann", pool=pool))
        roles[pool] = [image.id for image in frozen.images if image.role == "distractor"]
    assert roles == {"none": [], "judged": ["p0"], "candidates": ["p0", "p1"]}


def test_a_judgement_on_an_older_text_is_no_qrel(store: Store) -> None:
    candidates(store, [("t0#0", "p0")])
    judge(store, "a", "t0#0", "p0", "yes")
    decisions.decide(store, [Decision("e", "ann", "rewrites", "t0#0", "t0#0@1", "edit", text="finer")])
    assert versions.benchmark(store, versions.freeze(store, "v", person="ann")).qrels == ()


def test_a_repaired_pair_is_back_in(store: Store) -> None:
    decisions.decide(store, [Decision("d", "ann", "noise", "t5#0", "t5#0@1", "mismatch")])
    decisions.decide(store, [Decision("e", "ann", "noise", "t5#0", "t5#0@1", "edit", text="repaired")])
    frozen = versions.benchmark(store, versions.freeze(store, "v", person="ann"))
    assert {c.id: (c.text, c.source) for c in frozen.captions}["t5#0"] == ("repaired", "repair")


def test_later_edits_leave_a_version_as_it_was_and_the_diff_shows_them(store: Store) -> None:
    first = versions.freeze(store, "one", person="ann")
    before = versions.benchmark(store, first)
    decisions.decide(store, [Decision("e", "ann", "rewrites", "t0#0", "t0#0@1", "edit", text="finer")])
    decisions.decide(store, [Decision("d", "ann", "noise", "t5#0", "t5#0@1", "mismatch")])
    versions.freeze(store, "two", person="ann")
    assert versions.benchmark(store, first) == before
    diff = versions.diff(store, "one", "two")
    assert [(row["old"], row["new"]) for row in diff["changed"]] == [("caption 0 of t0", "finer")]
    assert (diff["caption_removed"], diff["caption_added"], diff["image_added"]) == (1, 0, 0)
    original = versions.benchmark(store, versions.freeze(store, "original", person="ann", original=True))
    assert [c.text for c in original.captions] == [c.text for c in before.captions]


def test_names_are_needed_and_unique(store: Store, empty: Store) -> None:
    versions.freeze(store, "v", person="ann")
    for name, why in (("v", "exists"), (" ", "needs a name")):
        with pytest.raises(RegrainError, match=why):
            versions.freeze(store, name, person="ann")
    with pytest.raises(RegrainError, match="there are: 'v'"):
        versions.find(store, "w")


def test_an_empty_workspace_has_nothing_to_freeze(empty: Store) -> None:
    with pytest.raises(RegrainError, match="import captions first"):
        versions.freeze(empty, "v", person="ann")
    assert versions.listed(empty) == []


def test_images_that_are_only_named_keep_the_name_of_a_file(empty: Store) -> None:
    tables = staged(images=[("t0", None, "test")], captions=[("t0", 0, "one")])
    named = tables.images.set_column(1, "name", pa.array(["val2014/t0.png"]))
    add(empty, replace(tables, images=named))
    frozen = versions.benchmark(empty, versions.freeze(empty, "v", person="ann"))
    assert frozen.images[0].file == "val2014/t0.png"
