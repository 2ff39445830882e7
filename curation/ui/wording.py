"""Facts in words: counts, times, evidence and history lines. Nothing in here is Markdown or HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from curation.records import Queue
from curation.store.verdicts import VERDICTS

QUEUE_TITLES: dict[Queue, str] = {
    "coarse": "Coarse captions",
    "rewrites": "Rewrites",
    "attributes": "Attributes",
    "noise": "Noisy pairs",
    "pool": "Pool",
}

SOURCES = {
    "siblings": "the image's other captions",
    "attribute_words": "attribute words seen in the picture",
    "masked_words": "words that a language model expects",
    "stress_words": "true words that lower the agreement",
    "combined": "several details together",
    "neighbours": "captions of similar images",
    "similar_captions": "captions of similar scenes",
    "vision_model": "a vision-language model",
    "import": "an import",
    "edit": "a person",
    "repair": "a repair",
}


def counted(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> counted(1, "caption"), counted(2118, "caption"), counted(2, "entry", "entries")
    ('1 caption', '2,118 captions', '2 entries')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """Return a rank in words.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 21, 1112)]
    ['1st', '2nd', '3rd', '4th', '11th', '21st', '1,112th']
    """
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def duration(seconds: float) -> str:
    """Return a length of time in its largest unit.

    >>> duration(0.4), duration(59), duration(170), duration(3 * 3600 + 40 * 60), duration(50 * 3600)
    ('1 s', '59 s', '3 min', '4 h', '2 d')
    """
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 1.5 * size:
            return f"{round(seconds / size):,} {unit}"
    return f"{max(1, round(seconds))} s"


def when(moment: datetime | None, now: datetime | None = None) -> str:
    """Return a time of the store (UTC, without zone) as one reads it: how long ago, or the day."""
    if moment is None:
        return ""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    ago = now - moment
    if ago < timedelta(minutes=1):
        return "just now"
    if ago < timedelta(hours=20):
        return f"{duration(ago.total_seconds())} ago"
    return f"{moment:%Y-%m-%d}"


def percent(share: float) -> str:
    """Return a share in [0, 1] as a percentage with one decimal."""
    return f"{100 * share:.1f} %"


def listed(words: Sequence[str]) -> str:
    """Return words as an English list.

    >>> listed(["1"]), listed(["1", "4"]), listed(["1", "3", "4"])
    ('1', '1 and 4', '1, 3 and 4')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def source_title(source: str) -> str:
    """Return where a text comes from, in words."""
    return SOURCES.get(source, source.replace("_", " "))


DETAILS = {
    "beside": "something beside it",
    "deed": "what is done",
    "action": "what is done",
    "one": "which one",
    "object": "what is held or used",
    "garment": "clothing",
    "several": "several details",
    "wording": "the whole wording",
}


def detail_title(type: str) -> str:
    """Return what a suggestion puts in, in words: its type, where that is plain enough."""
    return DETAILS.get(type, type.replace("_", " "))


def kept_back_title(reason: str) -> str:
    """Return why a suggestion was kept back.

    >>> kept_back_title("sensitive:age"), kept_back_title("defect:too_long"), kept_back_title("defect:article")
    ('sensitive word: age', 'too long for the encoder', 'text defect: a or an')
    """
    plain = {
        "unchanged": "says nothing new",
        "contradiction": "contradicts another caption of the image",
        "defect:too_long": "too long for the encoder",
    }
    kind, _, what = reason.partition(":")
    if kind == "sensitive":
        return f"sensitive word: {what}"
    return plain.get(reason) or f"text defect: {defect_kinds().get(what, what).lower()}"


def history_line(entry: Mapping[str, Any]) -> str:
    """Return what one decision did: the verdict's label, its reason, the text it made, or why it was refused."""
    if entry["verdict"] == "undo":
        what = "undid an earlier decision"
    else:
        labels = {verdict.name: verdict.label for verdict in VERDICTS[entry["queue"]]}
        what = f"{QUEUE_TITLES[entry['queue']]}: {labels.get(entry['verdict'], entry['verdict'])}"
    if entry.get("image_id"):
        what += f" ({entry['image_id']})"
    if entry["reason"]:
        what += f", {entry['reason']}"
    if entry["text"]:
        what += f" → {entry['text']}"
    if entry["suggestion_source"]:
        what += f" (suggested by {source_title(entry['suggestion_source'])})"
    return what if entry["applied"] else f"{what}, not applied: {entry['message']}"


def verdict_label(queue: Queue, name: str | None) -> str:
    """Return the label of a verdict; ``superseded`` is the one that no person gives."""
    if name == "superseded":
        return "Settled by a new text"
    return next((verdict.label for verdict in VERDICTS[queue] if verdict.name == name), name or "")


def defect_kinds() -> dict[str, str]:
    """Return what each kind of text defect is called in a filter, all of them together first."""
    from curation.text.defects import defect_detectors

    return {"any": "any text defect"} | {plugin.name: plugin.title for plugin in defect_detectors}
