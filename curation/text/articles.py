"""Which of "a" and "an" a word takes, and the repair of the wrong one."""

from __future__ import annotations

import re
from typing import NamedTuple

_ARTICLE = re.compile(r"\b(an?(?:\s+an?\b)*)\s+([a-z0-9][\w'’-]*)", re.IGNORECASE)
_SILENT_H = ("hour", "honest", "honor", "honour", "heir")
_SOUNDS_LIKE_YOU = re.compile(
    r"uni(?!n|m|d)|unidi|unanim|us(?:[aeiu]|b\b)|ut[eio]|ubi|uk|ur[aeio]|uv|ufo|u\b|u(?:w|k|n|nc|sc|cla|fc|ae)\b|eu|ewe|one(?:s?\b|-)|once"
)
_SPELLED_VOWEL = re.compile(r"(?:[aefhilmnorsx]\b|[fhlmnrsx][bcdfghjklmnpqrstvwxz]+\b)")
_SPELLED_LOW = re.compile(
    r"x-?rays?|[fhlmnrsx]|mp3|suvs?|atms?|nba|mri|(?!(?:st|mr|mrs|ms|mt|ft|rd|hr|hrs|hmm)\b)[fhlmnrsx][bcdfghjklmnpqrstvwxz]{1,2}"
)
_VOWEL_NUMBER = re.compile(r"(?:8\d*|1[18])(?!\d)")
# After these words "a" is no article of the next word ("type a in", "a or b"): nothing to repair.
_NO_NOUN_FOLLOWS = frozenset(
    {"a", "an", "the", "in", "on", "at", "of", "is", "are", "as", "and", "or", "to", "it", "its", "if", "into", "onto"}
    | {"off", "over", "up", "us"}
)


class WrongArticle(NamedTuple):
    """An article, or several in a row ("a an"), that does not suit the next word: span, and the right one."""

    start: int
    end: int
    right: str


def article_for(word: str) -> str:
    """Return "a" or "an" by how the word sounds, from its spelling.

    >>> [article_for(word) for word in ("uniformed", "utility", "university", "hour", "umbrella", "unidentified")]
    ['a', 'a', 'a', 'an', 'an', 'an']
    """
    low = word.lower()
    if low[:1].isdigit():
        return "an" if _VOWEL_NUMBER.match(low) else "a"
    if low.startswith(_SILENT_H) or (word.isupper() and len(word) > 1 and _SPELLED_VOWEL.match(low)):
        return "an"
    if _SOUNDS_LIKE_YOU.match(low):
        return "a"
    if re.match(r"[aeiou]", low) or _SPELLED_LOW.fullmatch(low):
        return "an"
    return "a"


def wrong_articles(text: str) -> list[WrongArticle]:
    """Return every "a" or "an" that does not suit the word after it, in order; "a an" is wrong as a whole."""
    found = []
    for match in _ARTICLE.finditer(text):
        articles, word = match.groups()
        right = article_for(word)
        # "a a dog" is a repeated word, not a wrong article.
        if word.lower() not in _NO_NOUN_FOLLOWS and set(articles.lower().split()) != {right}:
            found.append(WrongArticle(match.start(1), match.end(1), _in_case_of(articles, right)))
    return found


def repair_articles(text: str) -> str:
    """Return the text with every wrong "a" and "an" exchanged, and nothing else.

    >>> repair_articles("a orange cat waits an hour for an uniformed man")
    'an orange cat waits an hour for a uniformed man'
    """
    for start, end, right in reversed(wrong_articles(text)):
        text = text[:start] + right + text[end:]
    return text


def _in_case_of(written: str, right: str) -> str:
    return right.capitalize() if written[0].isupper() else right
