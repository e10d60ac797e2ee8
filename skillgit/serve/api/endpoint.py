"""How a request becomes an `Ask`, and what comes of it an answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar, cast

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import ASGIApp

from skillgit.errors import UsageError
from skillgit.serve import audit
from skillgit.serve.api.operation import EVENTS, JSON, Answer, Ask, AtDesk, OnLoop, Operation, Reply
from skillgit.serve.identity import Caller
from skillgit.serve.problem import Problem
from skillgit.serve.route import SECURITY, Row, acting, body, enter
from skillgit.serve.server import Server

Shape = TypeVar("Shape", bound=Struct)


def row(operation: Operation) -> Row:
    """The route of an operation."""
    return Row(operation.method, operation.path, partial(answered, operation=operation))


async def answered(request: Request, *, operation: Operation) -> ASGIApp:
    """The answer to a request. Raises Problem and UsageError for one that is none."""
    began = time.monotonic()
    server, caller = enter(request)
    ask = await _asked(request, operation, server=server, caller=acting(request, caller))
    answer = await _run(operation, ask)
    made = _response(operation, answer if isinstance(answer, Reply) else Reply(answer), method=request.method)
    audit.record(
        request=f"{request.method} {request.url.path}",
        status=made.status_code,
        ms=round(1000 * (time.monotonic() - began), 1),
        user=ask.user,
        key=caller.key,
    )
    return made


def read(content: bytes, shape: type[Shape]) -> Shape:
    """What a text of JSON says, as a shape. Raises UsageError where it is none, or another one."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (ValueError, RecursionError) as err:
        raise UsageError(f"the body is not what this route takes: {err}") from err


async def _asked(request: Request, operation: Operation, *, server: Server, caller: Caller) -> Ask[Any, Any]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    headers = {name.lower(): request.headers.get(name, "") for name in operation.headers}
    query = _query(request, operation.query)
    given = await _given(request, operation, media=media, limit=server.rules.max_body)
    return Ask(server, caller, request.path_params, query, given, headers, media)


def _query(request: Request, shape: type[Struct]) -> Struct:
    pairs = request.query_params.multi_items()
    named = dict(pairs)
    if len(named) < len(pairs):
        raise UsageError("a parameter stands twice in the query")
    try:
        return msgspec.convert(named, shape, strict=False)
    except msgspec.ValidationError as err:
        raise UsageError(f"the query is not what this route takes: {err}") from err


async def _given(request: Request, operation: Operation, *, media: str, limit: int) -> Struct | bytes | None:
    """The body, if the operation takes one: what its JSON says, or its bytes."""
    takes = operation.takes
    if not takes:
        return None
    allowed = (JSON,) if isinstance(takes, type) else takes
    if media not in allowed:
        raise Problem(415, f"the body has to be {' or '.join(allowed)}")
    content = await body(request, limit=limit)
    return read(content, takes) if isinstance(takes, type) else content


async def _run(operation: Operation, ask: Ask[Any, Any]) -> Answer:
    if operation.at is None:
        return await cast(OnLoop, operation.run)(ask)
    return await ask.server.desk.do(operation.at, partial(cast(AtDesk, operation.run), ask))


def _response(operation: Operation, reply: Reply, *, method: str) -> Response:
    status = reply.status or operation.status
    headers = {**SECURITY, **reply.headers}
    if status == 304:
        return Response(status_code=status, headers=headers)
    media = operation.gives if isinstance(operation.gives, str) else JSON
    if isinstance(reply.content, Struct):
        return Response(msgspec.json.encode(reply.content), status, headers, JSON)
    if isinstance(reply.content, bytes):
        return Response(reply.content, status, headers, _charset(media))
    if method == "HEAD":
        return Response(b"", status, headers, media)
    return StreamingResponse(reply.content, status, headers, media)


def _charset(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") and media != EVENTS else media


def etag(oid: str) -> str:
    """What an oid is as an entity tag."""
    return f'"{oid}"'


def tags(header: str) -> frozenset[str]:
    """The entity tags of a header; what is weak is none."""
    return frozenset(each.strip() for each in header.split(",") if each.strip())


def unless_known(headers: Mapping[str, str], reply: Reply) -> Reply:
    """The reply, or that nothing has changed since the client got it: its `ETag` stands in `If-None-Match`."""
    known = tags(headers.get("if-none-match", ""))
    if "*" in known or {each.removeprefix("W/") for each in known} & {reply.headers["ETag"]}:
        return Reply(b"", {"ETag": reply.headers["ETag"]}, 304)
    return reply


def check_match(headers: Mapping[str, str], oid: str, *, is_needed: bool) -> None:
    """Raise Problem where a client would change something else than what it has read."""
    header = headers.get("if-match", "")
    if not header:
        if is_needed:
            raise Problem(428, "say in If-Match which ETag you have read, or '*'")
        return
    if not {"*", etag(oid)} & tags(header):
        raise Problem(412, "it is no longer what you have read", hint="read it again")
