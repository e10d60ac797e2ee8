"""Coming in with a key, going out again, and whose library is looked at."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from skillgit.changes.skill import owner
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.route import SECURITY, Row
from skillgit.serve.server import Server
from skillgit.serve.web import door, endpoint, render
from skillgit.serve.web.page import Cookie, Page, Redirect, View, Visit

_LONGEST = 1 << 16


async def asked(request: Request) -> ASGIApp:
    """The form for a key; where none is needed, it is not shown."""
    server: Server = request.app.state.server
    wanted = door.own_path(request.query_params.get("next", "/"))
    if server.gate.is_open:
        return RedirectResponse(wanted, 303, SECURITY)
    return _form(request, wanted, problem="")


async def entered(request: Request) -> ASGIApp:
    """A session begins, where the key is one; Problem, 429, where too many were wrong. A right one always opens.

    Behind a proxy all come from one address: who guesses there must not keep the others out.
    """
    server: Server = request.app.state.server
    door.check_origin(request)
    said = await endpoint.form(request, limit=_LONGEST)
    wanted = door.own_path(said.get("next", "/"))
    key = server.gate.keyring.find(said.get("key", "").strip())
    if key is None:
        server.logins.count(request.client.host if request.client else "")
        return _form(request, wanted, problem="login.wrong")
    made = RedirectResponse(wanted, 303, SECURITY)
    endpoint.keep(request, made, [door.begin(server, key), door.chosen("")])
    return made


async def left(visit: Visit) -> Redirect:
    """The session is over in this browser."""
    return Redirect("/login", [Cookie(door.SESSION, "", 0), door.chosen("")])


def users(visit: Visit, hands: Hands) -> View:
    """Whose library could be looked at."""
    _check_right(visit)
    counts = Counter(owner(path) for path in hands.repo.skills(hands.repo.tip("HEAD")))
    known = sorted((user, count) for user, count in counts.items() if user)
    return View("users.html", {"known": known})


async def switched(visit: Visit) -> Redirect:
    """From now on this user's library is looked at, or what else the form says."""
    _check_right(visit)
    return Redirect(door.own_path(visit.form.get("next", "/library")), [door.chosen(visit.form.get("user", ""))])


def _check_right(visit: Visit) -> None:
    if not visit.may_act:
        raise Problem(403, "this key may not act for other users")


def _form(request: Request, wanted: str, *, problem: str) -> ASGIApp:
    view = View("login.html", {"next": wanted, "problem": problem}, 401 if problem else 200)
    made = render.response(view, language=endpoint.language(request), here=endpoint.here(request))
    endpoint.keep(request, made)
    return made


PAGES = (
    Page("POST", "/logout", left, at=None),
    Page("GET", "/users", users),
    Page("POST", "/users", switched, at=None),
)
ROWS = (
    Row("GET", "/login", asked, refuse=endpoint.refused),
    Row("POST", "/login", entered, refuse=endpoint.refused),
)
