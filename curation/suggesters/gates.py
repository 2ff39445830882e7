"""What every suggestion passes before a person sees it: no new text defect, nothing sensitive, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from curation.records import Suggestion
from curation.text.defects import new_defects
from curation.text.lexicon import Lexicon, lexicon
from curation.text.normalise import fg_normalise
from curation.text.worddiff import inserted_spans

_PASSED_OVER = frozenset({"and", "or", ","})


def pass_gates(text: str, suggestions: Iterable[Suggestion], tally: Counter[str] | None = None) -> list[Suggestion]:
    """Return the suggestions for the caption ``text`` that may be shown, merged, in their order.

    ``tally`` counts what was dropped, by reason: ``unchanged``, ``defect:article``, ``sensitive:age`` ...
    """
    passed = []
    for suggestion in suggestions:
        reason = _reason_to_drop(text, suggestion)
        if reason is None:
            passed.append(suggestion)
        elif tally is not None:
            tally[reason] += 1
    return _merged(passed)


def sensitive_kind(text: str, new: str) -> str | None:
    """Return the kind of sensitive word that ``new`` adds to ``text``, or None.

    Ethnicity, religion, skin, health and the like are never added; age judgements, looks and colour words not
    before people. The list is the ``sensitive`` part of ``text/lexicon.json``.

    >>> sensitive_kind("a man sits", "a black man sits"), sensitive_kind("a man sits", "a man in black sits")
    ('colour', None)
    """
    words = lexicon()
    for start, end in inserted_spans(text, new):
        inserted = new[start:end].lower().split()
        following = new[end:].lower().split()
        for place, word in enumerate(inserted):
            if word in words.sensitive:
                return words.sensitive[word]
            kind = words.sensitive_before_people.get(word)
            if kind and _describes_people([*inserted[place + 1 :], *following], words):
                return kind
    return None


def _reason_to_drop(text: str, suggestion: Suggestion) -> str | None:
    if fg_normalise(suggestion.text) == fg_normalise(text):
        return "unchanged"
    defects = new_defects(text, suggestion.text)
    if defects:
        return f"defect:{defects[0].kind}"
    sensitive = sensitive_kind(text, suggestion.text)
    return f"sensitive:{sensitive}" if sensitive else None


def _describes_people(following: list[str], words: Lexicon) -> bool:
    """Whether a modifier's noun, behind further modifiers, names people or a part of a body."""
    for word in following:
        if word not in words.kind_of and word not in _PASSED_OVER and word not in words.sensitive_before_people:
            return words.noun_class(word.strip(".,;:!?'’")) in ("person", "body")
    return False


def _merged(suggestions: list[Suggestion]) -> list[Suggestion]:
    """Join those of one kind that differ in nothing but case or punctuation; all sources are kept as evidence."""
    merged: dict[tuple[str, str, str], Suggestion] = {}
    for suggestion in suggestions:
        slot = str(suggestion.evidence.get("slot_span", "")) if suggestion.kind == "attribute" else ""
        key = (suggestion.kind, slot, fg_normalise(suggestion.text))
        first = merged.get(key)
        if first is None:
            merged[key] = replace(suggestion, evidence={**suggestion.evidence, "sources": [suggestion.source]})
            continue
        sources = [*first.evidence["sources"], suggestion.source]
        evidence = {**suggestion.evidence, **first.evidence, "sources": list(dict.fromkeys(sources))}
        merged[key] = replace(first, evidence=evidence)
    return list(merged.values())
