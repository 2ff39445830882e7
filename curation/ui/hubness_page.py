"""The hubness page: how unevenly images come up, the largest hubs and whose places they take, one mitigation."""

from __future__ import annotations

from itertools import count
from typing import Any, TypedDict

import streamlit as st

from curation import reports
from curation.records import Job, RegrainError
from curation.reports import Hub, HubnessReport, HubnessRow
from curation.store import captions, datasets, jobs
from curation.ui import cards, charts, job_list
from curation.ui.markup import tag
from curation.ui.screen import Screen, begin, panel
from curation.ui.wording import counted, percent

KS = (1, 5, 10, 20, 50)
GALLERIES = {"targets": "targets", "targets+pool": "targets and pool"}
HUBS_LISTED = 8
QUERIES_LISTED = 20

MEASURES = {
    "skewness": "Skewness of N_k over all images, never-found ones included (Radovanovic et al., 2010); 0 is even, "
    "high is uneven. Released code of DBNorm leaves never-found images out and gives smaller values.",
    "antihub_rate": "Share of images that are in no caption's top k. Low is good.",
    "hub_occurrence": "Share of all places in top k lists that hubs take: images with at least twice the mean N_k. "
    "Low is good.",
    "largest": "The largest number of captions that have one image in their top k. Low is good.",
    "recall_1": "Share of captions whose own image comes first. High is good.",
}


def hubness_page() -> None:
    """Draw the page."""
    screen = begin("Hubness")
    st.title("Hubness", anchor=False)
    cards.lead(
        "A hub is an image that turns up among the nearest of far too many captions, and takes the place of their own. "
        "Measured from text to image."
    )
    splits = [name for name, one in datasets.totals(screen.store)["splits"].items() if one["captions"] and one["held"]]
    if not splits:
        cards.empty("No pictures to search", "Hubness needs captions with pictures.", "Import a dataset", "datasets")
        return
    asked = _controls(splits)
    try:
        with st.spinner("Comparing every caption with every picture …", show_time=True):
            found = reports.hubness(screen.session, **asked)
    except RegrainError as problem:
        cards.empty("Not measured yet", str(problem), "Prepare the workspace", "datasets")
        return
    if isinstance(found, Job):
        st.fragment(_waiting, run_every=job_list.EVERY)(screen, found.id)
        return
    _report(screen, found, asked["gallery"])


class Asked(TypedDict):
    """What the page is asked to measure; the names are those of ``reports.hubness``."""

    split: str
    k: int
    mitigation: str
    gallery: str


def _controls(splits: list[str]) -> Asked:
    known = reports.mitigation_names()
    titles = {name: title for name, title, _ in known}
    helps = [f"**{cards.escape_markdown(title)}** {cards.escape_markdown(words)}" for _, title, words in known]
    usual = "test" if "test" in splits else splits[0]
    with st.container(horizontal=True):
        split = st.segmented_control("Split", splits, default=usual, required=True, key="split", bind="query-params")
        k = st.segmented_control(
            "k, the places that count", KS, default=10, required=True, key="k", bind="query-params"
        )
        gallery = st.segmented_control(
            "Gallery",
            list(GALLERIES),
            format_func=GALLERIES.__getitem__,
            default="targets",
            required=True,
            key="gallery",
            bind="query-params",
            help="What the captions search: the images of their split, or those and the pool.",
        )
        mitigation = st.selectbox(
            "Mitigation",
            list(titles),
            index=list(titles).index("nnn") if "nnn" in titles else 0,
            format_func=titles.__getitem__,
            key="mitigation",
            bind="query-params",
            width=320,
            help="\n\n".join(helps),
        )
    return Asked(split=str(split), k=int(k or 10), mitigation=str(mitigation), gallery=str(gallery))


def _waiting(screen: Screen, job_id: str) -> None:
    job = jobs.get(screen.store, job_id)
    cards.text("So many pairs are compared in the background; the figures show here when they are there.", size="small")
    cards.show(tag("div", job_list.line(job), class_="rg-jobs"))
    if job.state == "done":
        st.rerun()


