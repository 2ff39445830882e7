"""The route that ranks a draft while it is typed: ``POST /live/<token>`` with ``{"text": ...}``.

The page makes one address per caption and person, under a signature that only this workspace can make. Answers are
JSON. 200: the figures. 202: not yet (the encoder is being loaded, or a newer draft has come): ask again. 400: no
draft. 403: no such address, or the person may not work here any more. 409: nothing is computed yet that the draft
could be ranked among, or the caption is gone. 413: too long. 503: the encoder cannot be had. All but 200 say why in
``message``, in words.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from curation.jobs.drafts import LONGEST, Drafts, NotRanked, Ranked, checked
from curation.jobs.text_tower import Superseded, TowerFailed, TowerWarming
from curation.live import Standing
from curation.records import RegrainError
from curation.ui.bodies import TooLong, read_json, reply
from curation.ui.evidence import evidence_line
from curation.ui.signing import BadToken, derived, expiry, signed, unsigned
from curation.ui.wording import counted

BODY_BYTES = 12 * LONGEST + 1_000
"""JSON may write a character as two escapes of six bytes each."""

ANSWER_SECONDS = 20.0

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (TowerWarming, 202),
    (Superseded, 202),
    (BadToken, 403),
    (NotRanked, 409),
    (TowerFailed, 503),
)

MayWork = Callable[[str], bool]
"""Says whether a person may still work in this workspace."""


class DraftGrant(NamedTuple):
    """What a live address allows: one person ranks drafts of one caption's revision until ``expires``."""

    person: str
    caption_id: str
    revision_id: str
    expires: int


@dataclass(frozen=True, slots=True)
class LiveRank:
    """Makes live addresses for the pages of one open workspace, and answers them."""

    drafts: Drafts
    key: bytes
    may_work: MayWork
    warm: bool

    @classmethod
    def of(cls, drafts: Drafts, secret: bytes, may_work: MayWork, *, warm: bool) -> LiveRank:
        """Return the live rank of an open workspace with its signing secret.

        ``warm`` loads the text encoder as soon as somebody opens a review screen, else at the first draft.
        """
        return cls(drafts, derived(secret, "live"), may_work, warm)

    def wake(self) -> None:
        """Begin to load the text encoder in the background, where it is to be kept ``warm``."""
        if self.warm:
            self.drafts.wake()

    def address(self, person: str, caption_id: str, revision_id: str) -> str:
        """Return an address that ranks this person's drafts of a caption for 12 to 24 hours."""
        return f"/live/{signed(self.key, DraftGrant(person, caption_id, revision_id, expiry()))}"

    def granted(self, token: str) -> DraftGrant:
        """Return what a token allows; raises ``BadToken`` where it allows nothing (any more)."""
        grant = DraftGrant(*unsigned(self.key, token, "live address"))  # type: ignore[arg-type]
        if time.time() >= grant.expires:
            raise BadToken("this live address has ended: reload the page")
        if not self.may_work(grant.person):
            raise BadToken("you may not work in this workspace any more: ask its owner")
        return grant

    def in_words(self, person: str, caption_id: str, revision_id: str, text: str) -> str:
        """Return the figures of a draft as a line of words, or why there are none; waits for the encoder."""
        try:
            ranked = self.drafts.rank(caption_id, revision_id, text, whose=_whose(person, caption_id))
        except (RegrainError, ValueError) as problem:
            return f"not available: {problem}"
        line = f"{evidence_line(ranked.evidence)} · among {counted(ranked.of, 'image')}"
        return f"{line} · rivals of an earlier text" if ranked.stale else line

    async def figures(self, grant: DraftGrant, text: str) -> dict[str, Any]:
        """Return the figures of a draft as JSON; raises what ``STATUS`` lists, ``ValueError`` for no draft."""
        place = await run_in_threadpool(self.drafts.place, grant.caption_id, grant.revision_id)
        asked = self.drafts.ask(place, checked(text), whose=_whose(grant.person, grant.caption_id))
        try:
            rows = await asyncio.wait_for(asyncio.wrap_future(asked), ANSWER_SECONDS)
        except TimeoutError as error:
            raise TowerWarming("the text encoder is slow to answer") from error
        return figures_json(self.drafts.ranked(place, rows))


def figures_json(ranked: Ranked) -> dict[str, Any]:
    """Return the figures of a ranked draft; ``before`` holds those of the caption as it reads."""
    return {**_standing(ranked.after), "of": ranked.of, "stale": ranked.stale, "before": _standing(ranked.before)}


def live_route(live: Callable[[], LiveRank]) -> Route:
    """Return the route ``POST /live/<token>``; ``live`` gives the live rank of the open workspace."""

    async def endpoint(request: Request) -> JSONResponse:
        try:
            current = await run_in_threadpool(live)
            grant = await run_in_threadpool(current.granted, request.path_params["token"])
            return reply(200, await current.figures(grant, await _draft(request)))
        except TooLong as problem:
            return _refusal(413, problem)
        except ValueError as problem:
            return _refusal(400, problem)
        except RegrainError as problem:
            return _refusal(next((status for kind, status in STATUS if isinstance(problem, kind)), 503), problem)

    return Route("/live/{token}", endpoint, methods=["POST"])


async def _draft(request: Request) -> str:
    """Return the draft of a request; ``ValueError`` says in words what is wrong with its body."""
    sent = await read_json(request, BODY_BYTES, f"the draft is too long: {LONGEST:,} characters are the most")
    text = sent.get("text") if isinstance(sent, dict) else None
    if not isinstance(text, str):
        raise ValueError("the request holds no draft under `text`: reload the page")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("the draft holds half a character: delete what looks broken")
    return text


def _whose(person: str, caption_id: str) -> str:
    return f"{person}\0{caption_id}"


def _standing(standing: Standing) -> dict[str, int | float]:
    return {
        "rank": standing.rank,
        "margin": round(standing.margin, 4),
        "fits": standing.fits,
        "own": round(standing.own, 4),
    }


def _refusal(status: int, problem: Exception) -> JSONResponse:
    return reply(status, {"message": str(problem)})
