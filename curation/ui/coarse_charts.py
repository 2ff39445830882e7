"""The figures of the coarse queue's overview, in the house style of ``charts``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from curation.ui.charts import Number, blank, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ACCENT = "#000001"
"""What Streamlit's theme replaces by its first colour for series, in light and in dark."""

GREY, BAND = "#878f96", "rgba(127, 140, 160, .22)"
"""Greys that fit light and dark."""


def spread(
    labels: Sequence[str], parts: Mapping[str, tuple[str, Sequence[int]]], *, x_title: str, y_title: str, every: int
) -> Figure:
    """Return bars of one or more parts, ``key -> (name, counts)``, of which every so many has a label under it.

    ``customdata`` are the part's key and the bar's number: ``open/19``.
    """
    figure = blank()
    for key, (name, counts) in parts.items():
        figure.add_bar(
            x=list(labels),
            y=list(counts),
            name=escape(name),
            customdata=[f"{key}/{n}" for n in range(len(labels))],
            hovertemplate=f"{escape(x_title)} %{{x}}<br><b>%{{y:,}}</b> {escape(name)}<extra></extra>",
        )
    figure.update_yaxes(rangemode="tozero", title=escape(y_title))
    begins = [label.split(" ")[0] for label in labels]  # a whole label under each bar would run into the next
    figure.update_xaxes(
        type="category", title=escape(x_title), tickangle=0, tickvals=list(labels)[::every], ticktext=begins[::every]
    )
    figure.update_layout(barmode="stack")
    return styled(figure, legend=len(parts) > 1).update_layout(bargap=0.08)


def reliability(predicted: Sequence[float], observed: Sequence[float], numbers: Sequence[Number]) -> Figure:
    """Return observed shares over predicted ones, in percent, beside the line on which they would be equal."""
    figure = blank()
    grey = {"width": 1.5, "dash": "dot", "color": GREY}
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line=grey, name="as promised", hoverinfo="skip")
    figure.add_scatter(
        x=[100 * one for one in predicted],
        y=[100 * one for one in observed],
        mode="lines+markers",
        line={"color": ACCENT},
        marker={"size": 9},
        name="as judged",
        customdata=list(numbers),
        hovertemplate="score says %{x:.0f} %<br><b>%{y:.0f} %</b> of %{customdata:,.0f} judged coarse<extra></extra>",
    )
    figure.update_xaxes(title="score says: coarse, %", range=[-2, 102])
    figure.update_yaxes(title="judged coarse, %", range=[-2, 102])
    return styled(figure, legend=True)


def curve(
    x: Sequence[Number], y: Sequence[Number], low: Sequence[Number], high: Sequence[Number], *, at: int, x_title: str,
    y_title: str,
) -> Figure:  # fmt: skip
    """Return a line within the band of its interval, in percent from 0 to 100, and a mark on its point ``at``."""
    figure = blank()
    figure.add_scatter(x=list(x), y=list(high), mode="lines", line={"width": 0}, hoverinfo="skip")
    figure.add_scatter(
        x=list(x), y=list(low), mode="lines", line={"width": 0}, hoverinfo="skip", fill="tonexty", fillcolor=BAND
    )
    hover = f"first %{{x:,}}: <b>%{{y:.0f}} %</b> {escape(y_title)}<extra></extra>"
    figure.add_scatter(x=list(x), y=list(y), mode="lines", line={"width": 2.5, "color": ACCENT}, hovertemplate=hover)
    figure.add_scatter(x=[x[at]], y=[y[at]], mode="markers", marker={"size": 12, "color": ACCENT}, hovertemplate=hover)
    figure.update_xaxes(title=escape(x_title), rangemode="tozero")
    figure.update_yaxes(title=f"{escape(y_title)}, %", range=[0, 102])
    return styled(figure, legend=False)
