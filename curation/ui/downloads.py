"""Downloads of exported versions: signed addresses, and the route that answers them to those who may export.

Streamlit's own download button hands out addresses without an end that ask nobody who they are; what is exported is
as private as the workspace. An address names a person, a version and one of its releases, never a path, and ends after
12 to 24 hours. Whether the person may export is asked of the store again when the address is used.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from curation.records import RegrainError
from curation.store import Store, people, versions
from curation.ui.permissions import needed
from curation.ui.signing import BadToken, derived, expiry, signed, unsigned
from curation.workspace import Workspace

What = Literal["zip", "manifest"]
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


class DownloadGrant(NamedTuple):
    """What an address allows: one person loads one release of a version, as ZIP or its manifest, until ``expires``."""

    person: str
    version_id: str
    folder: str
    what: What
    expires: int


@dataclass(frozen=True, slots=True)
class Downloads:
    """Makes download addresses for the pages of one open workspace, and answers them."""

    workspace: Workspace
    store: Store
    key: bytes

    @classmethod
    def of(cls, workspace: Workspace, store: Store, secret: bytes) -> Downloads:
        """Return the downloads of an open workspace with its signing secret."""
        return cls(workspace, store, derived(secret, "download"))

    def address(self, person: str, release: dict[str, Any], what: What) -> str:
        """Return an address under which this person loads a release (a row of ``versions.releases``)."""
        grant = DownloadGrant(person, release["version_id"], release["folder"], what, expiry())
        return f"/download/{signed(self.key, grant)}"

    def answer(self, token: str) -> Response:
        """Return the response to a request: a bare 403 where it is not allowed, 404 where the release is gone."""
        try:
            grant = DownloadGrant(*unsigned(self.key, token, "download address"))  # type: ignore[arg-type]
        except BadToken:
            return Response(status_code=403, headers=HEADERS)
        found = people.get(self.store, grant.person)
        if time.time() >= grant.expires or found is None or not found.may(needed("export")):
            return Response(status_code=403, headers=HEADERS)
        release = self._release(grant)
        if release is None:
            return Response("This export is not there any more: export again.", 404, HEADERS)
        return _manifest(release) if grant.what == "manifest" else _zip(self.workspace.folder / release["folder"])

    def _release(self, grant: DownloadGrant) -> dict[str, Any] | None:
        """Return the release that the store knows, None where it or its folder is gone."""
        for one in versions.releases(self.store, grant.version_id):
            folder = (self.workspace.folder / one["folder"]).resolve()
            if one["folder"] == grant.folder and folder.is_relative_to(self.workspace.folder) and folder.is_dir():
                return one
        return None


def download_route(downloads: Callable[[], Downloads]) -> Route:
    """Return the route ``GET /download/<token>``; ``downloads`` gives those of the open workspace."""

    def endpoint(request: Request) -> Response:
        try:
            current = downloads()
        except RegrainError:
            return Response(status_code=503, headers=HEADERS)
        return current.answer(request.path_params["token"])

    return Route("/download/{token}", endpoint, methods=["GET"])


def _manifest(release: dict[str, Any]) -> Response:
    body = json.dumps(release["manifest"], ensure_ascii=False, indent=2)
    name = f"{Path(release['folder']).name}-manifest.json"
    return Response(body, media_type="application/json", headers=HEADERS | as_file(name))


def _zip(folder: Path) -> Response:
    """Return the folder as a ZIP archive, written beside no one's way and removed when it is sent."""
    work = Path(tempfile.mkdtemp(prefix="regrain-download-"))
    try:
        path = shutil.make_archive(str(work / "export"), "zip", root_dir=folder.parent, base_dir=folder.name)
    except OSError:
        shutil.rmtree(work, ignore_errors=True)
        raise
    gone = BackgroundTask(shutil.rmtree, work, ignore_errors=True)
    return FileResponse(
        path, media_type="application/zip", headers=HEADERS | as_file(f"{folder.name}.zip"), background=gone
    )


def as_file(name: str) -> dict[str, str]:
    """Return the header that makes a browser keep an answer as a file."""
    return {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name, safe='')}"}
