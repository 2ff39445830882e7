"""Words that a masked language model expects before a noun, kept where the picture or somebody bears them out.

XMAI (Ramshetty et al., ACL 2023) takes what is fluent and tells the model least about the picture. Here fluency only
proposes: a word needs the evidence that ``attribute_words`` asks for, and where nobody has seen the picture it needs
a detected attribute or another caption. Other than in XMAI's code, the model reads its own marks at both ends of the
caption, a noun of several words stays whole wherever it stands, and earlier words are put in before later gaps are
read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from curation.language import Gap
from curation.records import Suggestion
from curation.suggesters import Asking, CaptionContext, Sibling, suggester
from curation.suggesters.attribute_words import suggestion_of
from curation.suggesters.contests import Finalist, Weights, contested
from curation.suggesters.detail import stem
from curation.suggesters.edits import Insertion, apply, modifier_place
from curation.suggesters.fluency import shares_of
from curation.suggesters.requests import Asks, fillings_of
from curation.suggesters.same_things import same_things
from curation.suggesters.slots import Slot, detected, gap_at, is_open, is_usual, slot_of
from curation.suggesters.vocabulary import Entry, vocabulary
from curation.text.analysis import Noun
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens
from curation.text.worddiff import inserted_spans

SOURCE = "masked_words"


@suggester(SOURCE, title="Words that a masked language model expects", needs="language", preference=2)
def masked_words(
    context: CaptionContext,
    *,
    keep: int = 3,
    sure: float = 0.72,
    threshold: float = 0.2,
    listed: float = 0.1,
    fluency: float = 0.2,
    evidence: float = 2.0,
    image: float = 1.0,
) -> Asking:
    """Put in what a masked language model (setting `masked_model`) expects before bare nouns, where evidence agrees.

    The settings are those of ``attribute_words``, and mean the same; ``fluency`` weighs the model's probability.
    """
    found: list[Suggestion] = []
    chosen: list[Insertion] = []
    for noun in context.analysis.nouns:
        opened = [entry for entry in vocabulary() if noun.carries and not entry.behind and is_open(noun, entry)]
        if not opened:
            continue
        slots, chances = yield from _proposed(context, noun, opened, chosen)
        if context.own is None:
            found += _attested(context, slots, chances)
            continue
        usual = [shares_of([chances[word] for word in slot.words]) for slot in slots]
        groups = yield from contested(context, slots, usual, Weights(fluency, evidence, image), keep)
        likeliest: list[tuple[float, Insertion]] = []
        for one in (one for group in groups for one in group if one.word in chances.proposed):
            suggestion = _judged(context, one, chances)
            if one.chance >= listed:
                found.append(replace(suggestion, kind="attribute"))
            if one.lead >= sure and one.chance >= threshold and one.gain > 0:
                found.append(suggestion)
                if context.gates.sensitive_kind(context.text, one.text) is None:
                    likeliest.append((one.chance, one.contest.slot.insertion(one.word)))
        chosen += [max(likeliest)[1]] if likeliest else []
    return found


@dataclass(frozen=True, slots=True)
class _Chances:
    """The model's probability of words before one noun, and which of them it proposes by itself."""

    of: dict[str, float]
    proposed: frozenset[str]

    def __getitem__(self, word: str) -> float:
        return self.of.get(word, 0.0)


def _proposed(
    context: CaptionContext, noun: Noun, opened: list[Entry], chosen: list[Insertion]
) -> Asks[tuple[list[Slot], _Chances]]:
    """Return the slots of a noun for which the model has a word, with all words that compete there, and chances."""
    seen = {entry.type: detected(noun, entry.type, context.objects) for entry in opened}
    told = {word for sibling in context.siblings for word in _attributes(context, sibling, noun)}
    said = {stem(word) for word in tokens(context.text)}

    def able(words: Iterable[str], entry: Entry) -> list[str]:
        borne_out = seen[entry.type] | told
        fitting = (w for w in words if w in borne_out or is_usual(w, noun, entry, context))
        return [word for word in fitting if stem(word) not in said]

    listed = {entry: able([*entry.words, *sorted(seen[entry.type] - {*entry.words})], entry) for entry in opened}
    gaps = [_gap(context.text, modifier_place(noun, entry.type), chosen, words) for entry, words in listed.items()]
    fillings = yield from fillings_of(gaps)
    chances: dict[str, float] = {}
    proposed, slots = set(), []
    for (entry, words), filling in zip(listed.items(), fillings, strict=True):
        chances |= dict(zip(words, filling.chances, strict=True))
        likely = {word: chance for word, chance in filling.likeliest if _kind(word) == entry.type}
        new = able(likely, entry)
        if new:
            every = tuple(dict.fromkeys([*words, *new]))
            slots.append(slot_of(context.analysis, noun, entry.type, every, seen=seen[entry.type]))
        chances |= {word: likely[word] for word in new}
        proposed |= set(new)
    return slots, _Chances(chances, frozenset(proposed))


def _gap(text: str, at: int, chosen: list[Insertion], words: Iterable[str]) -> Gap:
    """Return a place of a caption as a gap; what was chosen for earlier gaps already stands there."""
    before = apply(text[:at], [one for one in chosen if one.at <= at])
    return gap_at(before + text[at:], len(before), tuple(words))


def _kind(word: str) -> str | None:
    return lexicon().kind_of.get(word)


def _judged(context: CaptionContext, finalist: Finalist, chances: _Chances) -> Suggestion:
    suggestion = suggestion_of(context, finalist, SOURCE)
    told = _told(context, finalist.contest.slot, finalist.word)
    more = {"fluent": round(chances[finalist.word], 4)} | ({"captions": told} if told else {})
    return replace(suggestion, evidence=suggestion.evidence | more)


def _attested(context: CaptionContext, slots: list[Slot], chances: _Chances) -> Iterator[Suggestion]:
    """Yield what a detection or another caption says: where there is no picture nothing else can bear a word out."""
    for slot in slots:
        for word in sorted(chances.proposed & set(slot.words), key=lambda word: -chances[word]):
            told = _told(context, slot, word)
            if not told and word not in slot.detected:
                continue
            text = slot.edit(context.text, word)
            evidence = {
                "slot": slot.name,
                "slot_span": [slot.noun.name_start, slot.noun.end],
                "type": slot.kind,
                "word": word,
                "insertions": [list(slot.insertion(word))],
                "fluent": round(chances[word], 4),
            }
            evidence |= ({"captions": told} if told else {}) | ({"detected": True} if word in slot.detected else {})
            rewrite = Suggestion(text, SOURCE, "rewrite", inserted_spans(context.text, text), evidence)
            yield from (replace(rewrite, kind="attribute"), rewrite)


def _told(context: CaptionContext, slot: Slot, word: str) -> list[int]:
    """Return the other captions of the image that say the word of the same thing; none where they disagree."""
    thing = (lexicon().same_thing(slot.noun.lemma), slot.noun.plural)
    if not context.agreed.allows(thing, slot.kind, word):
        return []
    return [sibling.i for sibling in context.siblings if word in _attributes(context, sibling, slot.noun)]


def _attributes(context: CaptionContext, sibling: Sibling, noun: Noun) -> set[str]:
    """Return what another caption says of the same thing."""
    ours, other = context.analysis.nouns.index(noun), sibling.analysis
    theirs = [n for n, match in same_things(context.analysis, other).items() if match.ours == ours]
    return {other.slice(modifier).lower() for n in theirs for modifier in other.nouns[n].modifiers}
