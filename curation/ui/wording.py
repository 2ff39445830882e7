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
    "stress_words": "true words that lower the agreement",
    "combined": "several details together",
    "neighbours": "captions of similar images",
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


AMONG_RIVALS = {"rank": "rank among rivals", "fits": "rivals that fit"}
"""How figures are called that are taken over a caption's nearest rivals, not over the whole gallery."""


def evidence_line(evidence: Mapping[str, Any]) -> str:
    """Return the evidence of a suggestion as one line of facts parted by dots.

    >>> evidence_line({"captions": [0, 3], "rank": [7, 1], "margin": 0.061, "fits": [41, 2]})
    'from captions 1 and 4 · rank among rivals 7 → 1 · margin +0.061 · rivals that fit 41 → 2'
    >>> evidence_line({"type": "colour", "slot": "ball", "probability": 0.82, "box": [0.5, 0.0, 1.0, 0.5]})
    'colour of “ball” · picture 0.82, at the upper right'
    >>> evidence_line({"neighbours": ["a#1"], "replaces": ["dog", "wet"]})
    'told by 1 caption of similar images · takes out “dog” and “wet”'
    """
    facts = []
    if captions := evidence.get("captions"):
        facts.append(f"from caption{'s' * (len(captions) > 1)} {listed([str(i + 1) for i in captions])}")
    if told := evidence.get("neighbours"):
        facts.append(f"told by {counted(len(told), 'caption')} of similar images")
    if slot := evidence.get("slot"):
        facts.append(f"{evidence.get('type', 'word')} of “{slot}”")
    if (probability := evidence.get("probability")) is not None:
        where = f", {_where(evidence['box'])}" if evidence.get("box") else ""
        facts.append(f"picture {probability:.2f}{where}")
    if agreement := evidence.get("agreement"):
        facts.append(f"agreement {agreement[0]:.3f} → {agreement[1]:.3f}")
    if replaced := evidence.get("replaces"):
        facts.append(f"takes out {listed([f'“{word}”' for word in replaced])}")
    for name in ("rank", "margin", "fits"):
        if name in evidence:
            facts.append(f"{AMONG_RIVALS.get(name, name)} {_change(name, evidence[name])}")
    return " · ".join(facts)


def _where(box: Sequence[float]) -> str:
    """Return in which part of the picture the middle of a box lies; the box is in shares of the picture's sides.

    >>> _where([0.3, 0.3, 0.7, 0.7]), _where([0.0, 0.66, 0.34, 1.0]), _where([0.33, 0.0, 0.67, 0.34])
    ('in the middle', 'at the lower left', 'at the top')
    """
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    side = "left" if across < 0.4 else "right" if across > 0.6 else ""
    level = "top" if down < 0.4 else "bottom" if down > 0.6 else ""
    if side and level:
        return f"at the {'upper' if level == 'top' else 'lower'} {side}"
    return f"at the {side or level}" if side or level else "in the middle"


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


def _change(name: str, value: Any) -> str:
    if isinstance(value, list | tuple) and len(value) == 2:
        return f"{_figure(name, value[0])} → {_figure(name, value[1])}"
    return _figure(name, value)


def _figure(name: str, value: Any) -> str:
    return f"{value:+.3f}" if name == "margin" else f"{value:,}"
