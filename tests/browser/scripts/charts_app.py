"""Two figures with their tables and downloads, over hostile captions. Run: streamlit run <this file>."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from curation.ui import cards, charts, frame

HOSTILE = '<img src=x onerror="window.hacked=1"> **bold** :red[x] ' + "and so on " * 30

frame.begin("Charts", who=lambda: "Lea", root=Path(__file__).parent)
st.title("Hubness")
cards.lead("A hub is an image that turns up in the top 10 of far too many captions.")
cards.stats(
    [
        cards.Stat(
            "Skewness of N₁₀", "2.61", "was 1.94", "bad", "0 is even; high means that few images take most places"
        ),
        cards.Stat("R@1 of 25,000 captions", "41.7 %", "+3.3 [2.8, 3.9]", "good"),
        cards.Stat("Largest N₁₀", "312", "was 204", "bad"),
    ]
)
labels, counts = ["0", "1-4", "5-9", "10-19", "20-49", "50-99", "100+"], [3690, 5200, 4200, 980, 120, 14, 1]
left, right = st.columns([5, 4])
with left:
    bars = charts.log_bars(
        labels,
        counts,
        x_title="N₁₀",
        y_title="images",
        name="this version",
        reference=[2250, 6900, 4100, 430, 90, 3, 0],
        reference_name="original",
    )
    charts.show(
        bars, {"N": labels, "images": counts}, title="How often each image is found", note="Log scale.", key="found"
    )
with right:
    ids, captions = [f"image {n}" for n in range(60)], [HOSTILE] * 60
    cloud = charts.points(
        [n % 10 for n in range(60)],
        [n // 10 for n in range(60)],
        ids=ids,
        captions=captions,
        values=list(range(60)),
        value_title="N₁₀",
    )
    chosen = charts.show(cloud, {"id": ids, "caption": captions}, title="Map of the pool", key="map", select=True)
    st.text(f"selected: {len(chosen)}")
cards.image_card(None, "no picture", HOSTILE, note="takes rank 1 from 97 captions", figure="312")
cards.chips([(HOSTILE[:40], "warn"), ("9 words", "")])
