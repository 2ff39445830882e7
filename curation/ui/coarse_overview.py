"""The coarse queue as a whole: its score's distribution, how far to trust it, what moves it, and what a budget buys."""

from __future__ import annotations

from math import floor, log
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from curation import overview
from curation.overview import BINS, CoarseOverview
from curation.store import defects
from curation.ui import cards, charts, coarse_charts, judged_list, views
from curation.ui.markup import Markup, tag
from curation.ui.screen import Screen, panel
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES, counted, defect_kinds, verdict_label

USUAL_BUDGET = 2_000
WEIGHTS_LISTED = 8
PARTS = ("open", "fine", "coarse", "wrong", "defect")
"""Parts of a bar that are always told apart, from the ground up."""


def show(screen: Screen, view: View) -> None:
    """Draw the overview of all that is in review, whatever the filter leaves."""
    st.title(QUEUE_TITLES["coarse"])
    judged_list.tab_links(views.tabs(screen, view))
    found = overview.coarse_overview(screen.store)
    if not any(found.spread.values()):
        cards.empty("Nothing is scored yet", "Scores come with the preparation.", "Prepare the workspace", "datasets")
        return
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _distribution(found)
        st.fragment(_budget)(found)
    with right:
        _trust(found)
        _weights(found)
        _defects(defects.waiting(screen.store))


def _distribution(found: CoarseOverview) -> None:
    numbers = {verdict for counts in found.spread.values() for verdict in counts} - {"rewritten"}
    shown = [*(one for one in PARTS if one in numbers), *sorted(numbers.difference(PARTS))]
    labels = [bin_label(n) for n in range(BINS)]
    parts = {one: (_name(one), [found.spread[n].get(one, 0) for n in range(BINS)]) for one in shown}
    rewritten = sum(counts.get("rewritten", 0) for counts in found.spread.values())
    note = "Score: the probability that a curator calls the caption coarse. Click a bar to see its captions."
    if rewritten:
        note += f" {counted(rewritten, 'judged caption')} read otherwise by now and are left out."
    chosen = charts.show(
        coarse_charts.spread(labels, parts, x_title="score", y_title="captions", every=4),
        {"score": labels} | dict(parts.values()),
        title="How the score is spread, by verdict so far",
        key="coarse-spread",
        note=note,
        select="points",
    )
    if chosen:
        verdict, _, n = chosen[0].partition("/")
        _open(int(n), verdict)
        st.rerun()
    waiting = {n: found.spread[n].get("open", 0) for n in reversed(range(BINS))}
    st.selectbox(
        "See the captions that wait with a score of",
        [n for n, number in waiting.items() if number],
        index=None,
        format_func=lambda n: f"{bin_label(n)} · {counted(waiting[n], 'caption')}",
        key="coarse-bin",
        placeholder="Choose a score",
        on_change=lambda: _open(st.session_state["coarse-bin"], "open"),
    )


def _open(n: int, verdict: str) -> None:
    """Put the captions of one bar into the address: those that wait as a grid, the others among what is done."""
    bounds = {"low": f"{n / BINS:g}", "high": f"{(n + 1) / BINS:g}"}
    where = {"view": "grid"} if verdict == "open" else {"tab": "done", "verdict": verdict}
    kept = {"as": st.query_params["as"]} if "as" in st.query_params else {}
    st.query_params.from_dict(kept | where | bounds)


