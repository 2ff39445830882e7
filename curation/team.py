"""What is said of those who judge a queue: how far they agree, with each other and with gold, and what help does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from curation import agreement
from curation.agreement import Overall, PersonScores, Ratings, Resampling, Score, Table
from curation.records import Queue
from curation.store import Store, answers
from curation.store.verdicts import REASONS

FEW = 30
"""Below so many items a figure says little, and the screens say so."""


@dataclass(frozen=True, slots=True)
class Effect:
    """How often one verdict was given with and without scores and suggestions shown, as counts and as a difference.

    ``difference`` is the share with help minus the share without, in [-1, 1]: above zero, showing them makes the
    verdict more frequent.
    """

    verdict: str
    aided: int
    unaided: int
    difference: Score


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The effect of showing scores and suggestions: first verdicts on ``aided`` and on ``unaided`` items."""

    aided: int
    unaided: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Consistency:
    """Agreement on one queue. ``rest`` and ``gold`` are by person; ``pairs`` by two people who share items."""

    queue: Queue
    ordinal: bool
    overall: Overall
    rest: tuple[PersonScores, ...]
    gold: tuple[PersonScores, ...]
    pairs: tuple[tuple[str, str, PersonScores], ...]
    verdicts: Table
    reasons: Table
    shares: tuple[float, ...]  # of each verdict among the answers, in the order of `verdicts`


def consistency(store: Store, queue: Queue) -> Consistency:
    """Measure how far people agree on a queue. Whole images are resampled, so that their captions count as one."""
    ratings = _ratings(store, queue)
    how = Resampling.within_seconds(len(ratings.codes))
    counts = ratings.counts.sum(axis=0) if len(ratings.codes) else np.zeros(len(ratings.categories))
    rest = [agreement.against_rest(ratings, person, how) for person in ratings.people]
    return Consistency(
        queue,
        ratings.ordinal,
        agreement.overall(ratings, how),
        tuple(rest),
        _against_gold(store, queue),
        tuple((*names, scores) for names, scores in agreement.pairs(ratings, how).items()),
        agreement.verdict_table(ratings),
        agreement.reason_table(ratings, REASONS),
        tuple(float(share) for share in counts / max(1, counts.sum())),
    )


def anchoring(store: Store, queue: Queue) -> Anchoring:
    """Compare the first verdicts on items shown with scores and suggestions with those on items shown without."""
    found = answers.with_help(store, queue)
    aided, unaided = found.images @ found.aided, found.images @ found.unaided
    how = Resampling.within_seconds(int(found.images.sum()))
    effects = [
        Effect(verdict, int(aided[at]), int(unaided[at]), agreement.share_difference(
            _part(found.aided, at), _part(found.unaided, at), found.images, how))
        for at, verdict in enumerate(found.verdicts)
        if aided[at] or unaided[at]
    ]  # fmt: skip
    return Anchoring(int(aided.sum()), int(unaided.sum()), tuple(effects))


def own_view(found: Consistency, person: str) -> Consistency:
    """Return what one person may see who sees no other names: their own figures against the rest and against gold."""
    return Consistency(
        found.queue, found.ordinal, found.overall,
        tuple(one for one in found.rest if one.person == person),
        tuple(one for one in found.gold if one.person == person),
        (), found.verdicts, found.reasons, found.shares,
    )  # fmt: skip


def _ratings(store: Store, queue: Queue) -> Ratings:
    found = answers.several(store, queue)
    return agreement.from_codes(
        found.item, found.image, found.person, found.verdict, found.reason,
        categories=answers.answer_names(queue), people=found.people, reasons=found.reasons, ordinal=queue == "pool",
    )  # fmt: skip


def _against_gold(store: Store, queue: Queue) -> tuple[PersonScores, ...]:
    found, q = answers.to_gold(store, queue), len(answers.answer_names(queue))
    scores = []
    for at, person in enumerate(found.people):
        own = found.person == at
        scores.append(agreement.against_gold(person, found.verdict[own], found.right[own], found.image[own], q))
    return tuple(scores)


def _part(counts: answers.Codes, at: int) -> agreement.Floats:
    """Return, for each kind of image, the items with one verdict and all its items: (k, 2)."""
    return np.stack([counts[:, at], counts.sum(axis=1)], axis=1).astype(float)
