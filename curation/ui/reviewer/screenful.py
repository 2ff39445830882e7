"""What one review screen shows around its items: verdicts, counts, guidelines, keys, and what comes after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from curation.records import Queue
from curation.ui.reviewer.items import Item, Picture, Tone, check_address
from curation.ui.reviewer.settings import RESERVED_KEYS, Settings


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
class Example:
    """A judged item that shows how a queue is meant: its picture and text, the label of its verdict, and why."""

    text: str
    verdict: str
    why: str = ""
    picture: Picture | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Guidelines:
    """How to judge this queue, in words and with examples."""

    text: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The lists of a queue with their counts, the one that is worked on first; what of it is open and done."""

    tabs: tuple[Tab, ...]
    todo: int
    done: int


AsOf = tuple[str, int]
"""The store's position (``Store.position``) when something was read: it holds whatever was written before."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next: the ids of the items in ``order``, and those of the ``items`` that the browser lacks.

    ``recent`` is None where it was not looked for. ``each`` says that every answer changes what the next item shows,
    as while somebody qualifies.
    """

    order: tuple[str, ...]
    items: tuple[Item, ...]
    recent: tuple[Recent, ...] | None
    rate: str
    empty: Empty
    each: bool
    as_of: AsOf


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that one review screen shows.

    ``items`` are the item to judge and some that come after it, which are prefetched and painted without asking.
    ``session`` binds the browser's outbox to person, workspace and queue: make it with ``session_id``.
    ``recent`` holds decisions that can be undone though the page was reloaded since, newest first.
    Where ``view`` changes (another search), the screen begins anew with the first of ``items``. ``answers`` is the
    address that takes decisions (``answers_route``): without it each one runs the page. ``linked`` is the item of the
    page's address, which is left out of it once it is judged.
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
    guidelines: Guidelines = Guidelines()
    empty: Empty = Empty()
    plain_href: str = ""
    settings: Settings = field(default_factory=Settings)
    view: str = ""
    linked: str = ""
    answers: str = ""
    each: bool = False
    as_of: AsOf = ("", 0)

    def __post_init__(self) -> None:
        keys = [choice.key for choice in self.choices if choice.key]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"two verdicts share the key {twice[0]!r}: give each its own")
        taken = sorted(RESERVED_KEYS.intersection(keys))
        if taken:
            raise ValueError(f"the key {taken[0]!r} belongs to Streamlit: choose another")
        for address in filter(None, (self.plain_href, self.answers)):
            check_address(address)


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
