"""A small OpenID Connect provider of the tests' own, on loopback: discovery, authorize, token, keys, end of session.

Whoever comes to ``/authorize`` sees one button per account and becomes it by pressing. Codes are used once, the
client's secret and PKCE are checked, and ID tokens are signed with a key made when the provider starts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

CLIENT, SECRET = "regrain-tests", "the-secret-of-the-tests"


@dataclass
class Provider:
    """A running provider: its address, its accounts (claims by a short name), and what clients got wrong."""

    address: str
    accounts: dict[str, dict[str, Any]]
    key: Any
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def metadata_url(self) -> str:
        return f"{self.address}/.well-known/openid-configuration"

    def environment(self, app: str) -> dict[str, str]:
        """Return the variables that make the app at this address sign people in here."""
        return {
            "REGRAIN_OIDC_METADATA_URL": self.metadata_url,
            "REGRAIN_OIDC_CLIENT_ID": CLIENT,
            "REGRAIN_OIDC_CLIENT_SECRET": SECRET,
            "REGRAIN_OIDC_COOKIE_SECRET": secrets.token_hex(32),
            "REGRAIN_OIDC_REDIRECT_URI": f"{app}/oauth2callback",
        }

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "end_session_endpoint": f"{self.address}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def id_token(self, asked: dict[str, str]) -> str:
        from joserfc import jwt

        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": asked["nonce"],
            **self.accounts[asked["account"]],
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "tests"}, claims, self.key)

    def redeem(self, form: dict[str, str], credentials: tuple[str, str]) -> dict[str, Any] | None:
        """Return tokens for a code, None where anything is wrong with the request."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or credentials != (CLIENT, SECRET) or form.get("redirect_uri") != asked["redirect_uri"]:
            self.problems.append(f"refused {sorted(form)}")
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked.get("code_challenge"):
            self.problems.append("PKCE does not match")
            return None
        return {
            "access_token": secrets.token_hex(8), "token_type": "Bearer", "expires_in": 600,
            "id_token": self.id_token(asked),
        }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(self.provider.metadata())
        elif parts.path == "/keys":
            self._json({"keys": [self.provider.key.as_dict(private=False)]})
        elif parts.path == "/authorize" and "account" in asked:
            code = secrets.token_urlsafe(16)
            self.provider.codes[code] = asked
            self._to(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        elif parts.path == "/authorize":
            links = (
                f'<p><a id="{name}" href="/authorize?{escape(urlencode(asked | {"account": name}))}">{name}</a></p>'
                for name in self.provider.accounts
            )
            self._send(200, "text/html", "".join(links).encode())
        elif parts.path == "/end":
            self._to(asked["post_logout_redirect_uri"])
        else:
            self._send(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        name, _, secret = base64.b64decode(encoded).decode().partition(":") if kind == "Basic" else ("", "", "")
        tokens = self.provider.redeem(form, (unquote(name), unquote(secret)))
        self._json(tokens) if tokens else self._send(400, "application/json", b'{"error": "invalid_grant"}')

    def _json(self, value: Any) -> None:
        self._send(200, "application/json", json.dumps(value).encode())

    def _to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running(accounts: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """Run a provider with these accounts on a free loopback port."""
    from joserfc.jwk import RSAKey

    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    key = RSAKey.generate_key(2048, {"kid": "tests", "use": "sig", "alg": "RS256"}, private=True)
    handler.provider = Provider(f"http://127.0.0.1:{server.server_port}", accounts, key)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield handler.provider
    finally:
        server.shutdown()
        server.server_close()
