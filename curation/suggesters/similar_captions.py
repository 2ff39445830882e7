"""Details that captions of similar scenes tell, where no picture can be asked: guesses, shown after all others.

People who make captions finer put in what such scenes usually hold ("in the background", "on the ground"), and half of
it stands in no caption of the image. It is chosen together with what the image's other captions tell, and whoever
looks at the picture decides. Where pictures can be compared, ``neighbours`` asks them instead.
"""

from __future__ import annotations

from typing import Final

from curation.records import Suggestion
from curation.suggesters import CaptionContext, suggester
from curation.suggesters.choosing import Choice
from curation.suggesters.edits import apply, words_put_in
from curation.suggesters.siblings import facts
from curation.suggesters.telling import Told, asks_similar, chosen_together, told
from curation.text.worddiff import inserted_spans

SOURCE: Final = "similar_captions"


@suggester(SOURCE, title="Captions of similar scenes", preference=6)
def similar_captions(context: CaptionContext, *, keep: int = 5, max_words: int = 6) -> list[Suggestion]:
    """Move in what captions of several similar scenes tell of such things, where no picture can be compared."""
    if not asks_similar(context):
        return []
    found = told(context, max_words=max_words, counts="usual")
    if not found.usual:
        return []
    chosen = chosen_together(context, found, keep=keep, max_words=max_words)
    guesses = [_suggestion(context, one, found) for one in chosen if not found.siblings.keys() >= set(one)]
    return [one for one in guesses if words_put_in(context.text, one.text) <= max_words]


def _suggestion(context: CaptionContext, chosen: Choice, found: Told) -> Suggestion:
    text = apply(context.text, [detail.insertion for detail in chosen])
    neighbours = sorted(set[str]().union(*(found.usual.get(detail, ()) for detail in chosen)))
    evidence = facts(context.analysis, chosen, found) | {"neighbours": neighbours, "unseen": True}
    return Suggestion(text, SOURCE, "rewrite", inserted_spans(context.text, text), evidence)
