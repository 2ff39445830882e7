"""The view Sources: what became of suggestions, what was kept back, and what only owners change."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from curation.records import Decision, RegrainError, Suggestion
from curation.store import Store, captions, decisions, jobs, people, scores, settings
from curation.store.people import Person
from curation.ui import sensitive_words
from tests.pages.conftest import Open, texts
from tests.pages.test_queue_settings import field
from tests.pages.test_verdicts import press

HOSTILE = "<b>*loud*</b>"


def judge(store: Store, *, refused: int = 0, taken: int = 0) -> None:
    """Offer one colour of the siblings and one place of the neighbours; the place is taken or both are refused."""
    rows = captions.in_splits(store, ["test"]).to_pylist()[: refused + taken]
    for n, row in enumerate(rows):
        id, revision = row["id"], row["revision_id"]
        pair = [
            Suggestion(f"red {id}", "siblings", evidence={"type": "colour"}),
            Suggestion(f"{id} outside", "neighbours", evidence={"type": "place"}),
        ]
        scores.put_suggestions(store, [(id, revision, pair)], encoder="e", settings="s")
        ids = tuple(scores.suggestion_id(revision, one) for one in pair)
        more: dict[str, Any] = {"verdict": "reject", "reason": "attribute"}
        if n >= refused:
            more = {"verdict": "accept", "text": pair[1].text, "suggestion_id": ids[1]}
        made = Decision(f"d{n}", "ana", "rewrites", id, revision, offered=ids, **more)
        assert decisions.decide(store, [made])[0].applied


@pytest.mark.parametrize("queue", ["rewrites", "attributes"])
def test_it_shows_counts_rates_and_reasons_of_both_queues(store: Store, page: Open, queue: str) -> None:
    judge(store, refused=2, taken=3)
    shown = texts(page(queue, view="sources"))
    assert "Of 10 suggestions that people looked at" in shown
    assert "captions of similar images" in shown and "3 of 5" in shown
    assert "0 of 5" in shown and "attribute 4" not in shown and "attribute 2" in shown
    assert "shown last" not in shown


def test_what_lies_below_the_floor_is_marked_and_comes_last_on_the_screen(store: Store, page: Open) -> None:
    judge(store, refused=5, taken=5)
    app = page("rewrites", view="sources")
    field(app, "number_input", "Shown last below, % taken").set_value(90.0).run()
    press(app, "Save sources")
    assert settings.get(store, "acceptance_floor") == 0.9
    assert ", shown last" in texts(app)


def test_switches_say_which_sources_run_and_keep_their_settings(store: Store, page: Open) -> None:
    settings.put(store, suggesters={"stress_words": {"preset": "paper"}, "siblings": {"keep": 4}})
    app = page("rewrites", view="sources")
    on = {one.label: one.value for one in app.toggle}
    assert on["True words that lower the agreement"] and on["Captions of similar images"]
    assert not on["A vision\\-language model"]
    assert field(app, "toggle", "A vision\\-language model").disabled
    assert on["Words that a masked language model expects"]  # as the settings have it, though it lacks its model
    assert "It needs a masked language model" in texts(app)
    for label in ("True words that lower the agreement", "Captions of similar images"):
        field(app, "toggle", label).set_value(False)
    app.run()
    press(app, "Save sources")
    assert settings.get(store, "suggesters_off") == ["neighbours", "stress_words"]
    assert settings.get(store, "suggesters") == {"stress_words": {"preset": "paper"}, "siblings": {"keep": 4}}
    field(app, "toggle", "Captions of similar images").set_value(True).run()
    press(app, "Save sources")
    assert settings.get(store, "suggesters_off") == ["stress_words"]


def test_suggestions_of_other_settings_are_offered_to_be_sought_anew(store: Store, page: Open) -> None:
    app = page("rewrites", view="sources")
    assert "were sought under other settings" in texts(app)
    press(app, "Seek them anew")
    assert [job.kind for job in jobs.listed(store, states=("waiting",))] == ["suggest"]
    assert "Suggestions are being sought" in texts(app)


def test_words_are_listed_with_their_blocks_and_changed_as_text(store: Store, page: Open) -> None:
    row = captions.in_splits(store, ["test"]).to_pylist()[0]
    back = {row["id"]: [("sensitive:age", "elderly", 1204), ("contradiction", "", 3)]}
    scores.put_suggestions(store, [(row["id"], row["revision_id"], [])], encoder="e", settings="s", kept_back=back)
    app = page("attributes", view="sources")
    shown = texts(app)
    assert "elderly (1,204)" in shown and "sensitive word: age" in shown
    assert "contradicts another caption of the image" in shown
    field(app, "text_area", "Allowed after all").set_value("Elderly, young")
    field(app, "text_area", "Blocked besides").set_value(f"noise: {HOSTILE}\nhealth: pale")
    app.run()
    press(app, "Save words")
    assert settings.get(store, "sensitive_words") == {
        "allow": ["elderly", "young"], "block": {"noise": [HOSTILE], "health": ["pale"]},
    }  # fmt: skip
    shown = texts(app)
    assert "&lt;b&gt;*loud*&lt;/b&gt;" in shown and HOSTILE not in shown
    assert "<s>elderly</s> (allowed)" in shown


def test_words_without_a_kind_are_not_saved(store: Store, page: Open) -> None:
    app = page("rewrites", view="sources")
    field(app, "text_area", "Blocked besides").set_value("pale, limping").run()
    press(app, "Save words")
    assert "Not saved: pale, limping have no kind" in texts(app)
    assert settings.get(store, "sensitive_words") == {}


def test_who_is_no_owner_reads_all_of_it_and_changes_nothing(store: Store, page: Open) -> None:
    people.add(store, Person("ben", "ben", "annotator", "active"), by="ana")
    app = page("rewrites", view="sources", **{"as": "ben"})
    shown = texts(app)
    assert "Words that a masked language model expects: does not run." in shown
    assert "Captions of similar images: runs." in shown and "Floor: 15 % taken." in shown and "elderly" in shown
    assert not app.toggle and not app.text_area
    assert not [one for one in app.button if one.label.startswith(("Save", "Seek"))]


WORD = st.text("abcdefghijklmnopqrstuvwxyz'-", min_size=1, max_size=8)
WORDS = st.lists(WORD, min_size=1, max_size=4, unique=True)
calm = how(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
KIND = st.lists(WORD, min_size=1, max_size=2).map(" ".join)


@calm
@given(st.fixed_dictionaries({}, optional={"allow": WORDS, "block": st.dictionaries(KIND, WORDS, min_size=1)}))
def test_a_list_of_words_survives_being_written_as_text(changes: dict[str, Any]) -> None:
    sensitive_words.check(changes)
    assert sensitive_words.of_texts(*sensitive_words.as_texts(changes)) == changes


@calm
@given(st.text(), st.text())
def test_any_text_is_read_as_a_setting_or_refused_in_words(allow: str, block: str) -> None:
    found = sensitive_words.of_texts(allow, block)
    try:
        sensitive_words.check(found)
    except RegrainError:
        return
    settings.check("sensitive_words", found)
