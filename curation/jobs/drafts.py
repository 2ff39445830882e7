"""A draft of a caption among the rivals of its image: the same figures as a suggestion's evidence, while one types."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curation.jobs.closeness import known_delta
from curation.jobs.text_tower import TextTower
from curation.live import Standing, standings
from curation.records import RegrainError
from curation.store import Store, captions, scores, settings, vectors
from curation.workspace import Workspace

LONGEST = 10_000
"""Characters of a draft. No encoder reads so many; a longer text is no caption."""

PLACES_KEPT = 64
PLACE_SECONDS = 30.0
"""So long the vectors of a caption's rivals are kept at hand; then they are read again, as jobs change them."""

LOAD_SECONDS = 60.0
WAIT_SECONDS = 20.0
WAKE_SECONDS = 10.0

Rows = NDArray[np.float32]


class NotRanked(RegrainError):
    """A caption has nothing yet that a draft could be ranked among; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A draft's standing and that of the caption as the person sees it, among ``of`` images: the own and its rivals.

    ``stale`` says that the rivals are those of another text of the caption.
    """

    before: Standing
    after: Standing
    of: int
    stale: bool

    @property
    def evidence(self) -> dict[str, list[int] | list[float]]:
        """The figures as a suggestion's evidence names them, each a pair [before, after]."""
        return {
            "rank": [self.before.rank, self.after.rank],
            "margin": [round(self.before.margin, 4), round(self.after.margin, 4)],
            "fits": [self.before.fits, self.after.fits],
        }


@dataclass(slots=True, eq=False)
class Place:
    """What a draft is ranked among: the vectors of the own image (d,) and of its rivals (r, d), and the delta.

    ``before`` is the standing of ``text``, the caption as the person sees it, once it is known.
    """

    text: str
    encoder: str
    device: str
    own: Rows
    rivals: Rows
    delta: float
    stale: bool
    read_at: float
    before: Standing | None = None


class Drafts:
    """Ranks drafts of one open workspace with the text tower. Safe to share between threads."""

    def __init__(self, store: Store, workspace: Workspace, tower: TextTower) -> None:
        self.store = store
        self.workspace = workspace
        self.tower = tower
        self._places: OrderedDict[tuple[str, str], Place] = OrderedDict()
        self._gate = threading.Lock()
        self._woken_at = -WAKE_SECONDS

    def wake(self) -> None:
        """Begin to load the text encoder, so that it is warm when the first draft comes. Cheap to call often."""
        now = time.monotonic()
        if now - self._woken_at < WAKE_SECONDS:
            return
        self._woken_at = now
        self.tower.wake(settings.get(self.store, "encoder"), settings.get(self.store, "device"))

    def place(self, caption_id: str, revision_id: str) -> Place:
        """Return what drafts of a caption are ranked among.

        The revision is the one that the person sees, which need not be the current one any more. Raises ``NotRanked``
        where there is no such one, or the caption's rivals or vectors are not computed yet.
        """
        key = (caption_id, revision_id)
        with self._gate:
            kept = self._places.get(key)
            if kept is not None and time.monotonic() - kept.read_at < PLACE_SECONDS:
                self._places.move_to_end(key)
                return kept
        fresh = self._read(caption_id, revision_id)
        with self._gate:
            self._places[key] = fresh
            while len(self._places) > PLACES_KEPT:
                self._places.popitem(last=False)
        return fresh

    def ask(self, place: Place, text: str, *, whose: str) -> Future[Rows]:
        """Ask for the vectors that ``ranked`` needs; see ``TextTower.ask``."""
        texts = [place.text, text] if place.before is None else [text]
        return self.tower.ask(place.encoder, texts, whose=whose, device=place.device)

    def ranked(self, place: Place, rows: Rows) -> Ranked:
        """Return the standing of a draft from the vectors that ``ask`` came back with, the draft's last."""
        found = standings(rows, place.own, place.rivals, delta=place.delta)
        if place.before is None:
            place.before = found[0]
        return Ranked(place.before, found[-1], 1 + len(place.rivals), place.stale)

    def rank(self, caption_id: str, revision_id: str, text: str, *, whose: str) -> Ranked:
        """Rank one draft and wait for it, at most ``LOAD_SECONDS`` for the encoder and ``WAIT_SECONDS`` more.

        Raises ``RegrainError`` with the reason where it cannot be ranked.
        """
        place = self.place(caption_id, revision_id)
        self.tower.wake(place.encoder, place.device)
        self.tower.wait(LOAD_SECONDS)
        try:
            return self.ranked(place, self.ask(place, checked(text), whose=whose).result(WAIT_SECONDS))
        except TimeoutError as error:
            raise NotRanked("the text encoder gives no answer: try again") from error

    def close(self) -> None:
        """End the text tower."""
        self.tower.close()

    def _read(self, caption_id: str, revision_id: str) -> Place:
        chain = {one["id"]: one["text"] for one in captions.revisions(self.store, caption_id)}
        if revision_id not in chain:
            raise NotRanked(f"the caption {caption_id!r} has no revision {revision_id!r} any more: reload the page")
        caption = captions.get(self.store, caption_id)
        rivals = scores.rivals(self.store, caption_id)
        if rivals is None:
            raise NotRanked("its rivals are not computed yet: prepare the workspace (page Datasets)")
        encoder = settings.get(self.store, "encoder")
        own, others = self._vectors(caption["image_id"], rivals["image_ids"], encoder)
        return Place(
            text=chain[revision_id],
            encoder=encoder,
            device=settings.get(self.store, "device"),
            own=own,
            rivals=others,
            delta=known_delta(self.store, self.workspace, encoder),
            stale=rivals["revision_id"] != revision_id,
            read_at=time.monotonic(),
        )

    def _vectors(self, image_id: str, rival_ids: list[str], encoder: str) -> tuple[Rows, Rows]:
        """Return the vectors of the own image and of those rivals that are encoded."""
        rows = captions.images(self.store, [image_id, *rival_ids])
        ids = [name for name in (image_id, *rival_ids) if name in rows]
        hashes = [rows[name]["content_hash"] or "" for name in ids]
        found = vectors.load(self.store, self.workspace.vectors, encoder=encoder, kind="image", hashes=hashes)
        if not ids or ids[0] != image_id or not found.found[0]:
            raise NotRanked(f"its image is not encoded with {encoder} yet: prepare the workspace (page Datasets)")
        return found.rows[0], found.rows[1:][found.found[1:]]


def checked(text: str) -> str:
    """Return a draft that can be ranked; raises ``ValueError`` in words for an empty or endless one."""
    if not text.strip():
        raise ValueError("the draft is empty: there is nothing to rank")
    if len(text) > LONGEST:
        raise ValueError(f"the draft has {len(text):,} characters: {LONGEST:,} are the most")
    return text
