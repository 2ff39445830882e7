"""The whole way, by keyboard, in a real browser, on a real workspace: from coarse captions to exported files.

The workspace is a small demo: drawn scenes, encoded with the embedded encoder and scored by the real jobs. What the
person saw and typed is written down as the keys are pressed, and held against the exported files word for word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from curation.channel import ask
from tests import small_demo

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
VERSION = "2026-11 finer"
EDITED = "A hand-written caption, with “quotes”, <b>tags</b> and a 🎈"
REPAIRED = "Repaired by hand: what the picture shows"
PERSON = "Lea Wu"

READY = """(before) => [...regrainReviewers.values()].some(
    (s) => s.paintedAt && performance.now() - s.paintedAt > 130 && s.mode !== "edit" && s.paintedId !== before)"""


@dataclass
class Seen:
    """What the person decided, as the screen showed it: verdicts, and the text that each caption must now have."""

    verdicts: list[tuple[str, str, str]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    grades: dict[tuple[str, str], int] = field(default_factory=dict)


class Desk:
    """One review screen under one person's hands."""

    def __init__(self, page: Page, address: str, queue: str) -> None:
        self.page = page
        self.queue = queue
        page.goto(f"{address}/{queue}?as={PERSON.replace(' ', '+')}")
        page.locator(".rg .judge .cap").first.wait_for(timeout=60_000)
        self.ready(None)

    def part(self, selector: str) -> Locator:
        return self.page.locator(f".rg {selector}".strip())

    def ready(self, before: str | None) -> None:
        """Wait until an item other than ``before`` is on the screen and presses count."""
        self.page.wait_for_function(READY, arg=before, timeout=60_000)

    @property
    def item(self) -> str:
        """The id of the item on the screen, once there is one."""
        self.ready(None)
        return str(self.page.evaluate("() => [...regrainReviewers.values()].find((s) => s.parts.root)?.paintedId"))

    @property
    def caption(self) -> str:
        return self.part(".judge .cap").inner_text()

    def press(self, key: str) -> None:
        """Press a key as a person does who sees that an early press was ignored: once more."""
        while True:
            self.ready(None)
            before = self.part("").get_attribute("data-ignored")
            self.page.keyboard.press(key)
            if self.part("").get_attribute("data-ignored") == before:
                return

    def judge(self, *keys: str) -> str:
        """Press keys of which the last one settles the item; return the item's id when the next one is shown."""
        item = self.item
        for key in keys:
            self.press(key)
        self.page.wait_for_function(
            "(before) => [...regrainReviewers.values()].some((s) => s.parts.root && s.paintedId !== before)", arg=item
        )
        return item

    def type_over(self, text: str) -> str:
        """Open the editor, replace the caption, save; return the item's id."""
        item = self.item
        self.press("e")
        self.part("textarea.editor").wait_for()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            "(before) => [...regrainReviewers.values()].some((s) => s.parts.root && s.paintedId !== before)", arg=item
        )
        return item

    def more(self) -> bool:
        """Say whether an item is there to judge, once the screen has settled on that."""
        self.part(".decide, .empty").first.wait_for(timeout=60_000)
        return self.part(".decide").count() > 0

    def saved(self) -> None:
        self.part('.saved[data-state="saved"]').wait_for(timeout=60_000)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo with everything prepared, suggestions included."""
    return small_demo.copy(tmp_path_factory).folder


@pytest.fixture
def address(run_app: Callable[..., str], workspace: Path) -> Iterator[str]:
    yield run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace), "REGRAIN_OWNERS": PERSON})


def test_the_whole_way_by_keyboard(page: Page, address: str, workspace: Path) -> None:
    seen = Seen()
    find_coarse(Desk(page, address, "coarse"), seen)
    rewrite(Desk(page, address, "rewrites"), seen)
    insert_attributes(Desk(page, address, "attributes"), seen)
    flag_noise(Desk(page, address, "noise"), seen)
    enlarge_the_pool(Desk(page, address, "pool"), seen)
    release = freeze_and_export(page, address, workspace)

    exported = {line["id"]: line for line in lines(release / "jsonl" / "captions.jsonl")}
    assert seen.texts, "nothing was changed: the test would prove nothing"
    for caption, text in seen.texts.items():
        assert exported[caption]["text"] == text, caption
    assert not seen.excluded & exported.keys()
    judged = {
        (caption["id"], qrel["image_id"]): qrel["grade"] for caption in exported.values() for qrel in caption["qrels"]
    }
    assert judged == seen.grades
    in_the_fg_layout(release / "fg", exported)
    check_manifest(release / "manifest.json", exported)
    check_the_log(workspace, seen)


def find_coarse(desk: Desk, seen: Seen) -> None:
    """Judge nine captions with every verdict, and take one back."""
    for key, verdict in (
        ("1", "coarse"),
        ("1", "coarse"),
        ("1", "coarse"),
        ("1", "coarse"),
        ("a", "fine"),
        ("3", "defect"),
    ):
        seen.verdicts.append((desk.queue, desk.judge(key), verdict))
    wrong = desk.judge("2")
    desk.press("z")
    desk.page.wait_for_function("(item) => [...regrainReviewers.values()].some((s) => s.paintedId === item)", arg=wrong)
    seen.verdicts.append((desk.queue, desk.judge("2"), "wrong"))
    assert seen.verdicts[-1][1] == wrong
    seen.verdicts.append((desk.queue, desk.judge("u"), "unsure"))
    desk.saved()


def rewrite(desk: Desk, seen: Seen) -> None:
    """Accept the first suggestion where there is one, edit one by hand, reject one with a reason."""
    accepted = edited = rejected = False
    for _ in range(5):
        offers = desk.part(".offer")
        if offers.count() and not accepted:
            text = wording(offers.first.locator(".wording"))
            item = desk.judge("1")
            seen.texts[item], accepted = text, True
            seen.verdicts.append((desk.queue, item, "accept"))
        elif not edited:
            item = desk.type_over(EDITED)
            seen.texts[item], edited = EDITED, True
            seen.verdicts.append((desk.queue, item, "edit"))
        else:
            seen.verdicts.append((desk.queue, desk.judge("x", "2"), "reject"))
            rejected = True
    assert accepted and edited and rejected
    desk.saved()


def insert_attributes(desk: Desk, seen: Seen) -> None:
    """Insert the first attribute of the first caption that has one; leave the others as they are."""
    inserted = False
    while desk.more():
        if desk.part(".slot").count() and not inserted:
            desk.press("1")
            desk.part('.option[aria-pressed="true"]').wait_for()
            text = wording(desk.part(".judge .cap"))
            item = desk.judge("Control+Enter")
            seen.texts[item], inserted = text, True
            seen.verdicts.append((desk.queue, item, "accept"))
        else:
            seen.verdicts.append((desk.queue, desk.judge("a"), "fine"))
    assert inserted
    desk.saved()


def flag_noise(desk: Desk, seen: Seen) -> None:
    """Call one pair a wrong image, repair another, and say of a third that it matches."""
    mismatch = desk.judge("3")
    seen.excluded.add(mismatch)
    seen.texts.pop(mismatch, None)
    seen.verdicts.append((desk.queue, mismatch, "mismatch"))
    repaired = desk.type_over(REPAIRED)
    seen.texts[repaired] = REPAIRED
    seen.verdicts.append((desk.queue, repaired, "edit"))
    seen.verdicts.append((desk.queue, desk.judge("1"), "match"))
    desk.saved()


def enlarge_the_pool(desk: Desk, seen: Seen) -> None:
    """Give every grade once."""
    same: set[str] = set()
    for key, verdict, grade in (("0", "no", 0), ("1", "partly", 1), ("2", "yes", 2), ("3", "same", None)):
        item = desk.judge(key)
        seen.verdicts.append((desk.queue, item, verdict))
        caption, image = item.split("|")
        if grade is None:
            same.add(image)
        elif caption not in seen.excluded:
            seen.grades[caption, image] = grade
    seen.grades = {pair: grade for pair, grade in seen.grades.items() if pair[1] not in same}
    desk.saved()


def freeze_and_export(page: Page, address: str, workspace: Path) -> Path:
    """Freeze a version with the judged pool and export it, with the keyboard alone."""
    page.goto(f"{address}/versions?as={PERSON.replace(' ', '+')}")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.type(VERSION)
    page.keyboard.press("Enter")
    page.get_by_text(f"Frozen as {VERSION}.").wait_for(timeout=60_000)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()  # the list is drawn anew
    page.get_by_role("button", name="Export", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("0 dropped").first.wait_for(timeout=60_000)
    (release,) = (workspace / "exports").iterdir()
    return release


def in_the_fg_layout(folder: Path, exported: dict[str, dict[str, Any]]) -> None:
    """Every caption of the FG layout is the exported text in lower case without punctuation, nothing dropped."""
    found = {}
    for path in folder.glob("*ann*.json"):
        found |= json.loads(path.read_text(encoding="utf-8"))
    wanted: dict[str, list[str]] = {}
    for line in sorted(exported.values(), key=lambda line: line["i"]):
        wanted.setdefault(line["image_id"], []).append(line["text"])
    letters = {image: [re.sub(r"[\W_]+", "", text.lower()) for text in texts] for image, texts in wanted.items()}
    for image, texts in found.items():
        assert [re.sub(r"[\W_]+", "", text) for text in texts] == letters[image], image
    assert found


def check_manifest(path: Path, exported: dict[str, dict[str, Any]]) -> None:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["name"] == VERSION
    assert sum(counts["captions"] for counts in manifest["counts"].values()) == len(exported)
    assert all(one["dropped"] == 0 and one["captions_in"] == len(exported) for one in manifest["reconciliation"])


def check_the_log(workspace: Path, seen: Seen) -> None:
    """Every verdict that was shown as saved stands in the log under the person, and the texts came from them."""
    for caption in {item.partition("|")[0] for _, item, _ in seen.verdicts}:
        told = history(workspace, caption)
        undone = {one["undoes"] for one in told["decisions"]}
        standing = [
            (one["queue"], f"{caption}|{one['image_id']}" if one["image_id"] else caption, one["verdict"])
            for one in reversed(told["decisions"])
            if one["applied"] and one["verdict"] != "undo" and one["id"] not in undone
        ]
        assert sorted(standing) == sorted(one for one in seen.verdicts if one[1].partition("|")[0] == caption)
        assert {one["person"] for one in told["decisions"]} == {PERSON}
        if caption in seen.texts:
            (current,) = [revision for revision in told["revisions"] if revision["current"]]
            assert current["text"] == seen.texts[caption]


def history(workspace: Path, caption: str) -> dict[str, Any]:
    """Ask the running app for everything that happened to a caption, as the command line does."""
    said: list[str] = []
    request = {"command": "history", "arguments": {"caption": caption}, "json": True}
    assert ask(workspace, request, said.append, said.append) == 0, said
    told: dict[str, Any] = json.loads("".join(said))
    return told


def wording(element: Locator) -> str:
    """Return the new text of a diff as it is shown: without what is struck through."""
    text = element.evaluate(
        "(node) => { const copy = node.cloneNode(true); copy.querySelectorAll('del').forEach((d) => d.remove());"
        " return copy.textContent; }"
    )
    return " ".join(str(text).split())


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
