"""Facts as yes-or-no topics: single attributes, and attributes bound to one another on the same thing.

Pictures and captions are taught to agree on these before they learn to agree with each other.
"""

from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from curation.demo.facts import ATTRIBUTES, Facts
from curation.demo.scenes import BACKGROUNDS, KINDS

_SIDES: Final = ("left", "right", "above", "below")
_OPPOSITE: Final = {"left": "right", "right": "left", "above": "below", "below": "above"}
_PAIRS: Final = tuple(combinations(ATTRIBUTES, 2))

Topic = tuple[str, ...]
GROUPS: Final[tuple[tuple[Topic, ...], ...]] = (
    *(tuple((name, value) for value in values) for name, values in ATTRIBUTES.items()),
    *(tuple((a, b, *values) for values in product(ATTRIBUTES[a], ATTRIBUTES[b])) for a, b in _PAIRS),
    tuple(("background", value) for value in BACKGROUNDS),
    tuple(("side", kind, side) for kind, side in product(KINDS, _SIDES)),
)
SIZES_OF_GROUPS: Final = tuple(len(group) for group in GROUPS)
_NUMBERS: Final = {topic: number for number, topic in enumerate(topic for group in GROUPS for topic in group)}


def topics(facts: Facts) -> NDArray[np.bool_]:
    """Return (topics,) bool: the topics that the facts hold, all groups in a row."""
    row = np.zeros(len(_NUMBERS), dtype=np.bool_)
    for mention in facts.mentions:
        said = {name: value for name in ATTRIBUTES if (value := getattr(mention, name)) is not None}
        for name, value in said.items():
            row[_NUMBERS[name, value]] = True
        for a, b in _PAIRS:
            if a in said and b in said:
                row[_NUMBERS[a, b, said[a], said[b]]] = True
    if facts.background:
        row[_NUMBERS["background", facts.background]] = True
    if facts.relation in _OPPOSITE:
        for mention, side in zip(facts.mentions, (facts.relation, _OPPOSITE[facts.relation]), strict=False):
            if mention.kind:
                row[_NUMBERS["side", mention.kind, side]] = True
    return row
