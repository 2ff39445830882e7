"""The setting ``sensitive_words`` as a person writes it, and back: words by commas, one kind a line."""

from __future__ import annotations

import re
from typing import Any

from curation.records import RegrainError

UNNAMED = ""
"""The kind of a line that names none: refused when it is saved."""


def as_texts(changes: dict[str, Any]) -> tuple[str, str]:
    """Return what is allowed and what is blocked as two texts.

    >>> as_texts({"allow": ["old"], "block": {"health": ["limping", "pale"]}})
    ('old', 'health: limping, pale')
    """
    block = changes.get("block", {})
    return ", ".join(changes.get("allow", ())), "\n".join(
        f"{kind}: {', '.join(words)}" for kind, words in block.items()
    )


def of_texts(allow: str, block: str) -> dict[str, Any]:
    r"""Return the setting that two texts mean; what is empty is left out.

    >>> of_texts("Old\nyoung", "health: limping\nhealth: pale")
    {'allow': ['old', 'young'], 'block': {'health': ['limping', 'pale']}}
    """
    kinds: dict[str, list[str]] = {}
    for line in block.splitlines():
        kind, _, words = line.partition(":") if ":" in line else (UNNAMED, "", line)
        name = " ".join(kind.lower().split())
        if found := _words(words):
            kinds[name] = list(dict.fromkeys([*kinds.get(name, []), *found]))
    setting: dict[str, Any] = {"allow": allowed} if (allowed := _words(allow)) else {}
    return setting | ({"block": kinds} if kinds else {})


def check(changes: dict[str, Any]) -> None:
    """Raise ``RegrainError`` where blocked words have no kind, or an entry is more than one word."""
    block = changes.get("block", {})
    if UNNAMED in block:
        raise RegrainError(f"{', '.join(block[UNNAMED])} have no kind: write KIND: WORD, WORD")
    for word in [*changes.get("allow", ()), *(word for words in block.values() for word in words)]:
        if " " in word:
            raise RegrainError(f"{word!r} is more than one word: suggestions are compared word by word")


def _words(text: str) -> list[str]:
    parts = (" ".join(part.lower().split()) for part in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(part for part in parts if part))
