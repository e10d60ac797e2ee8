"""A server on loopback that speaks the wire formats of models, well or badly, as a script says.

    with serving(says('{"lines": []}'), status(429, {"Retry-After": "0"}), says("hello")) as server:
        ...                       server.url, and what was asked: server.requests

Each request is answered by the next reply of the script, the last one again and again. A script may also be one
function of the request. `says` is put into the format of the path and the kind of question: an answer, the input of
a tool, a stream of events. Replies that take their time end when the server does.
"""

from __future__ import annotations

import hashlib
import json
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, TypeAlias

MODEL = "loopback-1"
DIMENSIONS = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        """The turns, in any format."""
        return list(self.body.get("messages") or self.body.get("input") or [])


@dataclass(frozen=True, slots=True)
class Sent:
    """Bytes as they go out: `cut` leaves out as many at the end, after which the connection is reset."""

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    wait: float = 0.0
    pace: float = 0.0  # seconds between two bytes
    cut: int = 0


Reply: TypeAlias = Callable[[Request], Sent]


def says(text: str, *, reason: str = "stop", wait: float = 0.0, cut: int = 0) -> Reply:
    """An answer with this text; `reason` "length" is one that the limit of tokens has ended."""

    def reply(request: Request) -> Sent:
        if request.body.get("stream"):
            events = "".join(f"data: {json.dumps(event)}\n\n" for event in _events(request.path, text, reason))
            return Sent(events.encode(), headers={"Content-Type": "text/event-stream"}, wait=wait, cut=cut)
        return Sent(json.dumps(_answer(request, text, reason)).encode(), wait=wait, cut=cut)

    return reply


def status(code: int, headers: Mapping[str, str] | None = None, *, message: str = "no") -> Reply:
    """A refusal as endpoints give it."""
    content = json.dumps({"error": {"message": message, "type": "error"}}).encode()
    return sends(content, status=code, headers={"Content-Type": "application/json", **(headers or {})})


def sends(
    content: bytes,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    wait: float = 0.0,
    pace: float = 0.0,
    cut: int = 0,
) -> Reply:
    """These bytes."""
    sent = Sent(content, status, headers or {"Content-Type": "application/json"}, wait, pace, cut)
    return lambda request: sent


def embeds(request: Request) -> Sent:
    """Vectors, the same for the same text, in reverse order."""
    rows = [{"index": rank, "embedding": vector(text)} for rank, text in enumerate(request.body["input"])]
    return Sent(json.dumps({"data": rows[::-1], "model": MODEL}).encode())


def vector(text: str) -> list[float]:
    """What `embeds` gives for a text, not of length 1."""
    return [byte / 64 - 1 for byte in hashlib.sha256(text.encode()).digest()[:DIMENSIONS]]


class Server(ThreadingHTTPServer):
    """A running server: its address, and the requests it was asked so far."""

    daemon_threads = True
    request_queue_size = 128  # five, as it comes, are too few for clients that all connect at once

    def __init__(self, script: tuple[Reply, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.requests: list[Request] = []
        self.over = Event()
        self._script = script
        self._lock = Lock()

    def next(self, request: Request) -> Sent:
        """What the script has for this request."""
        with self._lock:
            self.requests.append(request)
            reply = self._script[min(len(self.requests), len(self._script)) - 1]
        return reply(request)


@contextmanager
def serving(*script: Reply) -> Iterator[Server]:
    """A server that answers by the script until the block is left."""
    with Server(script) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self._send(self.server.next(Request(self.path, dict(self.headers.items()), json.loads(content))))

    def do_GET(self) -> None:
        self._send(self.server.next(Request(self.path, dict(self.headers.items()), {})))

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _send(self, sent: Sent) -> None:
        self.server.over.wait(sent.wait)
        try:
            self.send_response(sent.status)
            for name, value in {"Content-Length": str(len(sent.content)), **sent.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self._write(sent.content[: len(sent.content) - sent.cut], sent.pace)
        except OSError:  # whoever asked has gone
            self.close_connection = True
        if sent.cut:
            self._reset()

    def _write(self, content: bytes, pace: float) -> None:
        step = 1 if pace else len(content) or 1
        for start in range(0, len(content), step):
            self.wfile.write(content[start : start + step])
            if pace and self.server.over.wait(pace):
                return

    def _reset(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _answer(request: Request, text: str, reason: str) -> dict[str, Any]:
    match request.path.rsplit("/", 1)[-1]:
        case "messages":
            return _message(request, text, reason)
        case "responses":
            return _response(request, text, reason)
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if "tools" in request.body:
        call = {"type": "function", "function": {"name": "answer", "arguments": text}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    usage = {"prompt_tokens": 11, "completion_tokens": 7}
    return {"model": MODEL, "choices": [{"index": 0, "message": message, "finish_reason": reason}], "usage": usage}


def _message(request: Request, text: str, reason: str) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": text}
    if "tools" in request.body and text.startswith("{"):
        block = {"type": "tool_use", "name": "answer", "input": json.loads(text)}
    stop = {"stop": "end_turn", "length": "max_tokens"}.get(reason, reason)
    usage = {"input_tokens": 11, "output_tokens": 7}
    return {"type": "message", "model": MODEL, "content": [block], "stop_reason": stop, "usage": usage}


def _response(request: Request, text: str, reason: str) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "message", "content": [{"type": "output_text", "text": text}]}
    if "tools" in request.body:
        item = {"type": "function_call", "name": "answer", "arguments": text}
    state = {"stop": ("completed", None), "length": ("incomplete", {"reason": "max_output_tokens"})}
    usage = {"input_tokens": 11, "output_tokens": 7}
    now, why = state.get(reason, ("incomplete", {"reason": reason}))
    return {"model": MODEL, "status": now, "incomplete_details": why, "output": [item], "usage": usage}


def _events(path: str, text: str, reason: str) -> list[dict[str, Any]]:
    """A stream of the text, a word an event, with others in between that say nothing."""
    words = text.split(" ")
    pieces = [f"{word} " for word in words[:-1]] + words[-1:]
    match path.rsplit("/", 1)[-1]:
        case "messages":
            stop = {"stop": "end_turn", "length": "max_tokens"}.get(reason, reason)
            return [
                {"type": "message_start", "message": {"model": MODEL}},
                {"type": "ping"},
                *({"type": "content_block_delta", "delta": {"type": "text_delta", "text": piece}} for piece in pieces),
                {"type": "message_delta", "delta": {"stop_reason": stop}},
                {"type": "message_stop"},
            ]
        case "responses":
            end = {"stop": "completed", "length": "incomplete"}.get(reason, "incomplete")
            return [
                {"type": "response.created", "response": {}},
                *({"type": "response.output_text.delta", "delta": piece} for piece in pieces),
                {"type": f"response.{end}", "response": {"status": end, "error": None}},
            ]
    return [
        {"choices": [{"delta": {"role": "assistant"}, "finish_reason": None}]},
        *({"choices": [{"delta": {"content": piece}, "finish_reason": None}]} for piece in pieces),
        {"choices": [{"delta": {}, "finish_reason": reason}]},
        {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 7}},
    ]
