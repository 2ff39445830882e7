"""The -ing form of a verb, by rule, so that what a main verb tells can be moved into another caption."""

from __future__ import annotations

import re

_ONE_SYLLABLE_THAT_DOUBLES = re.compile(r"[^aeiou]*(?:qu)?[aeiou][bdfglmnprt]")
_DOUBLE_TOO = frozenset({"begin", "unplug", "upset", "admit", "babysit"})
_IRREGULAR = {"has": "have", "does": "do", "goes": "go", "dies": "die", "lies": "lie", "ties": "tie"}


def ing_form(verb: str, *, third: bool = False) -> str:
    """Return the -ing form of a lower-case verb; ``third`` says that it is given as in "she holds".

    >>> [ing_form(verb, third=True) for verb in ("holds", "rides", "sits", "watches", "carries", "lies", "plays")]
    ['holding', 'riding', 'sitting', 'watching', 'carrying', 'lying', 'playing']
    """
    base = _base(verb) if third else verb
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")) and base != "be":
        return base[:-1] + "ing"
    if _ONE_SYLLABLE_THAT_DOUBLES.fullmatch(base) or base in _DOUBLE_TOO:
        return base + base[-1] + "ing"
    return base + "ing"


def _base(third: str) -> str:
    """Return the form without its -s: hold for holds, carry for carries, watch for watches."""
    if third in _IRREGULAR:
        return _IRREGULAR[third]
    if third.endswith("ies"):
        return third[:-3] + "y"
    if third.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return third[:-2]
    return third.removesuffix("s")
