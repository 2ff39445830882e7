"""Small pieces of a page: captions, chips, diffs, pictures, figures with units.

User text goes through ``markup.tag`` or ``escape_markdown``; it is never read as HTML or Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from curation.ui.markup import Markup, tag

Tone = Literal["", "warn", "good", "bad"]

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"(?i)(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)")
_JOINER = "\u2060"


def escape_markdown(text: str) -> str:
    """Return text that Streamlit's Markdown (labels, tooltips) shows as it stands, on one line.

    A bare web address would become a link whatever is escaped: an invisible joiner in it keeps it text.

    >>> escape_markdown(":red[*a*] $x$")
    '\\\\:red\\\\[\\\\*a\\\\*\\\\] \\\\$x\\\\$'
    """
    return _PUNCTUATION.sub(r"\\\1", _ADDRESS.sub(_JOINER, " ".join(text.split())))


def show(markup: Markup) -> None:
    """Put finished markup on the page."""
    st.html(markup)


def text(body: str, *, size: Literal["caption", "body", "small"] = "body") -> None:
    """Show user text as text."""
    show(tag("p", body, class_=f"rg-text rg-{size}", dir="auto"))


def lead(body: str) -> None:
    """Show the line under a page's title."""
    show(tag("p", body, class_="rg-lead"))


def chips(facts: Iterable[tuple[str, Tone]]) -> None:
    """Show short facts in a row, each with its tone."""
    inside = [tag("li", fact, class_=f"rg-chip {tone}".strip()) for fact, tone in facts]
    if inside:
        show(tag("ul", *inside, class_="rg-chips"))


def diff(runs: Iterable[tuple[str, str]], evidence: str = "") -> None:
    """Show a word diff (``(op, text)`` runs) with a line of evidence under it."""
    parts = [_run(op, words) for op, words in runs]
    line = [tag("span", evidence, class_="rg-evidence")] if evidence else []
    show(
        tag(
            "div",
            tag("p", *(piece for part in parts for piece in part), class_="rg-caption", dir="auto"),
            *line,
            class_="rg-offer",
        )
    )


def _run(op: str, words: str) -> list[str]:
    if op == "equal":
        return [words]
    inside = words.strip()
    before, _, after = words.partition(inside) if inside else (words, "", "")
    return [before, tag("ins" if op == "insert" else "del", inside), after]


def numbered(title: str, rows: Iterable[tuple[int, str]]) -> None:
    """Show numbered lines of user text under a small heading."""
    lines = [tag("li", line, value=str(n), dir="auto") for n, line in rows]
    show(tag("div", tag("h4", title), tag("ol", *lines), class_="rg-list"))


def picture(url: str | None, alt: str, label: str = "") -> None:
    """Show one image by address with its captions as the words that stand for it."""
    shown = (
        tag("img", src=url, alt=alt, loading="lazy") if url else tag("span", "No image is held here, only its name.")
    )
    caption = [tag("figcaption", label)] if label else []
    show(tag("figure", shown, *caption, class_="rg-picture"))


def image_card(url: str | None, alt: str, body: str, *, note: str = "", figure: str = "") -> None:
    """Show a small image beside a line of user text, a note under it and a figure at the end (a hub, a rival)."""
    image = tag("img", src=url, alt=alt, loading="lazy") if url else tag("span", class_="rg-noimage")
    words = tag("div", tag("p", body, dir="auto"), tag("small", note))
    show(tag("div", image, words, tag("b", figure), class_="rg-card-row"))


def thumbnails(title: str, images: Iterable[tuple[str | None, str, str, bool]]) -> None:
    """Show a strip of images: (address, alt, label, whether it is the target)."""
    inside = [
        tag(
            "figure",
            tag("img", src=url, alt=alt, loading="lazy") if url else "",
            tag("figcaption", f"target · {label}" if own else label),
            class_="own" if own else None,
        )
        for url, alt, label, own in images
    ]
    show(tag("div", tag("h4", title), tag("div", *inside, class_="rg-thumbs"), class_="rg-list"))


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure with its unit and denominator in ``label`` or ``value``; ``note`` says what it was before.

    ``help`` says what the figure means and which direction is good.
    """

    label: str
    value: str
    note: str = ""
    tone: Tone = ""
    help: str = ""


def stats(figures: Sequence[Stat]) -> None:
    """Show figures side by side."""
    cells = [
        tag(
            "div",
            tag("span", figure.label),
            tag("b", figure.value),
            tag("i", figure.note, class_=figure.tone or None),
            title=figure.help or None,
        )
        for figure in figures
    ]
    show(tag("div", *cells, class_="rg-stats"))


def progress(share: float, label: str) -> None:
    """Show a thin bar of ``share`` in [0, 1]; ``label`` says it in words."""
    width = f"{100 * min(max(share, 0.0), 1.0):.1f}%"
    bar = tag("i", style=f"width:{width}")
    show(tag("div", bar, class_="rg-progress", role="img", aria_label=label, title=label))


def queue_card(
    title: str, count: int, body: str, *, share: float, page: str, link: str = "Continue", differ: int = 0
) -> None:
    """Show one queue on the home page: what is left, what that means, how far it is, and the way in.

    ``differ`` is in how many items people differ, with the way to settle them; 0 shows nothing.
    """
    with st.container(border=True, height="stretch", key=f"panel-queue-{title}"):
        show(tag("div", tag("h3", title), tag("b", f"{count:,}"), tag("p", body), class_="rg-queue"))
        progress(share, f"{100 * share:.0f} % done")
        st.page_link(page, label=f"**{escape_markdown(link)}**")
        if differ:
            words = f"Settle {differ:,} disagreement{'s' * (differ > 1)}"
            st.page_link(page, label=words, query_params={"tab": "disputed"})


def empty(title: str, body: str, link_label: str = "", link_href: str = "") -> None:
    """Say why a list is empty and where to go next."""
    link = [tag("a", link_label or "Go on", href=link_href, target="_self")] if link_href else []
    show(tag("div", tag("h3", title), tag("p", body), *link, class_="rg-empty"))


def warning(message: str) -> None:
    """Show a message that may quote user text."""
    st.warning(escape_markdown(message))


def error(message: str) -> None:
    """Show an error that may quote user text or file names."""
    st.error(escape_markdown(message))
