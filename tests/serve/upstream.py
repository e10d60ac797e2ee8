"""An upstream on loopback that speaks OpenAI's and Anthropic's formats, well or badly, as the model's name says.

with upstream() as up:
    ...                       up.url, what it was asked: up.requests, and how many clients left it: up.left

answers         any model: a whole answer, or a stream of events where it is asked for one
fails-429       that status, with a body and a header of its own
breaks          half an answer, and then no connection
is-slow         nothing for five seconds
trickles        a stream without an end, an event every 10 ms
stalls          a stream that stops coming before its end
echoes          what the user said last
calls           a call of a tool
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import unquote

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

WORDS = ("It ", "is ", "done.")
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass(frozen=True, slots=True)
class Request:
    """What it was asked, byte for byte."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.content))

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


@dataclass(slots=True)
class Up:
    """A running upstream."""

    url: str
    requests: list[Request] = field(default_factory=list)
    left: int = 0

    @property
    def last(self) -> Request:
        return self.requests[-1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        content = b""
        while (message := await receive())["type"] == "http.request":
            content += message["body"]
            if not message.get("more_body"):
                break
        headers = tuple((name.decode(), value.decode("latin-1")) for name, value in scope["headers"])
        request = Request(scope["method"], scope["raw_path"].decode(), scope["query_string"].decode(), headers, content)
        self.requests.append(request)
        watch = asyncio.create_task(self._watched(receive, asyncio.current_task()))
        try:
            await _answer(request, send)
        except asyncio.CancelledError:
            self.left += 1
        finally:
            watch.cancel()

    async def _watched(self, receive: Receive, task: asyncio.Task[Any] | None) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        if task and not task.done():
            task.cancel()


@contextmanager
def listening(app: ASGIApp) -> Iterator[str]:
    """The address of an application that is served by a thread until the block is left."""
    place = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="auto", timeout_graceful_shutdown=1))
    thread = Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{place.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        place.close()


@contextmanager
def upstream() -> Iterator[Up]:
    """An upstream, running."""
    up = Up("")
    with listening(up) as url:
        up.url = url
        yield up


async def _answer(request: Request, send: Send) -> None:
    asked = request.body if request.content else {}
    model = str(asked.get("model", ""))
    if model.startswith("fails-"):
        error = {"error": {"message": "as you asked", "type": "made_up", "param": "model", "code": "x1"}}
        more = ((b"retry-after-ms", b"1"), (b"x-mine", b"kept"))
        await _whole(send, error, status=int(model.removeprefix("fails-")), more=more)
    elif model == "is-slow":
        await asyncio.sleep(5)
    elif asked.get("stream"):
        await _stream(send, request.path, asked, model)
    elif model == "breaks":
        await _start(send, 200, ((b"content-type", b"application/json"), (b"content-length", b"1000")))
        await send({"type": "http.response.body", "body": b'{"id": "half', "more_body": True})
        await asyncio.sleep(0.05)
    elif model == "zips":
        await _bytes(
            send,
            gzip.compress(json.dumps(_reply(request.path, asked, model)).encode()),
            ((b"content-encoding", b"gzip"),),
        )
    else:
        await _whole(send, _reply(request.path, asked, model))


def _reply(path: str, asked: Mapping[str, Any], model: str) -> dict[str, Any]:
    text = "".join(WORDS) if "response_format" not in asked and "text" not in asked else '{"city": "Paris"}'
    match path:
        case "/v1/models":
            return {"object": "list", "data": [_model("answers"), _model("calls")]}
        case "/v1/embeddings":
            row = {"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}
            return {"object": "list", "data": [row], "model": model, "usage": {"prompt_tokens": 3, "total_tokens": 3}}
        case "/v1/messages":
            return _message(asked, model)
        case "/v1/messages/count_tokens":
            return {"input_tokens": 42}
        case "/v1/responses":
            return _response(model, text)
    if path.startswith("/v1/models/"):
        return _model(unquote(path.removeprefix("/v1/models/")))
    said: dict[str, Any] = {"role": "assistant", "content": text}
    if model == "echoes":
        said["content"] = asked["messages"][-1]["content"]
    if model == "calls" and asked["messages"][-1]["role"] != "tool":
        call = {"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": '{"city":"Paris"}'}}
        said = {"role": "assistant", "content": None, "tool_calls": [call]}
    choice = {"index": 0, "message": said, "finish_reason": "tool_calls" if said["content"] is None else "stop"}
    return {
        "id": "chatcmpl-7",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [choice],
        "usage": USAGE,
    }


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1, "owned_by": "loopback"}


def _message(asked: Mapping[str, Any], model: str) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": "".join(WORDS)}
    if model == "calls":
        block = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Paris"}}
    return {
        "id": "msg_7",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [block],
        "stop_reason": "tool_use" if model == "calls" else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 7},
    }


def _response(model: str, text: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    said = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}
    return {
        "id": "resp_7",
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": model,
        "output": [said],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {"input_tokens": 11, "output_tokens": 7, "total_tokens": 18},
    }


async def _stream(send: Send, path: str, asked: Mapping[str, Any], model: str) -> None:
    await _start(send, 200, ((b"content-type", b"text/event-stream"),))
    events = list(_events(path, model))
    events = events[:-1] if model == "stalls" else events
    while True:
        for event in events:
            await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
            await asyncio.sleep(0.01)
            if model == "breaks":
                return
        if model == "stalls":
            await asyncio.sleep(5)
        if model != "trickles":
            break
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _events(path: str, model: str) -> Iterator[str]:
    if path == "/v1/messages":
        yield from _message_events(model)
        return
    if path == "/v1/responses":
        for number, word in enumerate(WORDS):
            event = {"type": "response.output_text.delta", "delta": word, "item_id": "msg_1", "output_index": 0}
            yield _event({**event, "content_index": 0, "sequence_number": number, "logprobs": []})
        done = {"type": "response.completed", "response": _response(model, "".join(WORDS)), "sequence_number": 9}
        yield _event(done)
        return
    for number, word in enumerate(WORDS):
        choice = {"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": None}
        yield _event({**_chunk(model), "choices": [choice], "number": number}, named=False)
    last = {"index": 0, "delta": {}, "finish_reason": "stop"}
    yield _event({**_chunk(model), "choices": [last], "usage": USAGE}, named=False)
    if model != "trickles":
        yield "data: [DONE]\n\n"


def _chunk(model: str) -> dict[str, Any]:
    return {"id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 1, "model": model}


def _message_events(model: str) -> Iterator[str]:
    empty: dict[str, Any] = {**_message({}, model), "content": [], "stop_reason": None}
    yield _event({"type": "message_start", "message": empty})
    yield _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    for word in WORDS:
        delta = {"type": "text_delta", "text": word}
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
    yield _event({"type": "content_block_stop", "index": 0})
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": end, "usage": {"output_tokens": 7}})
    yield _event({"type": "message_stop"})


def _event(value: Mapping[str, Any], *, named: bool = True) -> str:
    name = f"event: {value['type']}\n" if named else ""
    return f"{name}data: {json.dumps(value)}\n\n"


async def _start(send: Send, status: int, headers: tuple[tuple[bytes, bytes], ...]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"x-upstream", b"yes")]})


async def _whole(
    send: Send, value: Mapping[str, Any], *, status: int = 200, more: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    await _bytes(send, json.dumps(value).encode(), more, status=status)


async def _bytes(send: Send, content: bytes, more: tuple[tuple[bytes, bytes], ...], *, status: int = 200) -> None:
    headers = ((b"content-type", b"application/json"), (b"content-length", str(len(content)).encode()), *more)
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": content})
