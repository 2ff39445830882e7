"""Attributes put before nouns, as the browser's ``words.js`` does it; the plain form uses this one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from curation.text.articles import article_for
from curation.ui.reviewer.items import Slot, SlotOption

_ARTICLE_BEFORE = re.compile(r"(?<![\w'’-])(an?)(\s+)$", re.IGNORECASE)


def compose(text: str, slots: Sequence[Slot], chosen: Sequence[Sequence[SlotOption]]) -> str:
    """Return ``text`` with the chosen options of each slot put before its noun, "a" and "an" kept right.

    ``chosen[i]`` are options of ``slots[i]``: their words stand in the usual order of adjectives, two of a kind with
    "and" between them.

    >>> option = SlotOption("orange", "0.9")
    >>> compose("a ball", (Slot("ball", 2, 6, (option,)),), ((option,),))
    'an orange ball'
    """
    picked = [option for options in chosen for option in options]
    if len(picked) == 1 and picked[0].text_after:
        return picked[0].text_after
    order = sorted(zip(slots, chosen, strict=True), key=lambda pair: pair[0].start, reverse=True)
    for slot, options in order:
        if options:
            words = _in_order(options)
            text = f"{_with_article(text[: slot.start], words)}{words} {text[slot.start :]}"
    return text


def _in_order(options: Sequence[SlotOption]) -> str:
    """Return the words of one noun: "large plain red and white"."""
    words: list[str] = []
    before = -1
    for option in sorted(options, key=lambda option: option.order):
        words += ["and", option.word] if words and 0 <= option.order == before else [option.word]
        before = option.order
    return " ".join(words)


def _with_article(head: str, words: str) -> str:
    match = _ARTICLE_BEFORE.search(head)
    if not match:
        return head
    article, blanks = match.groups()
    right = article_for(words.split(" ")[0])
    return head[: match.start(1)] + (right.capitalize() if article[0].isupper() else right) + blanks
