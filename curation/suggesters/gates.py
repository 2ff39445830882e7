"""What every suggestion passes before a person sees it: nothing new wrong, sensitive, contradicting or said twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from curation.records import Suggestion
from curation.suggesters.consistency import Consistency
from curation.text.defects import CONTEXT_LENGTH, new_defects
from curation.text.lexicon import Lexicon, lexicon
from curation.text.normalise import fg_normalise, tokens
from curation.text.worddiff import inserted_spans, word_diff

_PASSED_OVER = frozenset({"and", "or", ","})
_PIECE = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")


def at_least(text: str) -> int:
    """Return how many tokens a text has at least: its words and marks, and the two that mark start and end."""
    return len(_PIECE.findall(text)) + 2


@dataclass(frozen=True)
class Gates:
    """What may not be shown. ``dropped`` counts what was not, by reason: ``sensitive:age``, ``defect:article`` ... and
    ``blocked`` the sensitive words among it by kind and word, as the list has them.

    ``allow`` and ``block`` change the shipped list of sensitive words, ``text/sensitive.json``: words that may be
    added after all, and words by kind that may not. ``count_tokens`` counts what the encoder reads, its two marks
    included; by default words and marks, of which a tokeniser makes no fewer.
    """

    allow: frozenset[str] = frozenset()
    block: Mapping[str, str] = field(default_factory=dict)
    count_tokens: Callable[[str], int] = at_least
    context_length: int = CONTEXT_LENGTH
    dropped: Counter[str] = field(default_factory=Counter)
    blocked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def counting_anew(self) -> Gates:
        """Return the same gates with counts of their own, which begin at 0."""
        return replace(self, dropped=Counter(), blocked=Counter())

    @classmethod
    def of_setting(cls, sensitive_words: Mapping[str, Any], **more: Any) -> Gates:
        """Read the workspace's setting ``{"allow": [words], "block": {kind: [words]}}``."""
        block = {_as_listed(word): kind for kind, words in sensitive_words.get("block", {}).items() for word in words}
        return cls(allow=frozenset(map(_as_listed, sensitive_words.get("allow", ()))), block=block, **more)

    def reason_to_drop(self, text: str, new: str, agreed: Consistency | None = None) -> str | None:
        """Return why nobody may see ``new`` as a finer wording of ``text``, or None."""
        if fg_normalise(new) == fg_normalise(text):
            return "unchanged"
        kind = self.sensitive_kind(text, new)
        if kind:
            return f"sensitive:{kind}"
        if self.count_tokens(new) > self.context_length:
            return "defect:too_long"
        if agreed is not None and contradicts(text, new, agreed):
            return "contradiction"
        defects = new_defects(text, new)
        return f"defect:{defects[0].kind}" if defects else None

    def lets_pass(self, text: str, new: str, agreed: Consistency | None = None) -> bool:
        """Whether ``new`` may be shown; if not, it is counted in ``dropped``."""
        reason = self.reason_to_drop(text, new, agreed)
        if reason is not None:
            self.count(reason, text, new)
        return reason is None

    def count(self, reason: str, text: str, new: str) -> None:
        """Count ``new`` as dropped."""
        self.dropped[reason] += 1
        found = self.sensitive_word(text, new) if reason.startswith("sensitive:") else None
        if found:
            self.blocked[found] += 1

    def kept_back(self) -> list[tuple[str, str, int]]:
        """Return what was dropped: the reason, the sensitive word ('' of other reasons), and how often."""
        return [
            *((reason, "", n) for reason, n in sorted(self.dropped.items()) if not reason.startswith("sensitive:")),
            *((f"sensitive:{kind}", word, n) for (kind, word), n in sorted(self.blocked.items())),
        ]

    def sensitive_kind(self, text: str, new: str) -> str | None:
        """Return the kind of sensitive word that ``new`` adds to ``text``, or None.

        Ethnicity, religion, skin, health and the like are never added; age judgements, looks and colour words not
        before people.

        >>> Gates().sensitive_kind("a man sits", "a black man sits"), Gates().sensitive_kind("a man", "a man in black")
        ('colour', None)
        """
        found = self.sensitive_word(text, new)
        return found[0] if found else None

    def sensitive_word(self, text: str, new: str) -> tuple[str, str] | None:
        """Return the first sensitive word that ``new`` adds to ``text``, its kind before it, or None.

        >>> Gates().sensitive_word("a man sits", "a man with Africans sits")
        ('ethnicity', 'african')
        """
        words = lexicon()
        for start, end in inserted_spans(text, new):
            inserted, following = _bare_words(new[start:end]), _bare_words(new[end:])
            for place, word in enumerate(inserted):
                if word in self.allow:
                    continue
                # "africans" names people by what they are as well, and so does "african-looking"
                for listed in (word, *(words.singular(part) for part in (word, *word.split("-")))):
                    kind = self.block.get(listed) or words.sensitive.get(listed)
                    if kind and listed not in self.allow:
                        return kind, listed
                kind = words.sensitive_before_people.get(word)
                if kind and _describes_people([*inserted[place + 1 :], *following], words):
                    return kind, word
        return None


