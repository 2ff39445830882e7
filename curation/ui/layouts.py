"""What a queue can be shown as; the layout stands in the address (``?view=``)."""

from __future__ import annotations

import streamlit as st

from curation.records import Queue

USUAL = {"": "One by one", "grid": "Grid"}
OF_QUEUE: dict[Queue, dict[str, str]] = {
    "coarse": USUAL
    | {"image": "Image by image", "clusters": "Near-identical", "defects": "Text defects", "overview": "Overview"},
    "rewrites": USUAL | {"sources": "Sources"},
    "attributes": USUAL | {"sources": "Sources"},
}


def of_queue(queue: Queue) -> dict[str, str]:
    """Return what the open items of a queue can be shown as, with its name on the screen."""
    return OF_QUEUE.get(queue, USUAL)


def asked(queue: Queue) -> str:
    """Return the layout that the address asks for; what is judged already is a list in any."""
    name = str(st.query_params.get("view", ""))
    return name if name in of_queue(queue) and st.query_params.get("tab", "todo") == "todo" else ""
