"""Who asks, and whether he may: keys, and what is trusted where there are none.

Without any key a server is open to this machine alone, for one user: it listens on loopback, and takes no request that
a web page of elsewhere could have made (`Host`, `Origin`). With keys, or with an issuer of tokens, every request needs
one. Its user is the key's, or the token's; a key that may act for others says whom it acts for, in `skillgit-user` or
in the field of the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

from skillgit.serve.keys import PREFIX, Keyring
from skillgit.serve.problem import Problem
from skillgit.skills import naming

if TYPE_CHECKING:
    from skillgit.serve.tokens import Tokens

_LOOPBACK = re.compile(r"localhost|127(?:\.\d{1,3}){3}|\[?::1\]?", re.IGNORECASE)
KEY_HEADERS = ("skillgit-key", "authorization", "x-api-key")
"""Where a client's key may stand. In the last two it may as well be the upstream's."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the user, the name of the key, "" where none is needed, and whether it may act for others.

    `header` is where the key stood: it goes no further.
    """

    user: str
    key: str = ""
    acts: bool = False
    header: str = ""

    def acting_for(self, client_id: str) -> Caller:
        """The same key, acting for a user by the id that the client has for it. Raises Problem where it may not."""
        user = naming.user_segment(client_id)
        if user != self.user and not self.acts:
            raise Problem(403, "this key may not act for other users")
        return replace(self, user=user)


@dataclass(frozen=True, slots=True)
class Gate:
    """Who is let in. `is_local` says that the server listens on loopback only; `user` is whose it is without keys."""

    keyring: Keyring
    user: str
    is_local: bool
    tokens: Tokens | None = None

    @property
    def is_open(self) -> bool:
        """Whether no key is needed."""
        return self.is_local and self.tokens is None and self.keyring.is_empty

    def caller(self, request: Request) -> Caller:
        """Who asks. Raises Problem, 401 or 403, which says nothing of what there is."""
        sent = {name: _bare(request.headers.get(name, "")) for name in KEY_HEADERS}
        for name, text in sent.items():
            if text.startswith(PREFIX):
                return self._by_key(text, name)
        for name, text in sent.items():
            if self.tokens and _is_token(text):
                return Caller(naming.user_segment(self.tokens.user(text)), "token", header=name)
        if not self.is_open:
            raise Problem(401, "a key of skillgit's is needed")
        _check_host(request)
        if not _is_followed(request):
            _check_site(request)
        return Caller(self.user)

    def _by_key(self, text: str, header: str) -> Caller:
        key = self.keyring.find(text)
        if key is None:
            raise Problem(401, "this key is not valid")
        return Caller(key.user, key.name, key.acts, header)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, and nobody else can reach it."""
    return bool(_LOOPBACK.fullmatch(host))


def is_ours(name: bytes, value: bytes) -> bool:
    """Whether a header carries a key of skillgit's, be it the one that counted or another: it goes no further."""
    return name.decode("latin-1") in KEY_HEADERS and _bare(value.decode("latin-1")).startswith(PREFIX)


def _is_token(text: str) -> bool:
    """Whether a text has the three parts of a token, the first an object."""
    return text.startswith("ey") and text.count(".") == 2


def _bare(header: str) -> str:
    scheme, _, rest = header.partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else header.strip()


def _check_host(request: Request) -> None:
    """Raise Problem for what a page of another site makes a browser send by a name that it rebound."""
    if not is_loopback(_host(f"//{request.headers.get('host', '')}")):
        raise Problem(403, "without keys only 'localhost' is served: 'skillgit keys add' makes a key")


def _check_site(request: Request) -> None:
    """Raise Problem for what a page of another site makes a browser send."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if (origin is not None and not is_loopback(_host(origin))) or site in ("cross-site", "same-site"):
        raise Problem(403, "without keys no page of another site is served")


def _is_followed(request: Request) -> bool:
    """Whether somebody follows a link: the answer fills the window, and the page with the link sees nothing of it."""
    kind = request.headers.get("sec-fetch-mode"), request.headers.get("sec-fetch-dest")
    return request.method == "GET" and kind == ("navigate", "document")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
