"""Who may send answers where: the signed address that a review page gives its reviewer."""

from __future__ import annotations

import time
from typing import NamedTuple

from curation.records import Queue
from curation.ui.signing import BadToken, derived, expiry, signed, unsigned


class AnswersGrant(NamedTuple):
    """What an address allows: one person judges one queue until ``expires`` (Unix seconds)."""

    person: str
    queue: Queue
    expires: int


def address(secret: bytes, person: str, queue: Queue) -> str:
    """Return an address that takes this person's decisions on a queue for 12 to 24 hours."""
    return f"/answers/{signed(derived(secret, 'answers'), AnswersGrant(person, queue, expiry()))}"


def granted(secret: bytes, token: str) -> AnswersGrant:
    """Return what a token allows; raises ``BadToken`` where it allows nothing (any more)."""
    grant = AnswersGrant(*unsigned(derived(secret, "answers"), token, "address for answers"))  # type: ignore[arg-type]
    if time.time() >= grant.expires:
        raise BadToken("this address for answers has ended: reload the page")
    return grant
