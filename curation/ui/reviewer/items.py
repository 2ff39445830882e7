"""One item of a review screen and its parts, as plain records: the component and the plain form paint the same ones.

Every text in here is user text: both forms show it as text, never as Markdown or HTML. ``to_json`` gives the
dictionary that the browser receives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

Tone = Literal["", "warn", "good", "bad"]
DiffOp = Literal["equal", "insert", "delete"]

MAX_DIGITS = 9
"""Suggestions and attributes are chosen with the digits 1 to 9; more of them cannot be reached by key."""


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
class Place:
    """Where in the target image a detail is seen: ``box`` is left, top, right, bottom in shares of its sides."""

    name: str
    box: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise ValueError(f"the box of {self.name!r} is {self.box}: four shares of the picture's sides, in order")


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggested wording: the whole text, its diff against the caption, its source, and the evidence.

    ``diff`` holds (op, text) runs whose texts carry their own blanks. ``evidence`` is one line of facts
    parted by ``·``, e.g. ``from captions 1 and 4 · rank 7 → 1 · margin +0.061``. ``places`` are drawn over the image
    while the suggestion has the focus or the pointer; the evidence says the same in words. ``caution`` stands out.
    """

    id: str
    text: str
    diff: tuple[tuple[DiffOp, str], ...]
    source: str
    evidence: str = ""
    places: tuple[Place, ...] = ()
    caution: str = ""


@dataclass(frozen=True, slots=True)
class Rival:
    """An image that the caption could also describe; ``label`` is its score or rank, ``own`` marks the target."""

    picture: Picture
    label: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class SlotOption:
    """One attribute word for a slot. ``text_after`` is the whole caption with this word alone inserted.

    ``order`` is the place of its kind among adjectives (small wet red ...), -1 where that is not known.
    """

    word: str
    label: str
    text_after: str | None = None
    suggestion_id: str | None = None
    places: tuple[Place, ...] = ()
    order: int = -1


@dataclass(frozen=True, slots=True)
class Slot:
    """A noun that can take attributes: the words go before character ``start``, the noun ends at ``end``."""

    noun: str
    start: int
    end: int
    options: tuple[SlotOption, ...]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of an item's history: when (as shown), who, and what they did.

    ``at`` is the moment in ISO 8601 with its zone: the browser shows it in the person's own time.
    """

    when: str
    who: str
    what: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person answered, shown beside the others' to whoever settles the item: ``label`` says whose it is
    without a name ("First answer"), ``verdict`` is its label, ``text`` the wording it carries, ``diff`` that wording
    against the caption, ``when`` the time as shown.
    """

    label: str
    verdict: str
    reason: str = ""
    text: str = ""
    diff: tuple[tuple[DiffOp, str], ...] = ()
    when: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge. ``image_id`` is set where the item is a pair (pool): the candidate's image.

    ``basis`` is the decision that it rests on now, ``""`` where nobody has judged it: each verdict gives it back, so
    that the store can tell whether somebody has settled the item since it was shown. ``answers`` are what people have
    said so far where they disagree: they stand side by side above the verdicts.
    ``version`` names the item as it stands, so that it need not be sent again while it is the same.
    ``waits`` says that suggestions are still being sought: the browser asks for them until they are there.
    ``live`` is the address that ranks drafts of its caption while they are typed, empty where none are ranked.
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
    answers: tuple[Answer, ...] = ()
    suggestions: tuple[Offer, ...] = ()
    others: tuple[OtherCaption, ...] = ()
    rivals: tuple[Rival, ...] = ()
    rivals_title: str = ""
    rivals_note: str = ""
    slots: tuple[Slot, ...] = ()
    candidate: Picture | None = None
    note: str = ""
    history: tuple[HistoryEntry, ...] = ()
    live: str = ""
    version: str = ""
    waits: bool = False

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids of the suggestions that are shown, in their order."""
        single = (option.suggestion_id for slot in self.slots for option in slot.options)
        return tuple(id for id in (*(offer.id for offer in self.suggestions), *single) if id)

    def __post_init__(self) -> None:
        if self.live:
            check_address(self.live)
        for slot in self.slots:
            if not 0 <= slot.start <= slot.end <= len(self.text):
                raise ValueError(f"slot {slot.noun!r} [{slot.start}, {slot.end}) lies outside {self.text!r}")


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
