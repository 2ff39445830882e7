"""The screens of rewrites and attributes: what they have besides the layouts of every queue."""

from __future__ import annotations

from curation.records import Queue
from curation.ui import layouts, sources_view
from curation.ui.filter_bar import tools
from curation.ui.review import review_screen
from curation.ui.screen import begin
from curation.ui.wording import QUEUE_TITLES


def suggestions_screen(queue: Queue) -> None:
    """Draw what the address asks for."""
    if layouts.asked(queue) != sources_view.LAYOUT:
        review_screen(queue)
        return
    screen = begin(QUEUE_TITLES[queue], page=queue, review=True)
    sources_view.show(screen, tools(screen, queue))
