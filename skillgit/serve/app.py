"""The table of routes, and the one place where errors become answers."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
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
from skillgit.serve import audit, formats, health, mcp, metrics, proxy, web
from skillgit.serve.api import endpoint, table
from skillgit.serve.formats import Format
from skillgit.serve.problem import Problem, status_of, told
from skillgit.serve.route import SECURITY, Endpoint, Refuse, Row
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

    pages = _pages(server)
    made = Starlette(
        routes=_routes([*ROUTES, *(each.row for each in mounts), *pages]),
        exception_handlers={HTTPException: partial(_missing, refuse=pages[0].refuse if pages else None)},
        lifespan=lifespan,
    )
    made.state.server = server
    made.state.meter = metrics.Meter()
    return made


def _mount(server: Server) -> Mount:
    from skillgit.serve.mcp.mount import Entrance, mount  # an extra

    return mount(server.desk, Entrance(server.gate, server.limit, server.rules.max_body))


def _pages(server: Server) -> Sequence[Row]:
    """The pages for people, where they are wanted and what they are made with is there."""
    if not (server.rules.pages and web.is_installed()):
        return ()
    from skillgit.serve.web.table import ROWS  # an extra

    return ROWS


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
            return _refused(request, row, err)
        except Exception:
            audit.trouble(traceback.format_exc())
            return _answer(request, row, 500, Problem(500, "skillgit has a bug here"))

    return endpoint


def _refused(request: Request, row: Row, err: SkillgitError) -> Response:
    status = status_of(err)
    audit.record(request=f"{request.method} {request.url.path}", status=status, trouble=err.message)
    made = _answer(request, row, status, err)
    if isinstance(err, Problem) and err.wait is not None:
        made.headers["Retry-After"] = str(max(1, round(err.wait)))
    if status == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    return made


def _answer(request: Request, row: Row, status: int, err: SkillgitError) -> Response:
    if row.refuse:
        return row.refuse(request, status, err)
    return JSONResponse(row.wire.refusal(status, told(err)), status, headers=SECURITY)


async def _missing(request: Request, err: Exception, *, refuse: Refuse | None) -> Response:
    """What no route is for: a page for who reads pages, if there are any."""
    assert isinstance(err, HTTPException)
    message = f"no route {request.method} {request.url.path}"
    headers = {**SECURITY, **(err.headers or {})}
    if refuse and "text/html" in request.headers.get("accept", ""):
        return refuse(request, err.status_code, Problem(err.status_code, message))
    return JSONResponse(formats.CHAT.refusal(err.status_code, message), err.status_code, headers=headers)
