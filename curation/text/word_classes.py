"""Word classes (noun, verb, ...) of tagged words, by memory instead of by rule.

spaCy's attribute ruler tries 179 patterns on every word, which takes a fifth of the whole analysis. For the class, they
look at the word's tag, letters and dependency, and at one thing beside it: whether it follows an expletive ("there
are"). So what the ruler said once holds wherever the four come again, and it is asked only about captions with a
combination that was not seen before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

Seen = tuple[int, int, int, bool]

MOST_KNOWN = 500_000
"""Combinations kept, about 100 MB; then it starts anew."""


@dataclass(frozen=True, slots=True)
class WordClasses:
    """The ruler with its memory: (tag, word in lower case, dependency, after an expletive) to word class.

    All are spaCy's numbers.
    """

    ruler: Callable[[Doc], Doc]
    known: dict[Seen, int] = field(default_factory=dict)

    def __call__(self, doc: Doc) -> Doc:
        """Give every word of a tagged and parsed text its class."""
        from spacy.attrs import DEP, LOWER, POS, TAG
        from spacy.symbols import expl

        seen, after = [], False
        for tag, lower, dep in doc.to_array([TAG, LOWER, DEP]).tolist():
            seen.append((tag, lower, dep, after))
            after = dep == expl
        try:
            classes = [self.known[one] for one in seen]
        except KeyError:
            return self._learned(doc, seen)
        doc.from_array([POS], np.array(classes, dtype=np.uint64))  # type: ignore[arg-type]  # one column
        return doc

    def _learned(self, doc: Doc, seen: list[Seen]) -> Doc:
        """Ask the ruler, and keep what it says; not of blanks, whose tag and dependency it mends as well."""
        if len(self.known) > MOST_KNOWN:
            self.known.clear()
        doc = self.ruler(doc)
        self.known.update({one: token.pos for one, token in zip(seen, doc, strict=True) if not token.is_space})
        return doc
