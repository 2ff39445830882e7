"""Sign-in through OpenID Connect (``st.login``), configured by the environment alone: nothing is stored or logged.

The variables of ``VARIABLES`` belong together: with none of them nobody signs in, with some of them the app does not
start and names those that are missing. A person is who their provider says they are: the verified e-mail address, or
another claim that ``REGRAIN_OIDC_CLAIM`` names.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from curation.records import RegrainError

VARIABLES = {
    "REGRAIN_OIDC_METADATA_URL": "server_metadata_url",
    "REGRAIN_OIDC_CLIENT_ID": "client_id",
    "REGRAIN_OIDC_CLIENT_SECRET": "client_secret",
    "REGRAIN_OIDC_COOKIE_SECRET": "cookie_secret",
    "REGRAIN_OIDC_REDIRECT_URI": "redirect_uri",
}
"""What must be set, and what Streamlit calls it."""

CLAIM = "REGRAIN_OIDC_CLAIM"
USER_COOKIE = "_streamlit_user"
COOKIE_SECRET_LENGTH = 32
LONGEST_ID = 254

_ended: set[str] = set()
"""Digests of the cookies of people who signed out while this process runs: no tab and no copy of them goes on."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: their id (lower case) and the name that the provider gives."""

    id: str
    name: str


def configured() -> bool:
    """Say whether people must sign in. Half a configuration counts: then nobody comes in."""
    return any(_value(name) for name in VARIABLES)


def needs_address() -> bool:
    """Say whether people are known by an e-mail address: they sign in, and no other claim tells who they are."""
    return configured() and (_value(CLAIM) or "email") == "email"


def secrets() -> dict[str, Any] | None:
    """Return what ``st.App(secrets=...)`` needs for sign-in, None where it is not configured.

    Raises ``RegrainError`` that names the variables which are missing or wrong, never their values.
    """
    if not configured():
        return None
    missing = [name for name in VARIABLES if not _value(name)]
    if missing:
        raise RegrainError(
            f"sign-in is half configured, so nobody could come in: set {', '.join(missing)} as well, "
            f"or none of {', '.join(VARIABLES)}"
        )
    for name in ("REGRAIN_OIDC_METADATA_URL", "REGRAIN_OIDC_REDIRECT_URI"):
        if not _is_safe(_value(name)):
            raise RegrainError(f"{name} must begin with https:// (http:// serves on this machine alone)")
    if not _value("REGRAIN_OIDC_REDIRECT_URI").endswith("/oauth2callback"):
        raise RegrainError("REGRAIN_OIDC_REDIRECT_URI must be the app's address followed by /oauth2callback")
    if len(_value("REGRAIN_OIDC_COOKIE_SECRET")) < COOKIE_SECRET_LENGTH:
        raise RegrainError(
            f"REGRAIN_OIDC_COOKIE_SECRET needs {COOKIE_SECRET_LENGTH} characters or more: "
            "take the output of `openssl rand -hex 32`"
        )
    return {"auth": {key: _value(name) for name, key in VARIABLES.items()}}


def secrets_or_exit() -> dict[str, Any] | None:
    """Return the same when the server starts; half a configuration ends it with one line that says what is missing."""
    try:
        return secrets()
    except RegrainError as problem:
        if get_script_run_ctx(suppress_warning=True) is not None:  # a page runs: it lets nobody in
            return None
        raise SystemExit(f"regrain: {problem}") from None


def who(claims: Mapping[str, Any] | None = None) -> SignedIn | None:
    """Return who is signed in on this page, None where nobody is.

    Raises ``RegrainError`` where the provider vouches for nobody: an address that is not verified, or none at all.
    """
    found = st.user.to_dict() if claims is None else claims
    if found.get("is_logged_in") is not True or _cookie() in _ended:
        return None
    claim = _value(CLAIM) or "email"
    given = found.get(claim)
    id = given.strip().lower() if isinstance(given, str) else ""
    if not id or not id.isprintable() or len(id) > LONGEST_ID:
        raise RegrainError(f"Your account has no usable “{claim}”, which tells who you are here.")
    if found.get("email_verified", True) not in (True, "true"):
        raise RegrainError(f"Your provider has not verified {id}: verify the address there, then sign in again.")
    name = found.get("name")
    return SignedIn(id, " ".join(name.split())[:80] if isinstance(name, str) and name.strip() else id)


def sign_out() -> None:
    """Sign out this browser: its cookie goes, other tabs of it are signed out too, and so are copies of the cookie."""
    if cookie := _cookie():
        _ended.add(cookie)
    for key in list(st.session_state):
        del st.session_state[key]
    st.logout()


def _value(name: str) -> str:
    return os.environ.get(name, "").strip()


def _cookie() -> str:
    """Return a digest of the cookie that this tab came with, empty where it had none."""
    cookies = st.context.cookies
    parts = sorted((name, value) for name, value in cookies.items() if _is_user_cookie(name))
    return hashlib.sha256(repr(parts).encode()).hexdigest() if parts else ""


def _is_user_cookie(name: str) -> bool:
    return name == USER_COOKIE or (name.startswith(f"{USER_COOKIE}_") and name[len(USER_COOKIE) + 1 :].isdigit())


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
        if parts.scheme == "https":
            return bool(parts.hostname)
        host = parts.hostname or ""
        return parts.scheme == "http" and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return False
