"""The workspace that this app holds: opened once for the whole process, shared by every page and the image route."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool

from curation.jobs.drafts import Drafts
from curation.jobs.text_tower import TextTower
from curation.records import RegrainError
from curation.session import Session, default_folder, open_session
from curation.sources import Ordering
from curation.store import Store
from curation.ui.admission import Admission
from curation.ui.downloads import Downloads
from curation.ui.images import ImageServer
from curation.ui.live_route import LiveRank

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """An open workspace with what the pages need of it."""

    session: Session
    images: ImageServer
    admission: Admission
    live: LiveRank
    downloads: Downloads
    ordering: Ordering

    @property
    def store(self) -> Store:
        return self.session.store


def opened() -> Opened:
    """Return the workspace of ``$REGRAIN_WORKSPACE``, else the demo; it is opened on first use.

    Raises ``WorkspaceBusy`` where another process holds it and ``RegrainError`` where it cannot be opened;
    the next call tries again.
    """
    return _open(str(default_folder()))


def image_server() -> ImageServer:
    """Return the image server of the open workspace; raises as ``opened`` does."""
    return opened().images


def downloads() -> Downloads:
    """Return the downloads of the open workspace; raises as ``opened`` does."""
    return opened().downloads


def live_rank() -> LiveRank:
    """Return the live rank of the open workspace; raises as ``opened`` does."""
    return opened().live


@asynccontextmanager
async def holding(app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Hold the workspace while the server runs: jobs go on before the first visit, and nothing is cut off at the end.

    Where it cannot be opened the server still starts; the pages say why.
    """
    try:
        await run_in_threadpool(opened)
    except RegrainError as problem:
        log.warning("%s", problem)
    yield {}
    await run_in_threadpool(close)


def close() -> None:
    """Finish what is being written and release the workspace."""
    _open.clear()


def _close(one: Opened) -> None:
    one.live.drafts.close()
    one.session.close()


@st.cache_resource(show_spinner=False, on_release=_close)
def _open(folder: str) -> Opened:
    session = open_session(folder)
    admission = Admission(session.store)
    images = ImageServer.of(session.workspace, session.store, admission.may_work)
    drafts = Drafts(session.store, session.workspace, TextTower())
    live = LiveRank.of(drafts, images.secret, admission.may_work, warm=session.server is not None)
    downloads = Downloads.of(session.workspace, session.store, images.secret)
    return Opened(session, images, admission, live, downloads, Ordering(session.store))
