"""Images and captions similar to an image, to a caption, or to words: exact, over the stored vectors.

::

    found = similar.images(store, workspace, like=ImageId("scene-00012"), k=100)
    found = similar.captions(store, workspace, like=CaptionId("scene-00012#3"), k=100)
    found = similar.images(store, workspace, like=Text("a red ball on the grass"), k=100, tower=tower)
    found.ids, found.scores

The vectors of one kind under one encoder are laid out once in one file and mapped; the file is written anew when
a shard has come or gone. What is found is what the workspace holds now: vectors of replaced pictures and of earlier
texts do not count.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from curation.records import RegrainError
from curation.retrieval.topk import top_of_rows
from curation.store import Store, banks, contents, settings
from curation.store.banks import Bank
from curation.store.vectors import Kind
from curation.workspace import Workspace

MOST = 1_000
"""Most that is ever returned: nobody looks at more, and a list of ids in a query stays short."""

ANSWER_SECONDS = 20.0
LOAD_SECONDS = 60.0
DECIMALS = 6
"""Scores that agree so far count as equal: the last bits of a matrix product mean nothing."""

BANKS_KEPT = 4

Row = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ImageId:
    """Like this image."""

    id: str


@dataclass(frozen=True, slots=True)
class CaptionId:
    """Like this caption as it reads now."""

    id: str


@dataclass(frozen=True, slots=True)
class Text:
    """Like these words; they are encoded by the text tower."""

    words: str


Like = ImageId | CaptionId | Text


class Tower(Protocol):
    """What ``curation.jobs.text_tower.TextTower`` offers, as far as it is needed here."""

    def wake(self, encoder: str, device: str = ...) -> None: ...
    def wait(self, seconds: float) -> object: ...
    def ask(self, encoder: str, texts: Sequence[str], *, whose: str, device: str = ...) -> Future[Row]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """Ids with their cosines, the most similar first; equal scores (to six decimals) in order of their ids."""

    ids: tuple[str, ...]
    scores: tuple[float, ...]


class NotEncoded(RegrainError):
    """What is to be compared has no vector (yet); the message names it and says what to do."""


def images(
    store: Store,
    workspace: Workspace,
    *,
    like: Like,
    k: int = MOST,
    splits: Sequence[str] | None = None,
    tower: Tower | None = None,
    whose: str = "",
) -> Found:
    """Return the k images most similar to ``like``, at most ``MOST``, among those of ``splits`` (None: all).

    The image itself is among them, first but for equals. ``tower`` encodes a ``Text``; ``whose`` says for whom, so
    that a newer search takes the place of an older one that still waits. Waits for the encoder where it is not
    loaded yet. Raises ``NotEncoded`` where ``like`` has no vector or nothing is encoded, ``RegrainError`` where an id
    is unknown or the encoder cannot be had, ``ValueError`` for k < 1.
    """
    return _found(store, workspace, "image", like, k, splits, tower, whose)


def captions(
    store: Store,
    workspace: Workspace,
    *,
    like: Like,
    k: int = MOST,
    splits: Sequence[str] | None = None,
    tower: Tower | None = None,
    whose: str = "",
) -> Found:
    """Return the k captions whose current texts are most similar to ``like``; otherwise as ``images``."""
    return _found(store, workspace, "text", like, k, splits, tower, whose)


def _found(
    store: Store,
    workspace: Workspace,
    kind: Kind,
    like: Like,
    k: int,
    splits: Sequence[str] | None,
    tower: Tower | None,
    whose: str,
) -> Found:
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    encoder = settings.get(store, "encoder")
    query = _vector(store, workspace, encoder, like, tower, whose)
    bank = _banks.of(store, workspace, encoder, kind)
    if not len(bank.hashes):
        what = "image" if kind == "image" else "caption"
        raise NotEncoded(f"no {what} is encoded with {encoder} yet: prepare the workspace (page Datasets)")
    return _nearest(bank, query, min(k, MOST), lambda hashes: contents.holders(store, kind, hashes, splits))


Holders = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]


def _nearest(bank: Bank, query: Row, k: int, holders: Holders) -> Found:
    """Return the k best among the ids that hold the bank's contents now.

    Some contents are held by nobody any more and some by many, so more contents than asked for are looked at until
    there are enough ids and the last one looked at scores less than the k-th.
    """
    cosines = np.asarray(bank.rows @ query)[None]  # of one question all fit in memory
    if not np.isfinite(cosines).all():
        raise RegrainError("some vectors hold no numbers: run `regrain verify --repair`, then encode again")
    reach = k + k // 4 + 16
    while True:
        scores, index = top_of_rows(cosines, reach)
        rounded = np.round(scores[0].astype(np.float64), DECIMALS)
        hashes = [content.decode() for content in bank.hashes[index[0]].tolist()]
        held = holders(hashes)
        scored = zip(rounded.tolist(), hashes, strict=True)
        pairs = sorted((-score, name) for score, content in scored for name in held.get(content, ()))
        everything = len(index[0]) == len(bank.hashes)
        if everything or (len(pairs) >= k and -pairs[k - 1][0] > rounded[-1]):
            best = pairs[:k]
            return Found(tuple(name for _, name in best), tuple(-score for score, _ in best))
        reach *= 4


def _vector(store: Store, workspace: Workspace, encoder: str, like: Like, tower: Tower | None, whose: str) -> Row:
    """Return the unit vector (d,) of what the search is like."""
    if isinstance(like, Text):
        return _encoded(store, encoder, like.words, tower, whose)
    kind: Kind = "image" if isinstance(like, ImageId) else "text"
    content = contents.of_item(store, kind, like.id)
    bank = _banks.of(store, workspace, encoder, kind)
    found = np.flatnonzero(bank.hashes == content.encode())
    if not len(found):
        raise NotEncoded(f"{like.id!r} is not encoded with {encoder} yet: prepare the workspace (page Datasets)")
    return cast(Row, bank.rows[found[0]])


def _encoded(store: Store, encoder: str, words: str, tower: Tower | None, whose: str) -> Row:
    if not words.strip():
        raise RegrainError("there are no words to search for: type some, or choose an image or a caption")
    if tower is None:
        raise RegrainError("words can be searched for in the app alone: its text encoder is not at hand here")
    device = settings.get(store, "device")
    tower.wake(encoder, device)
    tower.wait(LOAD_SECONDS)
    try:
        rows = tower.ask(encoder, [words], whose=f"{whose}\0similar", device=device).result(ANSWER_SECONDS)
    except TimeoutError as error:
        raise RegrainError("the text encoder gives no answer: try again") from error
    return cast(Row, rows[0])


class _Banks:
    """The banks that were used last, by file: mapped once, used by all threads."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._kept: dict[str, Bank] = {}

    def of(self, store: Store, workspace: Workspace, encoder: str, kind: Kind) -> Bank:
        path = workspace.banks / banks.name(store, encoder, kind)
        with self._gate:  # one thread lays it out, the others wait for it
            bank = self._kept.pop(str(path), None) or banks.read(store, workspace.vectors, path, encoder, kind)
            self._kept[str(path)] = bank
            while len(self._kept) > BANKS_KEPT:
                del self._kept[next(iter(self._kept))]
            return bank


_banks = _Banks()
