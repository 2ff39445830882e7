"""Plotly figures in the house style, each with its table and downloads beside it.

Figures take plain sequences. Captions in hovers are escaped and wrapped; ids travel in ``customdata``, so that a
click or a lasso gives ids back. Plotly is imported only where a figure is made.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from curation.ui import cards
from curation.ui.markup import tag
from curation.ui.theme import tokens_css

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FOLDER = Path(__file__).parent
HEIGHT = 320
HOVER_WIDTH = 48
HOVER_LINES = 6

Number = int | float


TICKS = 8
"""Most labels under the bars of one chart."""


def log_bars(
    labels: Sequence[str],
    counts: Sequence[int],
    *,
    x_title: str,
    y_title: str,
    name: str = "",
    reference: Sequence[int] | None = None,
    reference_name: str = "",
) -> Figure:
    """Return bars of heavy-tailed counts on a log scale; ``reference`` is drawn as a short line over each bar.

    A count of 0 has no bar. The bars' ``customdata`` are their labels.
    """
    figure = blank()
    hover = f"{escape(x_title)} %{{x}}<br><b>%{{y:,}}</b> {escape(name)}<extra></extra>"
    figure.add_bar(x=list(labels), y=list(counts), name=escape(name), customdata=list(labels), hovertemplate=hover)
    if reference is not None:
        figure.add_scatter(
            x=list(labels),
            y=[count or None for count in reference],
            name=escape(reference_name),
            mode="markers",
            marker={"symbol": "line-ew-open", "size": 16, "line": {"width": 2.5}},
            hovertemplate=f"{escape(x_title)} %{{x}}<br><b>%{{y:,}}</b> {escape(reference_name)}<extra></extra>",
        )
    figure.update_yaxes(type="log", dtick=1, tickformat=",d", title=escape(y_title))
    every = max(1, ceil(len(labels) / TICKS))  # all labels side by side would run into each other
    figure.update_xaxes(type="category", title=escape(x_title), tickangle=0, tickvals=list(labels)[::every])
    return styled(figure, legend=reference is not None)


def bars(labels: Sequence[str], values: Sequence[Number], *, x_title: str, y_title: str) -> Figure:
    """Return bars on a linear scale from 0; their ``customdata`` are their labels."""
    figure = blank()
    hover = f"%{{x}}<br><b>%{{y:,}}</b> {escape(y_title)}<extra></extra>"
    figure.add_bar(x=list(labels), y=list(values), customdata=list(labels), hovertemplate=hover)
    figure.update_yaxes(rangemode="tozero", title=escape(y_title))
    figure.update_xaxes(type="category", title=escape(x_title))
    return styled(figure, legend=False)


def lines(x: Sequence[Number], series: Mapping[str, Sequence[Number]], *, x_title: str, y_title: str) -> Figure:
    """Return one line with points for each named series over a common ``x``."""
    figure = blank()
    for name, values in series.items():
        hover = f"{escape(name)}<br>{escape(x_title)} %{{x}}: <b>%{{y}}</b><extra></extra>"
        figure.add_scatter(x=list(x), y=list(values), name=escape(name), mode="lines+markers", hovertemplate=hover)
    figure.update_yaxes(title=escape(y_title))
    figure.update_xaxes(title=escape(x_title))
    return styled(figure, legend=len(series) > 1)


def intervals(
    labels: Sequence[str],
    ends: Sequence[tuple[Number, Number | None, Number | None]],
    *,
    x_title: str,
    best: Number | None = None,
) -> Figure:
    """Return a point with its interval for each label, the first on top; ``ends`` are value, low and high.

    A value without an interval is a point alone. A line marks 0; the axis ends at ``best`` where there is one.
    """
    figure = blank()
    names = [escape(label) for label in labels]
    hover = [
        f"{name}<br><b>{value:.3g}</b>" + (f" [{low:.3g}, {high:.3g}]" if low is not None and high is not None else "")
        for name, (value, low, high) in zip(names, ends, strict=True)
    ]
    figure.add_scatter(
        x=[value for value, _, _ in ends],
        y=names,
        mode="markers",
        marker={"size": 9},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [0 if high is None else high - value for value, _, high in ends],
            "arrayminus": [0 if low is None else value - low for value, low, _ in ends],
            "thickness": 2,
            "width": 6,
        },
        customdata=list(labels),
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    figure.add_vline(x=0, line_width=1.5, line_dash="dot", line_color="#878f96")  # fits light and dark
    figure.update_xaxes(title=escape(x_title), zeroline=False)
    if best is not None:
        lowest = min([0, *(value if low is None else low for value, low, _ in ends)])
        figure.update_xaxes(range=[lowest - 0.03 * (best - lowest), best + 0.01 * (best - lowest)])
    figure.update_yaxes(type="category", autorange="reversed", automargin=True)
    return styled(figure, legend=False).update_layout(height=90 + 42 * max(2, len(names)))


def points(
    x: Sequence[Number],
    y: Sequence[Number],
    *,
    ids: Sequence[str],
    captions: Sequence[str],
    values: Sequence[Number] | None = None,
    value_title: str = "",
    x_title: str = "",
    y_title: str = "",
) -> Figure:
    """Return a cloud of points with ids in ``customdata`` and the caption in the hover, coloured by ``values``.

    Axes without a title (a projection has no units) are drawn without ticks.
    """
    marker: dict[str, Any] = {"size": 6, "opacity": 0.8}
    if values is not None:
        marker |= {
            "color": list(values),
            "colorbar": {"title": escape(value_title), "thickness": 10},
            "showscale": True,
        }
    figure = blank()
    figure.add_scattergl(
        x=list(x),
        y=list(y),
        mode="markers",
        marker=marker,
        customdata=list(ids),
        hovertext=[wrapped(caption) for caption in captions],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for title, axes in ((x_title, figure.update_xaxes), (y_title, figure.update_yaxes)):
        axes(title=escape(title), showticklabels=bool(title), showgrid=bool(title), zeroline=False)
    return styled(figure, legend=False)


def wrapped(text: str) -> str:
    """Return user text for a hover: escaped, broken into lines, cut after a few of them.

    >>> wrapped("a <b>red</b> ball")
    'a &lt;b&gt;red&lt;/b&gt; ball'
    """
    rows = textwrap.wrap(text, HOVER_WIDTH)
    if len(rows) > HOVER_LINES:
        rows = [*rows[: HOVER_LINES - 1], rows[HOVER_LINES - 1] + " …"]
    return "<br>".join(escape(row, quote=False) for row in rows)


def show(
    figure: Figure,
    table: Mapping[str, Sequence[Any]],
    *,
    title: str,
    key: str,
    note: str = "",
    select: bool | Literal["points"] = False,
) -> list[str]:
    """Show a figure in a card with its table and downloads (PNG, SVG, CSV); return the ids that were selected.

    ``table`` holds the figure's data by column. With ``select`` a click, box or lasso gives the ``customdata`` of
    the points in it (``"points"``: a click alone); without, or in the table view, the list is empty.
    """
    with st.container(border=True, key=f"panel-{key}"):
        cards.show(tag("div", tag("h4", title), tag("p", note), class_="rg-figure"))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            view = st.segmented_control(
                f"View of {title}", ["Chart", "Table"], default="Chart", key=f"{key}-view", label_visibility="collapsed"
            )
            _saver()(
                key=f"{key}-save",
                data={"figure": key, "name": key, "csv": to_csv(table), "chart": view != "Table"},
                width="content",
            )
        if view == "Table":
            st.dataframe({name: list(column) for name, column in table.items()}, hide_index=True)
            return []
        config = {"displaylogo": False, "displayModeBar": select is True}
        if not select:
            st.plotly_chart(figure, key=key, config=config, alt=f"{title}. {note}")
            return []
        ways: tuple[Literal["points", "box", "lasso"], ...] = ("points",)
        if select is True:
            ways = ("points", "box", "lasso")
            figure.update_layout(margin_t=40)  # the tools for selecting stand above the points
        event = st.plotly_chart(
            figure, key=key, config=config, alt=f"{title}. {note}", on_select="rerun", selection_mode=ways
        )
        return selected_ids(event)


def selected_ids(event: Mapping[str, Any]) -> list[str]:
    """Return the ids of a selection event, each once, in the order of the points."""
    found = [point.get("customdata") for point in event["selection"]["points"]]
    ids = [entry[0] if isinstance(entry, list | tuple) else entry for entry in found if entry is not None]
    return list(dict.fromkeys(str(entry) for entry in ids))


def offer_csv(table: Mapping[str, Sequence[Any]], *, name: str) -> None:
    """Offer a table as a CSV file, made in the browser: Streamlit's downloads have addresses that ask nobody."""
    _saver()(key=f"{name}-save", data={"name": name, "csv": to_csv(table), "chart": False}, width="content")


def to_csv(table: Mapping[str, Sequence[Any]]) -> str:
    """Return columns as CSV with a header; raises ``ValueError`` where their lengths differ."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return out.getvalue()


def blank() -> Figure:
    """Return an empty figure under Streamlit's template, which is set when Streamlit's chart element is imported."""
    import plotly.graph_objects as go
    import streamlit.elements.plotly_chart  # noqa: F401

    return go.Figure()


def styled(figure: Figure, *, legend: bool) -> Figure:
    """Colours come from the Streamlit theme, so that light and dark both fit."""
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 28 if legend else 8, "b": 8},
        bargap=0.25,
        showlegend=legend,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.12},
        hoverlabel={"align": "left"},
    )
    return figure


@cache
def _saver() -> Any:
    return st.components.v2.component(
        "regrain.chart_save",
        html='<div class="save"></div>',
        css=tokens_css(".save") + (FOLDER / "chart_save.css").read_text(encoding="utf-8"),
        js=(FOLDER / "chart_save.js").read_text(encoding="utf-8"),
    )
