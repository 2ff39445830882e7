"""The team page: how the work goes, how far people agree, and what showing scores does. One section at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from curation.ui import cards, people_panel, queue_settings_panel, team_agreement, team_anchoring, team_progress
from curation.ui.screen import Screen, begin


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page: its name in the address, its label, and what draws it."""

    name: str
    label: str
    show: Callable[[Screen], None]
    needs: str = "review"


SECTIONS = (
    Section("progress", "Progress", team_progress.show),
    Section("agreement", "Agreement", team_agreement.show),
    Section("anchoring", "Effect of help", team_anchoring.show),
    Section("queues", "Queues", queue_settings_panel.queues_panel, needs="change queues"),
    Section("people", "People", people_panel.people_panel, needs="see everybody's progress"),
)


def team_page() -> None:
    """Draw the page."""
    screen = begin("Team")
    st.title("Team", anchor=False)
    cards.lead("How far the queues are, how far people agree, and whether what the screens show leads them.")
    labels = {section.name: section.label for section in SECTIONS if screen.may(section.needs)}
    chosen = st.segmented_control(
        "Section", list(labels), format_func=labels.__getitem__, default=SECTIONS[0].name, required=True,
        key="section", bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    next(section for section in SECTIONS if section.name == chosen).show(screen)
