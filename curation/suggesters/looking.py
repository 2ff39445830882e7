"""What a suggestion puts in, detail by detail: how each is called, and the text that is looked for in the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from curation.records import Suggestion
from curation.suggesters.edits import Insertion
from curation.text.analysis import DESCRIBING, Analysis, Noun
from curation.text.articles import article_for
from curation.text.lexicon import lexicon
from curation.text.normalise import tokens
from curation.text.worddiff import word_diff

if TYPE_CHECKING:
    from curation.suggesters import CaptionContext

_ARTICLES = frozenset({"a", "an", "the"})
_WORN = frozenset({"wearing", "dressed"})
SEEN_BESIDE_OTHERS = frozenset({"size", "number"})
"""What shows only beside other things: such a word is not looked for in a crop, its noun is."""


@dataclass(frozen=True, slots=True)
class Part:
    """One detail of a suggestion. ``name`` is how a person reads it ("red ball"), ``probe`` what is compared with
    crops ("a red ball"; for a size the thing alone). ``noun`` is the number of the caption's noun that it is told of,
    -1 where none is, and ``words`` its content words, lower case. ``before_noun`` says that these describe that noun.
    """

    name: str
    probe: str
    noun: int
    words: frozenset[str]
    before_noun: bool = False


def parts(context: CaptionContext, suggestion: Suggestion) -> list[Part]:
    """Return the details that a suggestion puts into the caption, in the order of the text, each once."""
    found = (_part(context.analysis, one) for one in sorted(_insertions(context.text, suggestion)))
    return list(dict.fromkeys(part for part in found if part is not None))


def _insertions(text: str, suggestion: Suggestion) -> Iterator[Insertion]:
    """Yield what is put in where: as the suggester says, else as the difference of the texts tells."""
    evidence = suggestion.evidence
    if told := evidence.get("insertions"):
        yield from (Insertion(*one) for one in told)
        return
    if suggestion.kind == "attribute" and "word" in evidence and "slot_span" in evidence:
        yield Insertion(evidence["slot_span"][0], evidence["word"])
        return
    at = 0
    for segment in word_diff(text, suggestion.text):
        if segment.op == "insert":
            yield Insertion(at, segment.text.strip())
        else:
            at += len(segment.text)


def _part(analysis: Analysis, insertion: Insertion) -> Part | None:
    told = _without_opening(insertion.words)
    content = frozenset(tokens(" ".join(told))) - lexicon().function_words
    if not content:
        return None
    words = " ".join(told[1:] if told[0] in _ARTICLES else told)
    number = next((n for n, noun in enumerate(analysis.nouns) if _before(noun, insertion)), None)
    if number is not None:
        return _before_noun(analysis, number, insertion.at, words, content)
    number = next((n for n, noun in enumerate(analysis.nouns) if noun.after == insertion.at), -1)
    if number >= 0 and words in lexicon().kind_of:
        noun = analysis.nouns[number]
        name = f"{analysis.name(noun).lower()} {words}"
        return Part(name, _with_article(name, noun), number, content, before_noun=True)
    return Part(words, " ".join(told), number, content)


def _before(noun: Noun, insertion: Insertion) -> bool:
    return noun.chunk_start <= insertion.at <= noun.start and insertion.at + insertion.skip <= noun.start


def _before_noun(analysis: Analysis, number: int, at: int, words: str, content: frozenset[str]) -> Part:
    """Return a word with its noun and what the caption says of it: of two balls the striped one is looked for."""
    noun, kinds = analysis.nouns[number], lexicon().kind_of
    bare = words.split()[-1].lower()
    start = min((m.start for m in noun.modifiers if m.kind in DESCRIBING), default=noun.name_start)
    before, behind = analysis.text[start : max(at, start)], analysis.text[max(at, start) : noun.end]
    thing = " ".join(f"{before} {behind}".lower().split())
    name = " ".join(f"{before} {words} {behind}".lower().split())
    looked_for = thing if kinds.get(bare) in SEEN_BESIDE_OTHERS else name
    return Part(
        f"{words} {analysis.name(noun).lower()}", _with_article(looked_for, noun), number, content, before_noun=True
    )


def _with_article(name: str, noun: Noun) -> str:
    return name if noun.plural else f"{article_for(name)} {name}"


def _without_opening(text: str) -> list[str]:
    """Return the words without those that open a phrase: "a red shirt" for "in a red shirt" and "wearing a red shirt".

    Of articles in a row the last one stays.
    """
    words = text.lower().replace(",", " ").split()
    little = (lexicon().function_words | _WORN) - _ARTICLES
    while len(words) > 1 and (words[0] in little or (words[0] in _ARTICLES and words[1] in _ARTICLES | little)):
        words = words[1:]
    return words
