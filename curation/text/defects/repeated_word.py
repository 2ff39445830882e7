"""The same word twice in a row: "a white white table"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.lexicon import lexicon

_REPEATED = re.compile(r"\b([^\W\d_]+)(\s+\1)+\b", re.IGNORECASE)


@defect_detector("repeated_word", title="Repeated word", language="en")
def repeated_word(image: ImageText, i: int) -> Iterator[Defect]:
    """Find a word that follows itself, but for those that do so by right ("yo yo", "choo choo")."""
    for match in _REPEATED.finditer(image.captions[i]):
        if match.group(1).lower() not in lexicon().repeats:
            yield Defect("repeated_word", match.start(), match.end(), match.group(), match.group(1))
