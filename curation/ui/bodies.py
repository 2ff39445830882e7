"""What the routes that take JSON share: a body that is read up to a length, and an answer that nobody keeps."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse


class TooLong(Exception):
    """A body is longer than anything that is meant to come; the message says in words how long it may be."""


async def read_json(request: Request, most: int, too_long: str) -> Any:
    """Return what a request of at most ``most`` bytes holds.

    Raises ``TooLong`` with the words ``too_long``, ``ValueError`` where the body is no JSON.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise TooLong(too_long)
    try:
        return json.loads(body)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError("the request is no JSON object: reload the page") from error


def reply(status: int, body: dict[str, Any]) -> JSONResponse:
    """Return an answer as JSON that no cache keeps."""
    return JSONResponse(body, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
