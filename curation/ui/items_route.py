"""The route that hands out what a filter leaves of a queue: ``GET /items/<token>``, as JSONL.

The page makes the address, under a signature that only this workspace can make: it names a person, a queue, a list and
the filter, and ends after 12 to 24 hours. Whether the person may export is asked of the store again when it is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from curation import listing
from curation.records import Queue, RegrainError
from curation.store import filters, people
from curation.ui.downloads import HEADERS, as_file
from curation.ui.opened import Opened
from curation.ui.permissions import needed
from curation.ui.signing import BadToken, derived, expiry, signed, unsigned
from curation.ui.views import View


class ItemsGrant(NamedTuple):
    """What an address allows: one person loads one list of a queue, narrowed by a query, until ``expires``."""

    person: str
    queue: Queue
    tab: str
    query: str
    expires: int


def address(secret: bytes, person: str, view: View) -> str:
    """Return the address of a view's list as a file."""
    query = urlencode(filters.to_query(view.narrow))
    return f"/items/{signed(derived(secret, 'items'), ItemsGrant(person, view.queue, view.tab, query, expiry()))}"


def items_route(here: Callable[[], Opened]) -> Route:
    """Return the route ``GET /items/<token>``; ``here`` gives the open workspace."""

    def endpoint(request: Request) -> Response:
        try:
            opened = here()
            grant = _granted(opened, request.path_params["token"])
        except BadToken:
            return Response(status_code=403, headers=HEADERS)
        except RegrainError as problem:
            return PlainTextResponse(str(problem), 503, HEADERS)
        return _list(opened, grant)

    return Route("/items/{token}", endpoint, methods=["GET"])


def _granted(opened: Opened, token: str) -> ItemsGrant:
    """Return what a token allows; raises ``BadToken`` where it allows nothing (any more)."""
    key = derived(opened.images.secret, "items")
    grant = ItemsGrant(*unsigned(key, token, "address of a list"))  # type: ignore[arg-type]
    found = people.get(opened.store, grant.person)
    if time.time() >= grant.expires or found is None or not found.may(needed("export")):
        raise BadToken("this address has ended, or its person may not export (any more)")
    return grant


def _list(opened: Opened, grant: ItemsGrant) -> Response:
    narrow = filters.from_query(dict(parse_qsl(grant.query)))
    tab = next(one for one in ("todo", "mine", "disputed", "done") if one == grant.tab)
    try:
        text, _ = listing.written(opened.store, grant.queue, tab, person=grant.person, narrow=narrow, suffix=".jsonl")
    except RegrainError as problem:
        return PlainTextResponse(str(problem), 409, HEADERS)
    return Response(text, media_type="application/jsonl", headers=HEADERS | as_file(f"{grant.queue}-{tab}.jsonl"))
