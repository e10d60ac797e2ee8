"""Who looks at a page: by a key in a header, by a session that a key has begun, or anybody where no key is needed.

    skillgit-session    the key's name and a random number, signed; never the key

A session ends after twelve hours, with its key, or when `.git/skillgit/web-secret` is removed, with which it is signed.
Every form carries a token that is bound to the session: what another site posts has none, and is refused by its
`Origin` as well.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from itsdangerous import BadData, Signer, URLSafeTimedSerializer
from starlette.requests import Request

from skillgit import files
from skillgit.errors import SkillgitError
from skillgit.git import lock
from skillgit.git.repo import Repo
from skillgit.serve.identity import KEY_HEADERS, Caller
from skillgit.serve.keys import Key
from skillgit.serve.problem import Problem
from skillgit.serve.server import Server
from skillgit.serve.web.page import Cookie
from skillgit.skills import naming

SESSION: Final = "skillgit-session"
USER: Final = "skillgit-user"
TOKEN: Final = "skillgit-csrf"
"""The header with a form's token, for scripts; in a form it is the field `token`."""

_HOURS: Final = 12 * 3600
_YEAR: Final = 365 * 86_400
_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is let in. `may_act` says that other users' libraries may be looked at; forms are bound to `session`."""

    caller: Caller
    may_act: bool
    session: str


def enter(request: Request) -> tuple[Server, Guest]:
    """The server, and who looks. Raises Problem where nobody may, or not so often."""
    server: Server = request.app.state.server
    guest = _by_session(server, request) or _by_header(server, request)
    server.limit.count(guest.caller.user)
    return server, guest


def acting(request: Request, guest: Guest) -> Caller:
    """The guest as the user whose library is to be looked at, which is another one's where the guest has chosen so."""
    chosen = unquote(request.cookies.get(USER, ""))
    if not (guest.may_act and chosen):
        return guest.caller
    return replace(guest.caller, user=naming.user_segment(chosen))


def begin(server: Server, key: Key) -> Cookie:
    """A session of a key."""
    said = [key.name, secrets.token_urlsafe(12)]
    return Cookie(SESSION, str(_sessions(server).dumps(said)), _HOURS)


def chosen(user: str) -> Cookie:
    """That the library of this user is looked at; of the guest's own for ""."""
    return Cookie(USER, quote(user, safe=""), _YEAR if user else 0)


def token(server: Server, session: str) -> str:
    """What the forms of a session carry."""
    return Signer(_secret(server.repo), salt="form").get_signature(session).decode()


def check_form(request: Request, form: Mapping[str, str], expected: str) -> None:
    """Raise Problem for what was not posted from a page of this session's."""
    check_origin(request)
    sent = request.headers.get(TOKEN) or form.get("token", "")
    if not hmac.compare_digest(sent.encode(), expected.encode()):
        raise Problem(403, "this form is not of your session", hint="load its page again")


def check_origin(request: Request) -> None:
    """Raise Problem for what another site has made a browser post.

    A browser that says by itself that it is the same site is believed: behind a proxy `Host` may be another one.
    """
    headers = request.headers
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    is_ours = origin is None or _host(origin) == headers.get("host", "").lower()
    if not (site in ("same-origin", "none") if site else is_ours):
        raise Problem(403, "no page of another site is served")


def own_path(wanted: str) -> str:
    """A path of ours to go on to, or "/" for anything else."""
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if safe and "\\" not in wanted else "/"


def _by_session(server: Server, request: Request) -> Guest | None:
    """Who has begun the session of the cookie, where it and its key hold."""
    cookie = request.cookies.get(SESSION, "")
    if not cookie or any(name in request.headers for name in KEY_HEADERS):
        return None
    try:
        name, number = _sessions(server).loads(cookie, max_age=_HOURS)
    except (BadData, ValueError, TypeError):
        return None
    key = server.gate.keyring.named(str(name))
    return Guest(Caller(key.user, key.name, key.acts), key.acts, f"session {number}") if key else None


def _by_header(server: Server, request: Request) -> Guest:
    """Who sends a key or a token along, or is this machine's user. Raises Problem."""
    caller = server.gate.caller(request)
    return Guest(caller, caller.acts or not caller.key, f"key {caller.key}")


def _sessions(server: Server) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_secret(server.repo), salt="session")


def _secret(repo: Repo) -> bytes:
    """What sessions and tokens are signed with, the same for all processes of a repository."""
    file = repo.private / "web-secret"
    try:
        if not file.exists():
            _make_secret(repo, file)
        return file.read_bytes()
    except OSError as err:
        raise SkillgitError(f"cannot read '{file}': {err}") from err


def _make_secret(repo: Repo, file: Path) -> None:
    with lock.hold(repo.private / "keys.lock", seconds=_WAIT):
        if not file.exists():
            files.write(file, secrets.token_hex(32).encode())


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
