"""The frame of every page: config, icon, person and menu, drawn by the one call a page begins with.

With a ``pages/`` folder a deep link runs the page file alone, so no page may rely on ``app.py`` having run:
each begins with ``begin(...)``, which shows nothing of the workspace before it knows who works.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import streamlit as st

from curation.ui import cards
from curation.ui.markup import Markup, tag
from curation.ui.theme import tokens_css

FOLDER = Path(__file__).parent
STYLES = ("page.css", "screens.css")
REVIEW_STYLE = "review_page.css"

WhoWorks = Callable[[], str | None]
"""Return the id of the person, or None after saying why nobody is let in."""

Shown = Callable[[str], bool]
"""Say whether the menu shows a page, by its name."""

Counts = Callable[[str], Mapping[str, int | str]]
"""Return, for a person, what stands behind menu entries: the page's name to a count or a few words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu: the page's name (its file's stem) and its label."""

    name: str
    label: str

    @property
    def file(self) -> str:
        return "app.py" if self.name == "home" else f"pages/{self.name}.py"


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("home", "Home"), Entry("datasets", "Datasets"))),
    (
        "Captions",
        (
            Entry("coarse", "Coarse"),
            Entry("rewrites", "Rewrites"),
            Entry("attributes", "Attributes"),
            Entry("noise", "Noisy pairs"),
        ),
    ),
    ("Images", (Entry("pool", "Pool"),)),
    ("Understand", (Entry("hubness", "Hubness"), Entry("evaluate", "Evaluate"))),
    (
        "Release",
        (Entry("versions", "Versions"), Entry("team", "Team"), Entry("jobs", "Jobs"), Entry("health", "Health")),
    ),
)
"""The menu in order. A page whose file is not there is not shown."""


def begin(
    title: str,
    *,
    who: WhoWorks,
    counts: Counts | None = None,
    shown: Shown = lambda name: True,
    foot: Callable[[], None] | None = None,
    review: bool = False,
    root: Path | None = None,
) -> str:
    """Begin a page and return the id of the person; without one, nothing below the call runs.

    ``shown`` keeps pages out of the menu; ``foot`` draws who works under it, else it is the bare id. ``review``
    collapses the sidebar. ``root`` is the folder of ``app.py`` (the project's by default).
    """
    st.set_page_config(
        page_title=f"{title} · Regrain",
        page_icon=str(FOLDER / "icon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed" if review else "auto",
    )
    st.html(_style(review))
    person = who()
    if person is None:
        st.stop()
    with st.sidebar:
        _menu(counts(person) if counts else {}, root or FOLDER.parents[1], shown)
        foot() if foot else cards.show(tag("div", "Working as ", tag("b", person), class_="rg-who"))
    return person


def menu_entries(root: Path, shown: Shown = lambda name: True) -> list[tuple[str, list[Entry]]]:
    """Return the menu's groups with those pages that are shown and whose files are there."""
    groups = [
        (group, [entry for entry in entries if (root / entry.file).is_file() and shown(entry.name)])
        for group, entries in MENU
    ]
    return [(group, entries) for group, entries in groups if entries]


def _menu(counts: Mapping[str, int | str], root: Path, shown: Shown) -> None:
    cards.show(tag("div", "Re", tag("span", "grain"), class_="rg-mark"))
    for group, entries in menu_entries(root, shown):
        if group:
            cards.show(tag("div", group, class_="rg-group"))
        for entry in entries:
            st.page_link(entry.file, label=_label(entry.label, counts.get(entry.name)))


def _label(label: str, count: int | str | None) -> str:
    if count is None or count == "":
        return label
    words = f"{count:,}" if isinstance(count, int) else count
    return f"{label} :gray[{cards.escape_markdown(words)}]"


@cache
def _style(review: bool) -> Markup:
    names = (*STYLES, REVIEW_STYLE) if review else STYLES
    css = tokens_css(".stApp") + "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    return Markup(f"<style>{css}</style>")
