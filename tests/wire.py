"""A person without a browser: a client that speaks Streamlit's own protocol to a review screen. Loopback only.

It asks for the page as the browser does (``BackMsg``), reads what the browser reads (``ForwardMsg`` with the
component's ``data``), and posts its answers to the address that the page gives, so that the server does the same work
as for a real tab, and a twentieth annotator costs no twentieth Chromium.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import uuid
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

REVIEWER = "regrain.reviewer"
PATIENCE_SECONDS = 60.0
MAX_MESSAGE = 32 * 1024 * 1024

Entry = dict[str, Any]


def finish(wanted: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end in a thread of its own: that of the tests may have a loop already, the browser's."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, wanted).result()


class Silent(Exception):
    """The server did not answer as it must; the message says what was missing."""


@dataclass
class Tab:
    """One open review screen. Use as ``async with Tab(port, "coarse", "Ria") as tab``."""

    port: int
    queue: str
    person: str
    data: dict[str, Any] = field(default_factory=dict)
    view: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    stream: str = field(default_factory=lambda: uuid.uuid4().hex)
    number: int = 0
    last: Entry = field(default_factory=dict)
    pending: list[Entry] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    _socket: ClientConnection | None = None
    _http: http.client.HTTPConnection | None = None
    _script_hash: str = ""
    _cached: dict[str, ForwardMsg] = field(default_factory=dict)

    async def __aenter__(self) -> Tab:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect, ask for the page and read its first run. What was sent before and not acknowledged goes along."""
        self._socket = await connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=f"http://127.0.0.1:{self.port}",  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=MAX_MESSAGE,
            compression=None,
            proxy=None,
        )
        self._cached = {}
        await self._ask()
        await self._run()
        if not self.data:
            raise Silent(f"the page {self.queue} showed no reviewer to {self.person}")
        if self.pending:
            await self._send()

    async def close(self) -> None:
        if self._http is not None:
            self._http.close()
        if self._socket is not None:
            await self._socket.close()

    def next_item(self) -> dict[str, Any] | None:
        """Return the first item that the server sent and that has no verdict of this tab yet, or None."""
        return next((item for item in self.data["items"] if item["id"] not in self.decided), None)

    def entry(self, item: dict[str, Any], verdict: str, **more: Any) -> Entry:
        """Return a decision as the browser numbers and sends it, and count it as pending."""
        self.number += 1
        made = {
            "id": str(uuid.uuid4()),
            "number": self.number,
            "ignored": 0,
            "item_id": item["id"],
            "queue": self.queue,
            "caption_id": item["caption_id"],
            "image_id": item["image_id"],
            "revision_id": item["revision_id"],
            "suggestion_id": None,
            "verdict": verdict,
            "reason": "",
            "text": None,
            "undoes": None,
            "shown_ms": 400,
            **({"basis": item["basis"]} if "basis" in item else {}),
            **more,
        }
        self.last = made
        self.pending.append(made)
        if verdict == "undo":
            self.decided.discard(item["id"])
        else:
            self.decided.add(item["id"])
        return made

    async def decide(self, item: dict[str, Any], verdict: str, **more: Any) -> float:
        """Send one decision and return the seconds until the server has acknowledged it.

        A refusal is an answer too: it stands in ``refused`` under the decision's id. Raises ``Silent`` without any.
        """
        self.entry(item, verdict, **more)
        began = time.perf_counter()
        await self._send()
        if self.pending:
            raise Silent(f"no acknowledgement of {self.person}'s decision {self.number}: {self.data.get('error')}")
        return time.perf_counter() - began

    async def try_to(self, item: dict[str, Any], verdict: str, **more: Any) -> str:
        """Send one decision, read one answer, and return what the person is told of the failure, or nothing."""
        self.entry(item, verdict, **more)
        return await self.retry()

    async def retry(self) -> str:
        """Send once more what is not acknowledged, as the browser does by itself, and return as ``try_to`` does."""
        await self._send()
        return str(self.data["error"])

    async def poll(self) -> None:
        """Ask for the list without an answer, as the browser does while suggestions are being sought."""
        await self._send()

    async def look_again(self) -> None:
        """Run the page anew, as a person does who reloads it because there was nothing to do."""
        await self._ask()
        await self._run()
        self.decided &= {item["id"] for item in self.data["items"]}

    async def _send(self) -> None:
        """Post what is not acknowledged, as ``post.js`` does, and take the answer in."""
        outbox = {
            "session": self.data["session"],
            "stream": self.stream,
            "sent_at": int(1000 * time.time()),
            "ignored": 0,
            "decisions": self.pending,
        }
        held = {item["id"]: item["version"] for item in self._left()}
        undo = any(entry["verdict"] == "undo" for entry in self.pending)
        waits = any(item["waits"] for item in self._left()[:2])
        more = len(held) <= 4 or self.data["each"] or undo or waits
        body = {"outbox": outbox, "view": self.data["view"], "held": held, "more": more}
        status, answer = await asyncio.to_thread(self._post, json.dumps(body))
        if status != 200:
            self.data["error"] = answer["message"]
            return
        order, items = answer.pop("order", None), answer.pop("items", [])
        if order is not None:
            known = {item["id"]: item for item in [*self._left(), *items]}
            answer["items"] = [known[name] for name in order]
            self.decided = {name for name in self.decided if name not in known}
        self._acknowledge(answer)

    def _left(self) -> list[dict[str, Any]]:
        return [item for item in self.data["items"] if item["id"] not in self.decided]

    def _post(self, body: str) -> tuple[int, dict[str, Any]]:
        if self._http is None:
            self._http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        self._http.request("POST", self.data["answers"], body, {"Content-Type": "application/json"})
        with self._http.getresponse() as answer:
            return answer.status, json.loads(answer.read())

    async def _ask(self) -> None:
        assert self._socket is not None
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string = urlencode({"as": self.person, **self.view})
        if self._script_hash:
            rerun.page_script_hash = self._script_hash
        else:
            rerun.page_name = self.queue
        rerun.cached_message_hashes.extend(self._cached)
        rerun.context_info.timezone = "UTC"
        rerun.context_info.url = f"http://127.0.0.1:{self.port}/{self.queue}"
        await self._socket.send(message.SerializeToString())

    async def _run(self) -> None:
        """Read messages up to the end of one run of the page, and take in what concerns the reviewer."""
        assert self._socket is not None
        while True:
            message = ForwardMsg.FromString(await self._socket.recv(decode=False))
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                return
            if kind == "ref_hash":
                message = self._cached[message.ref_hash]
            elif message.metadata.cacheable:
                self._cached = {**dict(list(self._cached.items())[-2:]), message.hash: message}
            self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        if message.delta.new_element.WhichOneof("type") != "bidi_component":
            return
        component = message.delta.new_element.bidi_component
        if component.component_name != REVIEWER:
            return
        self._script_hash = message.metadata.active_script_hash
        self._acknowledge(json.loads(component.json or component.mixed.json))

    def _acknowledge(self, news: dict[str, Any]) -> None:
        self.data |= news
        acked = self.data["acked"]
        number = acked["number"] if acked["stream"] == self.stream else 0
        self.pending = [entry for entry in self.pending if entry["number"] > number]
        self.refused |= {one["decision_id"]: one["message"] for one in self.data["refused"]}
