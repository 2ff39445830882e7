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
from typing import IO, Any, Final
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
    """What was asked so far. Tokens are those that the endpoint reports; answers from the cache cost none.

    ``prices`` are those of a million tokens in and out, in whatever currency the person thinks of; 0 is not known.
    """

    requests: int = 0
    from_cache: int = 0
    failures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    in_vain: int = 0
    last_problem: str = ""
    prices: tuple[float, float] = (0.0, 0.0)
    log: Path | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def kept_in(cls, log: Path) -> Usage:
        """Return what a file says was answered and go on writing there: a killed worker's tokens were paid for too."""
        usage = cls(log=log)
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else []:
            parts = line.split()
            if len(parts) == 3 and parts[2] == ".":  # the dot tells a line that was written to its end
                usage._add(int(parts[0]), int(parts[1]))
        return usage

    def count(self, tokens_in: int, tokens_out: int) -> None:
        """Count an answer."""
        with self.lock:
            self._add(tokens_in, tokens_out)
            if self.log is not None:
                self.log.parent.mkdir(parents=True, exist_ok=True)
                with self.log.open("a", encoding="utf-8") as file:
                    file.write(f"{tokens_in} {tokens_out} .\n")

    def _add(self, tokens_in: int, tokens_out: int) -> None:
        self.requests += 1
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out

    @property
    def cost(self) -> float:
        """What the tokens cost at ``prices``."""
        return (self.tokens_in * self.prices[0] + self.tokens_out * self.prices[1]) / 1e6

    def words(self) -> str:
        """Say what it came to; empty where nothing was asked."""
        if not self.requests + self.from_cache + self.failures:
            return ""
        failed = f", {self.failures:,} failed ({self.last_problem})" if self.failures else ""
        cost = f" ({_money(self.cost)} at the prices set)" if any(self.prices) else ""
        tokens = f"{self.tokens_in:,} tokens in, {self.tokens_out:,} out{cost}"
        return f"vision model: {self.requests:,} answers, {self.from_cache:,} from the cache, {tokens}{failed}"


def _money(amount: float) -> str:
    """Return an amount with two decimals; one that these would show as nothing is not called nothing."""
    return "less than 0.01" if 0 < amount < 0.01 else f"{amount:,.2f}"


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
        body = _body(self.model, prompt, _jpeg(picture), schema)
        path = self._cached(body)
        if path is not None and (kept := _kept(path)):
            with self.usage.lock:
                self.usage.from_cache += 1
            return kept[0]
        try:
            value = self._attempts(body)
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
                raw = self._read(answer)
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

    def _read(self, answer: IO[bytes]) -> bytes:
        """Read an answer as it comes; one that trickles in for longer than ``timeout`` counts as late."""
        late, raw = time.monotonic() + self.timeout, b""
        while len(raw) <= LONGEST_ANSWER and (part := answer.read1(LONGEST_ANSWER)):  # type: ignore[attr-defined]
            raw += part
            if time.monotonic() > late:
                raise TimeoutError
        return raw

    def _content(self, raw: bytes) -> Any:
        try:
            answer = json.loads(raw)
            content = answer["choices"][0]["message"]["content"]
            used = answer.get("usage") or {}
            tokens = [int(used.get(name) or 0) for name in ("prompt_tokens", "completion_tokens")]
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            raise _Again("the answer is not of the protocol") from None
        self.usage.count(*tokens)
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

    def _cached(self, body: bytes) -> Path | None:
        """Return where the answer to a request is kept: by address, model, prompt, picture and schema."""
        if self.cache is None:
            return None
        return self.cache / f"{hashlib.sha256(self.url.encode() + b' ' + body).hexdigest()}.json"


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


def _kept(path: Path) -> list[Any]:
    """Return the answer that is kept, as the one item of a list; none where there is no file or half a file."""
    try:
        return [json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{threading.get_ident()}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
