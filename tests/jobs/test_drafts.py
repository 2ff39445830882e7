"""A draft among its rivals: the same figures as the evidence of a suggestion with the same text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from curation.jobs import drafts as drafts_module
from curation.jobs.closeness import REPORT, known_delta, measured_delta
from curation.jobs.drafts import LONGEST, Drafts, NotRanked, checked
from curation.jobs.text_tower import TextTower, TowerFailed
from curation.live import live_rank
from curation.records import Decision
from curation.store import Store, captions, decisions, reports, scores, settings, vectors
from curation.workspace import Workspace
from tests import small_demo

Opened = tuple[Store, Workspace]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    workspace = small_demo.copy(tmp_path_factory)
    store = Store.open(workspace.database)
    yield store, workspace
    store.close()


@pytest.fixture(scope="module")
def tower() -> Iterator[TextTower]:
    tower = TextTower()
    tower.wake("regrain-scenes-1", "auto")
    assert tower.wait(180) == "ready", tower.problem
    yield tower
    tower.close()


@pytest.fixture
def drafts(demo: Opened, tower: TextTower) -> Drafts:
    return Drafts(*demo, tower)


def suggested(store: Store) -> list[dict[str, Any]]:
    """Return suggestions with figures, on texts that are still current."""
    reviewed = captions.in_splits(store, ["test"]).to_pylist()
    return [one for row in reviewed for one in scores.suggestions(store, row["id"]) if "rank" in one["evidence"]]


def test_the_figures_of_a_suggestions_text_are_those_of_its_evidence(demo: Opened, drafts: Drafts) -> None:
    store, _ = demo
    judged = suggested(store)
    assert {one["kind"] for one in judged} == {"rewrite", "attribute"}
    assert len(judged) > 60
    for offer in judged[:: len(judged) // 60]:
        ranked = drafts.rank(offer["caption_id"], offer["revision_id"], offer["text"], whose="ana")
        assert ranked.evidence["rank"] == offer["evidence"]["rank"]
        assert ranked.evidence["fits"] == offer["evidence"]["fits"]
        np.testing.assert_allclose(ranked.evidence["margin"], offer["evidence"]["margin"], atol=1.01e-4)
        assert ranked.of == 13 and not ranked.stale


def test_a_draft_is_ranked_by_the_definition(demo: Opened, drafts: Drafts, tower: TextTower) -> None:
    store, workspace = demo
    encoder = settings.get(store, "encoder")
    [caption, *_] = captions.in_splits(store, ["test"]).to_pylist()
    text = "a red ball on the beach"
    rivals = scores.rivals(store, caption["id"])
    assert rivals is not None
    ids = [caption["image_id"], *rivals["image_ids"]]
    rows = captions.images(store, ids)
    hashes = [rows[image]["content_hash"] for image in ids]
    images = vectors.load(store, workspace.vectors, encoder=encoder, kind="image", hashes=hashes).rows
    found = drafts.rank(caption["id"], caption["revision_id"], text, whose="ana")
    tower.wait(60)
    [draft] = tower.ask(encoder, [text], whose="ben", device="auto").result(60)
    wanted = live_rank(draft, images[0], images[1:], delta=known_delta(store, workspace, encoder))
    assert found.after.rank == wanted.rank and found.after.fits == wanted.fits
    assert found.after.margin == pytest.approx(wanted.margin, abs=1e-5)
    same = drafts.rank(caption["id"], caption["revision_id"], caption["text"], whose="ana")
    assert same.after.rank == same.before.rank == found.before.rank
    assert same.after.margin == pytest.approx(same.before.margin, abs=1e-5)


def test_the_delta_is_that_of_the_suggestions(demo: Opened) -> None:
    store, workspace = demo
    encoder = settings.get(store, "encoder")
    kept = reports.get(store, REPORT, encoder)
    assert kept is not None
    reports.put(store, REPORT, encoder, {"delta": 0.5})
    assert known_delta(store, workspace, encoder) == 0.5
    assert measured_delta(store, workspace, encoder) == pytest.approx(kept["delta"])
    settings.put(store, fits_delta=0)
    assert measured_delta(store, workspace, encoder) == 0
    settings.put(store, fits_delta=None)
    measured_delta(store, workspace, encoder)


def test_a_draft_is_held_against_the_text_that_the_person_sees(demo: Opened, drafts: Drafts) -> None:
    store, _ = demo
    caption = captions.in_splits(store, ["test"]).to_pylist()[1]
    made = Decision("edit", "ben", "coarse", caption["id"], caption["revision_id"], "edit", text="a text of Ben's")
    assert decisions.decide(store, [made])[0].applied
    seen = drafts.place(caption["id"], caption["revision_id"])
    assert (seen.text, seen.stale) == (caption["text"], False)
    fresh = drafts.place(caption["id"], captions.get(store, caption["id"])["revision_id"])
    assert (fresh.text, fresh.stale) == ("a text of Ben's", True)
    for gone in [("nosuch#0", "r"), (caption["id"], "r")]:
        with pytest.raises(NotRanked, match="has no revision 'r' any more: reload"):
            drafts.place(*gone)


def test_what_is_missing_is_named(demo: Opened, drafts: Drafts) -> None:
    store, _ = demo
    caption = captions.in_splits(store, ["train"]).to_pylist()[0]
    with pytest.raises(NotRanked, match="rivals are not computed yet: prepare"):
        drafts.place(caption["id"], caption["revision_id"])
    settings.put(store, encoder="another")
    reviewed = captions.in_splits(store, ["test"]).to_pylist()[5]
    with pytest.raises(NotRanked, match="not encoded with another yet"):
        Drafts(*demo, drafts.tower).place(reviewed["id"], reviewed["revision_id"])
    settings.put(store, encoder="regrain-scenes-1")


def test_rivals_are_read_anew_after_a_while(demo: Opened, drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    caption = captions.in_splits(demo[0], ["test"]).to_pylist()[7]
    first = drafts.place(caption["id"], caption["revision_id"])
    assert drafts.place(caption["id"], caption["revision_id"]) is first
    monkeypatch.setattr(drafts_module, "PLACE_SECONDS", 0.0)
    assert drafts.place(caption["id"], caption["revision_id"]) is not first


def test_only_so_many_places_are_kept(demo: Opened, drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts_module, "PLACES_KEPT", 3)
    for caption in captions.in_splits(demo[0], ["test"]).to_pylist()[10:20]:
        drafts.place(caption["id"], caption["revision_id"])
    assert len(drafts._places) == 3


def test_an_encoder_that_cannot_be_had_is_told(demo: Opened) -> None:
    tower = TextTower(("false",))
    caption = captions.in_splits(demo[0], ["test"]).to_pylist()[9]
    try:
        with pytest.raises(TowerFailed, match="its process failed"):
            Drafts(*demo, tower).rank(caption["id"], caption["revision_id"], "a ball", whose="ana")
    finally:
        tower.close()


@pytest.mark.parametrize(
    ("text", "why"), [("", "empty"), (" \n\t", "empty"), ("x" * (LONGEST + 1), "10,001 characters")]
)
def test_no_draft_is_no_draft(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        checked(text)
    assert checked("x" * LONGEST)
