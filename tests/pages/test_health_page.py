"""The health page: the lines of the command, the remedy beside what is not fine, the log as text."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from curation.records import Decision
from curation.store import Store, decisions
from tests.pages.conftest import Open, texts


def test_it_says_what_to_do(prepared: Path, store: Store, page: Open) -> None:
    assert "Last backup" in texts(page("health"))
    decisions.decide(store, [Decision("d1", "ana", "coarse", "scene-00#0", "scene-00#0@1", "fine")])
    logging.getLogger("curation.tests").error("<b>no **bold**</b>")
    app = page("health")
    shown = texts(app)
    assert "Look at" in shown and "Last backup" in shown and "To do: `regrain backup DIR" in shown
    assert "&lt;b&gt;no **bold**" in shown and "<b>no" not in shown
    assert "<b>no **bold**</b>" in app.code[0].value  # a code block shows text as it stands


@pytest.mark.parametrize("name", ["health", "jobs"])
def test_the_menu_leads_there(prepared: Path, page: Open, name: str) -> None:
    app = page("home")
    assert any(f"pages/{name}" in str(link.proto) or name in str(link.proto) for link in app.get("page_link"))
