"""The coarse queue's screen: the layouts that this queue has besides those of every queue."""

from __future__ import annotations

from collections.abc import Callable

from curation.ui import cluster_view, coarse_overview, defect_view, image_view, layouts
from curation.ui.filter_bar import tools
from curation.ui.review import review_screen
from curation.ui.screen import Screen, begin
from curation.ui.views import View
from curation.ui.wording import QUEUE_TITLES

SHOWN: dict[str, Callable[[Screen, View], None]] = {
    image_view.LAYOUT: image_view.show,
    cluster_view.LAYOUT: cluster_view.show,
    defect_view.LAYOUT: defect_view.show,
    "overview": coarse_overview.show,
}


def coarse_screen() -> None:
    """Draw what the address asks for."""
    show = SHOWN.get(layouts.asked("coarse"))
    if show is None:
        review_screen("coarse")
        return
    screen = begin(QUEUE_TITLES["coarse"], page="coarse", review=True)
    show(screen, tools(screen, "coarse"))
