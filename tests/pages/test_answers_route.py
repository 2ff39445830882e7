"""The route that takes decisions: who may send them, what is answered, and what is said where nothing was saved."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from curation.records import Queue, Suggestion
from curation.session import open_session
from curation.store import bulk, decisions, jobs, people, scores
from curation.store.people import Person
from curation.ui import answers_grant, answers_route, opened, review_data, views
from curation.ui.answers_grant import AnswersGrant
from curation.ui.opened import Opened
from curation.ui.screen import Screen
from curation.ui.signing import derived, signed
from tests.pages.small_workspace import ENCODER, build


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setattr(opened, "open_session", partial(open_session, serve=False))
    monkeypatch.setenv("REGRAIN_WORKSPACE", str(build(tmp_path / "w").folder))
    found = opened.opened()
    for name in ("ana", "ben"):
        people.add(found.store, Person(name, name, "annotator", "active"), by="ana")
    yield found
    opened.close()


class Tab:
    """A tab that posts its answers, as the browser does."""

    def __init__(self, here: Opened, person: str = "ana", queue: Queue = "coarse") -> None:
        self.client = TestClient(Starlette(routes=[answers_route.answers_route(lambda: here)]))
        self.screen = Screen(here, person, "annotator", person)
        self.review = review_data.build_review(self.screen, views.of_query(self.screen, queue, {}))
        self.number = 0

    def row(self, n: int, verdict: str = "fine", **more: Any) -> dict[str, Any]:
        item = self.review.items[n]
        self.number += 1
        return {
            "id": f"{self.screen.person}-{self.number}", "number": self.number, "ignored": 0, "item_id": item.id,
            "queue": "coarse", "caption_id": item.caption_id, "revision_id": item.revision_id, "image_id": "",
            "verdict": verdict, "reason": "", "text": None, "undoes": None, "basis": item.basis, "shown_ms": 9, **more,
        }  # fmt: skip

    def post(self, *rows: dict[str, Any], address: str = "", **more: Any) -> httpx.Response:
        outbox = {"session": self.review.session, "stream": "s", "decisions": list(rows)}
        body = {"outbox": outbox, "view": self.review.view, "held": {}, "more": False, **more}
        return self.client.post(address or self.review.answers, json=body)


def test_an_answer_is_stored_once_and_the_counts_come_back(here: Opened) -> None:
    tab = Tab(here)
    row = tab.row(0)
    for _ in range(2):  # the word of the first may be lost
        answer = tab.post(row)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        told = answer.json()
        assert told["acked"] == {"stream": "s", "number": 1}
        assert (told["refused"], told["error"]) == ([], "")
        assert (told["todo"], told["done"]) == (tab.review.todo - 1, tab.review.done + 1)
        assert "items" not in told
    assert [made["id"] for made in decisions.history(here.store, row["caption_id"])] == ["ana-1"]


def test_what_comes_next_leaves_out_what_the_browser_holds(here: Opened) -> None:
    tab = Tab(here)
    held = {item.id: item.version for item in tab.review.items[1:]}
    told = tab.post(tab.row(0), held=held, more=True).json()
    assert told["order"][: len(held)] == list(held), "what is held comes first, in its order"
    assert len(told["order"]) == review_data.AHEAD
    assert [item["id"] for item in told["items"]] == told["order"][len(held) :]
    assert "recent" not in told, "the tab knows what it judged"
    old = dict.fromkeys(held, "another text")
    assert {item["id"] for item in tab.post(held=old, more=True).json()["items"]} == set(told["order"])


def test_a_list_holds_whatever_was_written_before_its_position(here: Opened) -> None:
    tab = Tab(here)
    store, reached = tab.post(tab.row(0)).json()["position"]
    assert store == tab.review.as_of[0]
    assert reached > tab.review.as_of[1], "the page's list does not hold the answer"
    told = tab.post(more=True).json()
    assert told["as_of"] >= [store, reached]
    assert tab.review.items[0].id not in told["order"]


def test_a_refusal_brings_the_list_as_it_stands(here: Opened) -> None:
    ana, ben = Tab(here), Tab(here, "ben", "noise")
    row = ana.row(0)
    other = {**row, "id": "b", "verdict": "coarse"}
    bulk.apply(here.store, [answers_route.read_outbox(_outbox(ben, other), _as_coarse(ben))[1][0].decision])
    told = ana.post(row).json()
    assert told["acked"]["number"] == 1
    assert [(one["decision_id"], one["item_id"]) for one in told["refused"]] == [("ana-1", row["item_id"])]
    assert "ben" in told["refused"][0]["message"]
    assert row["item_id"] not in told["order"]


def test_an_undo_brings_what_can_be_taken_back_next(here: Opened) -> None:
    tab = Tab(here)
    tab.post(tab.row(0), tab.row(1))
    told = tab.post(tab.row(1, "undo", undoes="ana-2", basis=None), more=True).json()
    assert [one["decision_id"] for one in told["recent"]] == ["ana-1"]
    assert told["order"][0] == tab.review.items[1].id


def test_an_address_holds_for_its_person_until_it_ends(here: Opened) -> None:
    tab = Tab(here)
    row, secret, soon = tab.row(0), here.images.secret, int(time.time()) + 60

    def at(grant: AnswersGrant, key: bytes = secret, use: str = "answers") -> int:
        return tab.post(row, address=f"/answers/{signed(derived(key, use), grant)}").status_code

    assert at(AnswersGrant("ana", "coarse", soon - 61)) == 403
    assert at(AnswersGrant("ana", "coarse", soon), b"t" * 32) == 403
    assert at(AnswersGrant("ana", "coarse", soon), secret, "live") == 403
    assert at(AnswersGrant("nobody", "coarse", soon)) == 403
    assert tab.client.get(tab.review.answers).status_code == 405
    assert decisions.history(here.store, row["caption_id"]) == []
    people.set_state(here.store, "ana", "inactive", by="ana", checked=False)
    refused = tab.post(row)
    assert refused.status_code == 403
    assert "not do this here" in refused.json()["message"]
    assert decisions.history(here.store, row["caption_id"]) == []


def test_nobody_answers_under_another_name(here: Opened) -> None:
    """Person and queue are the address's, whatever the outbox says; another person's outbox is not taken at all."""
    ana, ben = Tab(here), Tab(here, "ben", "noise")
    row = ana.row(0, person="ben")
    assert ana.post(row, address=ben.review.answers).status_code == 400
    assert ana.post(row).status_code == 200
    assert [made["person"] for made in decisions.history(here.store, row["caption_id"])] == ["ana"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[1]", 400), (b'{"outbox": 1}', 400), (b"\xff", 400), (b"[" * 100_000, 400)],
)
def test_what_cannot_be_read_changes_nothing(here: Opened, body: bytes, status: int) -> None:
    tab = Tab(here)
    answer = tab.client.post(tab.review.answers, content=body)
    assert answer.status_code == status
    assert answer.json()["message"]


def test_more_than_any_outbox_is_not_read(here: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_route, "BODY_BYTES", 100)
    tab = Tab(here)
    assert tab.post(tab.row(0)).status_code == 413


def test_a_full_disk_is_told_and_nothing_is_acknowledged(here: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    tab = Tab(here)
    monkeypatch.setattr(bulk, "apply", full)
    answer = tab.post(tab.row(0))
    assert answer.status_code == 503
    assert "No space left" in answer.json()["message"]


def test_suggestions_that_are_being_sought_come_to_the_item_on_the_screen_without_a_key(here: Opened) -> None:
    coarse = Tab(here)
    coarse.post(coarse.row(0, "coarse"))
    for table in ("suggestion", "suggested"):
        here.store.write(lambda c, table=table: c.execute(f"DELETE FROM {table}"))
    tab = Tab(here, queue="rewrites")
    (item,) = tab.review.items
    assert item.waits and "being sought" in item.note and not item.suggestions
    held = {item.id: item.version}
    assert tab.post(held=held, more=True).json()["items"] == []
    found = [Suggestion("a red ball", "siblings", evidence={"type": "colour"})]
    scores.put_suggestions(here.store, [(item.caption_id, item.revision_id, found)], encoder="e", settings="s")
    (fresh,) = tab.post(held=held, more=True).json()["items"]
    assert [offer["text"] for offer in fresh["suggestions"]] == ["a red ball"]
    assert not fresh["waits"] and not fresh["note"]


def test_an_item_says_where_its_suggestions_do_not_come_because_the_job_failed(here: Opened) -> None:
    coarse = Tab(here)
    coarse.post(coarse.row(0, "coarse"))
    here.store.write(lambda c: c.execute("DELETE FROM suggested"))
    here.store.write(lambda c: c.execute("DELETE FROM suggestion"))
    job = jobs.add(here.store, "suggest", {})
    assert "being sought" in Tab(here, queue="rewrites").review.items[0].note
    jobs.finish(here.store, job.id, "failed", error="no disk")
    assert "the job is failed" in Tab(here, queue="rewrites").review.items[0].note


def test_captions_that_wait_in_either_queue_are_counted_once_as_lacking_suggestions(here: Opened) -> None:
    coarse = Tab(here)
    coarse.post(coarse.row(0, "coarse"))
    here.store.write(lambda c: c.execute("DELETE FROM suggested"))
    assert scores.stale(here.store, ENCODER)["suggestions"] == 1
    rewrites = Tab(here, queue="rewrites")
    rewrites.post(rewrites.row(0, "fine", id="f", queue="rewrites"))
    assert scores.stale(here.store, ENCODER)["suggestions"] == 1


def test_a_caption_for_which_nothing_was_found_says_so_and_waits_for_nothing(here: Opened) -> None:
    coarse = Tab(here)
    coarse.post(coarse.row(0, "coarse"))
    first = Tab(here, queue="rewrites").review.items[0]
    scores.put_suggestions(here.store, [(first.caption_id, first.revision_id, [])], encoder="e", settings="s")
    (item,) = Tab(here, queue="rewrites").review.items
    assert item.note.startswith("No suggestion that passes every check was found: edit") and not item.waits


def test_what_was_on_the_screen_is_kept_with_the_verdict(here: Opened) -> None:
    coarse = Tab(here)
    coarse.post(coarse.row(0, "coarse"))
    tab = Tab(here, queue="rewrites")
    shown = [offer.id for offer in tab.review.items[0].suggestions]
    row = tab.row(0, "reject", id="r", queue="rewrites", reason="wording", offered=shown)
    assert tab.post(row).status_code == 200
    kept = here.store.rows("SELECT unnest(offered).id FROM decision WHERE id = 'r'")
    assert shown and [id for (id,) in kept] == shown
    assert tab.post(row | {"id": "s", "offered": "all"}).status_code == 400


def test_the_address_of_one_half_day_is_the_same(here: Opened) -> None:
    secret = here.images.secret
    assert len({answers_grant.address(secret, "ana", "coarse") for _ in range(3)}) == 1
    assert answers_grant.address(secret, "ana", "coarse") != answers_grant.address(secret, "ben", "coarse")


def _outbox(tab: Tab, row: dict[str, Any]) -> dict[str, Any]:
    return {"session": tab.review.session, "stream": "b", "decisions": [row]}


def _as_coarse(tab: Tab) -> Any:
    class Desk:
        session, person, queue = tab.review.session, tab.screen.person, "coarse"

    return Desk()


def test_what_names_no_view_is_refused_before_anything_is_saved(here: Opened) -> None:
    tab = Tab(here)
    assert tab.post(tab.row(0), view=5).status_code == 400
    assert decisions.latest(here.store) == 0
