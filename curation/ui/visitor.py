"""Where a visitor sits: at this machine, or anywhere else.

Only a browser on this machine is let in by name alone. Every sign that the request came over another machine
counts against it: an address the server listens on that others reach, a host or an origin that is not this
machine's, a forwarding header of a proxy, or another address at the far end. Without a request nothing is known, and
the visitor counts as being elsewhere.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a visitor came: the address that the server listens on, the request's headers, and the far end's address.

    ``ip`` is None where the far end is this machine; Streamlit gives no other value for it.
    """

    listens_on: str
    headers: Mapping[str, str]
    ip: str | None


def arrival() -> Arrival:
    """Return how the visitor of this run came."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    return Arrival(str(st.get_option("server.address") or ""), headers, st.context.ip_address)


def is_here(came: Arrival) -> bool:
    """Say whether the visitor sits at this machine.

    >>> is_here(Arrival("localhost", {"host": "localhost:8501", "origin": "http://localhost:8501"}, None))
    True
    >>> is_here(Arrival("localhost", {"host": "127.0.0.1:8501", "x-forwarded-for": "10.0.0.7"}, None))
    False
    >>> is_here(Arrival("0.0.0.0", {"host": "localhost:8501"}, None))
    False
    """
    origin = came.headers.get("origin")
    return (
        _is_loopback(came.listens_on)
        and _is_loopback(_name(f"//{came.headers.get('host', '')}"))
        and (origin is None or _is_loopback(_name(origin)))
        and not any(name in came.headers for name in FORWARDED)
        and (came.ip is None or _is_loopback(came.ip))
    )


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
