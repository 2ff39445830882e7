"""The datasets page: what is here, what can be imported, and what must be computed before people can review."""

from __future__ import annotations

from typing import Any

import streamlit as st

from curation.jobs.chains import prepare_all
from curation.records import DEMO_NAME, SPLITS
from curation.store import datasets, settings, upkeep
from curation.ui import cards, encoder_form, import_form, job_list
from curation.ui.screen import Screen, begin, needing, panel
from curation.ui.wording import counted, when


def datasets_page() -> None:
    """Draw the page."""
    screen = begin("Datasets")
    st.title("Datasets", anchor=False)
    cards.lead("Captions and images come in here. Every import is checked first and written as a whole or not at all.")
    totals = datasets.totals(screen.store)
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        with panel("import", "Import"):
            if settings.get(screen.store, "name") == DEMO_NAME:
                cards.warning(
                    "This is the demo. Your own data belongs into a workspace of its own: close Regrain and start it "
                    "with make app WORKSPACE=data/mine"
                )
            import_form.show(screen)
        if totals["images"]:
            with panel("what", "What is here"):
                _holdings(totals)
                _imports(screen)
    with right:
        with panel("prepare", "Prepare for review"):
            _prepare(screen, totals)
        with panel("settings", "Settings"):
            _workspace_name(screen)
            _review_splits(screen)
            encoder_form.show(screen)


def _holdings(totals: dict[str, Any]) -> None:
    rows = [
        {"Split": name, "Images": one["images"], "With a file": one["held"], "Captions": one["captions"]}
        for name, one in totals["splits"].items()
    ]
    st.dataframe(rows, hide_index=True)


def _imports(screen: Screen) -> None:
    rows = [
        {
            "Import": one["name"],
            "Format": one["importer"],
            "Images": one["counts"]["images_added"],
            "Captions": one["counts"]["captions_added"],
            "New texts": one["counts"]["revisions_added"],
            "By": one["person"],
            "When": when(one["imported_at"]),
        }
        for one in datasets.imports(screen.store)
    ]
    st.dataframe(rows, hide_index=True)


def _prepare(screen: Screen, totals: dict[str, Any]) -> None:
    cards.text(
        "Encodes images and texts, scores coarse captions and noisy pairs, searches the pool and writes suggestions. "
        "What is there already is not computed again.",
        size="small",
    )
    st.button(
        "Prepare everything",
        on_click=_prepare_all,
        args=(screen,),
        type="primary",
        disabled=not totals["images"],
        help=None if totals["images"] else "Import something first.",
    )
    job_list.running(screen)


@needing("prepare")
def _prepare_all(screen: Screen) -> None:
    prepare_all(screen.session.supervisor)


def _workspace_name(screen: Screen) -> None:
    name = settings.get(screen.store, "name")
    st.text_input("Name of the workspace", name, key="workspace-name", on_change=_rename, args=(screen,), max_chars=80)


@needing("change settings")
def _rename(screen: Screen) -> None:
    name = " ".join(str(st.session_state["workspace-name"]).split())
    if name:
        upkeep.change_settings(screen.store, {"name": name})


def _review_splits(screen: Screen) -> None:
    chosen = settings.get(screen.store, "review_splits")
    st.pills(
        "Splits in review",
        [split for split in SPLITS if split != "pool"],
        selection_mode="multi",
        default=chosen,
        key="review-splits",
        on_change=_change_splits,
        args=(screen,),
        help="Captions of these splits are judged. The others serve as banks and for choosing parameters; test "
        "captions never do.",
    )


@needing("change settings")
def _change_splits(screen: Screen) -> None:
    splits = list(st.session_state["review-splits"])
    if splits:
        upkeep.change_settings(screen.store, {"review_splits": splits})
        st.toast(f"{counted(len(splits), 'split')} in review: {', '.join(splits)}")
