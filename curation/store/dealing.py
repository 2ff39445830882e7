"""Who gets what, worked out from an item's id and the settings alone, so that it is the same for everybody and always.

Shares are taken of a hash: of the items in a queue, about 100 x share in a hundred, the same ones on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

BUCKETS = 1000


def place(*parts: str) -> float:
    """Return where these texts fall in [0, 1): evenly spread, and the same for ever.

    >>> 0 <= place("overlap", "coarse", "t1#0") < 1
    True
    """
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def bucket(caption_id: str) -> int:
    """Return a caption's place among the ``BUCKETS``, by which shares are dealt. ``BUCKET`` is this in SQL."""
    return int(hashlib.md5(caption_id.encode(), usedforsecurity=False).hexdigest()[:8], 16) % BUCKETS


BUCKET = f"('0x' || left(md5(caption_id), 8))::BIGINT % {BUCKETS}"


def needed(overlap: Mapping[str, Any], queue: str, item_id: str) -> int:
    """Return how many different people are asked about an item: 1, or the queue's overlap for its share of items."""
    rule = overlap.get(queue) or {}
    answers = int(rule.get("answers", 1))
    return answers if answers > 1 and place("overlap", queue, item_id) < float(rule.get("share", 1)) else 1


def is_aided(unaided_share: Mapping[str, float], queue: str, item_id: str) -> bool:
    """Say whether scores and suggestions are shown with an item; a share of each queue is judged without them."""
    return place("unaided", queue, item_id) >= float(unaided_share.get(queue, 0))
