"""The app on an empty and on a small prepared workspace, run without a browser and without background work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from curation.session import open_session
from curation.store import Store
from curation.ui import opened
from tests.pages.small_workspace import build
from tests.pages.visitors import HERE, comes

ROOT = Path(__file__).parents[2]

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def local_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors sit at this machine, and ana is an owner, unless a test says otherwise."""
    comes(monkeypatch, HERE)
    monkeypatch.setenv("REGRAIN_OWNERS", "ana")


@pytest.fixture
def no_background(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Open workspaces without jobs and sockets; what a test opened is closed after it."""
    monkeypatch.setattr(opened, "open_session", partial(open_session, serve=False))
    yield
    opened.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_background: None) -> Path:
    """Return the folder of a workspace that holds nothing."""
    monkeypatch.setenv("REGRAIN_WORKSPACE", str(tmp_path / "empty"))
    return tmp_path / "empty"


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_background: None) -> Path:
    """Return the folder of the small prepared workspace."""
    workspace = build(tmp_path / "small")
    monkeypatch.setenv("REGRAIN_WORKSPACE", str(workspace.folder))
    return workspace.folder


@pytest.fixture
def page() -> Open:
    """Return ``page(name, **query)``: the app on one page, run once, without an exception."""

    def open_page(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
        app.query_params["as"] = "ana"
        app.run()
        assert not app.exception, app.exception
        if name != "home":
            for key, value in {"as": "ana", **query}.items():
                app.query_params[key] = value
            app.switch_page(f"pages/{name}.py").run()
            assert not app.exception, app.exception
        return app

    return open_page


@pytest.fixture
def store(prepared: Path) -> Store:
    """Return the store that the app holds open."""
    return opened.opened().store


def texts(app: AppTest) -> str:
    """Return everything that a page shows as text or markup; escaped punctuation as the person sees it."""
    blocks = (app.title, app.subheader, app.markdown, app.caption, app.text, app.error, app.warning, app.success)
    shown = [block.value for blocks_of_kind in blocks for block in blocks_of_kind]
    shown += [element.proto.body for element in app.get("html")]
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", "\n".join(shown))
