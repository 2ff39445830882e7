"""Where suggestions come from: how often people take them, what nobody may see, and what an owner sets of it."""

from __future__ import annotations

import streamlit as st

from curation import sources
from curation.jobs.up_to_date import out_of_date
from curation.sources import Line, Overview
from curation.store import jobs
from curation.ui import cards, figure_table, judged_list, sources_settings, views
from curation.ui.figure_table import Column
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen, needing, panel
from curation.ui.views import View
from curation.ui.wording import (
    QUEUE_TITLES,
    counted,
    detail_title,
    kept_back_title,
    source_title,
)

LAYOUT = "sources"

COLUMNS = (
    Column("Source", figures=False),
    Column("Detail", "What is put in.", figures=False),
    Column(
        "Taken, 95 % interval", "Of those that people looked at. High is good. The dotted line is the floor.", False
    ),
    Column("As it was", "Accepted word for word."),
    Column("Edited", "Taken into the editor, changed and saved."),
    Column("Passed over", "Another one was taken that stood below it, or the person wrote words of their own."),
    Column("Rejected", "With a reason that speaks of the suggestion."),
    Column("Not counted", "Below the one that was taken, or the caption was fine, or the pair was wrong."),
    Column("Reasons", "Of rejections and edits.", figures=False),
)


def show(screen: Screen, view: View) -> None:
    """Draw the sources of both queues, whatever the filter leaves."""
    st.title(f"{QUEUE_TITLES[view.queue]}: sources")
    judged_list.tab_links(views.tabs(screen, view))
    found = sources.overview(screen.store)
    _anew(screen)
    _taken(found)
    left, right = st.columns([1.25, 1], gap="medium")
    with left, panel("sources-run"):
        _heading("Which sources run")
        sources_settings.sources_form(screen, found)
    with right, panel("sources-kept"):
        _heading("What was kept back")
        _kept_back(found)
    with panel("sources-words"):
        _heading("Sensitive words")
        sources_settings.words_form(screen, found.blocked)


def _heading(title: str) -> None:
    cards.show(tag("div", tag("h4", title), class_="rg-figure"))


def _anew(screen: Screen) -> None:
    """Say where suggestions do not follow from the present settings, and offer the job that seeks them anew."""
    for job in jobs.listed(screen.store, states=("running", "waiting")):
        if job.kind == "suggest":
            done = f"{job.done:,} of {job.total:,} captions" if job.total else "it begins soon"
            cards.text(f"Suggestions are being sought: {done}. What is there already is shown meanwhile.", size="small")
            return
    number = out_of_date(screen.store)
    if not number:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="panel-sources-anew"):
        cards.text(f"The suggestions for {counted(number, 'caption')} were sought under other settings.")
        if screen.may("prepare"):
            st.button("Seek them anew", type="primary", on_click=_seek, args=(screen,), key="sources-seek")


@needing("prepare")
def _seek(screen: Screen) -> None:
    screen.session.supervisor.add("suggest")


def _taken(found: Overview) -> None:
    if not found.lines:
        cards.empty("No suggestions yet", "They are sought when the workspace is prepared.", "Prepare", "datasets")
        return
    firsts = {line.source: n for n, line in reversed(list(enumerate(found.lines)))}
    judged = sum(found.lines[n].fates.judged for n in firsts.values())
    cards.text(
        f"Of {counted(judged, 'suggestion')} that people looked at {100 * found.pooled:.0f} % were taken. Where two "
        "suggestions bring the image to the same rank, the one whose source and detail are taken more often comes "
        "first. A source that nobody has judged yet stands where its usual place puts it."
        if judged
        else "Nobody has judged a suggestion yet: the sources stand in their usual order.",
    )
    figure_table.show(
        "How often suggestions are taken",
        COLUMNS,
        [_row(line, found, first=firsts[line.source] == n) for n, line in enumerate(found.lines)],
    )


def _row(line: Line, found: Overview, *, first: bool) -> list[str]:
    fates = line.fates
    reasons = sorted(fates.reasons.items(), key=lambda one: (-one[1], one[0]))
    waiting = tag("small", f"{found.waiting.get(line.source, 0):,} wait on current captions") if first else ""
    return [
        source_title(line.source) if first else tag("span", source_title(line.source), class_="rg-again"),
        tag("span", detail_title(line.type) if line.type else "all of them", waiting, class_="rg-under"),
        _rate(line, found.floor),
        *(f"{n:,}" for n in (fates.accepted, fates.edited, fates.passed, fates.rejected, fates.below + fates.other)),
        tag("span", ", ".join(f"{name} {n:,}" for name, n in reasons), class_="rg-wrap") if first else "",
    ]


def _rate(line: Line, floor: float) -> Markup:
    """Return a rate as a bar with its interval and the floor, and in words beside it."""
    value, low, high, taken, judged = line.rate
    if judged:
        words = f"{100 * value:.0f} % ({100 * low:.0f} to {100 * high:.0f}), {taken:,} of {judged:,}"
    else:
        words = f"not judged yet, counted as {100 * value:.0f} %"
    if line.seldom:
        words += ", shown last"
    bar = tag(
        "div",
        tag("i", style=f"left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"),
        tag("b", style=f"left:{100 * value:.1f}%"),
        tag("u", style=f"left:{100 * floor:.1f}%"),
        aria_hidden="true",
    )
    return tag("span", bar, tag("span", words), class_="rg-rate")


def _kept_back(found: Overview) -> None:
    if not found.kept_back:
        cards.text(
            "Nothing is known to have been kept back: it is counted whenever suggestions are sought.", size="small"
        )
        return
    rows = [[kept_back_title(reason), f"{number:,}"] for reason, number in _most_first(found.kept_back)]
    figure_table.show("Suggestions that nobody sees, by reason", _KEPT, rows)
    cards.text("Of the captions as they read now; a detail that two sources tell counts twice.", size="small")


_KEPT = (Column("Why", figures=False), Column("Suggestions"))


def _most_first(numbers: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
