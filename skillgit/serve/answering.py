"""The answer of an upstream, handed on as it comes: status, headers and bytes are its own.

Where a client leaves, the upstream is left at once. Where an upstream breaks off in the middle, so does the answer: the
client's connection is closed without an end, as it would have been without us.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from anyio import CancelScope, create_task_group
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from skillgit.models.relay import Answer, Headers, Relay, Unanswered
from skillgit.transcripts.fields import Fields

LEFT: Final = 499
"""What is noted as the status where the client did not wait for one."""

HOP_BY_HOP: Final = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding"
    b" upgrade".split()
)
_OBJECT = re.compile(rb'\s*\{(?=\s*")')


@dataclass(frozen=True, slots=True)
class Passing:
    """A request on its way, and what its answer gets from us.

    `skills` and `job` are its headers, the job's only where the answer is a good one; `member` is put first into an
    answer that is an object of JSON and not compressed; "" is none. `refusal` is how an error of ours looks. `ended`
    hears the status, and whether the answer came to its end.
    """

    method: str
    url: str
    headers: Headers
    content: bytes
    skills: str
    job: str
    member: str
    refusal: Callable[[int, str], Fields]
    ended: Callable[[int, bool], None]


async def pass_on(relay: Relay, passing: Passing, scope: Scope, receive: Receive, send: Send) -> None:
    """Send a request to its upstream and hand the answer on, until it ends or the client leaves."""
    status, whole = LEFT, False
    try:
        async with create_task_group() as group:
            group.start_soon(_until_left, receive, group.cancel_scope)
            status, whole = await _handed_on(relay, passing, scope, receive, send)
            group.cancel_scope.cancel()
    finally:
        passing.ended(status, whole)


async def _until_left(receive: Receive, scope: CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _handed_on(relay: Relay, passing: Passing, scope: Scope, receive: Receive, send: Send) -> tuple[int, bool]:
    """The status of the answer, and whether it came to its end."""
    begun = 0
    try:
        asked = relay.answer(passing.method, passing.url, headers=passing.headers, content=passing.content)
        async with asked as answer:
            opening, size = await _opening(answer, passing)
            headers = [*_own(answer.headers, grown=size), *_ours(answer, passing)]
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            begun = answer.status
            if opening:
                await send({"type": "http.response.body", "body": opening, "more_body": True})
            async for chunk in answer.chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return begun, True
    except Unanswered as err:
        if not begun:
            refused = JSONResponse(passing.refusal(err.status, err.message), err.status)
            await refused(scope, receive, send)
        return begun or err.status, False


async def _opening(answer: Answer, passing: Passing) -> tuple[bytes, int]:
    """What comes first, with our member in it where there is a place for that, and by how much it has grown."""
    if not passing.member or not _is_object(answer):
        return b"", 0
    first = await anext(answer.chunks, b"")
    place = _OBJECT.match(first)
    if not place:
        return first, 0
    member = f"{passing.member},".encode()
    return first[: place.end()] + member + first[place.end() :], len(member)


def _is_object(answer: Answer) -> bool:
    headers = {name.lower(): value for name, value in answer.headers}
    is_json = headers.get(b"content-type", b"").startswith(b"application/json")
    return answer.status == 200 and is_json and b"content-encoding" not in headers


def _ours(answer: Answer, passing: Passing) -> Iterator[tuple[bytes, bytes]]:
    if passing.skills:
        yield b"skillgit-skills", passing.skills.encode()
    if passing.job and 200 <= answer.status < 300:
        yield b"skillgit-job", passing.job.encode()


def _own(headers: Headers, *, grown: int) -> Iterator[tuple[bytes, bytes]]:
    """The headers that are the answer's and not its connection's."""
    named = {
        each.strip().lower() for name, value in headers if name.lower() == b"connection" for each in value.split(b",")
    }
    for name, value in headers:
        lower = name.lower()
        if lower == b"content-length":
            yield lower, str(int(value) + grown).encode()
        elif lower not in HOP_BY_HOP and lower not in named:
            yield lower, value
