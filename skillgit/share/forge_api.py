"""Asking a forge's REST API: requests that are retried and bounded, errors that say what to check.

The only importer of httpx for forges. The token is in the headers of the client and nowhere else: what a forge says is
shown without it. A redirect is never followed: it would take the token to a host that nobody configured. What changes
something is sent again only where the forge has said that it did nothing yet.
"""

from __future__ import annotations

import json
import ssl
import time
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import httpx

from skillgit import __version__
from skillgit.errors import ForgeError
from skillgit.git.message import one_line
from skillgit.models.keys import Key
from skillgit.models.retry import Patience, asked_wait, is_passing, waits
from skillgit.share.forge import Forge, Said
from skillgit.transcripts.fields import Fields, fields, rows

PATIENCE = Patience(read=30.0, total=120.0)
_MAX_BYTES = 16 << 20
_MAX_SAID = 300
_PAGE, _PAGES = "50", 100


class _Passing(ForgeError):
    """Trouble that may be over soon; `wait` is what the forge asks for, in seconds.

    `undone` is whether nothing was done for sure, so that even what must not happen twice can be sent again.
    """

    def __init__(self, message: str, *, hint: str, undone: bool = False, wait: float | None = None) -> None:
        super().__init__(message, hint=hint)
        self.undone = undone
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Answer:
    """The JSON that a forge answers with, and whether there is another page of it."""

    value: object
    goes_on: bool


class RestApi:
    """A forge's API at one address, asked with one token."""

    def __init__(self, url: str, forge: Forge, key: Key, *, patience: Patience = PATIENCE) -> None:
        self.url = url
        self._forge = forge
        self._key = key
        self._patience = patience
        own = {"User-Agent": f"skillgit/{__version__}", "Accept": "application/json", **forge.accepts}
        self._client = httpx.Client(headers={**own, **forge.token(key.text)}, follow_redirects=False, verify=_trust())
        weakref.finalize(self, self._client.close)

    def get(self, path: str) -> Fields:
        """The JSON object at a path."""
        return self._object(self._ask("GET", path).value)

    def pages(self, path: str, query: Mapping[str, str], *, size: str) -> Iterator[Fields]:
        """The objects of a list, page after page, as long as the forge says that there are more."""
        for page in range(1, _PAGES + 1):
            asked = httpx.QueryParams({**query, size: _PAGE, "page": str(page)})
            answer = self._ask("GET", f"{path}?{asked}")
            if not isinstance(answer.value, list):
                raise self._strange()
            yield from rows(answer.value)
            if not answer.goes_on:
                return

    def send(self, method: str, path: str, body: Mapping[str, object]) -> Fields:
        """The JSON object that a change is answered with."""
        return self._object(self._ask(method, path, body).value)

    def _object(self, value: object) -> Fields:
        if not isinstance(value, dict):
            raise self._strange()
        return value

    def _strange(self) -> ForgeError:
        hint = f"check the address, and that it is a {self._forge.kind}: 'git config skillgit.forge' says which kind"
        return ForgeError(f"'{self.url}' did not answer as its API should", hint=hint)

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> _Answer:
        """What the first try is answered with that does not fail in passing; the last failure, where time is over."""
        until = time.monotonic() + self._patience.total
        for wait in waits(self._patience):
            try:
                return self._once(method, path, body, until)
            except _Passing as passing:
                pause = wait if passing.wait is None else passing.wait
                twice = method == "POST" and not passing.undone
                if twice or pause > self._patience.longest_wait or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
        return self._once(method, path, body, until)

    def _once(self, method: str, path: str, body: Mapping[str, object] | None, until: float) -> _Answer:
        left = max(0.001, until - time.monotonic())
        timeout = httpx.Timeout(min(self._patience.read, left), connect=min(self._patience.connect, left))
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            with self._client.stream(
                method, f"{self.url}/{path}", content=content, headers=kind, timeout=timeout
            ) as response:
                received = self._received(response, until)
        except httpx.ConnectError as err:
            raise self._unreachable(err) from err
        except httpx.TimeoutException as err:
            raise self._late() from err
        except httpx.HTTPError as err:  # a reset, a body that ends early, bytes that are no HTTP
            raise _Passing(f"'{self.url}' broke the connection off", hint=_AGAIN) from err
        if not response.is_success:
            raise self._refusal(response, received)
        try:
            return _Answer(json.loads(received), "next" in response.links)
        except (ValueError, RecursionError) as err:
            raise self._strange() from err

    def _received(self, response: httpx.Response, until: float) -> bytes:
        content = b""
        for chunk in response.iter_bytes():
            content += chunk
            if len(content) > _MAX_BYTES:
                raise ForgeError(f"'{self.url}' sent more than {_MAX_BYTES >> 20} MiB")
            if time.monotonic() > until:
                raise self._late()
        return content

    def _late(self) -> ForgeError:
        return _Passing(f"'{self.url}' did not answer in time", hint=_AGAIN)

    def _unreachable(self, err: httpx.ConnectError) -> ForgeError:
        said = str(err).rpartition("] ")[2].lower() or "no connection"
        message = f"cannot reach '{self.url}': {said}"
        if "certificate" in said:
            return ForgeError(message, hint="SSL_CERT_FILE names the certificates to trust")
        return _Passing(message, undone=True, hint="check the address: git config skillgit.forge-url URL")

    def _refusal(self, response: httpx.Response, received: bytes) -> ForgeError:
        status = response.status_code
        if response.has_redirect_location:
            words = f"'{self.url}' redirects to another place, and that is not followed"
            return Said(words, status=status, hint="the repository may have moved: git remote set-url REMOTE URL")
        words = self._blotted(_words(received))
        message = f"'{self.url}' answered {status} {response.reason_phrase}".rstrip() + (f": {words}" if words else "")
        limit = _limit(response, datetime.now(UTC))
        if status == 429 or (status == 403 and limit is not None):
            later = "later" if limit is None else f"in {_span(limit)}"
            return _Passing(message, undone=True, hint=f"that was too much at once; try again {later}", wait=limit)
        if is_passing(status):
            return _Passing(message, hint=_AGAIN, wait=limit)
        return Said(message, status=status, words=words, hint=self._hint(status))

    def _blotted(self, words: str) -> str:
        return one_line(words.replace(self._key.text, "[token]"), _MAX_SAID)

    def _hint(self, status: int) -> str:
        source = self._key.source
        hints = {
            401: f"the token from {source} is not valid, or not any more",
            403: f"the token from {source} may not do that: it needs {self._forge.scope}",
            404: f"check the remote's address; what the token from {source} may not see is not found either",
            423: "the repository is archived: nothing can be changed there",
        }
        return hints.get(status, "")


