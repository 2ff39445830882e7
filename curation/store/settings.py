"""Settings of the workspace: small JSON values by key, with the defaults in one place."""

from __future__ import annotations

import json
from typing import Any

from curation.store.connection import Connection, Store, to_json

DEFAULTS: dict[str, Any] = {
    "name": "Untitled workspace",
    "encoder": "regrain-scenes-1",
    # Captions of these splits are judged and released; the others serve as banks and for choosing parameters.
    "review_splits": ["test", "none"],
    # The share of pairs, most suspicious first, that the noise queue shows.
    "noise_share": 0.2,
    # How far below the own image's score another image may lie and still fit as well (cosine); null takes a
    # quarter of the spread of the encoder's similarities.
    "fits_delta": None,
    # Images nearest to each target that become pool candidates, by image and by text each.
    "pool_neighbours": 10,
    # Cosine from which two images are the same picture; null derives it from the images of train and val.
    "duplicate_threshold": None,
    # Captions outside the queues for which rewrites are sought ahead, the likeliest coarse ones first.
    "suggest_ahead": 2000,
    # Threads of the arithmetic of background jobs while the app runs; more make key presses slower.
    "worker_threads": 1,
}


def get(store: Store, key: str) -> Any:
    """Return a setting; where it was never set, its default. Unknown keys raise ``KeyError``."""
    return _value(store.rows("SELECT value FROM setting WHERE key = ?", [key]), key)


def get_in(connection: Connection, key: str) -> Any:
    """The same inside a write."""
    return _value(connection.execute("SELECT value FROM setting WHERE key = ?", [key]).fetchall(), key)


def everything(store: Store) -> dict[str, Any]:
    """Return all settings, defaults included."""
    return DEFAULTS | {key: json.loads(value) for key, value in store.rows("SELECT key, value FROM setting")}


def put(store: Store, **values: Any) -> None:
    """Set one or more settings in one transaction."""
    store.write(lambda connection: put_in(connection, values))


def put_in(connection: Connection, values: dict[str, Any]) -> None:
    """The same inside a write."""
    for key, value in values.items():
        connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", [key, to_json(value)])


def _value(rows: list[tuple[Any, ...]], key: str) -> Any:
    return json.loads(rows[0][0]) if rows else DEFAULTS[key]
