"""How a request becomes a `Visit`, what comes of it an answer, and an error a page."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp

from skillgit.errors import SkillgitError, UsageError
from skillgit.serve import audit
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem, told
from skillgit.serve.route import SECURITY, Row, body
from skillgit.serve.web import door, render, words
from skillgit.serve.web.page import Answer, AtDesk, Cookie, Data, Language, OnLoop, Page, Redirect, Stream, View, Visit

LANGUAGE = "skillgit-language"
_YEAR = 365 * 86_400
_FIELDS = 1000


def row(page: Page) -> Row:
    """The route of a page."""
    return Row(page.method, page.path, partial(answered, page=page), refuse=refused)


async def answered(request: Request, *, page: Page) -> ASGIApp:
    """The answer to a request. Raises Problem for one that is not let in, and whatever the page raises."""
    began = time.monotonic()
    visit = await _visit(request, page)
    if page.at is None:
        answer, made = _made(visit, await cast(OnLoop, page.run)(visit))
    else:
        answer, made = await visit.server.desk.do(page.at, partial(_at_desk, cast(AtDesk, page.run), visit))
    if isinstance(answer, Stream) and request.method == "HEAD":
        made = Response(b"", 200, SECURITY, answer.media)
    keep(request, made, answer.cookies if isinstance(answer, Redirect) else ())
    audit.record(
        request=f"{request.method} {request.url.path}",
        status=made.status_code,
        ms=round(1000 * (time.monotonic() - began), 1),
        user=visit.user,
        key=visit.caller.key,
    )
    return made


def refused(request: Request, status: int, err: SkillgitError) -> Response:
    """An error as a page; who only has to say who he is comes to the login.

    Where a link of another site has led here, the browser has kept the session to itself, and asks again from our own.
    """
    if status == 401 and request.method == "GET" and request.headers.get("sec-fetch-mode", "navigate") == "navigate":
        if request.headers.get("sec-fetch-site") == "cross-site":
            return render.response(View("again.html"), language=language(request), here=here(request))
        return RedirectResponse(render.address("/login", next=here(request)), 303, SECURITY)
    is_inside = status >= 500 and not isinstance(err, Problem)
    said = {"message": told(err) if is_inside else err.message, "hint": "" if is_inside else err.hint}
    view = View("error.html", {**said, "status": status}, status)
    return render.response(view, language=language(request), here=here(request))


def language(request: Request) -> Language:
    """The language that a visitor reads."""
    wanted = (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE, ""))
    return words.language(*wanted, request.headers.get("accept-language", ""))


def here(request: Request) -> str:
    """The path that was asked for, with its query but for the language; two slashes before it would name a host."""
    query = {name: value for name, value in request.query_params.items() if name != "lang"}
    return render.address(f"/{request.scope['path'].lstrip('/')}", **query)


async def form(request: Request, *, limit: int) -> Mapping[str, str]:
    """What a form says; of a name that stands twice, the last. Raises Problem and UsageError for what is none."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in ("application/x-www-form-urlencoded", ""):
        raise Problem(415, "the body has to be a form")
    content = await body(request, limit=limit)
    try:
        return dict(parse_qsl(content.decode(), keep_blank_values=True, max_num_fields=_FIELDS))
    except ValueError as err:
        raise UsageError("the body is not a form") from err


def keep(request: Request, made: Response, cookies: Sequence[Cookie] = ()) -> None:
    """The browser is told to keep these, and the language that was asked for; it shows them to us alone.

    Where the request came encrypted, they go no other way. Who says so falsely harms nobody else.
    """
    wanted = request.query_params.get("lang", "")
    is_encrypted = "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))
    spoken = [Cookie(LANGUAGE, wanted, _YEAR)] if wanted in words.LANGUAGES else []
    for each in (*cookies, *spoken):
        made.set_cookie(
            each.name,
            each.value,
            max_age=each.seconds,
            path="/",
            httponly=True,
            samesite="strict",
            secure=is_encrypted,
        )


async def _visit(request: Request, page: Page) -> Visit:
    server, guest = door.enter(request)
    token = door.token(server, guest.session)
    posted: Mapping[str, str] = {}
    if page.method == "POST":
        posted = await form(request, limit=server.rules.max_body)
        door.check_form(request, posted, token)
    return Visit(
        server,
        door.acting(request, guest),
        guest.may_act,
        language(request),
        request.path_params,
        dict(request.query_params),
        posted,
        token,
        here(request),
    )


def _at_desk(run: AtDesk, visit: Visit, hands: Hands) -> tuple[Answer, Response]:
    return _made(visit, run(visit, hands))


def _made(visit: Visit, answer: Answer) -> tuple[Answer, Response]:
    """What a page answers with, and how it is sent."""
    match answer:
        case View():
            return answer, render.response(answer, language=visit.language, visit=visit, here=visit.here)
        case Redirect():
            return answer, RedirectResponse(door.own_path(answer.to), 303, SECURITY)
        case Data():
            return answer, Response(answer.content, answer.status, {**SECURITY, **answer.headers}, answer.media)
    return answer, StreamingResponse(answer.chunks, 200, {**SECURITY, "X-Accel-Buffering": "no"}, answer.media)
