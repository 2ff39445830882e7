"""Grammar that an edit broke: "a man can works", "three woman", "in a the park", a sentence that ends in "with a".

Each rule is a pattern that English never has, whatever stands around it; what would need understanding is left
to people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from curation.text.defects import Defect, ImageText, defect_detector
from curation.text.defects.words import words
from curation.text.lexicon import lexicon

Repair = Callable[[str], str]

_MODAL = r"(?:could|would|should|might|must|will|(?<!trash )(?<!beer )(?<!garbage )(?<!soda )(?<!watering )can)"
_BE = r"(?:is|are|was|were)"
_DETERMINER = r"(?:a|an|the|his|her|their|its|my|your|our)"
_ONLY_ONE = r"(?:man|woman|child|person|boy|girl|dog|lady|kid|guy|puppy|horse|adult|player|teenager|toddler|gentleman)"
_MANY = r"(?:men|women|children|people|boys|girls|dogs|ladies|kids|guys|puppies|horses|adults|players)"
_NUMBER = r"(?:two|three|four|five|several|many|few|both|these|those)"
_ODD_BASES = {"uses": "use", "does": "do"}
_ODD_PLURALS = {"man": "men", "woman": "women", "child": "children", "person": "people", "gentleman": "gentlemen"}
_AGREES = {"are": "is", "is": "are", "was": "were"}
_HEADED = (
    r"(?:and|or|with|in|on|at|of|is|are|to|who|that|while|wearing|holding|walking|standing|sitting|playing|[.,]|$)"
)


@defect_detector("grammar", title="Broken grammar", language="en")
def grammar(image: ImageText, i: int) -> Iterator[Defect]:
    """Find word patterns that English never has."""
    text = image.captions[i]
    found = [(match, repair) for pattern, repair in _RULES for match in pattern.finditer(text)]
    end_of_last = -1
    for match, repair in sorted(found, key=lambda pair: pair[0].span("wrong")):
        start, end = match.span("wrong")
        if start >= end_of_last:
            yield Defect("grammar", start, end, match["wrong"], repair(match["wrong"]) if repair else None)
            end_of_last = end


def _rule(pattern: str, repair: Repair | None = None) -> tuple[re.Pattern[str], Repair | None]:
    return re.compile(pattern, re.IGNORECASE), repair


def _base_form(wrong: str) -> str:
    """Return "can work" for "can works"."""
    before, verb = wrong.rsplit(" ", 1)
    return f"{before} {_ODD_BASES.get(verb.lower()) or lexicon().singular(verb)}"


def _plural(wrong: str) -> str:
    """Return "two women" for "two woman"."""
    before, noun = wrong.rsplit(" ", 1)
    many = _ODD_PLURALS.get(noun.lower()) or (noun[:-1] + "ies" if noun.endswith(("dy", "py")) else noun + "s")
    return f"{before} {many}"


def _other_number(wrong: str) -> str:
    """Return "he is" for "he are", "they are" for "they is"."""
    before, verb = wrong.rsplit(" ", 1)
    return f"{before} {_AGREES[verb.lower()]}"


def _alternatives(found: frozenset[str]) -> str:
    return "(?:" + "|".join(sorted(found)) + ")"


def _rules() -> tuple[tuple[re.Pattern[str], Repair | None], ...]:
    verbs = _alternatives(words().verbs)
    body = _alternatives(frozenset(word for word, kind in lexicon().class_of.items() if kind == "body"))
    return (
        _rule(rf"\b(?P<wrong>{_MODAL} {verbs})\b", _base_form),
        _rule(rf"\b(?P<wrong>{_BE} {verbs})\b"),
        _rule(rf"\b(?P<wrong>to {verbs})\b(?! of\b)", _base_form),
        _rule(rf"\b(?P<wrong>{_BE} {_BE})\b"),
        _rule(rf"\b(?!a an\b|an a\b)(?P<wrong>(?:a|an|the|his|their) {_DETERMINER})\b(?! cappella)(?=\s+\w)"),
        _rule(r"(?<!\btype )\b(?P<wrong>(?:an|the|his|their|of) (?:is|are|of|and|with))\b"),
        _rule(r"(?<!\btype )(?<!\bplan )\b(?P<wrong>a (?:are|of|with|is|wearing|and))\b"),
        _rule(r"(?<=\w )\b(?P<wrong>(?:(?:with|of|in|on|at|and|wearing|holding) )?(?:a|an|the|and|or))\s*[.!]?\s*$"),
        _rule(rf"\b(?P<wrong>an? (?:men|women|children|people)) (?={_HEADED})"),
        _rule(rf"\b(?P<wrong>{_NUMBER} (?:(?:young|old|older|little|asian) )?{_ONLY_ONE})\s+(?={_HEADED})", _plural),
        _rule(r"(?<!and )(?<!or )\b(?P<wrong>(?:he|she|it) are|they (?:is|was)|(?:we|you) is)\b", _other_number),
        _rule(rf"^(?:an?|one|the) (?:\w+ )?(?P<wrong>{_ONLY_ONE} are)\b", _other_number),
        _rule(rf"^(?:{_NUMBER}|some) (?:\w+ )?(?P<wrong>{_MANY} is)\b", _other_number),
        _rule(rf"\b(?P<wrong>(?:his|her|their) {body} of (?:a|an|the) \w+)\b"),
        _rule(
            r"\b(?:about|of|from|for|by|without) (?P<wrong>(?!sitting|standing|being)\w{3,}ing (?:sitting|standing))\b"
        ),
    )


_RULES = _rules()