def pass_gates(
    text: str,
    suggestions: Iterable[Suggestion],
    tally: Counter[str] | None = None,
    *,
    gates: Gates | None = None,
    agreed: Consistency | None = None,
) -> list[Suggestion]:
    """Return the suggestions for the caption ``text`` that may be shown, merged, in their order.

    ``tally`` counts what was dropped, by reason, as ``gates.dropped`` does. ``agreed`` is what the captions of the
    image agree on. A suggestion that does more than insert says in ``evidence["replaces"]`` which words it takes out.
    """
    gates = gates or Gates()
    passed = []
    for suggestion in suggestions:
        reason = gates.reason_to_drop(text, suggestion.text, agreed)
        if reason is None:
            passed.append(_marked(text, suggestion))
            continue
        gates.count(reason, text, suggestion.text)
        if tally is not None:
            tally[reason] += 1
    return _merged(passed)


def contradicts(text: str, new: str, agreed: Consistency) -> bool:
    """Whether ``new`` gives a thing a colour that another caption of the image denies it."""
    kind_of, singular = lexicon().kind_of, lexicon().singular
    for start, end in inserted_spans(text, new):
        inserted, following = tokens(new[start:end]), tokens(new[end:])
        colours = [word for word in inserted if kind_of.get(word) == "colour"]
        if not colours:
            continue
        rest = [*inserted[inserted.index(colours[0]) :], *following]
        noun = next((word for word in rest if word not in kind_of and word not in _PASSED_OVER), None)
        if noun and not agreed.agrees(
            (lexicon().same_thing(singular(noun)), singular(noun) != noun), "colour", " ".join(colours)
        ):
            return True
    return False


def _marked(text: str, suggestion: Suggestion) -> Suggestion:
    """Say which words a suggestion takes out, articles and counting words aside: then it may mean something else."""
    taken = [tokens(segment.text) for segment in word_diff(text, suggestion.text) if segment.op == "delete"]
    words = [word for group in taken for word in group if word not in lexicon().function_words]
    return replace(suggestion, evidence={**suggestion.evidence, "replaces": words}) if words else suggestion


def _as_listed(word: str) -> str:
    """Return a word of the setting as it is compared: somebody may have put it in quotes."""
    bare = _bare_words(word)
    return bare[0] if len(bare) == 1 else word.lower()


def _bare_words(text: str) -> list[str]:
    """Return the words of a text as the lists have them, whatever marks or invisible characters stand at them.

    >>> _bare_words("A “Muslim’s” hat (*black*), a so-called t-shirt/dress")
    ['a', 'muslim', 'hat', 'black', 'a', 'so-called', 't-shirt', 'dress']
    """
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text).replace("’", "'")
        text = "".join(sign for sign in folded if unicodedata.category(sign) != "Cf")
    return [word.removesuffix("'s") for word in _WORD.findall(text.lower())]


def _describes_people(following: Sequence[str], words: Lexicon) -> bool:
    """Whether a modifier's noun, behind further modifiers, names people or a part of a body."""
    for word in following:
        if word not in words.kind_of and word not in _PASSED_OVER and word not in words.sensitive_before_people:
            return words.noun_class(word) in ("person", "body")
    return False


def _merged(suggestions: list[Suggestion]) -> list[Suggestion]:
    """Join those of one kind that say the same; all sources are kept as evidence.

    Case, punctuation and function words do not count: "in a hat" and "with the hat" at one place are one. One that
    has an objective of its own is known by its source later, so that the joint one keeps that.
    """
    merged: dict[tuple[str, str, tuple[str, ...]], Suggestion] = {}
    little = lexicon().function_words
    for suggestion in suggestions:
        slot = str(suggestion.evidence.get("slot_span", "")) if suggestion.kind == "attribute" else ""
        said = tuple(word for word in tokens(fg_normalise(suggestion.text)) if word not in little)
        key = (suggestion.kind, slot, said)
        first = merged.get(key)
        if first is None:
            merged[key] = replace(suggestion, evidence={**suggestion.evidence, "sources": [suggestion.source]})
            continue
        sources = [*first.evidence["sources"], suggestion.source]
        evidence = {**suggestion.evidence, **first.evidence, "sources": list(dict.fromkeys(sources))}
        source = suggestion.source if "objective" in suggestion.evidence else first.source
        merged[key] = replace(first, source=source, evidence=evidence)
    return list(merged.values())
