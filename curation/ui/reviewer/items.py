"""What a review screen shows, as plain records: the component and the plain form paint the same ones.

Every text in here is user text: both forms show it as text, never as Markdown or HTML. ``to_json`` gives the
dictionary that the browser receives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from curation.records import Queue

Tone = Literal["", "warn", "good", "bad"]
DiffOp = Literal["equal", "insert", "delete"]

MAX_DIGITS = 9
"""Suggestions and attributes are chosen with the digits 1 to 9; more of them cannot be reached by key."""

RESERVED_KEYS = frozenset({"c", "r"})
"""Streamlit's own single-key shortcuts (clear the cache, rerun)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image to show: its address (None where the image is only named), and the words that stand for it.

    ``width`` and ``height`` are pixels of the picture; they keep the layout still while it loads.
    """

    url: str | None
    alt: str
    width: int | None = None
    height: int | None = None

    def __post_init__(self) -> None:
        if self.url is not None:
            check_address(self.url)


@dataclass(frozen=True, slots=True)
class Chip:
    """One short fact beside the caption, such as ``Coarse 0.91``."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class OtherCaption:
    """Another caption of the same image; ``i`` is 0-based, ``marks`` are half-open character ranges to mark."""

    i: int
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested wording: the whole text, its diff against the caption, its source, and the evidence.

    ``diff`` holds (op, text) runs whose texts carry their own blanks. ``evidence`` is one line of facts
    parted by ``·``, e.g. ``from captions 1 and 4 · rank 7 → 1 · margin +0.061``.
    """

    id: str
    text: str
    diff: tuple[tuple[DiffOp, str], ...]
    source: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """An image that the caption could also describe; ``label`` is its score or rank, ``own`` marks the target."""

    picture: Picture
    label: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class SlotOption:
    """One attribute word for a slot. ``text_after`` is the whole caption with this word alone inserted."""

    word: str
    label: str
    text_after: str | None = None
    suggestion_id: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A noun that can take attributes: the words go before character ``start``, the noun ends at ``end``."""

    noun: str
    start: int
    end: int
    options: tuple[SlotOption, ...]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of an item's history: when (as shown), who, and what they did."""

    when: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge. ``image_id`` is set where the item is a pair (pool): the candidate's image.

    ``basis`` is the decision that it rests on now, ``""`` where nobody has judged it: each verdict gives it back, so
    that the store can tell whether somebody has settled the item since it was shown.
    """

    id: str
    caption_id: str
    revision_id: str
    image: Picture
    text: str
    basis: str = ""
    image_id: str = ""
    name: str = ""
    chips: tuple[Chip, ...] = ()
    suggestions: tuple[Offer, ...] = ()
    others: tuple[OtherCaption, ...] = ()
    rivals: tuple[Rival, ...] = ()
    rivals_title: str = ""
    rivals_note: str = ""
    slots: tuple[Slot, ...] = ()
    candidate: Picture | None = None
    note: str = ""
    history: tuple[HistoryEntry, ...] = ()

    def __post_init__(self) -> None:
        for slot in self.slots:
            if not 0 <= slot.start <= slot.end <= len(self.text):
                raise ValueError(f"slot {slot.noun!r} [{slot.start}, {slot.end}) lies outside {self.text!r}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict button: its key as the browser names it (a letter, a digit, or a blank for the space bar)."""

    verdict: str
    key: str
    label: str
    tone: Tone = ""
    asks_reason: bool = False


@dataclass(frozen=True, slots=True)
class Tab:
    """A count in the head of the screen; the first one is the list being worked on."""

    label: str
    count: int
    href: str | None = None

    def __post_init__(self) -> None:
        if self.href is not None:
            check_address(self.href)


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where no item is left: why, and the link to what can be done next."""

    title: str = "Nothing left to judge here"
    text: str = "Every item of this queue has a verdict."
    link_label: str = ""
    link_href: str = ""

    def __post_init__(self) -> None:
        if self.link_href:
            check_address(self.link_href)


@dataclass(frozen=True, slots=True)
class Recent:
    """A standing decision of this person that ``Z`` can still take back, with the item to paint again.

    ``basis`` is what that decision rested on: what the item rests on when it is taken back.
    """

    decision_id: str
    label: str
    item: Item
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this person wants the keys: all single keys off, or actions on other keys (``{"edit": "w"}``)."""

    single_keys: bool = True
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that one review screen shows.

    ``items`` are the item to judge and the next 3 to 5, which are prefetched and painted without asking.
    ``session`` binds the browser's outbox to person, workspace and queue: make it with ``session_id``.
    ``recent`` holds decisions that can be undone though the page was reloaded since, newest first.
    Where ``view`` changes (another search), the screen begins anew with the first of ``items``.
    """

    session: str
    person: str
    queue: Queue
    title: str
    items: tuple[Item, ...]
    choices: tuple[Choice, ...]
    tabs: tuple[Tab, ...] = ()
    todo: int = 0
    done: int = 0
    rate: str = ""
    reasons: tuple[str, ...] = ()
    can_edit: bool = True
    accept_label: str = "Accept"
    recent: tuple[Recent, ...] = ()
    guidelines: str = ""
    empty: Empty = Empty()
    plain_href: str = ""
    settings: Settings = Settings()
    view: str = ""

    def __post_init__(self) -> None:
        keys = [choice.key for choice in self.choices if choice.key]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"two verdicts share the key {twice[0]!r}: give each its own")
        taken = sorted(RESERVED_KEYS.intersection(keys))
        if taken:
            raise ValueError(f"the key {taken[0]!r} belongs to Streamlit: choose another")
        if self.plain_href:
            check_address(self.plain_href)


class VerdictLike(Protocol):
    """What ``choices`` reads of a verdict of the store."""

    @property
    def name(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...


def choices(verdicts: Iterable[VerdictLike], *, asks_reason: Sequence[str] = ("reject",)) -> tuple[Choice, ...]:
    """Return the verdict buttons of a queue.

    ``accept`` has no button of its own (suggestions and slots are it), nor has ``edit`` (``Review.can_edit``).
    """
    return tuple(
        Choice(verdict.name, verdict.key, verdict.label, asks_reason=verdict.name in asks_reason)
        for verdict in verdicts
        if verdict.name not in ("accept", "edit")
    )


def session_id(person: str, workspace: str, queue: Queue) -> str:
    """Return the name under which one person's outbox for one queue of one workspace is kept in the browser."""
    return hashlib.sha256("\0".join((person, workspace, queue)).encode()).hexdigest()[:24]


def check_address(url: str) -> None:
    """Raise ``ValueError`` unless ``url`` is a path of this app, an http(s) address or inline image data."""
    scheme = urlsplit(url).scheme.lower()
    if scheme not in ("", "http", "https") and not url.startswith("data:image/"):
        raise ValueError(f"{url[:60]!r} is no address to show: use a path of this app, or http(s)")


def to_json(value: Any) -> Any:
    """Return records as dictionaries and lists, leaving out what is None."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((entry.name, getattr(value, entry.name)) for entry in fields(value))
        return {name: to_json(part) for name, part in pairs if part is not None}
    if isinstance(value, Mapping):
        return {str(name): to_json(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(part) for part in value]
    return value
