"""How a person wants the keys: single keys off, or actions on other keys. What a browser sent is checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from curation.records import RegrainError

if TYPE_CHECKING:
    from curation.ui.reviewer.screenful import Review

RESERVED_KEYS = frozenset({"c", "r"})
"""Streamlit's own single-key shortcuts (clear the cache, rerun)."""

NAMED_KEYS = frozenset(
    {" ", "arrowleft", "arrowright", "arrowup", "arrowdown", "home", "end", "pageup", "pagedown", "insert", "delete"}
)
"""Keys with a name that an action may have, as browsers call them in lower case."""

FIXED_KEYS = {
    "edit": "e",
    "undo": "z",
    "previous": "arrowleft",
    "next": "arrowright",
    "history": "h",
    "guidelines": "g",
    "search": "/",
    "keys": "?",
    "up": "arrowup",
    "down": "arrowdown",
}
"""What keys do on every screen beside the verdicts: the usual key of each action, as ``keys.js`` has it."""

MOST_KEYS = 60

_ACTION = re.compile(r"[a-z][a-z_]{0,39}")


@dataclass(frozen=True, slots=True)
class Settings:
    """How this person wants the keys: all single keys off, or actions on other keys (``{"edit": "w"}``).

    An action is the name of a verdict, or what the key does (``edit``, ``undo``, ``history``, ...). ``""`` takes its
    key away. Raises ``ValueError`` where a key can be no action's.
    """

    single_keys: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.keys) > MOST_KEYS:
            raise ValueError(f"{len(self.keys)} keys are set: {MOST_KEYS} at most")
        for action, key in self.keys.items():
            if not _ACTION.fullmatch(action):
                raise ValueError(f"{action[:40]!r} is no action that a key can do")
            if why := problem(key):
                raise ValueError(f"{key[:20]!r} cannot be the key of {action!r}: {why}")

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> Settings:
        """Return the settings of stored preferences; what is no key any more falls back to the usual one."""
        keys = stored.get("keys")
        good = {}
        for action, key in keys.items() if isinstance(keys, Mapping) else ():
            if isinstance(action, str) and isinstance(key, str) and _ACTION.fullmatch(action) and not problem(key):
                good[action] = key
        return cls(stored.get("single_keys") is not False, dict(list(good.items())[:MOST_KEYS]))


OnSettings = Callable[[Settings], None]
"""Keep how the person wants the keys."""


def problem(key: str) -> str:
    """Return why a key can be no action's, or ``""``."""
    if key in RESERVED_KEYS:
        return "it is Streamlit's own"
    if key and key not in NAMED_KEYS and (len(key) != 1 or not key.isprintable() or key != key.lower()):
        return "only a single sign or an arrow can be one"
    return ""


def read_settings(raw: object, review: Review) -> Settings:
    """Return the settings that a browser sent for one review screen.

    Raises ``RegrainError`` where they are malformed, give one key to two actions of this screen, or give a digit to
    anything but a verdict that has one: digits choose suggestions and attributes.
    """
    if not isinstance(raw, Mapping) or raw.get("session") != review.session:
        raise RegrainError("the keys were set under another name: reload the page and set them again")
    keys, single = raw.get("keys"), raw.get("single_keys")
    texts = isinstance(keys, Mapping) and all(isinstance(part, str) for pair in keys.items() for part in pair)
    if not isinstance(keys, Mapping) or not texts or not isinstance(single, bool):
        raise RegrainError("the keys that were sent cannot be read: reload the page and set them again")
    try:
        made = Settings(single, dict(keys))
    except ValueError as error:
        raise RegrainError(f"the keys were not changed: {error}") from error
    usual = {choice.verdict: choice.key for choice in review.choices}
    for action, key in made.keys.items():
        digit = key.isdigit() and not usual.get(action, "").isdigit()
        if digit and (action in usual or action in FIXED_KEYS):
            raise RegrainError(f"{key!r} cannot be the key of {action!r}: digits choose verdicts and suggestions")
    known = FIXED_KEYS | usual
    if review.queue != "attributes":
        known = {action: key for action, key in known.items() if action not in ("up", "down")}
    fresh = _twins(known, made) - _twins(known, review.settings)  # one from another queue's keys waits to be mended
    if fresh:
        key, one, other = min(fresh)
        raise RegrainError(f"{key!r} is the key of {one!r} and of {other!r}: give each its own")
    return made


def _twins(usual: Mapping[str, str], settings: Settings) -> set[tuple[str, str, str]]:
    """Return (key, action, action) of every two actions of a screen that have one key."""
    keys = sorted((settings.keys.get(action, key), action) for action, key in usual.items())
    return {(k, one, other) for (k, one), (same, other) in pairwise(keys) if k and k == same}
