"""Words of a caption, and the normalisation under which published fine-grained captions are written."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[a-z0-9]+")
_DROPPED = re.compile(r"[,.'!?\"()*#:;~]")
_BEFORE_DETACHED_S = re.compile(r"(?<=[a-z])\s+(?='s\b)")
_BLANKS = re.compile(r"\s+")
_SPLIT_POSSESSIVE = re.compile(r"\b([a-z]+) s\b")


def tokens(text: str) -> list[str]:
    """Return the lower-case runs of letters and digits, in order.

    >>> tokens("A man's T-shirt .")
    ['a', 'man', 's', 't', 'shirt']
    """
    return _TOKEN.findall(text.lower())


def fg_normalise(text: str, *, max_words: int | None = None) -> str:
    """Return ``text`` as the FG layout writes it: the ``pre_caption`` step of ALBEF and X-VLM.

    Lower case; a possessive that tokenisation has split off ("man 's") joined again; ``,.'!?"()*#:;~`` dropped; ``-``
    and ``/`` become blanks; ``<person>`` becomes ``person``; blanks collapse. ``max_words`` cuts the end off, as
    training code does (30 or 50 there); None keeps everything. Applying it twice changes nothing more.

    >>> fg_normalise("The man 's T-shirt is red/blue .")
    'the mans t shirt is red blue'
    """
    joined = _BEFORE_DETACHED_S.sub("", text.lower())
    dropped = _DROPPED.sub("", joined).replace("-", " ").replace("/", " ").replace("<person>", "person")
    words = _BLANKS.sub(" ", dropped).strip().split(" ")
    return " ".join(words[:max_words])


def rejoin_possessives(text: str) -> str:
    """Return normalised text with split possessives joined, so that two sources can be compared.

    >>> rejoin_possessives("a man s hat")
    'a mans hat'
    """
    return _SPLIT_POSSESSIVE.sub(r"\1s", text)