def _report(screen: Screen, report: HubnessReport, gallery: str) -> None:
    cards.text(
        f"{counted(report.queries, 'caption')} searched {counted(report.gallery, 'image')} · encoder {report.encoder}"
        + (f" · bank of {counted(report.bank, 'caption')} of train and val" if report.mitigated else ""),
        size="small",
    )
    cards.stats(_tiles(report))
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _histogram(report)
        _mitigation(report)
    with right, panel("hubs", "Largest hubs"):
        _hubs(screen, report, gallery)


def _tiles(report: HubnessReport) -> list[cards.Stat]:
    raw, after = report.raw, report.mitigated
    shown = (
        (f"Skewness of N{_sub(report.k)}", "skewness", "{:.2f}", 1.0),
        (f"Never found, of {report.gallery:,} images", "antihub_rate", "{:.1f} %", 100.0),
        (f"Taken by hubs, of {report.k * report.queries:,} places", "hub_occurrence", "{:.1f} %", 100.0),
        (f"Largest N{_sub(report.k)}, of {report.queries:,} captions", "largest", "{:,.0f}", 1.0),
        (f"R@1 of {report.queries:,} captions", "recall_1", "{:.1f} %", 1.0),
    )
    return [_tile(label, name, form, factor, raw, after) for label, name, form, factor in shown]


def _tile(label: str, name: str, form: str, factor: float, raw: HubnessRow, after: HubnessRow | None) -> cards.Stat:
    value = factor * getattr(raw, name)
    if after is None:
        return cards.Stat(label, form.format(value), help=MEASURES[name])
    then = factor * getattr(after, name)
    outcome, tone = _outcome(name, form.format(value) != form.format(then), then - value, after)
    return cards.Stat(label, form.format(value), f"{form.format(then)} after mitigation{outcome}", tone, MEASURES[name])


def _outcome(name: str, differs: bool, change: float, after: HubnessRow) -> tuple[str, cards.Tone]:
    """Return what a change is worth, in words and as a tone; one within its interval is none."""
    if not differs:
        return "", ""
    if name == "recall_1":
        if after.gain_1 is not None and after.gain_1[1] <= 0 <= after.gain_1[2]:
            return ", within chance", ""
        change = -change
    return (", better", "good") if change < 0 else (", worse", "bad")


def _histogram(report: HubnessReport) -> None:
    labels, counts = binned(report.counts, ends := bin_ends(max(report.counts[:1] + report.counts_after[:1])))
    after = binned(report.counts_after, ends)[1] if report.counts_after else None
    mean = report.k * report.queries / report.gallery
    name = f"N{_sub(report.k)}"
    figure = charts.log_bars(
        labels,
        counts,
        x_title=f"{name}: captions that have the image in their top {report.k}",
        y_title="images (log)",
        name="images, as it is",
        reference=after,
        reference_name=f"with {report.mitigated.title}" if report.mitigated else "",
    )
    table: dict[str, list[Any]] = {name: labels, "images": counts}
    if after is not None:
        table["images, mitigated"] = after
    charts.show(
        figure,
        table,
        title="How often each image is found",
        key=f"n{report.k}",
        note=f"Number of images (log) with a given {name}. Its mean is {mean:,.1f} by definition.",
    )


def _mitigation(report: HubnessReport) -> None:
    with panel("mitigation", "What a mitigation changes"):
        if report.mitigated is None:
            cards.text(f"Not computed: {report.no_mitigation}.", size="small")
            return
        cards.text(
            "Learnt from captions of train and val alone, never from the captions that are measured. Gains are "
            "percentage points with a 95 % interval (paired bootstrap over images).",
            size="small",
        )
        rows = [_row(row) for row in (report.raw, report.mitigated)]
        st.dataframe(rows, hide_index=True)


def _row(row: HubnessRow) -> dict[str, str]:
    return {
        "Mitigation": row.title,
        "Skewness": f"{row.skewness:.2f}",
        "Never found": percent(row.antihub_rate),
        "By hubs": percent(row.hub_occurrence),
        "R@1": f"{row.recall_1:.1f} %",
        "R@10": f"{row.recall_10:.1f} %",
        "Gain R@1": gain(row.gain_1),
        "Gain R@10": gain(row.gain_10),
    }


