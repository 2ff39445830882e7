"""Several details in one caption: the shortest wording with which the own image beats all its rivals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from curation.live import standings
from curation.records import Suggestion
from curation.suggesters import Asking, CaptionContext, suggester
from curation.suggesters.edits import Insertion, apply, words_put_in
from curation.text.worddiff import inserted_spans

SOURCE: Final = "combined"

MOST_TRIED = 16
"""So many wordings are compared with the picture, the shortest first."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A suggestion that only inserts, with its insertions and the noun and type of attribute of each."""

    suggestion: Suggestion
    insertions: tuple[Insertion, ...]
    slots: frozenset[str]


@suggester(SOURCE, title="Several details together", needs="suggestions", preference=2)
def combined(context: CaptionContext, found: Sequence[Suggestion], *, most: int = 3, max_words: int = 6) -> Asking:
    """Join details that agree with each other where no single one brings the image to rank 1: the shortest that does.

    At most ``most`` suggestions are joined, which put in ``max_words`` words in all.
    """
    own, rivals = context.own, context.rivals
    parts = list(_parts(found))
    if len(parts) < 2 or own is None or rivals is None or not len(rivals):
        return []
    singles = [part.suggestion.text for part in parts]
    tried = [*_joined(context, parts, most, max_words)]
    if not tried:
        return []
    vectors = yield [*singles, *(one.text for one in tried)]
    ranks = [standing.rank for standing in standings(vectors, own, rivals)]
    if 1 in ranks[: len(singles)]:
        return []
    first = next((one for one, rank in zip(tried, ranks[len(singles) :], strict=True) if rank == 1), None)
    return [first] if first is not None else []


def _parts(found: Sequence[Suggestion]) -> Iterator[_Part]:
    """Yield what can be joined: rewrites that only insert, of which it is known where; none that is to mislead."""
    for one in found:
        told = one.evidence.get("insertions")
        if one.kind == "rewrite" and told and not one.evidence.get("replaces") and "objective" not in one.evidence:
            insertions = tuple(Insertion(*insertion) for insertion in told)
            yield _Part(one, insertions, frozenset(one.evidence.get("slots") or [_slot(one.evidence)]))


def _slot(evidence: dict[str, Any]) -> str:
    return f"{evidence.get('type', '')} of {evidence.get('slot_span', '')}"


def _joined(context: CaptionContext, parts: Sequence[_Part], most: int, max_words: int) -> Iterator[Suggestion]:
    """Yield the wordings that may be shown, the shortest first; on equal length those of better suggestions."""
    wordings: dict[str, tuple[int, tuple[_Part, ...]]] = {}
    for size in range(2, most + 1):
        for group in combinations(parts[:8], size):
            if not _go_together(group):
                continue
            text = apply(context.text, [insertion for part in group for insertion in part.insertions])
            length = words_put_in(context.text, text)
            if length <= max_words:
                wordings.setdefault(text, (length, group))
    ordered = sorted(wordings.items(), key=lambda item: item[1][0])
    agreed = context.agreed
    able = (item for item in ordered if context.gates.reason_to_drop(context.text, item[0], agreed) is None)
    for (text, (_, group)), _ in zip(able, range(MOST_TRIED), strict=False):
        yield _suggestion(context, text, group)


def _go_together(group: Sequence[_Part]) -> bool:
    """Whether suggestions tell different things in different places: no second colour for one noun."""
    places = [insertion.at for part in group for insertion in part.insertions]
    slots = [slot for part in group for slot in part.slots]
    words = [insertion.words for part in group for insertion in part.insertions]
    return all(len(set(one)) == len(one) for one in (places, slots, words))


def _suggestion(context: CaptionContext, text: str, group: Sequence[_Part]) -> Suggestion:
    insertions = [list(insertion) for part in group for insertion in part.insertions]
    evidence: dict[str, Any] = {
        "captions": sorted({i for part in group for i in part.suggestion.evidence.get("captions", ())}),
        "words": [words for _, words, _ in insertions],
        "insertions": insertions,
        "parts": [part.suggestion.source for part in group],
    }
    chances = [part.suggestion.evidence["probability"] for part in group if "probability" in part.suggestion.evidence]
    if chances:
        evidence["probability"] = min(chances)
    return Suggestion(text, SOURCE, "rewrite", inserted_spans(context.text, text), evidence)
