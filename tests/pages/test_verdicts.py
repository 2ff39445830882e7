"""One verdict in each queue through the plain form, checked in the store; and freezing what came of it."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from curation.records import Decision
from curation.store import Store, decisions, queues, versions
from tests.pages.conftest import Open, texts


def press(app: AppTest, label: str) -> AppTest:
    """Press the button with this label and run the page; there must be exactly one."""
    (button,) = [button for button in app.button if button.label.replace("\\", "") == label]
    button.click().run()
    assert not app.exception, app.exception
    return app


def last(store: Store) -> dict:
    found = decisions.last_of(store, "ana")
    assert found is not None
    return found


def make_coarse(store: Store, caption_id: str) -> None:
    decisions.decide(store, [Decision(f"c:{caption_id}", "ana", "coarse", caption_id, f"{caption_id}@1", "coarse")])


def test_a_coarse_verdict_opens_rewrites_and_shows_the_next_item(store: Store, page: Open) -> None:
    app = page("coarse", plain="1")
    press(app, "Coarse")
    assert (last(store)["caption_id"], last(store)["verdict"]) == ("scene-00#0", "coarse")
    assert queues.counts(store, "ana")["coarse"] == {"todo": 35, "disputed": 0, "done": 1, "mine": 1}
    assert queues.counts(store)["rewrites"]["todo"] == 1
    press(app, "Fine enough")
    assert (last(store)["caption_id"], last(store)["verdict"]) == ("scene-01#0", "fine")


def test_undo_takes_the_last_verdict_back_also_after_a_reload(store: Store, page: Open) -> None:
    press(page("coarse", plain="1"), "Coarse")
    fresh = page("coarse", plain="1")
    (undo,) = [button for button in fresh.button if button.label.startswith("Undo")]
    undo.click().run()
    assert decisions.last_of(store, "ana") is None
    assert queues.counts(store)["coarse"]["done"] == 0
    assert queues.counts(store)["rewrites"]["todo"] == 0


def test_a_suggestion_is_accepted_word_for_word(store: Store, page: Open) -> None:
    make_coarse(store, "scene-00#0")
    app = page("rewrites", plain="1")
    shown = texts(app)
    assert "<ins>red</ins>" in shown
    assert "from caption 3" in shown and "rank among rivals 4 → 1" in shown
    press(app, "Accept 2")
    item = queues.item(store, "rewrites", "scene-00#0")
    assert item is not None
    assert item["text"] == "a red ball on the grass"
    assert item["verdict"] == "accept"
    assert last(store)["suggestion_source"] == "siblings"


def test_an_edit_is_kept_word_for_word(store: Store, page: Open) -> None:
    make_coarse(store, "scene-00#0")
    app = page("rewrites", plain="1")
    app.text_area[0].set_value("a red ball, shining").run()
    press(app, "Save the edited caption")
    item = queues.item(store, "rewrites", "scene-00#0")
    assert item is not None and item["text"] == "a red ball, shining"


def test_an_attribute_is_inserted(store: Store, page: Open) -> None:
    make_coarse(store, "scene-00#0")
    app = page("attributes", plain="1")
    app.multiselect[0].set_value([0]).run()
    press(app, "Insert")
    item = queues.item(store, "attributes", "scene-00#0")
    assert item is not None and item["text"] == "a red ball"


def test_a_noisy_pair_is_left_out_of_a_version(store: Store, page: Open) -> None:
    app = page("noise", plain="1")
    assert "Suspicion 0.90" in texts(app)
    press(app, "Wrong image")
    assert last(store)["verdict"] == "mismatch"
    assert versions.pending(store)["pairs_excluded"] == 1


def test_a_pool_candidate_is_graded(store: Store, page: Open) -> None:
    app = page("pool", plain="1")
    assert "Candidate from the pool" in texts(app)
    press(app, "Yes: also matches")
    made = last(store)
    assert (made["caption_id"], made["image_id"], made["verdict"]) == ("scene-00#2", "pool-00", "yes")


def test_a_link_opens_its_item_and_the_queue_goes_on_after_it(store: Store, page: Open) -> None:
    app = page("coarse", plain="1", item="scene-05#1")
    assert "a ball on the night" in texts(app)
    press(app, "Wrong")
    assert last(store)["caption_id"] == "scene-05#1"
    assert "item" not in app.query_params
    press(app, "Coarse")
    assert last(store)["caption_id"] == "scene-00#0"


def test_search_shows_matching_items_alone(store: Store, page: Open) -> None:
    app = page("coarse", plain="1", q="purple box")
    assert "one purple box lies there" in texts(app)
    press(app, "Fine enough")
    assert last(store)["caption_id"] == "scene-10#2"
    assert "Nothing found" in texts(app)


def test_mine_and_done_list_what_was_judged(store: Store, page: Open) -> None:
    press(page("coarse", plain="1"), "Coarse")
    decisions.decide(store, [Decision("b1", "ben", "coarse", "scene-01#0", "scene-01#0@1", "fine")])
    mine, done = texts(page("coarse", tab="mine")), texts(page("coarse", tab="done"))
    assert "scene-00#0" in mine and "scene-01#0" not in mine
    assert "scene-00#0" in done and "scene-01#0" in done and "Fine enough · ben" in done


def test_a_verdict_on_an_older_text_is_refused_with_the_new_one(store: Store, page: Open) -> None:
    app = page("coarse", plain="1")
    decisions.decide(store, [Decision("b1", "ben", "coarse", "scene-00#0", "scene-00#0@1", "edit", text="a red ball")])
    press(app, "Coarse")
    assert "it now reads: a red ball" in texts(app)
    assert decisions.last_of(store, "ana") is None


def test_a_version_is_frozen_released_and_reconciled(prepared: Path, store: Store, page: Open) -> None:
    make_coarse(store, "scene-00#0")
    press(page("rewrites", plain="1"), "Accept 1")
    app = page("versions")
    press(app, "Freeze the original")
    app.text_input(key="version-name").set_value("finer: 1/2")
    press(app, "Freeze")
    assert "Frozen as finer: 1/2." in texts(app)
    newest, original = versions.listed(store)
    assert (newest["name"], original["name"]) == ("finer: 1/2", "original")
    assert "<ins>red</ins>" in texts(app)
    app.button(key=f"release-{newest['id']}").click().run()
    assert not app.exception
    assert "48 captions in, 48 out" in texts(app)
    (release,) = versions.releases(store, newest["id"])
    folder = prepared / release["folder"]
    assert folder.parent == prepared / "exports"
    lines = (folder / "jsonl" / "captions.jsonl").read_text(encoding="utf-8").splitlines()
    assert any("a red ball" in json.loads(line).values() for line in lines)


def test_a_name_that_is_taken_or_empty_is_refused(store: Store, page: Open) -> None:
    app = page("versions")
    press(app, "Freeze")
    assert "a version needs a name" in texts(app)
    app.text_input(key="version-name").set_value("one")
    press(app, "Freeze")
    press(app, "Freeze")
    assert "exists" in texts(app)
    assert len(versions.listed(store)) == 1
