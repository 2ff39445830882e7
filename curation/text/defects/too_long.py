"""A caption that the encoder does not read to its end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from curation.text.defects import Defect, ImageText, defect_detector

_WORD = re.compile(r"\S+")


@defect_detector("too_long", title="Too long for the encoder")
def too_long(image: ImageText, i: int) -> Iterator[Defect]:
    """Find the words behind the encoder's context: they are cut off unread."""
    text, count = image.captions[i], image.count_tokens
    if count is None or not text.strip() or count(text) <= image.context_length:
        return
    cut = _last_that_fits(text, image.context_length, count)
    end = len(text.rstrip())
    yield Defect("too_long", cut, end, text[cut:end])


def _last_that_fits(text: str, limit: int, count: Callable[[str], int]) -> int:
    """Return where the first word begins that does not fit, by bisection: longer texts never have fewer tokens."""
    starts = [match.start() for match in _WORD.finditer(text)]
    ends = [match.end() for match in _WORD.finditer(text)]
    fitting = bisect_right(ends, limit, key=lambda end: count(text[:end]))
    return starts[min(fitting, len(starts) - 1)]
