"""The nouns of Regrain: small frozen records that rooms hand to each other.

Only the standard library and numpy may be imported here, so that every room can import this one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal, get_args

Split = Literal["train", "val", "test", "pool", "none"]
Queue = Literal["coarse", "rewrites", "attributes", "noise", "pool"]
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]

SPLITS: tuple[Split, ...] = get_args(Split)
QUEUES: tuple[Queue, ...] = get_args(Queue)
JOB_STATES: tuple[JobState, ...] = get_args(JobState)

DEMO_NAME = "Demo: drawn scenes"
"""Name of the demo workspace and of its import: the only pictures that the embedded encoder knows."""

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


class RegrainError(Exception):
    """An error whose message is meant for the person: it names the thing, the rule and the remedy."""


@dataclass(frozen=True, slots=True)
class Image:
    """One picture, held (``file`` is a path below the image folder) or only named (``file`` is None).

    ``id`` is the file name without folder and image suffix, since published layouts disagree about both.
    """

    id: str
    split: Split = "none"
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """Caption ``i`` (0-based) of one image; ``source_id`` is the id that the imported file gave it."""

    image_id: str
    i: int
    text: str
    language: str = "en"
    generated: bool | None = None
    source_id: str | None = None

    @property
    def id(self) -> str:
        return caption_id(self.image_id, self.i)


@dataclass(frozen=True, slots=True)
class Signal:
    """What one scorer says of one caption revision. ``value`` is finite; its direction is the scorer's."""

    name: str
    value: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A finer wording of a caption: the whole text, what was inserted, where it comes from and why.

    ``spans`` are half-open character ranges of ``text`` that the source caption does not hold.
    ``evidence`` is plain JSON: e.g. ``{"captions": [0, 3]}`` or ``{"probability": 0.82, "slot": "ball"}``.
    ``kind`` is ``rewrite`` for the rewrites queue or ``attribute`` for a single-noun insertion.
    """

    text: str
    source: str
    kind: Literal["rewrite", "attribute"] = "rewrite"
    spans: tuple[tuple[int, int], ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pool image that may compete with a caption's own image, and how it was found.

    ``score`` is a cosine in [-1, 1], high = more alike; ``via`` is ``image`` or ``text``.
    """

    caption_id: str
    image_id: str
    via: Literal["image", "text"]
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of one person on one item, as the client made it. Decisions are appended, never altered.

    ``id`` is made by the client, so that sending it twice is harmless. ``revision_id`` is the revision that
    the person saw; a decision on a revision that is no longer current is stored as refused, not applied.
    ``image_id`` is set where the item is a pair (pool), ``undoes`` where the decision takes another back.
    ``basis`` is the decision that the item rested on when it was shown, ``""`` where it rested on none: a verdict is
    refused where somebody has settled the item meanwhile. None leaves that unchecked. Decisions with one ``batch_id``
    were made as one and are undone as one. ``offered`` are the ids of the suggestions that were on the screen, in their
    order, and ``taken`` those that the text was made of; where only ``suggestion_id`` is told, that one was taken.
    """

    id: str
    person: str
    queue: Queue
    caption_id: str
    revision_id: str
    verdict: str
    reason: str = ""
    text: str | None = None
    image_id: str = ""
    suggestion_id: str | None = None
    undoes: str | None = None
    shown_ms: int | None = None
    basis: str | None = None
    batch_id: str | None = None
    offered: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision: ``applied``, or refused with the reason in words."""

    decision_id: str
    applied: bool
    message: str = ""
    revision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: ``done`` of ``total`` items; ``error`` names a bad item that was skipped."""

    done: int
    total: int
    shard: str | None = None
    note: str = ""
    bad_item: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of long work as the store knows it."""

    id: str
    kind: str
    state: JobState
    args: dict[str, Any]
    done: int = 0
    total: int = 0
    rate: float = 0.0
    note: str = ""
    error: str = ""
    bad_items: int = 0
    created_at: str = ""
    started_at: str | None = None
    finished_at: str | None = None

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds to go, or None where no rate is known yet."""
        return (self.total - self.done) / self.rate if self.state == "running" and self.rate > 0 else None


@dataclass(frozen=True, slots=True)
class BenchmarkImage:
    """One gallery image of a version: a ``target`` has captions, a ``distractor`` only competes."""

    id: str
    split: Split
    role: Literal["target", "distractor"]
    file: str | None = None


@dataclass(frozen=True, slots=True)
class BenchmarkCaption:
    """One query of a version, with where its text came from."""

    id: str
    image_id: str
    i: int
    text: str
    split: Split
    revision_id: str
    source: str
    original: str
    generated: bool | None = None
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Qrel:
    """A judged pair: ``grade`` 0 no, 1 partly, 2 matches, 3 same picture."""

    caption_id: str
    image_id: str
    grade: int
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A frozen version in memory, in export order: what an exporter writes.

    ``facts`` is plain JSON: name, when frozen, encoder, settings, decision counts.
    """

    name: str
    images: tuple[BenchmarkImage, ...]
    captions: tuple[BenchmarkCaption, ...]
    qrels: tuple[Qrel, ...]
    facts: dict[str, Any] = field(default_factory=dict)


def caption_id(image_id: str, i: int) -> str:
    """Return the id of caption ``i`` of an image, e.g. ``1007129816#3``."""
    return f"{image_id}#{i}"


def image_id_from_name(name: str) -> str:
    """Return the image id for a file name: no folder, no image suffix.

    >>> image_id_from_name("val2014/COCO_val2014_000000391895.jpg")
    'COCO_val2014_000000391895'
    >>> image_id_from_name("1007129816")
    '1007129816'
    """
    path = PurePosixPath(name.replace("\\", "/"))
    return path.stem if path.suffix.lower() in IMAGE_SUFFIXES else path.name


def detail_type(evidence: Mapping[str, Any]) -> str:
    """Return which kind of detail a suggestion puts in, by its evidence: ``colour``, ``clothing``, ``place`` ...

    ``several`` where it puts in more than one, ``wording`` where its source does not say.

    >>> detail_type({"type": "colour"}), detail_type({"types": ["deed", "place"]}), detail_type({"captions": [1]})
    ('colour', 'several', 'wording')
    """
    kinds = evidence.get("types") or [evidence["type"]] if "types" in evidence or "type" in evidence else []
    if len(kinds) > 1 or evidence.get("parts"):
        return "several"
    return str(kinds[0]) if kinds else "wording"


def text_hash(text: str) -> str:
    """Return the content hash under which the vector of a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
