"""Releasing one version: choose layouts, write, read back, and offer the folder as one archive."""

from __future__ import annotations

from typing import Any

import streamlit as st

from curation.exporters import exporters
from curation.exporters.reconcile import Reconciled
from curation.records import RegrainError
from curation.releasing import release_version
from curation.store import versions
from curation.ui import cards
from curation.ui.downloads import What
from curation.ui.markup import tag
from curation.ui.screen import Screen, needing
from curation.ui.wording import counted, when

LINKS: tuple[tuple[str, What], ...] = (("Download as ZIP", "zip"), ("Manifest", "manifest"))
USUAL = ("fg", "jsonl")
"""Layouts chosen beforehand: the published one, and the one that holds everything."""


def show(screen: Screen, version: dict[str, Any]) -> None:
    """Draw the form of one version and its releases so far; nothing where one may not export."""
    if not screen.may("export"):
        return
    titles = {plugin.name: plugin.title for plugin in exporters}
    key = f"release-{version['id']}"
    chosen = st.pills(
        "Layouts",
        list(titles),
        selection_mode="multi",
        default=[name for name in USUAL if name in titles],
        format_func=titles.__getitem__,
        key=f"{key}-layouts",
        help=" ".join(f"{plugin.title}: {plugin.help}" for plugin in exporters),
    )
    st.button("Export", key=key, on_click=_release, args=(screen, version, list(chosen or [])), type="primary")
    if message := st.session_state.pop(f"{key}-error", ""):
        cards.error(message)
    for one in versions.releases(screen.store, version["id"]):
        _released(screen, one)


@needing("export")
def _release(screen: Screen, version: dict[str, Any], layouts: list[str]) -> None:
    try:
        with st.spinner("Writing the files and reading them back …", show_time=True):
            release_version(screen.session, version["id"], layouts, person=screen.person)
    except (RegrainError, OSError) as problem:
        st.session_state[f"release-{version['id']}-error"] = str(problem)


def _released(screen: Screen, one: dict[str, Any]) -> None:
    manifest = one["manifest"]
    folder = screen.workspace.folder / one["folder"]
    with st.container(border=True):
        cards.text(f"Exported {when(one['released_at'])} by {one['person']} to {folder}")
        for line in manifest["reconciliation"]:
            cards.text(Reconciled(**line).line(), size="small")
        files = [
            {"File": path, "Bytes": facts["bytes"], "SHA-256": facts["sha256"]}
            for path, facts in manifest["files"].items()
        ]
        with st.expander(f"{counted(len(files), 'file')} with checksums"):
            st.dataframe(files, hide_index=True)
        if not folder.is_dir():
            cards.warning(f"{folder} is not there any more: export again where you need the files.")
            return
        links = [
            tag("a", label, href=screen.downloads.address(screen.person, one, what), target="_self", download=True)
            for label, what in LINKS
        ]
        cards.show(tag("nav", *links, class_="rg-links"))
