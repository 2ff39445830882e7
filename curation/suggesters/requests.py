"""What a suggester may ask for while it is at work, each request with the type of its answer."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, TypeVar

from curation.language import Filling, Gap
from curation.retrieval.blocks import FloatArray

Request = list[str] | tuple[Gap, ...]
"""Texts whose vectors are asked for, or gaps to be filled."""

R = TypeVar("R")
Asks = Generator[Request, Any, R]
"""Asks by yielding requests, is sent the answers, and returns a result."""


def vectors_of(texts: list[str]) -> Asks[FloatArray]:
    """Ask for the vectors of texts (m, d), unit rows in the order given."""
    vectors: FloatArray = yield texts
    return vectors


def fillings_of(gaps: Sequence[Gap]) -> Asks[list[Filling]]:
    """Ask what could stand in gaps, in the order given; only where ``CaptionContext.fills_gaps``."""
    fillings: list[Filling] = yield tuple(gaps)
    return fillings
