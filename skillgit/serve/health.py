"""Whether a server can do its work: the repository, the learning process, the upstreams."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from skillgit.errors import DatabaseError
from skillgit.learn.jobs import jobs
from skillgit.models.relay import Unanswered
from skillgit.models.upstream import Upstream
from skillgit.serve import audit
from skillgit.serve.server import Server

_SECONDS = 5.0
_FRESH = 5.0  # seconds for which an answer is given again: whoever asks often costs the upstream nothing


async def health(request: Request) -> ASGIApp:
    """What works, with 200 where all does and 503 where something does not. It is for everybody, and names nothing."""
    said = await checked(request.app.state.server)
    return JSONResponse(said, 200 if said["ok"] else 503, {"Cache-Control": "no-store"})


async def checked(server: Server) -> dict[str, Any]:
    """What `/health` answers: whether all is `ok`, what each of the `checks` says, and how many `jobs` there are."""
    if server.checked is None or server.checked[0] < time.monotonic() - _FRESH:
        server.checked = time.monotonic(), await _checked(server)
    return server.checked[1]


async def _checked(server: Server) -> dict[str, object]:
    index, reached, counts = await asyncio.gather(
        server.retrieval.check(),
        asyncio.gather(*(_reached(server, each) for each in server.rules.upstreams)),
        asyncio.to_thread(_jobs, server),
    )
    if index:
        audit.trouble(f"the repository cannot be searched: {index}")
    checks = {
        "repository": "it cannot be searched" if index else "",
        **({"upstream": next(filter(None, reached), "")} if reached else {}),
        "learning": "" if server.worker.pid else "the process does not run",
        "jobs": "" if counts is not None else "they cannot be read",
    }
    told = {name: trouble or "ok" for name, trouble in checks.items()}
    return {"ok": not any(checks.values()), "checks": told, "jobs": counts or {}}


async def _reached(server: Server, upstream: Upstream) -> str:
    """Why an upstream cannot be reached, or ""; any answer of its will do."""
    try:
        async with asyncio.timeout(_SECONDS):
            asked = server.relay.answer("GET", upstream.at("/v1/models"), headers=upstream.headers, content=b"")
            async with asked as answer:
                return f"it answers {answer.status}" if answer.status >= 500 else ""
    except Unanswered as err:
        return err.message
    except TimeoutError:
        return f"no answer within {_SECONDS:g} s"


def _jobs(server: Server) -> dict[str, int] | None:
    try:
        with jobs(server.repo) as queue:
            return queue.count()
    except DatabaseError as err:
        audit.trouble(f"the jobs cannot be read: {err.message}")
        return None
