"""The evidence of a suggestion in words: who tells it, where it is seen, and what it does to the ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from curation.ui.wording import counted, listed

AMONG_RIVALS = {"rank": "rank among rivals", "fits": "rivals that fit"}
"""How figures are called that are taken over a caption's nearest rivals, not over the whole gallery."""

DOUBTFUL = 2
"""From here on ``evidence["doubt"]`` is worth a word: two readers found four in ten of these told of something else."""


def evidence_line(evidence: Mapping[str, Any]) -> str:
    """Return the evidence of a suggestion as one line of facts parted by dots.

    >>> evidence_line({"captions": [0, 3], "rank": [7, 1], "margin": 0.061, "fits": [41, 2]})
    'from captions 1 and 4 · rank among rivals 7 → 1 · margin +0.061 · rivals that fit 41 → 2'
    >>> seen = [{"name": "red ball", "box": [0.5, 0.0, 1.0, 0.5]}]
    >>> evidence_line({"type": "colour", "slot": "ball", "probability": 0.82, "where": seen})
    'colour of “ball” · picture 0.82 · seen at the upper right'
    >>> evidence_line({"probability": 0.82, "fluent": 0.114})
    'picture 0.82 · language model 0.11'
    >>> support = [{"name": "red ball", "captions": [0, 3], "images": ["a", "b"], "seen": ["picture"]}]
    >>> evidence_line({"captions": [0, 3], "support": support, "rank": [7, 1]})
    'told by captions 1 and 4, 2 similar images, and the picture · rank among rivals 7 → 1'
    >>> evidence_line({"neighbours": ["a#1"], "replaces": ["dog", "wet"]})
    'told by 1 caption of similar images · takes out “dog” and “wet”'
    """
    facts = [told] if (told := _told(evidence)) else []
    if slot := evidence.get("slot"):
        facts.append(f"{evidence.get('type', 'word')} of “{slot}”")
    if (probability := evidence.get("probability")) is not None:
        facts.append(f"picture {probability:.2f}")
    if (fluent := evidence.get("fluent")) is not None:
        facts.append(f"language model {fluent:.2f}")
    if where := evidence.get("where"):
        facts.append(_places(where, named=max(len(evidence.get(name, ())) for name in _BY_DETAIL) > 1))
    if agreement := evidence.get("agreement"):
        facts.append(f"agreement {agreement[0]:.3f} → {agreement[1]:.3f}")
    if replaced := evidence.get("replaces"):
        facts.append(f"takes out {listed([f'“{word}”' for word in replaced])}")
    for name in ("rank", "margin", "fits"):
        if name in evidence:
            facts.append(f"{AMONG_RIVALS.get(name, name)} {_change(name, evidence[name])}")
    if second := evidence.get("second"):
        facts.append(_second(second))
    return " · ".join(facts)


def caution(evidence: Mapping[str, Any]) -> str:
    """Return what a person must not overlook, "" where there is nothing: a gain by one encoder alone, or a guess.

    >>> caution({"first_only": True, "second": {"encoder": "B"}}), caution({"second": {"encoder": "B"}})
    ('helps only the first encoder', '')
    >>> caution({"doubt": DOUBTFUL}), caution({"unseen": True, "doubt": 4})
    ('look whether it is told of this one', 'a guess: look whether it is so here')
    """
    if evidence.get("first_only"):
        return "helps only the first encoder"
    if evidence.get("unseen"):
        return "a guess: look whether it is so here"
    return "look whether it is told of this one" if evidence.get("doubt", 0) >= DOUBTFUL else ""


def _second(second: Mapping[str, Any]) -> str:
    """Return what another encoder says.

    >>> _second({"encoder": "ViT-B-32/openai", "rank": [3, 1], "margin": [0.02, 0.05]})
    'second encoder ViT-B-32/openai: margin +0.020 → +0.050, rank 3 → 1'
    """
    changes = (f"{name} {_change(name, second[name])}" for name in ("margin", "rank"))
    return f"second encoder {second['encoder']}: {', '.join(changes)}"


_BY_DETAIL = ("where", "support", "insertions")
"""Parts of the evidence that have one entry for each detail."""

SEERS = {"picture": "the picture", "detector": "the detector", "model": "a vision-language model"}
"""How those are called that tell a detail because they looked at the image."""


def _told(evidence: Mapping[str, Any]) -> str:
    """Return who tells a suggestion; of an import or an earlier version it is known from the source alone."""
    if told := _support(evidence.get("support", ())):
        return told
    if captions := evidence.get("captions"):
        return f"from {_captions(captions)}"
    if similar := evidence.get("neighbours"):
        return f"told by {counted(len(similar), 'caption')} of similar images"
    return ""


def _support(support: Sequence[Mapping[str, Any]]) -> str:
    """Return who tells each detail; empty where nobody does but the source, which looked at the picture itself.

    >>> _support([{"name": "red ball", "captions": [0], "seen": ["picture"]}, {"name": "tree", "captions": [1]}])
    '“red ball” told by caption 1 and the picture, “tree” by caption 2'
    >>> _support([{"name": "red ball", "seen": ["picture"]}])
    ''
    """
    names: dict[str, list[str]] = {}
    for one in support:
        names.setdefault(_joined(_tellers(one)), []).append(f"“{one['name']}”")
    if len(names) == 1 and list(names) in [[seer] for seer in SEERS.values()]:
        return ""
    if len(names) == 1:
        return f"told by {next(iter(names))}"
    by = [f"{listed(several)} {'told ' * (not n)}by {who}" for n, (who, several) in enumerate(names.items())]
    return ", ".join(by)


def _tellers(support: Mapping[str, Any]) -> list[str]:
    captions, images = support.get("captions", ()), support.get("images", ())
    told = [_captions(captions)] if captions else []
    told += [counted(len(images), "similar image")] if images else []
    return told + [SEERS[name] for name in support.get("seen", ())]


def _captions(numbers: Sequence[int]) -> str:
    return f"caption{'s' * (len(numbers) > 1)} {listed([str(i + 1) for i in numbers])}"


def _joined(tellers: Sequence[str]) -> str:
    """Return several tellers in a row, with a comma where one of them says "and" itself."""
    if len(tellers) > 1 and any(" and " in one for one in tellers):
        return f"{', '.join(tellers[:-1])}, and {tellers[-1]}"
    return listed(tellers)


def _places(where: Sequence[Mapping[str, Any]], *, named: bool) -> str:
    """Return where details are seen; where a suggestion has several each is named.

    >>> _places([{"name": "red ball", "box": [0.5, 0.0, 1.0, 0.5]}, {"name": "beach", "whole": True}], named=True)
    '“red ball” seen at the upper right, “beach” in the whole picture'
    """
    names: dict[str, list[str]] = {}
    for one in where:
        names.setdefault(_where(one["box"]) if "box" in one else "in the whole picture", []).append(one["name"])
    if not named:
        return f"seen {next(iter(names))}"
    told = [(listed([f"“{name}”" for name in several]), place) for place, several in names.items()]
    return ", ".join(f"{several} {'seen ' * (not n)}{place}" for n, (several, place) in enumerate(told))


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


def _change(name: str, value: Any) -> str:
    if isinstance(value, list | tuple) and len(value) == 2:
        return f"{_figure(name, value[0])} → {_figure(name, value[1])}"
    return _figure(name, value)


def _figure(name: str, value: Any) -> str:
    return f"{value:+.3f}" if name == "margin" else f"{value:,}"
