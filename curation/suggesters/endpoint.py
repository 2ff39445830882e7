"""A vision-language model behind any OpenAI-compatible endpoint (vLLM, Ollama, llama.cpp, commercial ones).

The key is read from the environment when a request is made, goes nowhere but into its header, and follows no redirect.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from curation.records import RegrainError

KEY: Final = "REGRAIN_VLM_KEY"
LONGEST_ANSWER: Final = 1_000_000
"""Bytes that are read of an answer; more is no answer to what was asked."""
SIDE: Final = 768
"""Pixels to which the longer side of a picture is brought."""
AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
LONGEST_WAIT: Final = 30.0
IN_VAIN: Final = 8
"""After so many requests in a row that came to nothing the endpoint is given up."""


class NoAnswer(Exception):
    """One request came to nothing; the message says why, without key and caption."""


@dataclass
class Usage:
    """What was asked so far. Tokens are those that the endpoint reports; answers from the cache cost none."""

    requests: int = 0
    from_cache: int = 0
    failures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    in_vain: int = 0
    last_problem: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def words(self) -> str:
        """Say what it came to; empty where nothing was asked."""
        if not self.requests + self.from_cache + self.failures:
            return ""
        failed = f", {self.failures:,} failed ({self.last_problem})" if self.failures else ""
        tokens = f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out"
        return f"vision model: {self.requests:,} answers, {self.from_cache:,} from the cache, {tokens}{failed}"


@dataclass(frozen=True)
class Endpoint:
    """Where to ask. ``timeout`` in seconds for each attempt; ``retries`` more attempts follow a failed one."""

    url: str
    model: str
    timeout: float = 60.0
    retries: int = 3
    backoff: float = 1.0
    cache: Path | None = None
    usage: Usage = field(default_factory=Usage)
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RegrainError(f"the vision model's url is {self.url!r}: give e.g. http://localhost:11434/v1")
        if parts.username or parts.password:
            raise RegrainError(f"the vision model's url holds a name or password: put the key into {KEY}")
        if not self.model:
            raise RegrainError("the vision model has no name: set model, e.g. qwen2.5-vl")

    def ask(self, prompt: str, picture: Path, schema: dict[str, Any]) -> Any:
        """Return the JSON value that the model answers with; from the cache where the same was asked before.

        Raises ``NoAnswer`` where all attempts failed or the answer is no JSON, ``RegrainError`` where too many
        requests in a row came to nothing.
        """
        seen = _jpeg(picture)
        path = self._cached(prompt, seen)
        if path is not None and path.exists():
            with self.usage.lock:
                self.usage.from_cache += 1
            return json.loads(path.read_text(encoding="utf-8"))
        try:
            value = self._attempts(_body(self.model, prompt, seen, schema))
        except NoAnswer as problem:
            self._count_failure(str(problem))
            raise
        with self.usage.lock:
            self.usage.in_vain = 0
        if path is not None:
            _write(path, json.dumps(value, ensure_ascii=False))
        return value

    def _attempts(self, body: bytes) -> Any:
        for attempt in range(self.retries + 1):
            try:
                return self._once(body)
            except _Again as problem:
                if attempt == self.retries:
                    raise NoAnswer(str(problem)) from None
                wait = self.backoff * 2**attempt * (1 + random.random() / 4)
                self.pause(min(LONGEST_WAIT, max(wait, problem.after)))
        raise NoAnswer("nothing was asked")

    def _once(self, body: bytes) -> Any:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY):
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(f"{self.url.rstrip('/')}/chat/completions", data=body, headers=headers)
        try:
            with _opener().open(request, timeout=self.timeout) as answer:
                raw = answer.read(LONGEST_ANSWER + 1)
        except urllib.error.HTTPError as error:
            said = f"the endpoint answers {error.code}"
            if error.code in AGAIN:
                raise _Again(said, _seconds(error.headers.get("Retry-After"))) from None
            raise NoAnswer(said) from None
        except (OSError, ValueError, EOFError) as error:
            raise _Again(f"the endpoint cannot be asked: {type(error).__name__}") from None
        if len(raw) > LONGEST_ANSWER:
            raise NoAnswer("the answer is too long")
        return self._content(raw)

    def _content(self, raw: bytes) -> Any:
        try:
            answer = json.loads(raw)
            content = answer["choices"][0]["message"]["content"]
            used = answer.get("usage") or {}
            tokens = [int(used.get(name) or 0) for name in ("prompt_tokens", "completion_tokens")]
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            raise _Again("the answer is not of the protocol") from None
        with self.usage.lock:
            self.usage.requests += 1
            self.usage.tokens_in += tokens[0]
            self.usage.tokens_out += tokens[1]
        try:
            return json.loads(_unfenced(content))
        except (ValueError, AttributeError, TypeError, RecursionError):
            raise _Again("the model does not answer in JSON") from None

    def _count_failure(self, problem: str) -> None:
        with self.usage.lock:
            self.usage.failures += 1
            self.usage.in_vain += 1
            self.usage.last_problem = problem
            if self.usage.in_vain >= IN_VAIN:
                raise RegrainError(
                    f"{IN_VAIN} requests in a row to the vision model at {self.url} came to nothing ({problem}): see "
                    "whether it runs, then run `regrain suggest` again; what was answered is kept"
                )

    def _cached(self, prompt: str, picture: bytes) -> Path | None:
        if self.cache is None:
            return None
        parts = (self.url.encode(), self.model.encode(), prompt.encode(), picture)
        return (
            self.cache / f"{hashlib.sha256(b''.join(hashlib.sha256(part).digest() for part in parts)).hexdigest()}.json"
        )


class _Again(Exception):
    """An attempt failed in a way that another may not; ``after`` is how many seconds the endpoint asks to wait."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the key to another address."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirects)


def _body(model: str, prompt: str, picture: bytes, schema: dict[str, Any]) -> bytes:
    shown = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
    content = [{"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": shown}}]
    form = {"type": "json_schema", "json_schema": {"name": "finer", "strict": True, "schema": schema}}
    messages = [{"role": "user", "content": content}]
    asked = {"model": model, "messages": messages, "temperature": 0, "max_tokens": 400, "response_format": form}
    return json.dumps(asked).encode()


def _jpeg(path: Path) -> bytes:
    """Return a picture as JPEG, upright and no larger than needed; raises ``NoAnswer`` where it cannot be read."""
    from PIL import ImageOps

    from curation.pictures import open_picture

    try:
        with open_picture(path) as file:
            picture = ImageOps.exif_transpose(file).convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise NoAnswer(f"the picture cannot be read: {type(error).__name__}") from None
    picture.thumbnail((SIDE, SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _unfenced(content: str) -> str:
    """Return what stands between code fences, which models like to write around JSON."""
    text = content.strip()
    if text.startswith("```"):
        text = text.strip("`").strip().removeprefix("json")
    return text


def _seconds(header: str | None) -> float:
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{threading.get_ident()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
