"""Attributes for nouns that have none, read from the picture: true and telling.

XMAI (Ramshetty et al., ACL 2023) puts attributes before nouns to confuse a model; here they must tell the picture
from its rivals, so the sign of the image term is the other way round. First short probes ("a red ball") are compared
with the image and its crops, since a whole-image similarity does not bind attributes to things; they recur over
captions, so that encoding them is nearly free. Then only the likeliest words are tried in the whole caption.
"""

from __future__ import annotations

from dataclasses import replace

from curation.records import Suggestion
from curation.suggesters import Asking, CaptionContext, suggester
from curation.suggesters.contests import Finalist, Weights, finalists
from curation.text.worddiff import inserted_spans

SOURCE = "attribute_words"


@suggester(SOURCE, title="Attribute words seen in the picture", needs="vectors", preference=1)
def attribute_words(
    context: CaptionContext,
    *,
    keep: int = 3,
    sure: float = 0.72,
    threshold: float = 0.2,
    listed: float = 0.1,
    fluency: float = 0.2,
    evidence: float = 2.0,
    image: float = 1.0,
    softening: float = 2.0,
    rivals_weight: float = 1.0,
    caption_weight: float = 0.25,
) -> Asking:
    """Try attributes for bare nouns and keep those that fit this image better than its rivals.

    Of each noun's ``keep`` likeliest words those with a probability of ``listed`` are offered singly. A word makes a
    rewrite where its lead is ``sure``, its probability ``threshold``, and the caption gains on its rivals by it.
    ``fluency``, ``evidence`` and ``image`` weigh the corpus, imported detections and the picture.
    """
    weights = Weights(fluency, evidence, image, softening, rivals_weight, caption_weight)
    slots = yield from finalists(context, weights, keep)
    found = []
    for finalist in (one for slot in slots for one in slot):
        suggestion = suggestion_of(context, finalist, SOURCE)
        if finalist.chance >= listed:
            found.append(replace(suggestion, kind="attribute"))
        if finalist.lead >= sure and finalist.chance >= threshold and finalist.gain > 0:
            found.append(suggestion)
    return found


def suggestion_of(context: CaptionContext, finalist: Finalist, source: str) -> Suggestion:
    """Return a finalist as a suggestion for the whole caption."""
    spans = inserted_spans(context.text, finalist.text)
    return Suggestion(finalist.text, source, "rewrite", spans, finalist.evidence())
