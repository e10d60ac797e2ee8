"""The table of routes, and the one place where errors become answers."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from skillgit.errors import SkillgitError
from skillgit.serve import audit, formats, health, proxy
from skillgit.serve.formats import Format
from skillgit.serve.problem import Problem, status_of
from skillgit.serve.route import Row
from skillgit.serve.server import Server

SECURITY = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}
"""Headers of every answer that is our own."""


def _talk(path: str, wire: Format, *, learns: bool = True) -> Row:
    return Row("POST", path, partial(proxy.converse, wire=wire, learns=learns), wire)


def _pass(method: str, path: str, wire: Format = formats.CHAT) -> Row:
    return Row(method, path, partial(proxy.plain, wire=wire), wire)


ROUTES = (
    Row("GET", "/health", health.health),
    _talk("/v1/chat/completions", formats.CHAT),
    _talk("/v1/responses", formats.RESPONSES),
    _talk("/v1/messages", formats.MESSAGES),
    _talk("/v1/messages/count_tokens", formats.MESSAGES, learns=False),
    _pass("POST", "/v1/completions"),
    _pass("POST", "/v1/embeddings"),
    _pass("GET", "/v1/models"),
    _pass("GET", "/v1/models/{name:path}"),
)


def app(server: Server) -> Starlette:
    """The application for a server, which starts and stops it."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await server.start()
        try:
            yield
        finally:
            await server.stop()

    made = Starlette(
        routes=[Route(row.path, _guarded(row), methods=[row.method]) for row in ROUTES],
        exception_handlers={HTTPException: _missing},
        lifespan=lifespan,
    )
    made.state.server = server
    return made


def _guarded(row: Row) -> Callable[[Request], Awaitable[ASGIApp]]:
    """The endpoint, whose errors are answers in the format of the route."""

    async def endpoint(request: Request) -> ASGIApp:
        try:
            return await row.endpoint(request)
        except SkillgitError as err:
            return _refused(request, row.wire, err)
        except Exception:
            audit.trouble(traceback.format_exc())
            return JSONResponse(row.wire.refusal(500, "skillgit has a bug here"), 500, headers=SECURITY)

    return endpoint


def _refused(request: Request, wire: Format, err: SkillgitError) -> Response:
    status = status_of(err)
    audit.record(request=f"{request.method} {request.url.path}", status=status, trouble=err.message)
    message = f"{err.message}; {err.hint}" if err.hint else err.message
    headers = dict(SECURITY)
    if isinstance(err, Problem) and err.wait is not None:
        headers["Retry-After"] = str(max(1, round(err.wait)))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(wire.refusal(status, message), status, headers=headers)


async def _missing(request: Request, err: Exception) -> Response:
    assert isinstance(err, HTTPException)
    message = f"no route {request.method} {request.url.path}"
    return JSONResponse(formats.CHAT.refusal(err.status_code, message), err.status_code, headers=SECURITY)
