"""What a caption claims of a scene, and whether the claim is true.

`Facts` are a caption without its words. `holds` is the one definition of truth; `truth_matrix` is the same for many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from curation.demo.scenes import BACKGROUNDS, COLOURS, KINDS, MAX_THINGS, PATTERNS, SIZES, Scene, Thing, relation

BESIDE: Final = "beside"
RELATIONS: Final = ("left", "right", "above", "below", BESIDE)
ATTRIBUTES: Final = {"kind": KINDS, "colour": COLOURS, "pattern": PATTERNS, "size": SIZES}
_CODES: Final = [{None: -1, **{value: code for code, value in enumerate(values)}} for values in ATTRIBUTES.values()]
_ORDERS: Final = tuple(permutations(range(MAX_THINGS)))


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing as a caption names it; None is left unsaid."""

    kind: str | None = None
    colour: str | None = None
    pattern: str | None = None
    size: str | None = None

    def fits(self, thing: Thing) -> bool:
        return (
            self.kind in (None, thing.kind)
            and self.colour in (None, thing.colour)
            and self.pattern in (None, thing.pattern)
            and self.size in (None, thing.size)
        )

    @property
    def detail(self) -> int:
        """How many of kind, colour, pattern and size are said."""
        return sum(value is not None for value in (self.kind, self.colour, self.pattern, self.size))


@dataclass(frozen=True, slots=True)
class Facts:
    """Different things that are in the picture, how the first lies to the second, and the background."""

    mentions: tuple[Mention, ...] = ()
    relation: str | None = None
    background: str | None = None

    @property
    def detail(self) -> int:
        """How many single facts are claimed."""
        return sum(m.detail for m in self.mentions) + (self.relation is not None) + (self.background is not None)


def holds(facts: Facts, scene: Scene) -> bool:
    """Whether different things of the scene can stand for the mentions so that everything claimed is true."""
    if facts.background not in (None, scene.background):
        return False
    return any(
        all(mention.fits(thing) for mention, thing in zip(facts.mentions, things, strict=True))
        and (facts.relation is None or relation_holds(facts.relation, things[0], things[1]))
        for things in permutations(scene.things, len(facts.mentions))
    )


def relation_holds(claimed: str, first: Thing, second: Thing) -> bool:
    """Whether the claimed relation is that of `first` to `second`; beside means left or right of it."""
    actual = relation(first, second)
    return actual in ("left", "right") if claimed == BESIDE else actual == claimed


def truth_matrix(captions: Sequence[Facts], scenes: Sequence[Scene]) -> NDArray[np.bool_]:
    """Return (q, g) bool: row i, column j says whether caption i holds of scene j."""
    said = np.array([_mention_codes(facts) for facts in captions], dtype=np.int8)
    seen = np.array([_thing_codes(scene) for scene in scenes], dtype=np.int8)
    fits = ((said[:, None, :, None] == seen[None, :, None]) | (said[:, None, :, None] == -1)).all(axis=-1)
    related = _relations_hold(captions, scenes)
    slots = np.arange(MAX_THINGS)
    true = np.zeros(fits.shape[:2], dtype=np.bool_)
    for order in _ORDERS:
        true |= fits[:, :, slots, order].all(axis=-1) & related[:, :, order[0], order[1]]
    return true & _backgrounds_hold(captions, scenes)


def _backgrounds_hold(captions: Sequence[Facts], scenes: Sequence[Scene]) -> NDArray[np.bool_]:
    codes = {name: code for code, name in enumerate(BACKGROUNDS)}
    said = np.array([-1 if facts.background is None else codes[facts.background] for facts in captions])
    seen = np.array([codes[scene.background] for scene in scenes])
    held: NDArray[np.bool_] = (said[:, None] == seen[None]) | (said[:, None] == -1)
    return held


def _mention_codes(facts: Facts) -> list[tuple[int, ...]]:
    """(3, 5): kind, colour, pattern, size, presence; -1 is unsaid; an absent mention fits anything."""
    rows = [
        (*(codes[getattr(mention, name)] for name, codes in zip(ATTRIBUTES, _CODES, strict=True)), 1)
        for mention in facts.mentions
    ]
    return rows + [(-1,) * 5] * (MAX_THINGS - len(rows))


def _thing_codes(scene: Scene) -> list[tuple[int, ...]]:
    """(3, 5): kind, colour, pattern, size, presence; an absent thing fits no mention."""
    rows = [
        (*(codes[getattr(t, name)] for name, codes in zip(ATTRIBUTES, _CODES, strict=True)), 1) for t in scene.things
    ]
    return rows + [(-2, -2, -2, -2, 0)] * (MAX_THINGS - len(rows))


def _relations_hold(captions: Sequence[Facts], scenes: Sequence[Scene]) -> NDArray[np.bool_]:
    """(q, g, 3, 3): whether the caption's relation (if it has one) holds of thing a to thing b."""
    table = np.zeros((len(scenes), len(RELATIONS) + 1, MAX_THINGS, MAX_THINGS), dtype=np.bool_)
    table[:, -1] = True  # no relation claimed
    for g, scene in enumerate(scenes):
        for a, b in permutations(range(len(scene.things)), 2):
            name = relation(scene.things[a], scene.things[b])
            table[g, RELATIONS.index(name), a, b] = True
            table[g, RELATIONS.index(BESIDE), a, b] = name in ("left", "right")
    claimed = [len(RELATIONS) if f.relation is None else RELATIONS.index(f.relation) for f in captions]
    related: NDArray[np.bool_] = table.swapaxes(0, 1)[claimed]
    return related
