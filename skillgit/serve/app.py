"""The table of routes, and the one place where errors become answers."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from skillgit.errors import SkillgitError
from skillgit.serve import audit, formats, health, mcp, metrics, proxy
from skillgit.serve.api import endpoint, table
from skillgit.serve.formats import Format
from skillgit.serve.problem import Problem, status_of, told
from skillgit.serve.route import SECURITY, Endpoint, Row
from skillgit.serve.server import Server

if TYPE_CHECKING:
    from skillgit.serve.mcp.mount import Mount

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
"""What every route answers, if only to say which of them it has: so the first route of a path is its only one."""


def _talk(path: str, wire: Format, *, learns: bool = True) -> Row:
    return Row("POST", path, partial(proxy.converse, wire=wire, learns=learns), wire)


def _pass(method: str, path: str, wire: Format = formats.CHAT) -> Row:
    return Row(method, path, partial(proxy.plain, wire=wire), wire)


ROUTES = (
    Row("GET", "/health", health.health),
    Row("GET", "/metrics", metrics.metrics),
    _talk("/v1/chat/completions", formats.CHAT),
    _talk("/v1/responses", formats.RESPONSES),
    _talk("/v1/messages", formats.MESSAGES),
    _talk("/v1/messages/count_tokens", formats.MESSAGES, learns=False),
    _pass("POST", "/v1/completions"),
    _pass("POST", "/v1/embeddings"),
    _pass("GET", "/v1/models"),
    _pass("GET", "/v1/models/{name:path}"),
    *map(endpoint.row, table.OPERATIONS),
)


def app(server: Server) -> Starlette:
    """The application for a server, which starts and stops it; with MCP among its routes where that extra is there."""
    mounts = [_mount(server)] if mcp.is_installed() else []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            await server.start()
            running.push_async_callback(server.stop)
            for each in mounts:
                await running.enter_async_context(each.running())
            yield

    made = Starlette(
        routes=_routes([*ROUTES, *(each.row for each in mounts)]),
        exception_handlers={HTTPException: _missing},
        lifespan=lifespan,
    )
    made.state.server = server
    made.state.meter = metrics.Meter()
    return made


def _mount(server: Server) -> Mount:
    from skillgit.serve.mcp.mount import Entrance, mount  # an extra

    return mount(server.desk, Entrance(server.gate, server.limit, server.rules.max_body))


def _routes(rows: Iterable[Row]) -> list[Route]:
    """A route for each path of some rows, with all of its methods."""
    known: dict[str, dict[str, Endpoint]] = {}
    for row in rows:
        known.setdefault(row.path, {})[row.method] = metrics.metered(row, guarded(row))
    return [Route(path, partial(_by_method, own), methods=METHODS) for path, own in known.items()]


async def _by_method(own: Mapping[str, Endpoint], request: Request) -> ASGIApp:
    endpoint = own.get("GET" if request.method == "HEAD" else request.method)
    if endpoint is None:
        raise HTTPException(405, headers={"Allow": ", ".join([*own, *(["HEAD"] if "GET" in own else [])])})
    return await endpoint(request)


def guarded(row: Row) -> Endpoint:
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
    headers = dict(SECURITY)
    if isinstance(err, Problem) and err.wait is not None:
        headers["Retry-After"] = str(max(1, round(err.wait)))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(wire.refusal(status, told(err)), status, headers=headers)


async def _missing(request: Request, err: Exception) -> Response:
    assert isinstance(err, HTTPException)
    message = f"no route {request.method} {request.url.path}"
    headers = {**SECURITY, **(err.headers or {})}
    return JSONResponse(formats.CHAT.refusal(err.status_code, message), err.status_code, headers=headers)
