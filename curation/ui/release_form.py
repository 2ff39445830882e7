"""Releasing one version: choose layouts, write, read back, and offer the folder as one archive."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from curation.exporters import exporters
from curation.exporters.reconcile import Reconciled
from curation.records import RegrainError
from curation.releasing import release_version
from curation.store import versions
from curation.ui import cards
from curation.ui.screen import Screen, needing
from curation.ui.wording import counted, when

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
    for number, one in enumerate(versions.releases(screen.store, version["id"])):
        _released(screen, one, key=f"{key}-{number}")


@needing("export")
def _release(screen: Screen, version: dict[str, Any], layouts: list[str]) -> None:
    try:
        with st.spinner("Writing the files and reading them back …", show_time=True):
            release_version(screen.session, version["id"], layouts, person=screen.person)
    except (RegrainError, OSError) as problem:
        st.session_state[f"release-{version['id']}-error"] = str(problem)


def _released(screen: Screen, one: dict[str, Any], *, key: str) -> None:
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
        with st.container(horizontal=True):
            st.download_button(
                "Download as ZIP",
                data=lambda: _archive(folder),
                file_name=f"{folder.name}.zip",
                mime="application/zip",
                key=f"{key}-zip",
                on_click="ignore",
            )
            st.download_button(
                "Manifest",
                data=json.dumps(manifest, ensure_ascii=False, indent=2),
                file_name=f"{folder.name}-manifest.json",
                mime="application/json",
                key=f"{key}-manifest",
                on_click="ignore",
            )


def _archive(folder: Path) -> bytes:
    """Return the folder as a ZIP archive; releases are small: texts and names, no images."""
    with tempfile.TemporaryDirectory() as work:
        path = shutil.make_archive(str(Path(work) / folder.name), "zip", root_dir=folder.parent, base_dir=folder.name)
        return Path(path).read_bytes()
