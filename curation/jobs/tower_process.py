"""The text tower's own process: ``python -m curation.jobs.tower_process PARENT ENCODER DEVICE``.

It loads one encoder, then answers lines on its standard input until that ends. Every line is one JSON object::

    first answer    {"ready": "ENCODER", "dim": 256}   or   {"failed": "why, in words"} and the end
    request         {"texts": ["a red ball", ...]}
    answer          {"rows": "base64 of (n, dim) float32"}   or   {"failed": "why, in words"}

A request that cannot be read or encoded is answered with ``failed``; the next one is served as ever.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any

from curation.lifeline import die_with
from curation.records import RegrainError

if TYPE_CHECKING:
    from curation.encoders import Encoder

WARMING_TEXT = "a photo"


def main(arguments: list[str]) -> int:
    """Load the encoder that the arguments name and answer until the standard input ends."""
    parent, name, device = arguments
    die_with(int(parent))
    with _answers_alone_on_stdout() as answers:
        try:
            encoder = load(name, device)
        except (RegrainError, ImportError, OSError, RuntimeError) as problem:
            _say(answers, {"failed": _words(problem)})
            return 1
        _say(answers, {"ready": name, "dim": encoder.dim})
        serve(encoder, sys.stdin.buffer, answers)
    return 0


def load(name: str, device: str) -> Encoder:
    """Return the encoder without its image side, after a first text: the first one takes longer than others."""
    from curation.encoders import load_encoder
    from curation.encoders.devices import chosen_device
    from curation.encoders.text_only import text_only

    encoder = text_only(load_encoder(name, chosen_device(device)))
    encoder.texts([WARMING_TEXT])
    return encoder


def serve(encoder: Encoder, requests: Iterable[bytes], answers: IO[bytes]) -> None:
    """Answer every request line in order."""
    for line in requests:
        try:
            rows = encoder.texts(_texts(line))
            _say(answers, {"rows": base64.b64encode(rows.astype("<f4").tobytes()).decode()})
        except Exception as problem:  # whatever one text does to the model, the next one is served
            _say(answers, {"failed": _words(problem)})


def _texts(line: bytes) -> list[str]:
    request = json.loads(line)
    texts = request.get("texts") if isinstance(request, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError('a request is {"texts": [at least one text]}')
    return texts


def _answers_alone_on_stdout() -> IO[bytes]:
    """Return what was the standard output; from here on, whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def _say(answers: IO[bytes], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
    answers.flush()


def _words(problem: Exception) -> str:
    if isinstance(problem, RegrainError):
        return str(problem)
    if isinstance(problem, ImportError):
        return f"a package that the encoder needs is not installed ({problem}): install Regrain again"
    return f"{type(problem).__name__}: {problem}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
