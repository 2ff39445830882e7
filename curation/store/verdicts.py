"""What each verdict of each queue means: one table that the store applies and the screens print.

A verdict settles its item, may open the caption in another queue, and may carry a new text.
"""

from __future__ import annotations

from dataclasses import dataclass

from curation.records import Queue, RegrainError


@dataclass(frozen=True, slots=True)
class Verdict:
    """One choice: its key on the keyboard, its label, and what it does.

    ``status`` is the item's status afterwards; ``opens`` are the queues in which the caption is put;
    ``text`` says that the decision carries a new wording; ``grade`` is the relevance it gives a pool pair.
    """

    name: str
    key: str
    label: str
    status: str = "done"
    opens: tuple[Queue, ...] = ()
    text: bool = False
    grade: int | None = None


_UNSURE = Verdict("unsure", "u", "Unsure", status="unsure")
_SKIP = Verdict("skip", " ", "Skip", status="skipped")
_EDIT = Verdict("edit", "e", "Edit", text=True)
_FINE = Verdict("fine", "a", "Fine as it is")
_REJECT = Verdict("reject", "x", "Reject")

VERDICTS: dict[Queue, tuple[Verdict, ...]] = {
    "coarse": (
        Verdict("fine", "a", "Fine enough"),
        Verdict("coarse", "1", "Coarse", opens=("rewrites", "attributes")),
        Verdict("wrong", "2", "Wrong", opens=("noise",)),
        Verdict("defect", "3", "Text defect", opens=("rewrites",)),
        _EDIT,
        _UNSURE,
        _SKIP,
    ),
    "rewrites": (Verdict("accept", "", "Accept", text=True), _FINE, _EDIT, _REJECT, _UNSURE, _SKIP),
    "attributes": (Verdict("accept", "", "Insert", text=True), _FINE, _EDIT, _REJECT, _UNSURE, _SKIP),
    "noise": (
        Verdict("match", "1", "Matches"),
        Verdict("detail", "2", "A detail is wrong", opens=("rewrites",)),
        Verdict("mismatch", "3", "Wrong image"),
        Verdict("unclear", "4", "Cannot be seen"),
        Verdict("no_caption", "5", "Not a caption"),
        _EDIT,
        _UNSURE,
        _SKIP,
    ),
    "pool": (
        Verdict("no", "0", "No: a distractor", grade=0),
        Verdict("partly", "1", "Partly", grade=1),
        Verdict("yes", "2", "Yes: also matches", grade=2),
        Verdict("same", "3", "Same picture", grade=3),
        _UNSURE,
        _SKIP,
    ),
}

REASONS = (
    "subject",
    "attribute",
    "count",
    "place",
    "relation",
    "wording",
    "wrong image",
    "not in the image",
    "other",
)
"""Why a suggestion was rejected or a text edited, in the order of the digits 1 to 9."""

EXCLUDED = ("mismatch", "no_caption")
"""Noise verdicts that keep a pair out of a version until its text is repaired."""


def find(queue: Queue, name: str) -> Verdict:
    """Return one verdict; an unknown one raises ``RegrainError`` with the names that there are."""
    for verdict in VERDICTS[queue]:
        if verdict.name == name:
            return verdict
    known = ", ".join(verdict.name for verdict in VERDICTS[queue])
    raise RegrainError(f"the queue {queue} has no verdict {name!r}: use one of {known}")
