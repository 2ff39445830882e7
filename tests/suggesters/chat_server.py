"""A local server that speaks the chat protocol of vision-language models, well or badly as a test wants it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]


def said(content: str, tokens: tuple[int, int] = (100, 20)) -> Reply:
    """Return an answer of the protocol with the model's words."""
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    body = {"choices": [{"message": {"role": "assistant", "content": content}}], "usage": usage}
    return 200, {}, json.dumps(body).encode()


def finer(*captions: str) -> Reply:
    return said(json.dumps({"captions": captions}))


@dataclass
class Server:
    """What was asked, in order, and how many requests were open at the same time at most."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def trickling() -> Iterator[str]:
    """Run a server that begins an answer and sends a blank now and then, so that no single read times out."""
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):  # the client gave up
                while not ended.wait(0.02):
                    self.wfile.write(b" ")

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/v1"
    finally:
        ended.set()
        listening.shutdown()
        listening.server_close()
        thread.join()


@contextmanager
def serving(reply: Callable[[int], Reply]) -> Iterator[Server]:
    """Run a server that answers request n (from 0) with ``reply(n)``."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with server.lock:
                number = len(server.asked)
                server.asked.append(body | {"path": self.path})
                server.headers.append(dict(self.headers))
                server.open_now += 1
                server.most_open = max(server.most_open, server.open_now)
            try:
                status, headers, content = reply(number)
            finally:
                with server.lock:
                    server.open_now -= 1
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # the client did not wait
                pass

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{listening.server_port}/v1"
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