def _hubs(screen: Screen, report: HubnessReport, gallery: str) -> None:
    cards.text(
        f"With the number of captions that have the image in their top {report.k}. Open one to see which.", size="small"
    )
    texts = captions.of_images(screen.store, [hub.image_id for hub in report.hubs])
    opened = str(st.query_params.get("hub", ""))
    listed = report.hubs if st.session_state.get("all-hubs") else report.hubs[:HUBS_LISTED]
    for hub in listed:
        own = [one["text"] for one in texts.get(hub.image_id, [])]
        _hub(screen, report, hub, own, is_open=hub.image_id == opened)
        if hub.image_id == opened:
            _queries(screen, report, hub, gallery)
    if len(report.hubs) > HUBS_LISTED:
        st.toggle(f"All {len(report.hubs)} largest", key="all-hubs")


def _hub(screen: Screen, report: HubnessReport, hub: Hub, own: list[str], *, is_open: bool) -> None:
    size = 640 if is_open else 96
    url = screen.images.address(screen.person, hub.image_id, size) if hub.file else None  # type: ignore[arg-type]
    after = f" · {hub.n_k_after:,} after mitigation" if hub.n_k_after is not None else ""
    note = f"{counted(hub.captions, 'caption')} of its own{after}"
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        cards.image_card(url, "; ".join(own), own[0] if own else hub.image_id, note=note, figure=f"{hub.n_k:,}")
        st.button(
            "Close" if is_open else "Open",
            key=f"hub-{hub.image_id}",
            type="tertiary",
            on_click=_open_hub,
            args=("" if is_open else hub.image_id,),
        )
    if is_open:
        cards.picture(url, "; ".join(own) or hub.image_id)


def _queries(screen: Screen, report: HubnessReport, hub: Hub, gallery: str) -> None:
    found = reports.hub_queries(
        screen.session, hub.image_id, split=report.split, k=report.k, n=QUERIES_LISTED, gallery=gallery
    )
    others = sum(not one["own"] for one in found if one["rank"] == 1)
    cards.text(
        f"Of the {counted(len(found), 'caption')} shown, {others:,} of other images have this one in first place.",
        size="small",
    )
    rows = [
        {"Rank": one["rank"], "Caption": one["text"], "Its own": "yes" if one["own"] else "", "Id": one["caption_id"]}
        for one in found
    ]
    st.dataframe(rows, hide_index=True)


def _open_hub(image_id: str) -> None:
    if image_id:
        st.query_params["hub"] = image_id
    else:
        st.query_params.pop("hub", None)


def bin_ends(largest: int) -> list[int]:
    """Return the last value of each bin: 0 alone, then at most 20 bins of one round width.

    >>> bin_ends(5), bin_ends(31)
    ([0, 1, 2, 3, 4, 5], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32])
    """
    width = next(step * 10**power for power in count() for step in (1, 2, 5) if 20 * step * 10**power >= largest)
    return [0, *range(width, largest + width, width)]


def binned(counts: list[int], ends: list[int]) -> tuple[list[str], list[int]]:
    """Return the bins' labels and how many counts fall into each.

    >>> binned([4, 3, 3, 1, 0], [0, 2, 4])
    (['0', '1-2', '3-4'], [1, 1, 3])
    """
    starts = [0, *(end + 1 for end in ends[:-1])]
    labels = [f"{start}" if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]
    found = [sum(start <= count <= end for count in counts) for start, end in zip(starts, ends, strict=True)]
    return labels, found


def gain(interval: tuple[float, float, float] | None) -> str:
    """Return a gain with its interval.

    >>> gain((3.25, 2.8, 3.9))
    '+3.2 [+2.8, +3.9]'
    """
    if interval is None:
        return ""
    value, low, high = interval
    return f"{value:+.1f} [{low:+.1f}, {high:+.1f}]"


def _sub(k: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(k))
