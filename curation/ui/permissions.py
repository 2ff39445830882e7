"""Who may see and do what: the least role for each page and each act, in one place.

Pages ask through ``screen.begin`` and ``Screen.may``; a button that one may not press is not drawn, and the command
behind it asks again (``screen.needing``). What is not listed needs an owner.
"""

from __future__ import annotations

from curation.store.people import ROLES, Role

PAGES: dict[str, Role] = {
    "home": "annotator",
    "coarse": "annotator",
    "rewrites": "annotator",
    "attributes": "annotator",
    "noise": "annotator",
    "pool": "annotator",
    "browse": "annotator",
    "hubness": "annotator",
    "evaluate": "annotator",
    "versions": "annotator",
    "team": "annotator",
    "disagreements": "adjudicator",
    "datasets": "owner",
    "jobs": "owner",
    "health": "owner",
}
"""The least role that sees a page, by the stem of its file."""

ACTS: dict[str, Role] = {
    "review": "annotator",
    "see own progress": "annotator",
    "adjudicate": "adjudicator",
    "see agreement": "adjudicator",
    "see everybody's progress": "adjudicator",
    "import": "owner",
    "prepare": "owner",
    "change settings": "owner",
    "change queues": "owner",
    "control jobs": "owner",
    "freeze": "owner",
    "export": "owner",
    "manage people": "owner",
}
"""The least role that may do something."""

WHOM: dict[Role, str] = {
    "annotator": "people on the team",
    "adjudicator": "adjudicators and owners",
    "owner": "owners of the workspace",
}
"""Whom something is for, by the least role."""


def needed(what: str) -> Role:
    """Return the least role for an act, a page or a role's own name; what is not listed needs an owner."""
    if what in ROLES:
        return what
    return ACTS.get(what) or PAGES.get(what) or "owner"


def allows(role: Role, what: str) -> bool:
    """Say whether a role suffices for an act, a page or another role.

    >>> allows("adjudicator", "review"), allows("adjudicator", "freeze"), allows("annotator", "adjudicator")
    (True, False, False)
    """
    return ROLES.index(role) >= ROLES.index(needed(what))
