"""Tokens for addresses: a few fields under a signature that only this workspace can make.

Each use has its own key, derived from the workspace's secret, so that a token made for one is none for another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Sequence

from curation.records import RegrainError

DIGEST_BYTES = 16

HALF_DAY = 12 * 3600

Field = str | int


class BadToken(RegrainError):
    """The address was not made by this workspace, was altered, or has ended."""


def signed(key: bytes, fields: Sequence[Field]) -> str:
    """Return a token of the fields: URL-safe, signed with HMAC-SHA256 cut to 128 bits."""
    body = json.dumps(list(fields), ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_to_text(body)}.{_to_text(_signature(key, body))}"


def unsigned(key: bytes, token: str, what: str) -> list[Field]:
    """Return the fields of a token; raises ``BadToken``, which calls it ``what``, where the signature is wrong."""
    try:
        body, signature = (_to_bytes(part) for part in token.split("."))
    except (ValueError, binascii.Error) as error:
        raise BadToken(f"this is no {what}: reload the page") from error
    if not hmac.compare_digest(signature, _signature(key, body)):
        raise BadToken(f"this {what} was not made by this workspace: reload the page")
    fields: list[Field] = json.loads(body)
    return fields


def expiry() -> int:
    """Return when an address made now ends (Unix seconds): in 12 to 24 hours, the same for all made in one half day."""
    return (int(time.time()) // HALF_DAY + 2) * HALF_DAY


def derived(secret: bytes, use: str) -> bytes:
    """Return the key of one use of the workspace's secret."""
    return hmac.new(secret, use.encode(), hashlib.sha256).digest()


def _signature(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:DIGEST_BYTES]


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _to_bytes(text: str) -> bytes:
    data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _to_text(data) != text:
        raise ValueError("one content has one spelling")
    return data
