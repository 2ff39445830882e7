"""The plain form under AppTest: every verdict, suggestion, edit, reason, slot and undo by native widgets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from curation.records import Decision, Outcome
from curation.ui.reviewer import Item, Picture, Recent, Review
from curation.ui.reviewer.plain import _Form

SCRIPT = Path(__file__).parents[1] / "browser" / "scripts" / "review_app.py"


@pytest.fixture
def form(request: pytest.FixtureRequest) -> Any:
    """Return a function that opens the plain form of a queue of its own."""

    def start(queue: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(SCRIPT), default_timeout=30)
        for name, value in {"queue": queue, "plain": "1", "name": request.node.name, **query}.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return start


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    button.click().run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    """Return all HTML that the page shows."""
    return "\n".join(element.proto.body for element in app.get("html"))


def stored(app: AppTest) -> list[dict[str, Any]]:
    import json

    twin = AppTest.from_file(str(SCRIPT), default_timeout=30)
    for name in app.query_params:
        twin.query_params[name] = app.query_params[name]
    twin.query_params["state"] = "1"
    twin.run()
    found: list[dict[str, Any]] = json.loads(twin.text[0].value)["decisions"]
    return found


def test_verdicts_and_undo(form: Any) -> None:
    app = form("coarse")
    press(app, "Coarse")
    assert "a man stands near a dog" in shown(app)
    press(app, "Wrong")
    press(app, "Undo “Wrong”")
    assert "a man stands near a dog" in shown(app)
    press(app, "Fine enough")
    made = stored(app)
    assert [d["verdict"] for d in made] == ["coarse", "wrong", "undo", "fine"]
    assert made[2]["undoes"] == made[1]["id"]
    assert [d["basis"] for d in made] == ["", "", None, ""]


def test_suggestion_reject_and_edit(form: Any) -> None:
    app = form("rewrites")
    press(app, "Accept 1")
    (reason,) = app.selectbox
    reason.select("count").run()
    press(app, "Reject")
    app.text_area[0].set_value("people on a wet street").run()
    press(app, "Save the edited caption")
    accepted, rejected, edited = stored(app)
    assert (accepted["verdict"], accepted["suggestion_id"]) == ("accept", "s0.0")
    assert (rejected["verdict"], rejected["reason"]) == ("reject", "count")
    assert (edited["verdict"], edited["text"]) == ("edit", "people on a wet street")


def test_a_suggestion_is_edited_and_says_where_it_comes_from(form: Any) -> None:
    app = form("rewrites")
    press(app, "Edit 2")
    assert app.text_area[0].value.endswith("by a green fence")
    assert not app.warning
    app.text_area[0].set_value(app.text_area[0].value + " at noon").run()
    app.selectbox[0].select("place").run()
    press(app, "Save the edited caption")
    (made,) = stored(app)
    assert (made["verdict"], made["suggestion_id"], made["reason"], made["basis"]) == ("edit", "s0.1", "place", "")
    assert made["text"].endswith("by a green fence at noon")


def test_guidelines_with_examples_answers_and_history_are_there(form: Any) -> None:
    app = form("coarse", answers="1")
    seen = shown(app)
    assert "Look at the rivals" in seen
    assert "people &lt;b&gt;outside&lt;/b&gt;" in seen
    assert "Coarse: Every one of the rivals shows that." in seen
    assert "2026-11-23 10:02 UTC Ben chose" in seen
    assert "Second answer: Edit, attribute" in seen


def test_unchanged_edit_is_told_and_not_stored(form: Any) -> None:
    app = form("rewrites")
    press(app, "Save the edited caption")
    assert "reads as before" in app.warning[0].value
    assert stored(app) == []


def test_attributes_by_multiselect(form: Any) -> None:
    app = form("attributes")
    app.multiselect[0].select(2).run()
    press(app, "Insert")
    (made,) = stored(app)
    assert (made["verdict"], made["text"]) == ("accept", "an orange woman is holding a tennis racket on a court")


def test_pool_names_the_pair(form: Any) -> None:
    app = form("pool")
    press(app, "Partly")
    (made,) = stored(app)
    assert (made["verdict"], made["image_id"]) == ("partly", "pool0")


def test_failure_and_refusal_are_shown_and_keep_the_item(form: Any) -> None:
    app = form("coarse", fail="1")
    press(app, "Coarse")
    assert "Not saved" in app.warning[0].value
    assert "a woman is holding" in shown(app)
    app = form("rewrites", refuse="1")
    press(app, "Accept 1")
    assert "Not applied" in app.warning[0].value
    assert "\\<b\\>x" in app.warning[0].value


def test_an_item_that_was_taken_back_is_left_when_its_verdict_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    old, first = (Item(id=name, caption_id=name, revision_id=f"{name}@1", image=Picture("", ""), text=name)
                  for name in ("old#0", "first#0"))  # fmt: skip
    review = Review(
        session="s",
        person="ana",
        queue="rewrites",
        title="Rewrites",
        items=(first,),
        choices=(),
        tabs=(),
        todo=1,
        done=1,
        recent=(Recent("d1", "Wrong", old),),
    )
    refusing = False

    def decide(made: list[Decision], ignored: int) -> list[Outcome]:
        return [Outcome(one.id, not refusing, "the caption has changed") for one in made]

    form = _Form(review, "test", decide)
    form._undo()
    assert form.item() == old
    refusing = True
    st.session_state[form._key(old, "text")] = "my long wording"
    form._edit(old)
    assert form.item() == first
    assert "Your wording was: my long wording" in st.session_state[f"{form.key}:message"]


def test_a_title_is_no_markdown(form: Any) -> None:
    app = form("coarse", title="*my* :red[workspace]")
    assert app.subheader[0].value == r"\*my\* \:red\[workspace\]"


def test_hostile_text_is_escaped(form: Any) -> None:
    app = form("coarse", hostile="1")
    assert "<img src=x" not in shown(app)
    assert "&lt;img src=x" in shown(app)


def test_empty_queue_says_why_and_can_undo(form: Any) -> None:
    app = form("coarse", n="1")
    press(app, "Coarse")
    assert "Nothing left to judge here" in shown(app)
    press(app, "Undo “Coarse”")
    assert "a woman is holding" in shown(app)