def _budget(found: CoarseOverview) -> None:
    """Draw what judging the first so many finds; it moves without the rest of the page."""
    budgets = found.promise.budgets
    with _panel("budget", "What a budget finds"):
        if not found.promise.waiting:
            cards.text("Every caption is judged: there is nothing left to find.", size="small")
            return
        steps = [one.judged for one in budgets]
        usual = min(steps, key=lambda one: abs(one - min(USUAL_BUDGET, found.promise.waiting // 2)))
        judged = st.select_slider("Captions to judge, in the queue's order", steps, usual, format_func="{:,}".format)
        at = steps.index(judged)
        one = budgets[at]
        low, high = 100 * one.low, 100 * one.high
        cards.text(
            f"The first {judged:,} hold an estimated {100 * one.share:.0f} % of all coarse captions "
            f"({low:.0f} to {high:.0f} %): {one.found:,.0f} of {one.coarse:,.0f}, {found.promise.found:,} of them "
            "found already.",
        )
        place = f"{floor(1e6 * found.priorities[at]) / 1e6:g}"
        links = [
            _link(f"Judge the first {judged:,} one by one", down_to=place),
            _link("as a grid", view="grid", down_to=place),
        ]
        if judged:
            cards.show(tag("nav", *links, class_="rg-ways"))
    percents = [[100 * getattr(one, name) for one in budgets] for name in ("share", "low", "high")]
    figure = coarse_charts.curve(
        steps, *percents, at=at, x_title="captions judged, in the queue's order", y_title="of all coarse captions found"
    )
    table: dict[str, list[Any]] = {"judged": steps, "share %": [f"{one:.1f}" for one in percents[0]]}
    table |= {"low %": [f"{one:.1f}" for one in percents[1]], "high %": [f"{one:.1f}" for one in percents[2]]}
    charts.show(
        figure,
        table,
        title="Coarse captions found by number judged",
        key="coarse-curve",
        note="Estimated from the score, with its 95 % interval; as good as the score is calibrated.",
    )


def _trust(found: CoarseOverview) -> None:
    said, bins = found.promise, found.promise.reliability
    if not bins:
        with _panel("trust", "How far the score can be trusted"):
            cards.text(
                f"Model {said.model}: the shipped prior, fitted to no verdict of this workspace. After 20 verdicts "
                "“Fine enough” or “Coarse” a model of your own is fitted; how it keeps its promises stands here then.",
                size="small",
            )
        return
    auc = f", AUC {said.auc:.3f}" if said.auc is not None else ""
    columns = {
        "score says, %": [f"{100 * one['predicted']:.0f}" for one in bins],
        "judged coarse, %": [f"{100 * one['observed']:.0f}" for one in bins],
        "captions": [f"{one['number']:,.0f}" for one in bins],
    }
    charts.show(
        coarse_charts.reliability(
            [one["predicted"] for one in bins], [one["observed"] for one in bins], [one["number"] for one in bins]
        ),
        columns,
        title="How far the score can be trusted",
        key="coarse-trust",
        note=f"Model {said.model}, fitted to {counted(said.verdicts, 'verdict')}{auc}. Each point: captions on "
        "images that the fit had not seen; on the line the score keeps its promise.",
    )


def _weights(found: CoarseOverview) -> None:
    with _panel("weights", "What moves the score"):
        cards.text(
            "By how much each signal can multiply the odds of “coarse”, from its lowest to its highest value.",
            size="small",
        )
        every = st.session_state.get("all-weights", False)
        shown = found.weights if every else found.weights[:WEIGHTS_LISTED]
        largest = max((abs(log(one.factor)) for one in found.weights), default=1.0)
        lines = [_weight(one, abs(log(one.factor)) / largest) for one in shown]
        cards.show(tag("ul", *lines, class_="rg-weights"))
        if len(found.weights) > WEIGHTS_LISTED:
            st.toggle(f"All {len(found.weights)} signals", key="all-weights")


def _weight(one: overview.SignalWeight, share: float) -> Markup:
    factor = f"× {one.factor:,.1f}" if one.factor >= 1 else f"÷ {1 / one.factor:,.1f}"
    bar = tag("i", style=f"width:{100 * share:.0f}%")
    return tag(
        "li", tag("b", one.title), tag("span", factor), tag("small", one.help), tag("div", bar, aria_hidden="true")
    )


def _defects(waiting: dict[str, int]) -> None:
    titles = defect_kinds()
    with _panel("defects", "Text defects that wait"):
        if not waiting.get("any"):
            cards.text("None is known. They are looked for when the workspace is prepared.", size="small")
            return
        lines = [
            tag(
                "li",
                _link(titles.get(kind, kind), view="defects", defect=kind),
                tag("span", counted(number, "caption")),
                _link("grid", view="grid", defect=kind),
            )
            for kind, number in waiting.items()
        ]
        cards.show(tag("ul", *lines, class_="rg-kinds"))


def _panel(name: str, title: str) -> DeltaGenerator:
    """Return a part of the page with the heading that the figures beside it have."""
    container = panel(name)
    with container:
        cards.show(tag("div", tag("h4", title), class_="rg-figure"))
    return container


def _link(words: str, **parameters: str) -> Markup:
    fixed = {"as": str(st.query_params.get("as", ""))}
    return tag("a", words, href=views.address("coarse", fixed | parameters), target="_self")


def _name(verdict: str) -> str:
    return "to judge" if verdict == "open" else verdict_label("coarse", verdict)


def bin_label(n: int) -> str:
    """Return the score of a bar.

    >>> bin_label(0), bin_label(19)
    ('0.00 to 0.05', '0.95 to 1.00')
    """
    return f"{n / BINS:.2f} to {(n + 1) / BINS:.2f}"
