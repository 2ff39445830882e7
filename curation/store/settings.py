"""Settings of the workspace: small JSON values by key, with the defaults in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from curation.records import SPLITS, RegrainError
from curation.store.connection import Connection, Store, to_json

DEFAULTS: dict[str, Any] = {
    "name": "Untitled workspace",
    "encoder": "regrain-scenes-1",
    # Where the encoder runs: auto takes the graphics card where there is one.
    "device": "auto",
    # Captions of these splits are judged and released; the others serve as banks and for choosing parameters.
    "review_splits": ["test", "none"],
    # The share of pairs, most suspicious first, that the noise queue shows.
    "noise_share": 0.2,
    # How far below the own image's score another image may lie and still fit as well (cosine); null takes a
    # quarter of the spread of the encoder's similarities.
    "fits_delta": None,
    # Images nearest to each target that become pool candidates, by image and by text each.
    "pool_neighbours": 10,
    # Pool images per target that people are asked about, the likeliest false negatives first.
    "pool_per_target": 5,
    # Cosine from which two images are the same picture; null derives it from the images of train and val.
    "duplicate_threshold": None,
    # Captions outside the queues for which rewrites are sought ahead, the likeliest coarse ones first.
    "suggest_ahead": 2000,
    # Threads of the arithmetic of background jobs while the app runs; more make key presses slower.
    "worker_threads": 1,
    # Whether people on other machines come in by a name that nobody verifies, where no sign-in is set up.
    "names_on_trust": False,
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


def check(key: str, value: Any) -> None:
    """Raise ``RegrainError`` where there is no such setting or it cannot have this value."""
    if key not in DEFAULTS:
        near = get_close_matches(key, DEFAULTS, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise RegrainError(f"no setting is called {key!r}{hint} (there are: {', '.join(DEFAULTS)})")
    rule, holds = _RULES[key]
    if not holds(value):
        raise RegrainError(f"the setting {key} is {rule}, not {value!r}")


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_count(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and _is_number(value, low, high)


_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "name": ("a text", lambda value: isinstance(value, str) and bool(value.strip())),
    "encoder": ("the name of an encoder", lambda value: isinstance(value, str) and bool(value)),
    "device": (
        "auto, cpu, mps, cuda or cuda:N",
        lambda value: bool(re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", str(value))),
    ),
    "review_splits": (
        f"a list of splits among {', '.join(split for split in SPLITS if split != 'pool')}",
        lambda value: isinstance(value, list) and bool(value) and all(one in SPLITS and one != "pool" for one in value),
    ),
    "noise_share": ("a share from 0 to 1", lambda value: _is_number(value, 0, 1)),
    "fits_delta": ("a cosine difference from 0 to 2, or null", lambda value: value is None or _is_number(value, 0, 2)),
    "pool_neighbours": ("a number from 1 to 1000", lambda value: _is_count(value, 1, 1000)),
    "pool_per_target": ("a number from 1 to 1000", lambda value: _is_count(value, 1, 1000)),
    "duplicate_threshold": ("a cosine from 0 to 1, or null", lambda value: value is None or _is_number(value, 0, 1)),
    "suggest_ahead": ("a number from 0 to 1000000", lambda value: _is_count(value, 0, 1_000_000)),
    "worker_threads": ("a number from 1 to 256", lambda value: _is_count(value, 1, 256)),
    "names_on_trust": ("true or false", lambda value: isinstance(value, bool)),
}


def _value(rows: list[tuple[Any, ...]], key: str) -> Any:
    return json.loads(rows[0][0]) if rows else DEFAULTS[key]
