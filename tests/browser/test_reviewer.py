"""The reviewer in a real browser: keys, dwell, outbox, editor, hostile text, dark mode, focus."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from curation.text.articles import article_for
from curation.ui.reviewer import FOLDER, Slot, SlotOption
from curation.ui.reviewer.compose import compose
from tests.browser.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parent / "scripts" / "review_app.py"
FOCUSED = "let node = document.activeElement; while (node.shadowRoot) node = node.shadowRoot.activeElement;"


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str]) -> str:
    return run_app(SCRIPT)


@pytest.fixture
def desk(page: Page, address: str) -> Callable[[str], Desk]:
    return lambda query="": Desk(page, address, query)


def test_verdict_keys_are_stored_in_order(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("1", "2", "a", "u", " ")
    here.wait_for("5")
    stored = here.decisions()
    assert [d["verdict"] for d in stored] == ["coarse", "wrong", "fine", "unsure", "skip"]
    assert [d["caption_id"] for d in stored] == [f"img{n}#0" for n in range(5)]
    assert [d["revision_id"] for d in stored] == [f"img{n}#0@0" for n in range(5)]
    assert all(d["person"] == "Lea Wu" and d["shown_ms"] >= 120 for d in stored)


def test_next_item_is_painted_before_the_server_is_asked(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.past_dwell()
    painted = here.page.evaluate(
        """() => {
            const root = document.querySelector('[data-testid="stBidiComponentIsolated"]').shadowRoot;
            const event = new KeyboardEvent("keydown", { key: "1", code: "Digit1", bubbles: true });
            document.dispatchEvent(event);
            return [...root.querySelectorAll(".chip")].some((chip) => chip.textContent === "item 1");
        }"""
    )
    assert painted, "the press itself must paint the next item, in the same task"


def test_every_item_shows_its_own_picture(desk: Callable[..., Desk]) -> None:
    """The target stands in the stage and in the strip: the prefetched element must not wander from one to the other."""
    here = desk("queue=rewrites")
    sources = set()
    for n in range(3):
        here.wait_for(str(n))
        stage, own = here.part(".stage img"), here.part(".thumb.own img")
        assert stage.count() == own.count() == 1
        assert stage.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 960
        assert stage.get_attribute("src") == own.get_attribute("src")
        sources.add(stage.get_attribute("src"))
        here.press("a")
    assert len(sources) == 3


def test_rival_is_compared_beside_the_target(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.part(".thumb").first.click()
    assert here.part(".stage.pair img").count() == 2
    here.press("Escape")
    assert here.part(".stage img").count() == 1


def test_no_verdict_is_given_through_the_key_sheet(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("?")
    assert "the first 120 ms" in here.part(".sheet").inner_text()
    here.page.keyboard.press("1")
    here.page.keyboard.press("Escape")
    assert here.decisions() == []


def test_presses_within_the_dwell_are_ignored_and_counted(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.past_dwell()
    here.page.evaluate(
        """() => { for (let i = 0; i < 4; i += 1) document.dispatchEvent(
            new KeyboardEvent("keydown", { key: "1", code: "Digit1", bubbles: true })); }"""
    )
    here.wait_for("1")
    here.press("2")
    assert [d["verdict"] for d in here.decisions()] == ["coarse", "wrong"]
    assert here.stored()["ignored"] == 3
    assert here.part(".early").inner_text() == "3 ignored"
    assert "not taken as answers" in here.part(".early").get_attribute("title")


def test_held_key_judges_once(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.past_dwell()
    here.page.keyboard.down("1")
    here.wait_for("1")
    here.page.keyboard.down("1")  # Chromium marks a second down without an up as a repeat
    here.page.keyboard.up("1")
    here.press("a")
    assert [d["verdict"] for d in here.decisions()] == ["coarse", "fine"]


def test_double_click_judges_one_item(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.part('[data-action="coarse"]').dblclick()
    here.wait_for("1")
    assert len(here.decisions()) == 1
    here.press(" ")
    here.wait_for("2")
    assert here.decisions()[-1]["verdict"] == "skip", "a click must not keep the focus from the space bar"


def test_reload_resends_what_was_not_acknowledged(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&fail=1")
    here.press("1", "2")
    here.part('.saved[data-state="unsaved"]').wait_for()
    assert "No space left on device" in here.part(".notices").inner_text()
    assert here.part(".retry").is_visible()
    kept = here.kept()
    assert [d["verdict"] for d in kept["pending"]] == ["coarse", "wrong"]
    here.page.once("dialog", lambda dialog: dialog.accept())
    here.page.goto(here.url.replace("&fail=1", ""))
    here.wait_for("2")
    stored = here.decisions()
    assert [d["id"] for d in stored] == [d["id"] for d in kept["pending"]]
    assert here.kept()["pending"] == []
    here.press("a")
    here.saved()
    assert here.kept()["number"] == 3, "numbers go on after a reload"


def test_outbox_is_bound_to_the_person(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&fail=1&person=Ann")
    here.press("1")
    here.part('.saved[data-state="unsaved"]').wait_for()
    here.page.once("dialog", lambda dialog: dialog.accept())
    here.page.goto(here.url.replace("&fail=1&person=Ann", "&person=Ben"))
    here.wait_for("0")
    here.press("2")
    assert [(d["person"], d["verdict"]) for d in here.decisions()] == [("Ben", "wrong")]


def test_typing_is_never_a_verdict(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("e")
    field = here.part(".editor")
    assert field.evaluate("node => node.getRootNode().activeElement === node"), "the editor has the focus"
    field.fill("")
    here.page.keyboard.type("1 axe, 2 zebras x u")
    assert field.input_value() == "1 axe, 2 zebras x u"
    assert here.part(".chip").filter(has_text="item 0").is_visible()
    here.page.keyboard.press("Control+Enter")
    here.wait_for("1")
    (stored,) = here.decisions()
    assert (stored["verdict"], stored["text"]) == ("edit", "1 axe, 2 zebras x u")


def test_draft_survives_escape_and_reload(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("e")
    here.page.keyboard.type(" at noon")
    here.page.keyboard.press("Escape")
    assert here.part(".editor").count() == 0
    here.press("e")
    assert here.part(".editor").input_value().endswith(" at noon")
    here.page.reload()
    here.part(".editor").wait_for()
    assert here.part(".editor").input_value().endswith(" at noon")


def test_suggestion_is_accepted_or_edited(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("1")
    here.wait_for("1")
    here.press("Shift+Digit1")
    here.page.keyboard.type(" at noon")
    here.page.keyboard.press("Control+Enter")
    here.wait_for("2")
    accepted, edited = here.decisions()
    assert (accepted["verdict"], accepted["suggestion_id"]) == ("accept", "s0.0")
    assert accepted["text"] == "a woman in a black top and white skirt is holding a tennis racket on a court"
    assert (edited["verdict"], edited["suggestion_id"]) == ("edit", "s1.0")
    assert edited["text"] == "a man stands near a dog by a green fence at noon"


def test_reject_asks_for_the_reason(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("x", "Escape")
    assert here.part(".reasons").count() == 0
    here.press("x", "2")
    here.wait_for("1")
    (stored,) = here.decisions()
    assert (stored["verdict"], stored["reason"]) == ("reject", "attribute")


def test_attributes_by_slot(desk: Callable[..., Desk]) -> None:
    here = desk("queue=attributes")
    here.press("3", "ArrowDown", "1", "2", "2")
    assert here.part(".cap ins").all_inner_texts() == ["an orange", "red"]
    here.page.keyboard.press("Control+Enter")
    here.wait_for("1")
    (stored,) = here.decisions()
    assert (stored["verdict"], stored["text"]) == (
        "accept",
        "an orange woman is holding a tennis red racket on a court",
    )


def test_undo_paints_the_item_again_and_can_go_on(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("1", "2")
    here.wait_for("2")
    here.press("z")
    here.wait_for("1")
    here.press("z")
    here.wait_for("0")
    here.press("a")
    here.wait_for("1")
    here.press("3")
    here.wait_for("2")
    stored = here.decisions()
    assert [d["verdict"] for d in stored] == ["coarse", "wrong", "undo", "undo", "fine", "defect"]
    assert [d["undoes"] for d in stored[2:4]] == [stored[1]["id"], stored[0]["id"]]
    assert [d["basis"] for d in stored] == ["", "", None, None, "", ""], "what was taken back is nothing to rest on"


def test_earlier_item_is_judged_anew(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("1", "2")
    here.wait_for("2")
    here.press("ArrowLeft", "ArrowLeft")
    here.wait_for("0")
    assert "you chose “Coarse”" in here.part(".chips").inner_text()
    here.press("3")
    here.wait_for("2")
    here.press("ArrowLeft", "2")
    here.wait_for("2")
    here.press("ArrowLeft", "z", "a")
    first, second, anew, again, undo, last = here.decisions()
    assert [d["caption_id"] for d in (first, anew, again, last)] == ["img0#0"] * 4
    assert [d["verdict"] for d in (first, anew, again, last)] == ["coarse", "defect", "wrong", "fine"]
    assert (first["basis"], second["basis"], anew["basis"]) == ("", "", first["id"])
    assert (again["basis"], undo["undoes"], last["basis"]) == (anew["id"], again["id"], anew["id"])


def test_undo_after_a_reload_leaves_what_the_item_rested_on_before(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    here.press("1")
    here.wait_for("1")
    here.press("ArrowLeft", "2")
    here.wait_for("1")
    here.saved()
    here.page.reload()
    here.wait_for("1")
    here.press("z")
    here.wait_for("0")
    here.press("3")
    first, second, undo, last = here.decisions()
    assert (undo["undoes"], second["basis"], last["basis"]) == (second["id"], first["id"], first["id"])


def test_judging_an_edited_item_anew_undoes_the_edit_first(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("1")
    here.wait_for("1")
    here.press("ArrowLeft", "a")
    here.wait_for("1")
    stored = here.decisions()
    assert [d["verdict"] for d in stored] == ["accept", "undo", "fine"]
    assert stored[-1]["basis"] == "", "the edit is taken back, so nothing is rested on"


def test_refusal_is_shown_with_ones_own_text(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites&refuse=1")
    here.press("1")
    notice = here.part(".notice")
    notice.wait_for()
    assert "it now reads: <b>x</b>" in notice.inner_text()
    assert "in a black top and white skirt" in notice.inner_text()
    notice.get_by_role("button", name="Edit mine").click()
    here.part(".editor").wait_for()
    assert "in a black top and white skirt" in here.part(".editor").input_value()


def test_hostile_text_is_text(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&hostile=1")
    seen = []
    for n in range(3):
        here.wait_for(str(n))
        seen.append(here.part(".cap").inner_text())
        assert here.part(".cap *").count() == 0
        here.press("1")
    assert seen[0] == '<img src=x onerror="window.hacked=1"> **bold** _it_ :red[x] $a$'
    assert "<script>" in seen[1]
    assert seen[2].endswith("[link](javascript:alert(1)) `code` # heading")
    assert here.page.evaluate("window.hacked") is None


def test_pool_shows_both_pictures_and_names_the_pair(desk: Callable[..., Desk]) -> None:
    here = desk("queue=pool")
    assert here.part(".stage.versus img").count() == 2
    here.press("0")
    here.wait_for("1")
    (stored,) = here.decisions()
    assert (stored["verdict"], stored["caption_id"], stored["image_id"]) == ("no", "img0#0", "pool0")


def test_empty_queue_says_what_to_do(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&n=2")
    here.press("1", "1")
    here.part(".empty").wait_for()
    assert here.part(".empty a").get_attribute("href") == "/?queue=rewrites"
    here.press("z")
    here.wait_for("1")


def test_every_control_is_reached_by_tab_in_reading_order(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.part(".thumb").last.focus()
    order = []
    for _ in range(8):
        here.page.keyboard.press("Tab")
        order.append(here.page.evaluate(f"() => {{ {FOCUSED} return node.dataset.action ?? node.classList[0]; }}"))
    assert order == ["offer", "offer-edit", "offer", "offer-edit", "offer", "offer-edit", "fine", "reject"]
    outline = here.page.evaluate(f"() => {{ {FOCUSED} return getComputedStyle(node).outlineStyle; }}")
    assert outline == "solid"
    here.page.keyboard.press(" ")
    here.part(".reasons").wait_for()  # the space bar presses the focused button; it does not skip


def test_screen_reader_names(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    assert here.part(".stage img").get_attribute("alt") == "a woman is holding a tennis racket on a court"
    assert here.part('[role="status"]').inner_text() == "Saved"
    assert here.page.get_by_role("button", name="Reject").count() == 1
    assert here.part(".thumb").first.get_attribute("aria-label").startswith("Rival, press to compare: 0.337")


def test_streamlits_own_keys_are_left_alone_and_keys_can_be_off(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&nokeys=1")
    here.press("1", "a", "c")
    assert here.part(".chip").filter(has_text="item 0").is_visible()
    assert here.part(".btn .key").count() == 0
    here.part('[data-action="wrong"]').click()
    here.wait_for("1")
    assert [d["verdict"] for d in here.decisions()] == ["wrong"]


def test_dark_mode_follows_the_theme(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    colour = "node => getComputedStyle(node).backgroundColor"
    assert here.part(".offer").first.evaluate(colour) == "rgb(255, 255, 255)"
    here.page.emulate_media(color_scheme="dark")
    here.page.reload()
    here.wait_for("0")
    assert here.part(".offer").first.evaluate(colour) == "rgb(28, 32, 36)"


def test_columns_stack_on_a_phone(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    wide = [here.part(name).bounding_box() for name in (".stage", ".judge")]
    assert wide[0]["y"] == wide[1]["y"]
    here.page.set_viewport_size({"width": 390, "height": 844})
    narrow = [here.part(name).bounding_box() for name in (".stage", ".judge")]
    assert narrow[1]["y"] >= narrow[0]["y"] + narrow[0]["height"]
    assert here.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_first_suggestion_is_seen_whole_on_a_phone(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.page.set_viewport_size({"width": 390, "height": 844})
    first, verdicts = (here.part(name).first.bounding_box() for name in (".offer", ".decide"))
    assert first["y"] + first["height"] <= verdicts["y"]


def test_what_has_the_focus_does_not_lie_under_the_verdicts_on_a_phone(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.page.set_viewport_size({"width": 390, "height": 700})
    here.part(".offer").nth(2).focus()
    last, verdicts = (here.part(name).bounding_box() for name in (".offer-row:nth-child(3) .offer", ".decide"))
    assert last["y"] + last["height"] <= verdicts["y"] + 1


def test_to_reject_suggestions_asks_what_is_wrong_with_them(desk: Callable[..., Desk]) -> None:
    here = desk("queue=rewrites")
    here.press("x")
    here.part(".reasons").filter(has_text="Reject these suggestions: what is wrong with them?").wait_for()


@pytest.mark.parametrize("queue", ["coarse", "rewrites", "attributes", "pool"])
def test_verdicts_are_within_reach_of_a_thumb(desk: Callable[..., Desk], queue: str) -> None:
    here = desk(f"queue={queue}&hostile=1")
    here.page.set_viewport_size({"width": 390, "height": 844})
    for button in here.part(".decide .btn").all():
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert box["y"] >= 300 and box["y"] + box["height"] <= 844, button.inner_text()
        assert box["height"] >= 44


def test_words_agree_with_python(page: Page) -> None:
    source = (FOLDER / "words.js").read_text(encoding="utf-8")
    words = ["orange", "uniform", "hour", "umbrella", "European", "one-eyed", "8-year", "11", "18th", "80", "honest"]
    words += ["X-ray", "SUV", "unidentified", "MP3", "red", "x", "Honor", "used", "UFO", "NBA"]
    page.goto("about:blank")
    found = page.evaluate(f"(words) => {{ {source}; return words.map(articleFor); }}", words)
    assert found == [article_for(word) for word in words]
    text = "👩 A man, a ball and a tree"
    slots = (
        Slot("man", 4, 7, (SlotOption("old", ""), SlotOption("tall", ""))),
        Slot(
            "ball",
            11,
            15,
            (SlotOption("orange", "", order=5), SlotOption("red", "", order=5), SlotOption("big", "", order=2)),
        ),
        Slot("tree", 22, 26, (SlotOption("apple", ""),)),
    )
    assert [text[s.start : s.end] for s in slots] == ["man", "ball", "tree"]
    for chosen in ([[0], [0], [0]], [[1], [], []], [[0, 1], [1], []], [[], [0, 1], [0]], [[], [0, 1, 2], []]):
        plain = [[{"word": o.word, "order": o.order} for o in slot.options] for slot in slots]
        made = page.evaluate(
            f"([text, slots, c]) => {{ {source}; return composeCaption(text, slots, c.map((i) => new Set(i))); }}",
            [text, [{"start": s.start, "end": s.end, "options": o} for s, o in zip(slots, plain, strict=True)], chosen],
        )
        assert made == compose(
            text, slots, [[slot.options[i] for i in c] for slot, c in zip(slots, chosen, strict=True)]
        )


def test_a_press_while_no_item_is_there_is_counted(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse&n=1")
    here.press("1")
    here.part(".empty").wait_for()
    here.past_dwell()
    before = here.page.evaluate("() => [...regrainReviewers.values()][0].ignoredTotal")
    here.page.keyboard.press("1")
    assert here.page.evaluate("() => [...regrainReviewers.values()][0].ignoredTotal") == before + 1


def test_plain_form_is_linked_and_saves(desk: Callable[..., Desk]) -> None:
    here = desk("queue=coarse")
    assert here.part('.foot a[href="/?plain=1"]').is_visible()
    here.page.goto(f"{here.url}&plain=1")
    here.page.get_by_role("button", name="Coarse", exact=True).click()
    here.page.get_by_text("a man stands near a dog").first.wait_for()
    deadline = time.monotonic() + 20
    while not (stored := here.stored()["decisions"]) and time.monotonic() < deadline:
        here.page.wait_for_timeout(100)
    assert [d["verdict"] for d in stored] == ["coarse"]
