"""The health page: what the owner of a workspace must know, each line with what to do, and the end of the log."""

from __future__ import annotations

import streamlit as st

from curation.health import Health, Line, examine
from curation.ui import cards
from curation.ui.markup import Markup, tag
from curation.ui.screen import begin, panel

LOG_SHOWN = 200
FEW = 12
HEIGHT = 320
"""In pixels, for more than a few lines."""


def health_page() -> None:
    """Draw the page."""
    screen = begin("Health")
    title, again = st.columns([5, 1], vertical_alignment="bottom")
    found = examine(screen.session)
    with title:
        st.title("Health", anchor=False)
        cards.lead(_verdict(found))
    with again:
        st.button("Look again", width="stretch")
    with panel("health"):
        cards.show(tag("ul", *(_line(line) for line in found.lines), class_="rg-health"))
    cards.text(
        "The same from a shell, for a timer or a monitor: regrain health (exit code 1 where to look).", size="small"
    )
    with panel("log", "Log"):
        if found.log:
            st.code(
                "\n".join(found.log[-LOG_SHOWN:]), language=None, height=HEIGHT if len(found.log) > FEW else "content"
            )
            cards.text("The newest line is the last. Captions, image addresses and secrets are left out.", size="small")
        else:
            cards.text("Nothing was logged yet.", size="small")


def _verdict(found: Health) -> str:
    look = [line.title for line in found.lines if not line.fine]
    if not look:
        return "All is well."
    return f"Look at {', '.join(look[:-1])} and {look[-1]}." if len(look) > 1 else f"Look at {look[0]}."


def _line(line: Line) -> Markup:
    """Return one line: whether it is fine in a word, not by colour alone."""
    parts = [tag("i", "fine" if line.fine else "look"), tag("b", line.title), tag("span", line.words)]
    remedy = [] if line.fine else [tag("small", "To do: ", line.remedy)]
    return tag("li", *parts, *remedy, class_=None if line.fine else "look")