_AGAIN = "nothing is lost: run it again, and what is there is found and updated"


@cache  # 20 ms each, and the same for every forge
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _limit(response: httpx.Response, now: datetime) -> float | None:
    """The seconds until more may be asked for, where the forge says that the limit is reached.

    Sources: RFC 9110 (Retry-After), GitHub's X-RateLimit-*, GitLab's RateLimit-*: the moment in epoch seconds.
    """
    asked = asked_wait(response.headers.get("retry-after"), now)
    if asked is not None:
        return asked
    for prefix in ("x-ratelimit", "ratelimit"):
        left, reset = (response.headers.get(f"{prefix}-{name}", "") for name in ("remaining", "reset"))
        if left == "0" and reset.isascii() and reset.isdigit():
            return max(0.0, int(reset) - now.timestamp())
    return None


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _words(content: bytes) -> str:
    """What an error says, in whatever shape the forges have for it; "" for a web page."""
    text = content.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return "" if text.lstrip().startswith("<") else text
    found = fields(value)
    told = [_flat(found.get(name)) for name in ("message", "error", "error_description", "errors")]
    return ": ".join(dict.fromkeys(filter(None, told)))


def _flat(value: object) -> str:
    """A text, a list of them, or `{"title": ["is too long"]}`, as one line."""
    if isinstance(value, dict):
        said = value.get("message")
        if isinstance(said, str):
            return said
        return ", ".join(f"{key} {_flat(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(filter(None, map(_flat, value)))
    return value if isinstance(value, str) else ""
