"""Image by image and near-identical captions: what an act does, and what stands on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from curation.records import Decision, RegrainError
from curation.store import Store, by_image, captions, clusters, decisions, defects, hands, leases, queues, upkeep
from curation.store.filters import EVERYTHING, Filter
from curation.ui import cluster_view, defect_view, image_view, opened, rows_screen
from curation.ui.rows import Act, read
from curation.ui.screen import Screen
from curation.ui.views import View
from tests.pages.conftest import Open, texts

VIEW = View("coarse", "todo", EVERYTHING, "one")


@pytest.fixture
def screen(store: Store, prepared: Path, page: Open) -> Screen:
    page("home")
    return Screen(opened.opened(), "ana", "owner")


def judged(store: Store, caption: str) -> Any:
    return queues.item(store, "coarse", caption)["verdict"]  # type: ignore[index]


def put_cluster(store: Store) -> None:
    ids = [f"scene-{n:02}#0" for n in range(6)]
    columns = {"cluster": ["ball"] * 6, "n": pa.array(range(6), pa.int32()), "caption_id": ids}
    clusters.put(store, pa.table(columns | {"revision_id": [f"{one}@1" for one in ids]}))


def test_images_come_by_their_coarsest_caption_or_by_the_mean(store: Store) -> None:
    first, second = by_image.page(store, "ana", 2, narrow=EVERYTHING)
    assert (first.id, first.value, second.id) == ("scene-00", 0.93, "scene-01")
    assert by_image.page(store, "ana", 1, narrow=EVERYTHING, after=first) == [second]
    [mean] = by_image.page(store, "ana", 1, narrow=EVERYTHING, by="mean")
    assert mean.value == pytest.approx((0.93 + 0.61 + 0.22) / 3)
    only = by_image.page(store, "ana", 9, narrow=Filter(image="scene-04"))
    assert [key.id for key in only] == ["scene-04"]


def test_an_image_is_gone_once_all_its_captions_are_judged_or_passed_over(store: Store) -> None:
    made = [Decision(f"d{i}", "ana", "coarse", f"scene-00#{i}", f"scene-00#{i}@1", "fine") for i in range(2)]
    decisions.decide(store, made)
    assert by_image.page(store, "ana", 1, narrow=EVERYTHING)[0].id == "scene-00"
    decisions.decide(store, [Decision("d2", "ana", "coarse", "scene-00#2", "scene-00#2@1", "unsure")])
    assert by_image.page(store, "ana", 1, narrow=EVERYTHING)[0].id == "scene-01"
    assert by_image.page(store, "bo", 1, narrow=EVERYTHING)[0].id == "scene-00"


def test_a_verdict_on_what_was_seen_is_saved_and_taken_back(screen: Screen, store: Store) -> None:
    act = Act("a1", "scene-00#1", "coarse", "scene-00#1@1")
    assert rows_screen.decide(screen, act) == ""
    assert rows_screen.decide(screen, act) == ""  # sent twice, applied once
    assert judged(store, "scene-00#1") == "coarse"
    assert rows_screen.decide(screen, Act("a2", undo="a1")) == "Taken back."
    assert judged(store, "scene-00#1") is None


def test_a_verdict_on_what_somebody_settled_meanwhile_is_refused(screen: Screen, store: Store) -> None:
    decisions.decide(store, [Decision("b", "bo", "coarse", "scene-00#1", "scene-00#1@1", "fine")])
    said = rows_screen.decide(screen, Act("a1", "scene-00#1", "coarse", "scene-00#1@1", basis=""))
    assert said.startswith("Not saved: ")
    assert judged(store, "scene-00#1") == "fine"


def test_the_page_shows_all_captions_of_an_image_and_holds_them(page: Open, store: Store) -> None:
    app = page("coarse", view="image")
    assert "Coarse captions" in texts(app)
    with store.reading() as cursor:
        held = leases.held_well(cursor, "ana")
    assert {"scene-00#0", "scene-00#1", "scene-00#2"} <= held


def test_what_several_are_asked_stays_hidden_until_one_has_answered(screen: Screen, store: Store) -> None:
    upkeep.change_settings(store, {"overlap": {"coarse": {"answers": 2, "share": 1.0}}})
    decisions.decide(store, [Decision("b", "bo", "coarse", "scene-00#0", "scene-00#0@1", "coarse")])
    item = queues.item(store, "coarse", "scene-00#0")
    assert item is not None
    assert rows_screen.is_blind(screen, item)
    assert (rows_screen.state(screen, item), rows_screen.basis(item)) == ("", "")
    assert [chip.text for chip in rows_screen.score_chips({"value": 0.9, "reasons": []}, blind=True)] == [
        "judged without scores"
    ]
    assert rows_screen.decide(screen, Act("a1", "scene-00#0", "fine", "scene-00#0@1")) == ""
    item = queues.item(store, "coarse", "scene-00#0")
    assert item is not None and item["status"] == "disputed"
    assert rows_screen.state(screen, item) == "answered by you, waits for others"


def test_a_cluster_is_judged_and_taken_back_as_one(screen: Screen, store: Store) -> None:
    put_cluster(store)
    said = cluster_view.carry_out(screen, VIEW, Act("c1", "ball", "coarse"))
    assert said == "6 items judged “Coarse”."
    assert judged(store, "scene-05#0") == "coarse"
    assert clusters.page(store, "coarse", "ana", 9, narrow=EVERYTHING) == []
    last = decisions.last_of(store, "ana", "coarse")
    assert last is not None
    assert cluster_view.carry_out(screen, VIEW, Act("c2", undo=last["id"])) == "Taken back."
    assert clusters.page(store, "coarse", "ana", 9, narrow=EVERYTHING)[0]["number"] == 6


def test_the_page_of_clusters_says_why_it_is_empty(page: Open, store: Store) -> None:
    assert "gathered when the workspace is prepared" in texts(page("coarse", view="clusters"))
    put_cluster(store)
    assert "A verdict goes to all of them that wait" in texts(page("coarse", view="clusters"))


def test_layouts_of_their_own_are_the_coarse_queue_s_alone(page: Open, store: Store) -> None:
    put_cluster(store)
    shown = {button.label for button in page("coarse").button}
    assert {"Grid", "Image by image", "Near-identical", "Overview"} <= shown
    assert not {"Overview", "Image by image"} & {button.label for button in page("noise", view="overview").button}
    assert image_view.LAYOUT == "image"


GOOD = {"session": "s", "acts": [{"id": "a", "row": "r", "verdict": "fine"}]}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        GOOD | {"session": "other"},
        GOOD | {"acts": "all"},
        GOOD | {"acts": [{"row": "r"}]},
        GOOD | {"acts": [{"id": "a" * 65}]},
        GOOD | {"acts": [{"id": "a", "row": 3}]},
        GOOD | {"acts": [{"id": "a"}] * 501},
    ],
)
def test_what_is_malformed_or_of_another_session_is_refused(raw: Any) -> None:
    with pytest.raises(RegrainError):
        read(raw, "s")
    assert read(GOOD, "s") == [Act("a", "r", "fine")]


def test_a_repair_is_an_edit_that_is_taken_back(page: Open, screen: Screen, store: Store) -> None:
    row = {"caption_id": "scene-00#0", "revision_id": "scene-00#0@1", "kind": "article", "start": 0, "stop": 1}
    found = pa.Table.from_pylist([row | {"wrong": "a", "repair": "an"}])
    defects.put(store, found, pa.table({"image_id": ["scene-00"], "key": ["k"]}))
    shown = texts(page("coarse", view="defects"))
    assert "a or an" in shown and "No text defect waits" not in shown
    [group] = defect_view._groups(screen, ["scene-00#0"])
    [caption] = group.rows
    assert caption.repair is not None
    assert (caption.marks, caption.repair.text) == (((0, 1),), "an ball")
    act = Act("f1", caption.id, "edit", caption.revision_id, caption.basis, text=caption.repair.text)
    assert rows_screen.decide(screen, act) == ""
    assert captions.get(store, "scene-00#0")["text"] == "an ball"
    [group] = defect_view._groups(screen, ["scene-00#0"])
    assert (group.rows[0].marks, group.rows[0].repair) == ((), None)
    assert rows_screen.decide(screen, Act("z1", undo="f1")) == "Taken back."
    assert captions.get(store, "scene-00#0")["text"] == "a ball"
    assert "No text defect waits" in texts(page("coarse", view="defects", defect="spelling"))


def test_a_repaired_caption_can_still_be_called_coarse(screen: Screen, store: Store) -> None:
    assert rows_screen.decide(screen, Act("f1", "scene-00#0", "edit", "scene-00#0@1", text="one ball")) == ""
    now = captions.get(store, "scene-00#0")["revision_id"]
    assert rows_screen.decide(screen, Act("c1", "scene-00#0", "coarse", now, basis="f1")) == ""
    assert judged(store, "scene-00#0") == "coarse"
    assert captions.get(store, "scene-00#0")["text"] == "one ball"
    assert queues.item(store, "rewrites", "scene-00#0") is not None


def test_what_is_within_reach_by_id_is_what_the_list_says(store: Store) -> None:
    ids = [f"scene-00#{i}" for i in range(3)] + ["scene-01#0", "scene-02#0", "nowhere#0"]
    decisions.decide(store, [Decision("d", "bo", "coarse", "scene-00#0", "scene-00#0@1", "fine")])
    decisions.decide(store, [Decision("u", "ana", "coarse", "scene-00#1", "scene-00#1@1", "unsure")])
    store.write(lambda c: leases.hold(c, "bo", "coarse", ["scene-01#0"]))
    listed = {row["id"] for row in hands.page(store, "coarse", "ana", 9, narrow=Filter(captions=tuple(ids)))}
    found = hands.of_these(store, "coarse", "ana", ids)
    assert found == {"scene-00#1": False, "scene-00#2": True, "scene-02#0": True}
    assert set(found) == listed
    assert hands.of_these(store, "coarse", "ana", []) == {}


def test_the_order_of_images_stands_in_the_address(page: Open, store: Store) -> None:
    app = page("coarse", view="image")
    app.segmented_control(key="images-by").set_value("mean").run()
    assert not app.exception
    assert app.query_params["by"] == "mean"
    app.segmented_control(key="images-by").set_value("coarsest").run()
    assert "by" not in app.query_params
