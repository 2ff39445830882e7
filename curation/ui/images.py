"""Pictures for the browser: signed addresses, thumbnails resized to display size, and the route that serves them.

An address names a person, an image id, a size and when it ends, under a signature that only this workspace
can make; it never names a path. Addresses of one half day are equal, so that the browser keeps the pictures.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from curation.records import RegrainError
from curation.store import Store, captions
from curation.ui.admission import Admission
from curation.ui.signing import BadToken, expiry, signed, unsigned
from curation.ui.thumbnails import SIZES, Size, Thumbnails, UnreadablePicture
from curation.workspace import Workspace

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Grant:
    """What a signed address allows: one person sees one image at one size until ``expires`` (Unix seconds)."""

    person: str
    image_id: str
    size: Size
    expires: int


def sign(secret: bytes, grant: Grant) -> str:
    """Return the token of a grant."""
    return signed(secret, [grant.person, grant.image_id, grant.size, grant.expires])


def verify(secret: bytes, token: str, now: float) -> Grant:
    """Return what a token allows; raises ``BadToken`` where the signature is wrong or the time is over."""
    grant = Grant(*unsigned(secret, token, "image address"))  # type: ignore[arg-type]
    if now >= grant.expires:
        raise BadToken("this image address has ended: reload the page")
    return grant


def workspace_secret(workspace: Workspace) -> bytes:
    """Return the workspace's signing secret, made on first use in a file that only its owner can read."""
    path = workspace.folder / "image-secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_bytes()
        if len(secret) < SECRET_BYTES:
            raise RegrainError(f"`{path}` is cut off: delete it, a new one is made") from None
        return secret
    with os.fdopen(descriptor, "wb") as file:
        secret = secrets.token_bytes(SECRET_BYTES)
        file.write(secret)
    return secret


@dataclass(frozen=True, slots=True)
class ImageServer:
    """Makes image addresses for the pages of one open workspace, and answers them.

    ``may_work`` says of a person whether they are on the team still: an address alone opens nothing to anybody else.
    """

    workspace: Workspace
    store: Store
    secret: bytes
    thumbnails: Thumbnails
    may_work: Callable[[str], bool]

    @classmethod
    def of(cls, workspace: Workspace, store: Store, may_work: Callable[[str], bool] | None = None) -> ImageServer:
        """Return the image server of an open workspace."""
        asked = may_work or Admission(store).may_work
        return cls(workspace, store, workspace_secret(workspace), Thumbnails(workspace.thumbs), asked)

    def address(self, person: str, image_id: str, size: Size = 320) -> str:
        """Return an address under which this person's browser gets the image for 12 to 24 hours."""
        if size not in SIZES:
            raise ValueError(f"size is {size}: use one of {SIZES}")
        return f"/image/{sign(self.secret, Grant(person, image_id, size, expiry()))}"

    def answer(self, token: str) -> Response:
        """Return the response to a request: a bare 403 for a bad token and for whoever may not work here (any more),
        404 where there is no readable picture.
        """
        try:
            grant = verify(self.secret, token, time.time())
            if not self.may_work(grant.person):
                return Response(status_code=403, headers=_private(0))
            path = self._thumbnail(grant)
        except BadToken:
            return Response(status_code=403, headers=_private(0))
        except RegrainError as problem:
            return PlainTextResponse(str(problem), 404, _private(60))
        return FileResponse(path, media_type="image/webp", headers=_private(max(0, grant.expires - int(time.time()))))

    def _thumbnail(self, grant: Grant) -> Path:
        image = captions.image(self.store, grant.image_id)
        if image["file"] is None:
            raise UnreadablePicture(f"the image {grant.image_id!r} is only named, no file is held")
        source = self.workspace.image_path(image["root"], image["file"])
        return self.thumbnails.of(source, grant.size)


def image_route(server: Callable[[], ImageServer]) -> Route:
    """Return the route ``GET /image/<token>``; ``server`` gives the image server of the open workspace."""

    def endpoint(request: Request) -> Response:
        try:
            current = server()
        except RegrainError as problem:
            return PlainTextResponse(str(problem), 503, _private(0))
        return current.answer(request.path_params["token"])

    return Route("/image/{token}", endpoint, methods=["GET"])


def _private(seconds: int) -> dict[str, str]:
    keep = f"private, max-age={seconds}, immutable" if seconds > 60 else f"private, max-age={seconds}"
    return {
        "Cache-Control": keep,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'",
    }
