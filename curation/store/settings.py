"""Settings of the workspace: small JSON values by key, with the defaults in one place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from curation.records import QUEUES, SPLITS, RegrainError
from curation.store import filters
from curation.store.connection import Connection, Store, to_json
from curation.store.verdicts import VERDICTS

DEFAULTS: dict[str, Any] = {
    "name": "Untitled workspace",
    "encoder": "regrain-scenes-1",
    # Another encoder, whose margin stands beside the first one's on every suggestion; empty for none.
    "second_encoder": "",
    # Where the encoder runs: auto takes the graphics card where there is one.
    "device": "auto",
    # Captions of these splits are judged and released; the others serve as banks and for choosing parameters.
    "review_splits": ["test", "none"],
    # The share of the most uncertain captions among the next to judge, from which the score learns most; the others
    # are the likeliest coarse ones.
    "informative_share": 0.2,
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
    # A masked language model that proposes words and says how fluent others are: a folder's path or a name of the hub.
    "masked_model": "",
    # Settings of suggesters by name, which also asks for those that run only then: {"stress_words": {"keep": 3}}.
    "suggesters": {},
    # Suggesters that do not run, by name: ["neighbours"].
    "suggesters_off": [],
    # Suggestions of a source that is certainly taken less often than this, where people looked, are shown last.
    "acceptance_floor": 0.15,
    # Changes to the words that no suggestion may add: {"allow": ["old"], "block": {"health": ["limping"]}}.
    "sensitive_words": {},
    # By queue, how many different people answer an item, for which share of the items: {"answers": 2, "share": 0.1}.
    "overlap": {},
    # By queue, the share of items that are judged without scores and suggestions, to see what showing them does.
    "unaided_share": {},
    # By queue, the share of a person's items whose right verdict is known already (gold).
    "gold_rate": {},
    # By queue, how many gold items a new annotator answers first, and which share of them rightly: {"items": 10,
    # "pass": 0.8}.
    "qualification": {},
    # By queue, whose items are whose: [{"person": "ana", "share": 0.5}, {"person": "bo", "filter": {"split": "val"}}].
    "assignment": {},
    # By queue, how to judge: {"text": ..., "examples": [{"item_id", "text", "verdict", "why"}]}; else the usual words.
    "guidelines": {},
    # How long an item stays in the hands of the person it was shown to, in minutes.
    "lease_minutes": 10,
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


def some_in(connection: Connection, *keys: str) -> dict[str, Any]:
    """Return several settings at once, inside a write."""
    rows = connection.execute("SELECT key, value FROM setting WHERE list_contains(?::TEXT[], key)", [list(keys)])
    found = {key: json.loads(value) for key, value in rows.fetchall()}
    return {key: found.get(key, DEFAULTS[key]) for key in keys}


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
    if key == "assignment":
        for one in (one for rules in value.values() for one in rules if "filter" in one):
            filters.check(one["filter"])
    if key == "guidelines":
        _check_verdicts(value)


def _check_verdicts(guidelines: dict[Any, Any]) -> None:
    for queue, one in guidelines.items():
        known = [verdict.name for verdict in VERDICTS[queue]]
        for example in one["examples"]:
            if example["verdict"] not in known:
                raise RegrainError(
                    f"the example {example['item_id']} of the queue {queue} has no verdict {example['verdict']!r}: "
                    f"use one of {', '.join(known)}"
                )


def _is_number(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_count(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and _is_number(value, low, high)


def _by_queue(value: Any, rule: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(queue in QUEUES and rule(one) for queue, one in value.items())


def _holds(value: Any, **rules: Callable[[Any], bool]) -> bool:
    """Say whether a value is an object with just these entries, each by its rule."""
    return isinstance(value, dict) and set(value) == set(rules) and all(rules[name](value[name]) for name in rules)


def _is_word_change(value: Any) -> bool:
    if not isinstance(value, dict) or not set(value) <= {"allow", "block"}:
        return False
    block = value.get("block", {})
    if not isinstance(block, dict) or not all(_is_text(kind) for kind in block):
        return False
    # Suggestions are compared word by word: what holds a space would block nothing, and nobody would see that.
    lists = [value.get("allow", []), *block.values()]
    return all(
        isinstance(words, list) and all(_is_text(one) and one.split() == [one] for one in words) for words in lists
    )


def _is_assignment(value: Any) -> bool:
    if not isinstance(value, list) or not all(isinstance(one, dict) and _is_text(one.get("person")) for one in value):
        return False
    shares = [one["share"] for one in value if "share" in one]
    return (
        all(set(one) in ({"person", "share"}, {"person", "filter"}) for one in value)
        and all(_is_number(share, 0, 1) for share in shares)
        and sum(shares) <= 1 + 1e-9
        and all(isinstance(one["filter"], dict) for one in value if "filter" in one)
    )


def _is_guideline(value: Any) -> bool:
    return (
        _holds(value, text=lambda text: isinstance(text, str), examples=lambda rows: isinstance(rows, list))
        and len(value["text"]) <= 20_000
        and all(
            isinstance(one, dict)
            and set(one) == {"item_id", "text", "verdict", "why"}
            and all(isinstance(part, str) for part in one.values())
            for one in value["examples"]
        )
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_QUALIFICATION: dict[str, Callable[[Any], bool]] = {
    "items": lambda n: _is_count(n, 1, 1000),
    "pass": lambda share: _is_number(share, 0, 1),
}

_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "name": ("a text", lambda value: isinstance(value, str) and bool(value.strip())),
    "encoder": ("the name of an encoder", lambda value: isinstance(value, str) and bool(value)),
    "second_encoder": ("the name of an encoder, or the empty text for none", lambda value: isinstance(value, str)),
    "device": (
        "auto, cpu, mps, cuda or cuda:N",
        lambda value: bool(re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", str(value))),
    ),
    "review_splits": (
        f"a list of splits among {', '.join(split for split in SPLITS if split != 'pool')}",
        lambda value: isinstance(value, list) and bool(value) and all(one in SPLITS and one != "pool" for one in value),
    ),
    "informative_share": ("a share from 0 to 1", lambda value: _is_number(value, 0, 1)),
    "noise_share": ("a share from 0 to 1", lambda value: _is_number(value, 0, 1)),
    "fits_delta": ("a cosine difference from 0 to 2, or null", lambda value: value is None or _is_number(value, 0, 2)),
    "pool_neighbours": ("a number from 1 to 1000", lambda value: _is_count(value, 1, 1000)),
    "pool_per_target": ("a number from 1 to 1000", lambda value: _is_count(value, 1, 1000)),
    "duplicate_threshold": ("a cosine from 0 to 1, or null", lambda value: value is None or _is_number(value, 0, 1)),
    "sensitive_words": (
        '{"allow": [WORD, ...], "block": {KIND: [WORD, ...]}} of single words, either part may be left out',
        lambda value: _is_word_change(value),
    ),
    "masked_model": (
        "the path of a folder with a masked language model, a name of the hub, or empty",
        lambda value: isinstance(value, str),
    ),
    "suggesters": (
        "{SUGGESTER: {SETTING: VALUE, ...}}",
        lambda value: isinstance(value, dict) and all(isinstance(one, dict) for one in value.values()),
    ),
    "suggesters_off": (
        "a list of suggesters' names",
        lambda value: isinstance(value, list) and all(_is_text(one) for one in value),
    ),
    "acceptance_floor": ("a share from 0 to 1", lambda value: _is_number(value, 0, 1)),
    "suggest_ahead": ("a number from 0 to 1000000", lambda value: _is_count(value, 0, 1_000_000)),
    "worker_threads": ("a number from 1 to 256", lambda value: _is_count(value, 1, 256)),
    "names_on_trust": ("true or false", lambda value: isinstance(value, bool)),
    "lease_minutes": ("a number from 1 to 1440", lambda value: _is_count(value, 1, 1440)),
    "overlap": (
        'by queue {"answers": 1 to 9, "share": 0 to 1}',
        lambda value: _by_queue(
            value, lambda one: _holds(one, answers=lambda n: _is_count(n, 1, 9), share=lambda x: _is_number(x, 0, 1))
        ),
    ),
    "unaided_share": (
        "by queue a share from 0 to 1",
        lambda value: _by_queue(value, lambda one: _is_number(one, 0, 1)),
    ),
    "gold_rate": (
        "by queue a share from 0 to 0.5",
        lambda value: _by_queue(value, lambda one: _is_number(one, 0, 0.5)),
    ),
    "qualification": (
        'by queue {"items": 1 to 1000, "pass": 0 to 1}',
        lambda value: _by_queue(
            value,
            lambda one: _holds(
                one, **{"items": lambda n: _is_count(n, 1, 1000), "pass": lambda x: _is_number(x, 0, 1)}
            ),
        ),
    ),
    "assignment": (
        'by queue a list of {"person": NAME, "share": 0 to 1, up to 1 in all} or {"person": NAME, "filter": {...}}',
        lambda value: _by_queue(value, _is_assignment),
    ),
    "guidelines": (
        'by queue {"text": TEXT, "examples": [{"item_id": ID, "text": TEXT, "verdict": NAME, "why": TEXT}]}',
        lambda value: _by_queue(value, _is_guideline),
    ),
}


def _value(rows: list[tuple[Any, ...]], key: str) -> Any:
    return json.loads(rows[0][0]) if rows else DEFAULTS[key]
