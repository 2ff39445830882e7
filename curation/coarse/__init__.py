"""Signals that say how coarse a caption is: how many other images it could be about.

A signal is one file here with one decorated function::

    @coarse_signal("words", title="Words", centre=-11, scale=4, weight=0.5)
    def words(context: CoarseContext) -> SignalValues: ...

``centre``, ``scale`` and ``weight`` are its part in the shipped prior (see ``curation.coarse.score``); without
them a signal is computed and shown but moves nothing. ``log=True`` takes log(1 + value) first, for counts.
``needs="vectors"`` leaves the signal out where nothing is encoded, ``"swaps"`` where no swapped captions are.
A signal without a weight waits for verdicts: only the fitted model (``curation.coarse.model``) weighs it.

High always means coarse. No signal may look at a caption's index within its image or at the order of the
captions: published files are sorted, so that both leak the answer. Reordering the captions reorders the values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from curation.coarse.swapping import Swaps
from curation.coarse.word_view import WordView, word_view
from curation.registry import Registry
from curation.retrieval.blocks import FloatArray, IndexArray
from curation.retrieval.ranks import TEMPERATURE, GalleryView, view
from curation.text.analysis import Analysis
from curation.text.idf import Idf, fit_idf
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

DELTA_SPREADS = 0.25

Needs = Literal["text", "analyses", "vectors", "swaps"]

_FUNCTION_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "her", "his", "in", "is", "it"}
    | {"its", "of", "on", "one", "s", "some", "t", "that", "the", "their", "there", "this", "to", "two", "was"}
    | {"were", "while", "who", "with"}
)


@dataclass(frozen=True)
class CoarseContext:
    """The captions to score and what is known of them; n captions, g gallery images, d dimensions.

    ``image`` (n,) numbers the image of each caption: captions of one image share a number, which means nothing
    else. ``analyses`` may be empty where the captions are not English. ``text_vectors`` (n, d), ``gallery``
    (g, d), unit rows, and ``own`` (n,), the row of each caption's image, come together or not at all.
    ``delta`` is the cosine difference within which another image fits as well; None takes a quarter of the
    spread of the similarities, so that one default suits every encoder; ``temperature`` is the encoder's own,
    which turns cosines into logits. ``background`` replaces the word weights counted over these captions.
    ``swaps`` are captions with one attribute swapped (``curation.coarse.swapping``), which need vectors too.
    Raises ``ValueError`` on odd shapes.
    """

    texts: Sequence[str]
    image: IndexArray
    analyses: Sequence[Analysis] = ()
    text_vectors: FloatArray | None = None
    gallery: FloatArray | None = None
    own: IndexArray | None = None
    delta: float | None = None
    temperature: float = TEMPERATURE
    background: Idf | None = None
    swaps: Swaps | None = None

    def __post_init__(self) -> None:
        n = len(self.texts)
        lengths = {"image": len(self.image), "analyses": len(self.analyses) or n}
        lengths |= {"text_vectors": n if self.text_vectors is None else len(self.text_vectors)}
        lengths |= {"own": n if self.own is None else len(self.own)}
        for name, length in lengths.items():
            if length != n:
                raise ValueError(f"{name} holds {length} rows for {n} captions: give one per caption")
        given = [value is not None for value in (self.text_vectors, self.gallery, self.own)]
        if any(given) and not all(given):
            raise ValueError("text_vectors, gallery and own come together: give all three or none")
        if self.swaps is not None and self.text_vectors is None:
            raise ValueError("swaps need text_vectors, gallery and own to be compared with")

    @property
    def has_vectors(self) -> bool:
        return self.text_vectors is not None

    @cached_property
    def idf(self) -> Idf:
        """Word weights: those of ``background`` if given, else counted over these captions."""
        return self.background or fit_idf(self.texts)

    @cached_property
    def words(self) -> list[list[str]]:
        """The words of every caption: lower-case runs of letters and digits, in order."""
        return [tokens(text) for text in self.texts]

    @cached_property
    def content(self) -> list[frozenset[str]]:
        """The content words of every caption: function words left out, singular, one word per group of synonyms."""
        same, singular = lexicon().same_thing, lexicon().singular
        plain = {word: same(singular(word)) for words in self.words for word in words if word not in _FUNCTION_WORDS}
        return [frozenset(plain[word] for word in words if word in plain) for words in self.words]

    @cached_property
    def groups(self) -> list[list[int]]:
        """The rows of each image's captions."""
        rows: defaultdict[int, list[int]] = defaultdict(list)
        for row, image in enumerate(self.image.tolist()):
            rows[image].append(row)
        return list(rows.values())

    @cached_property
    def siblings(self) -> list[list[int]]:
        """For every caption the rows of the image's other captions; their order means nothing."""
        others: list[list[int]] = [[]] * len(self.texts)
        for rows in self.groups:
            for row in rows:
                others[row] = [other for other in rows if other != row]
        return others

    @cached_property
    def word_view(self) -> WordView:
        """Every image as its captions describe it, seen from every caption."""
        return word_view(self)

    def energy(self, words: Iterable[str]) -> float:
        """Return the summed squared weights of some words: the square of their length as a vector."""
        return sum(sorted(self.idf(word) ** 2 for word in words))

    @cached_property
    def spread(self) -> float:
        """Standard deviation of a caption's similarity over the gallery, the encoder's unit of difference."""
        texts, gallery, _ = self.vectors()
        second = (gallery.T @ gallery).astype(np.float64) / len(gallery)
        first = gallery.mean(axis=0, dtype=np.float64)
        variance = np.einsum("nd,de,ne->n", texts, second - np.outer(first, first), texts, optimize=True)
        return float(max(np.sqrt(max(variance.mean(), 0.0)), 1e-6))

    @cached_property
    def view(self) -> GalleryView:
        """The gallery as every caption sees it, computed once for all signals."""
        delta = DELTA_SPREADS * self.spread if self.delta is None else self.delta
        texts, gallery, own = self.vectors()
        return view(texts, gallery, own, delta=delta, temperature=self.temperature)

    def vectors(self) -> tuple[FloatArray, FloatArray, IndexArray]:
        """Return ``text_vectors``, ``gallery`` and ``own``; raises ``ValueError`` where nothing is encoded."""
        if self.text_vectors is None or self.gallery is None or self.own is None:
            raise ValueError("this signal needs vectors: encode the captions and images first")
        return self.text_vectors, self.gallery, self.own


@dataclass(frozen=True, slots=True)
class SignalValues:
    """One value per caption (n,) float64, finite, high = coarse; ``reason(row)`` says it in words."""

    values: NDArray[np.float64]
    reason: Callable[[int], str]


CoarseSignalFunction = Callable[..., SignalValues]

coarse_signals: Registry[CoarseSignalFunction] = Registry("coarse signal", __name__)


def coarse_signal(
    name: str,
    *,
    title: str,
    needs: Needs = "text",
    centre: float = 0.0,
    scale: float = 1.0,
    weight: float = 0.0,
    log: bool = False,
) -> Callable[[CoarseSignalFunction], CoarseSignalFunction]:
    """Register a signal: what it needs, and its part in the shipped prior."""
    return coarse_signals.register(name, title=title, needs=needs, centre=centre, scale=scale, weight=weight, log=log)


def counted(number: int, noun: str) -> str:
    """Return "1 word" or "2 words"."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"
