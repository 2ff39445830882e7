"""The versions page: what a version frozen now would hold, the frozen ones, their differences, and their release."""

from __future__ import annotations

from typing import Any

import streamlit as st

from curation.records import RegrainError
from curation.store import datasets, versions
from curation.text.worddiff import word_diff
from curation.ui import cards, release_form
from curation.ui.markup import tag
from curation.ui.screen import Screen, begin, needing, panel
from curation.ui.wording import counted, source_title, when

POOLS = {
    "judged": "Judged candidates",
    "candidates": "All candidates, judged or not",
    "none": "No pool",
}
CHANGED_SHOWN = 100


def versions_page() -> None:
    """Draw the page."""
    screen = begin("Versions")
    st.title("Versions", anchor=False)
    cards.lead(
        "A version is the benchmark as it stands now, frozen: later decisions never alter it. Exports are read back."
    )
    if not datasets.totals(screen.store)["captions"]:
        cards.empty(
            "Nothing to freeze yet", "A version holds captions. Import some first.", "Import a dataset", "datasets"
        )
        return
    left, right = st.columns([1, 1.3], gap="medium")
    with left, panel("freeze", "Freeze a version"):
        _freeze_form(screen)
    with right, panel("frozen", "Frozen versions"):
        _frozen(screen)
    names = [version["name"] for version in versions.listed(screen.store)]
    if len(names) >= 2:
        with panel("difference", "What changed between two versions"):
            _difference(screen, names)


def _freeze_form(screen: Screen) -> None:
    pending = versions.pending(screen.store)
    cards.stats(
        [
            cards.Stat("Captions changed", f"{pending['captions_changed']:,}", "since the import"),
            cards.Stat("Pairs left out", f"{pending['pairs_excluded']:,}", "judged wrong image or no caption"),
            cards.Stat("Candidates judged", f"{pending['candidates_judged']:,}", "pool images beside a caption"),
            cards.Stat("Matches added", f"{pending['positives_added']:,}", "pool images that match as well"),
        ]
    )
    if not screen.may("freeze"):
        cards.text("Owners freeze versions.", size="small")
        return
    with st.form("freeze", border=False):
        name = st.text_input("Name", placeholder="2026-11 fine text, large pool", max_chars=80, key="version-name")
        pool = st.radio(
            "Distractors",
            list(POOLS),
            format_func=POOLS.__getitem__,
            help="Pool images that compete with the targets. Near copies of a target are never distractors; an "
            "unjudged candidate may be a match that nobody has found yet.",
        )
        if st.form_submit_button("Freeze", type="primary"):
            _freeze(screen, name or "", pool or "judged")
    if not any(version["facts"]["original"] for version in versions.listed(screen.store)):
        st.button(
            "Freeze the original",
            on_click=_freeze_original,
            args=(screen,),
            help="The texts as they were imported, without a pool: what every later version is compared with.",
        )
    if message := st.session_state.pop("frozen", ""):
        cards.error(message[1:]) if message[0] == "!" else st.success(cards.escape_markdown(message))


@needing("freeze")
def _freeze(screen: Screen, name: str, pool: str) -> None:
    try:
        with st.spinner("Freezing …"):
            versions.freeze(screen.store, name, person=screen.person, pool=pool)
    except RegrainError as problem:
        st.session_state["frozen"] = f"!{problem}"
    else:
        st.session_state["frozen"] = f"Frozen as {name.strip()}."


@needing("freeze")
def _freeze_original(screen: Screen) -> None:
    try:
        versions.freeze(screen.store, versions.ORIGINAL, person=screen.person, original=True)
    except RegrainError as problem:
        st.session_state["frozen"] = f"!{problem}"


def _frozen(screen: Screen) -> None:
    listed = versions.listed(screen.store)
    if not listed:
        cards.text("None yet. Freeze the original first, so that later versions can be compared with it.", size="small")
    for number, version in enumerate(listed):
        with st.expander(cards.escape_markdown(version["name"]), expanded=number == 0, key=f"version-{version['id']}"):
            _version(screen, version)


def _version(screen: Screen, version: dict[str, Any]) -> None:
    facts = version["facts"]
    cards.text(f"Frozen {when(version['frozen_at'])} by {version['person']}, encoder {facts['encoder']}", size="small")
    rows = [
        {"Split": split, "Images": facts["images"].get(split, 0), "Captions": facts["captions"].get(split, 0)}
        for split in sorted({*facts["images"], *facts["captions"]})
    ]
    st.dataframe(rows, hide_index=True)
    grades = ", ".join(f"{number:,} of grade {grade}" for grade, number in facts["qrels"].items()) or "none"
    cards.text(
        f"{counted(facts['captions_changed'], 'caption')} changed · "
        f"{counted(facts['roles'].get('distractor', 0), 'distractor')} · judged pairs: {grades}",
        size="small",
    )
    release_form.show(screen, version)


def _difference(screen: Screen, names: list[str]) -> None:
    before, after = st.columns(2)
    old = before.selectbox("From", names, index=len(names) - 1, format_func=str, key="diff-from")
    new = after.selectbox("To", names, index=0, key="diff-to")
    found = versions.diff(screen.store, old, new)
    changed = found["changed"]
    cards.text(
        f"{counted(len(changed), 'caption')} changed, {found['caption_added']:,} added, {found['caption_removed']:,} "
        f"removed · images: {found['image_added']:,} added, {found['image_removed']:,} removed",
    )
    for one in changed[:CHANGED_SHOWN]:
        cards.diff(
            word_diff(one["old"], one["new"]), f"{one['caption_id']} · {source_title(one['source'])} · {one['person']}"
        )
    if len(changed) > CHANGED_SHOWN:
        cards.show(tag("p", f"The first {CHANGED_SHOWN} of {len(changed):,}.", class_="rg-text rg-small"))
