"""Texts that try to be markup, scripts or paths are shown as text, on every screen, and stay inside every folder."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

import pytest

from curation.importers.stage import stage
from curation.records import QUEUES, RegrainError
from curation.workspace import Workspace
from tests.browser import hostile

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
READY = "() => window.regrainReviewers && [...regrainReviewers.values()].some((s) => s.parts.root && s.paintedAt)"

INTRUDERS = """() => {
    const found = [];
    const look = (root) => {
        for (const node of root.querySelectorAll("*")) {
            const addresses = ["src", "href", "srcdoc", "action"].map((name) => node.getAttribute(name) ?? "");
            if (node.localName.startsWith("x-hostile") || node.hasAttribute("onerror") || node.hasAttribute("onload")
                || addresses.some((one) => /^(https?:)?\\/\\/hostile|^javascript:/i.test(one))
                || (node.localName === "script" && /hacked/.test(node.textContent)))
                found.push(node.outerHTML.slice(0, 200));
            if (node.shadowRoot) look(node.shadowRoot);
        }
    };
    look(document);
    if (window.hacked) found.push("a script of a caption ran");
    return found;
}"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return hostile.build(tmp_path_factory.mktemp("hostile") / "workspace")


@pytest.fixture(scope="module")
def address(run_app: Callable[..., str], workspace: Workspace) -> str:
    return run_app(ROOT / "app.py", {"REGRAIN_WORKSPACE": str(workspace.folder)})


@pytest.fixture
def watched(page: Page, address: str) -> list[str]:
    """Return the list of what must not happen: dialogs, requests to other hosts."""
    events: list[str] = []

    def requested(url: str) -> None:
        if urlsplit(url).scheme in ("http", "https", "ws") and urlsplit(url).netloc != urlsplit(address).netloc:
            events.append(f"request to {url}")

    page.on("dialog", lambda dialog: (events.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: requested(request.url))
    return events


def open_page(page: Page, address: str, name: str, **query: str) -> None:
    page.goto(f"{address}/{name}?{urlencode({'as': hostile.EVE} | query)}")
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
    assert page.locator('[data-testid="stException"]').count() == 0, name


@pytest.mark.browser
@pytest.mark.parametrize("queue", QUEUES)
def test_review_screens_show_text(page: Page, address: str, watched: list[str], queue: str) -> None:
    open_page(page, address, queue)
    page.wait_for_function(READY)
    shown = page.evaluate("() => [...regrainReviewers.values()][0].data.items.map((item) => item.text)")
    assert shown, "no item: the test would prove nothing"
    for key in ("h", "g", "?", "Escape"):
        page.keyboard.press(key)
        page.wait_for_timeout(50)  # nothing to wait for: what must not come
    if queue != "attributes":  # there the words stand in buttons of their own
        caption = page.locator(".rg .judge .cap").evaluate("(node) => node.textContent")
        assert caption == shown[0]
    assert page.evaluate(INTRUDERS) == []
    assert watched == []


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "query"),
    [
        *((queue, {"tab": "done"}) for queue in ("coarse", "noise")),
        ("coarse", {"tab": "mine", "q": hostile.TEXTS[0]}),
        *(("coarse", {"view": view}) for view in ("grid", "image", "clusters", "defects", "overview")),
        *((queue, {"plain": "1"}) for queue in QUEUES),
        *((path.stem, {}) for path in sorted((ROOT / "pages").glob("*.py")) if path.stem not in QUEUES),
        ("", {}),
    ],
)
def test_lists_plain_forms_and_pages_show_text(
    page: Page, address: str, watched: list[str], name: str, query: dict[str, str]
) -> None:
    open_page(page, address, name, **query)
    if query.get("view") in ("image", "clusters", "defects"):
        page.locator(".rw .row").first.wait_for()
    assert page.evaluate(INTRUDERS) == []
    assert watched == []
    assert "<" not in page.title().replace(hostile.TEXTS[0], ""), "a title is text of its own"


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_an_import_refuses_names_that_leave_a_folder_or_hold_controls(tmp_path: Path, name: str) -> None:
    source = tmp_path / "rows.jsonl"
    row = {"image": f"{name}.png", "split": "test", "captions": ["a ball"]}
    source.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(RegrainError):
        stage("table", source, settings={"captions": "captions", "split_column": "split"})


def test_exports_stay_inside_their_folder_and_keep_the_texts(tmp_path: Path) -> None:
    """Every layout that can hold these texts writes below its folder; one that cannot says so and writes nothing."""
    workspace = hostile.build(tmp_path / "outer" / "workspace")
    before = files_of(tmp_path)
    run = [sys.executable, "-m", "curation.cli", "--workspace", str(workspace.folder)]
    subprocess.run([*run, "freeze", '../../evil "x" <b>'], cwd=ROOT, check=True, capture_output=True)
    written = []
    for layout in ("jsonl", "fg", "karpathy", "albef"):
        done = subprocess.run(
            [*run, "export", '../../evil "x" <b>', "--format", layout], cwd=ROOT, capture_output=True, text=True
        )
        written += [layout] * (done.returncode == 0)
        assert "Traceback" not in done.stderr, done.stderr
    new = {path for path in files_of(tmp_path) - before if ".wal" not in path.name}
    assert all(workspace.folder / "exports" in path.parents for path in new), new
    assert "jsonl" in written
    lines = [json.loads(line) for path in new if path.name == "captions.jsonl"
             for line in path.read_text("utf-8").split("\n") if line]  # fmt: skip
    assert {line["original"] if line.get("original") else line["text"] for line in lines} <= set(hostile.TEXTS) | {
        " ".join(text.split()) for text in hostile.TEXTS
    }


def files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
