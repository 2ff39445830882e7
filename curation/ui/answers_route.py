"""The route that takes decisions: ``POST /answers/<token>``, so that an answer need not run the page.

The page makes one address per person and queue, under a signature that only this workspace can make. The browser sends
``{outbox, view, held, more}``: its outbox (see ``reviewer``), the query of the view that it shows, the version of each
item that it holds by id, and whether it wants the next items. The answer is a part of the reviewer's ``data``: what was
acknowledged and refused and the counts as they are now, and with ``more`` what comes next.

400: what was sent cannot be read. 403: no such address, or the person may not work here any more. 413: too long.
503: nothing was saved, ``message`` says why. Whatever the answer, the page takes the same outbox, too: decisions are
known by their ids, and none is applied twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from curation.records import Decision, Outcome, Queue, RegrainError
from curation.store import bulk, people
from curation.ui import answers_grant, review_data, views
from curation.ui.answers_grant import AnswersGrant
from curation.ui.bodies import TooLong, read_json, reply
from curation.ui.opened import Opened
from curation.ui.permissions import needed
from curation.ui.reviewer import apply_entries, read_outbox, to_json
from curation.ui.screen import Screen, refusal
from curation.ui.signing import BadToken

BODY_BYTES = 8 * 2**20
"""More than a browser keeps in sessionStorage."""

TOO_LONG = f"{BODY_BYTES:,} bytes of answers are the most at once: reload the page"

log = logging.getLogger(__name__)


class _Desk(NamedTuple):
    """Whose outbox it is that was sent."""

    session: str
    person: str
    queue: Queue


def answers_route(here: Callable[[], Opened]) -> Route:
    """Return the route ``POST /answers/<token>``; ``here`` gives the open workspace."""

    async def endpoint(request: Request) -> JSONResponse:
        try:
            sent = await read_json(request, BODY_BYTES, TOO_LONG)
            if not isinstance(sent, dict):
                raise ValueError("the request is no JSON object: reload the page")
            return reply(200, await run_in_threadpool(_taken, here, request.path_params["token"], sent))
        except TooLong as problem:
            return reply(413, {"message": str(problem)})
        except ValueError as problem:
            return reply(400, {"message": str(problem)})
        except BadToken as problem:
            return reply(403, {"message": str(problem)})
        except Exception as problem:  # whatever it was, the person reads it beside NOT saved
            log.exception("answers were not saved")
            words = str(problem) if isinstance(problem, RegrainError) else f"{type(problem).__name__}: {problem}"
            return reply(503, {"message": words})

    return Route("/answers/{token}", endpoint, methods=["POST"])


def _taken(here: Callable[[], Opened], token: str, sent: dict[str, Any]) -> dict[str, Any]:
    """Apply what was sent, and return what the reviewer shows from now on."""
    opened = here()
    grant = answers_grant.granted(opened.images.secret, token)
    screen = _screen(opened, grant)
    desk = _Desk(review_data.session_of(screen, grant.queue), grant.person, grant.queue)
    stream, entries = read_outbox(sent.get("outbox"), desk)
    view = views.of_query(screen, grant.queue, _query(sent.get("view")))  # before anything is saved: it may be wrong

    def apply(made: list[Decision], ignored: int) -> Sequence[Outcome]:
        return bulk.apply(screen.store, made)

    refused = apply_entries(entries, apply)
    answer = {
        "acked": {"stream": stream, "number": max((entry.number for entry in entries), default=0)},
        "refused": to_json(refused),
        "error": "",
        "position": screen.store.position,
        **to_json(review_data.standing(screen, view)),
    }
    if sent.get("more") or refused:
        back = bool(refused) or any(entry.decision.undoes for entry in entries)
        answer |= to_json(review_data.coming(screen, view, held=_held(sent.get("held")), back=back))
    return answer


def _screen(opened: Opened, grant: AnswersGrant) -> Screen:
    """Return the screen of the person as they are on the team now; raises ``BadToken`` where they may not judge."""
    found = people.get(opened.store, grant.person)
    if found is None or not found.may(needed("review")):
        raise BadToken(refusal(grant.person, "review"))
    return Screen(opened, found.id, found.role, found.name)


def _query(view: object) -> dict[str, str]:
    if not isinstance(view, str):
        raise ValueError("the request names no view: reload the page")
    return dict(parse_qsl(view.partition("?")[2]))


def _held(held: object) -> dict[str, str]:
    known = held.items() if isinstance(held, dict) else ()
    return {name: version for name, version in known if isinstance(version, str)}
