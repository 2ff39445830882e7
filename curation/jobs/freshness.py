"""What decisions have made stale, and when to compute it anew."""

from __future__ import annotations

import time

from curation.store import Store, decisions, models, scores, settings

QUIET_SECONDS = 3.0
"""How long nobody decides anything before the stale results are computed anew ..."""

LONGEST_SECONDS = 20.0
"""... but no longer than this after the first decision, however busy people are."""


LACKING_SHARE = 0.1
"""No more of the captions that come next may lack suggestions: a few always do, since their order keeps changing."""


class Freshness:
    """Watches the decision log and names the job kinds to run, once people pause."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = -1
        self._first_at: float | None = 0.0  # what an earlier process left stale is due at once
        self._last_at = 0.0

    def stale_kinds(self) -> tuple[str, ...]:
        """Return the job kinds whose results are older than the texts they speak of; empty while it is too soon."""
        now = time.monotonic()
        latest = decisions.latest(self._store)
        if latest != self._seen:
            if self._seen >= 0:
                self._last_at = now
                self._first_at = self._first_at if self._first_at is not None else now
            self._seen = latest
        if self._first_at is None:
            return ()
        if now - self._last_at < QUIET_SECONDS and now - self._first_at < LONGEST_SECONDS:
            return ()
        self._first_at = None
        stale = scores.stale(self._store, settings.get(self._store, "encoder"))
        lacking, ahead = scores.lacking_ahead(self._store)
        stale["suggestions"] += lacking if lacking > LACKING_SHARE * ahead else 0
        return kinds_for(stale, learn=models.ready_to_learn(self._store))


def kinds_for(stale: dict[str, int], *, learn: bool = False) -> tuple[str, ...]:
    """Return the job kinds that make fresh what ``scores.stale`` counts; ``learn`` orders the queue by new verdicts."""
    texts = ("encode", "analyse", "coarse", "noise", "pool", "defects") if stale["scores"] or stale["rivals"] else ()
    verdicts = ("learn", *(() if texts else ("coarse",))) if learn else ()
    return (*verdicts, *texts, *(("suggest",) if stale["suggestions"] else ()))
