"""Masked language models: a text with a gap in, the words that could stand there out.

::

    model = load_masked_model("bert-base-uncased")          # of the hub, or a folder
    [filling] = model.fill([Gap("two dogs and a", " ball on the grass", ("red", "striped"))])
    filling.likeliest       # (("tennis", 0.31), ("red", 0.12), ...)
    filling.chances         # of "red" and "striped", in the order asked for

What is asked and answered is plain; only ``bert`` knows torch and transformers, and both are loaded when a model is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

LIKELIEST = 20
"""So many words are told of each gap, as in XMAI (Ramshetty et al., ACL 2023)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A place between ``left`` and ``right`` where one word is missing, and ``words`` whose chances are asked for.

    With ``article`` an indefinite article, which ``left`` does not hold, stands before the gap and is to be guessed
    as well: "an" would give away how the word begins.
    """

    left: str
    right: str
    words: tuple[str, ...] = ()
    article: bool = False


@dataclass(frozen=True, slots=True)
class Filling:
    """What could stand in a gap: whole words with their probabilities, the likeliest first, at most ``LIKELIEST``;
    and the probability in [0, 1] of each word that was asked for, 0 where the model cannot write it.
    """

    likeliest: tuple[tuple[str, float], ...]
    chances: tuple[float, ...] = ()


FillGaps = Callable[[Sequence[Gap]], list[Filling]]
"""One filling per gap, in the order given."""


class MaskedModel(Protocol):
    """A model that fills gaps; ``name`` is what it was loaded by."""

    @property
    def name(self) -> str: ...

    def fill(self, gaps: Sequence[Gap]) -> list[Filling]:
        """Return one filling per gap, in the order given; what is told of a gap does not depend on the others."""
        ...


@dataclass(slots=True)
class Remembered:
    """A way to fill gaps that asks about each gap once; those not asked for longest are forgotten first."""

    ask: FillGaps
    capacity: int = 10_000
    asked: int = 0
    _known: OrderedDict[Gap, Filling] = field(default_factory=OrderedDict)

    def __call__(self, gaps: Sequence[Gap]) -> list[Filling]:
        new = [gap for gap in dict.fromkeys(gaps) if gap not in self._known]
        fresh = dict(zip(new, self.ask(new), strict=True)) if new else {}
        self.asked += len(new)
        found = [fresh[gap] if gap in fresh else self._recall(gap) for gap in gaps]
        self._known.update(fresh)
        while len(self._known) > self.capacity:
            self._known.popitem(last=False)
        return found

    def _recall(self, gap: Gap) -> Filling:
        self._known.move_to_end(gap)
        return self._known[gap]


def load_masked_model(name: str, device: str = "cpu") -> MaskedModel:
    """Load a masked language model: the path of a folder that transformers wrote, or a name of the hub.

    Nothing is fetched for a folder, and of the hub only what is not on this computer yet. Raises ``RegrainError`` that
    says what to do where the package or the model is missing, out of reach, or no masked language model.
    """
    from curation.language.bert import load

    return load(name, device)


def located(name: str) -> str:
    """Return a name as it reads from everywhere: of a folder its whole path."""
    from curation.language.places import folder_of

    folder = folder_of(name)
    return name if folder is None else str(folder.absolute())


def check_name(name: str) -> None:
    """Raise ``RegrainError`` where a model cannot be loaded by this name, as far as that shows at once."""
    from curation.language.places import check

    check(name)


__all__ = [
    "LIKELIEST",
    "FillGaps",
    "Filling",
    "Gap",
    "MaskedModel",
    "Remembered",
    "check_name",
    "load_masked_model",
    "located",
]
