"""Who may still work here, asked for every picture and draft: the answer is kept for a few seconds."""

from __future__ import annotations

import time

from curation.store import Store, people

SECONDS = 3.0
"""How long an answer is kept: so long may somebody who was sent away still load what they have addresses for."""

MOST = 1_000
"""Most answers kept; then all are asked again."""


class Admission:
    """Says of a person whether they are on the team and active. Safe to share between threads."""

    def __init__(self, store: Store, *, seconds: float = SECONDS) -> None:
        self._store = store
        self._seconds = seconds
        self._known: dict[str, tuple[bool, float]] = {}

    def may_work(self, person_id: str) -> bool:
        """Say whether this person may work here now, or could some seconds ago."""
        now = time.monotonic()
        known = self._known.get(person_id)
        if known is not None and 0 <= now - known[1] < self._seconds:
            return known[0]
        found = people.get(self._store, person_id)
        answer = found is not None and found.may("annotator")
        if len(self._known) >= MOST:
            self._known = {}
        self._known[person_id] = (answer, now)
        return answer
