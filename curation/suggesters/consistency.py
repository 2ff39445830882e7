"""What the captions of one image agree on, so that nothing is moved that another caption contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from curation.text.analysis import Analysis, Noun
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens

ThingName = tuple[str, bool]
"""A noun's lemma, one for all its synonyms, and whether it is plural."""

_EXCLUSIVE = frozenset({"colour", "pattern", "material", "size"})
_VAGUE = frozenset({"and", "dark", "light", "bright", "pale", "colorful", "colourful", "colored", "coloured"})


def things_of(analysis: Analysis) -> dict[ThingName, list[int]]:
    """Return the numbers of the nouns that bear each name; several where one caption names two such things."""
    named: defaultdict[ThingName, list[int]] = defaultdict(list)
    for number, noun in enumerate(analysis.nouns):
        if noun.noun_class != "abstract":
            named[lexicon().same_thing(noun.lemma), noun.plural].append(number)
    return named


@dataclass(frozen=True, slots=True)
class Consistency:
    """``doubtful``: things that some caption names twice. ``said``: what each caption says of a thing, by kind.

    ``counts``: the numbers that captions give to things of a class.
    """

    doubtful: frozenset[ThingName]
    said: dict[tuple[ThingName, str], list[frozenset[str]]]
    counts: dict[str, frozenset[str]] = field(default_factory=dict)

    def counted_alike(self, noun: Noun) -> bool:
        """Whether the captions give things of the noun's class one number at most: not "two" and "three" people."""
        return len(self.counts.get(noun.noun_class, frozenset())) <= 1

    def allows(self, thing: ThingName, kind: str, words: str) -> bool:
        """Whether ``words`` may be said of the thing: there is one such thing, and no caption says otherwise."""
        name, plural = thing
        alike = self.agrees(thing, kind, words) and self.agrees((name, not plural), kind, words)
        return thing not in self.doubtful and alike

    def agrees(self, thing: ThingName, kind: str, words: str) -> bool:
        """Whether no caption says otherwise of a thing of that name, of which there may be several."""
        ours = frozenset(tokens(words)) - _VAGUE
        others = self.said.get((thing, kind), []) if kind in _EXCLUSIVE and ours else []
        return all(ours & theirs for theirs in others if theirs)


def consistency(captions: Iterable[Analysis]) -> Consistency:
    """Collect what all captions of one image say."""
    doubtful: set[ThingName] = set()
    said: defaultdict[tuple[ThingName, str], list[frozenset[str]]] = defaultdict(list)
    counts: defaultdict[str, set[str]] = defaultdict(set)
    for analysis in captions:
        for thing, numbers in things_of(analysis).items():
            if len(numbers) > 1:
                doubtful.add(thing)
            for number in numbers:
                by_kind: defaultdict[str, set[str]] = defaultdict(set)
                for modifier in analysis.nouns[number].modifiers:
                    by_kind[modifier.kind] |= set(tokens(analysis.slice(modifier)))
                counts[analysis.nouns[number].noun_class] |= by_kind.get("number", set())
                for kind, words in by_kind.items():
                    said[thing, kind].append(frozenset(words - _VAGUE))
    return Consistency(frozenset(doubtful), dict(said), {name: frozenset(found) for name, found in counts.items()})
