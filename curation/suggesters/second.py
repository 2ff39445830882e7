"""What another encoder says of the suggestions: a benchmark must not be built by the model that it will judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from curation.live import Standing, standings
from curation.records import Suggestion
from curation.retrieval.blocks import FloatArray


class View(NamedTuple):
    """An image (d,) and its rivals (r, d) as another encoder sees them: unit rows of that encoder."""

    own: FloatArray
    rivals: FloatArray


def second_opinion(
    texts: Sequence[str],
    found: Sequence[Sequence[Suggestion]],
    views: Sequence[View | None],
    embed: Callable[[list[str]], FloatArray],
    name: str,
) -> list[list[Suggestion]]:
    """Return the suggestions with what the encoder ``name`` says of them, where it has vectors of the image.

    ``texts`` are the captions that they are for. ``evidence["second"]`` holds ``encoder``, and ``rank`` and
    ``margin``, each [before, after], as the first encoder's stand beside it. ``first_only`` says that the caption
    gains on its rivals by the first encoder and not by this one. All texts are encoded in one call.
    """
    wanted = [
        [text, *(one.text for one in each)] if view is not None and each else []
        for text, each, view in zip(texts, found, views, strict=True)
    ]
    distinct = list(dict.fromkeys(text for group in wanted for text in group))
    rows = dict(zip(distinct, embed(distinct), strict=True)) if distinct else {}
    return [
        _judged(each, view, [rows[text] for text in group], name) if view is not None and group else list(each)
        for each, view, group in zip(found, views, wanted, strict=True)
    ]


def _judged(found: Sequence[Suggestion], view: View, vectors: list[FloatArray], name: str) -> list[Suggestion]:
    before, *after = standings(np.stack(vectors), view.own, view.rivals)
    return [_with_opinion(one, before, standing, name) for one, standing in zip(found, after, strict=True)]


def _with_opinion(suggestion: Suggestion, before: Standing, after: Standing, name: str) -> Suggestion:
    evidence = suggestion.evidence
    margin = [round(before.margin, 4), round(after.margin, 4)]
    second = {"encoder": name, "rank": [before.rank, after.rank], "margin": margin}
    first = evidence.get("margin")
    gains = first is not None and "objective" not in evidence and first[1] > first[0]
    mark = {"first_only": True} if gains and margin[1] <= margin[0] else {}
    return replace(suggestion, evidence={**evidence, "second": second, **mark})
