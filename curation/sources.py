"""Where suggestions come from: how often people take them, and the order in which they are shown."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from curation.records import RegrainError
from curation.store import Store, offered, settings

if TYPE_CHECKING:
    from curation.suggesters.acceptance import Acceptance

FRESH_SECONDS = 30.0
"""How old rates may be before they are counted anew."""

log = logging.getLogger(__name__)


def acceptance(store: Store) -> Acceptance:
    """Return the rates of acceptance as the log has them now."""
    from curation.suggesters.acceptance import Acceptance, Judged

    counts = {cell: Judged(one.taken, one.judged) for cell, one in offered.fates(store).items()}
    return Acceptance.of(counts, floor=settings.get(store, "acceptance_floor"))


class Ordering:
    """The order of suggestions by rates that are counted now and then, beside whoever asks: nobody waits for them.

    Until the first count is there the shipped order holds.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: Acceptance | None = None
        self._counted_at = float("-inf")
        self._counting = threading.Lock()

    def __call__(self, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the suggestions of one caption in the order in which a person shall see them."""
        if time.monotonic() - self._counted_at > FRESH_SECONDS and not self._counting.locked():
            threading.Thread(target=self.count, name="acceptance", daemon=True).start()
        known = self._known
        return known.ordered(rows) if known else list(rows)

    def count(self) -> None:
        """Count the rates anew."""
        with self._counting:
            try:
                self._known = acceptance(self._store)
            except RegrainError:
                pass  # the workspace was closed meanwhile
            except Exception:  # the order stays as it was
                log.exception("the acceptance of suggestions was not counted")
            self._counted_at = time.monotonic()
