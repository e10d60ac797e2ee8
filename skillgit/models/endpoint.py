"""One address that models are asked at: requests that are retried and bounded, errors that say what to check.

The only importer of httpx for models. The key is in the headers of the client and nowhere else: what an endpoint
says is shown without it. A redirect is never followed: it would take the key and the dialogue to a host that nobody
configured.
"""

from __future__ import annotations

import json
import ssl
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

import httpx

from skillgit import __version__
from skillgit.errors import ModelError, UsageError
from skillgit.models.events import events
from skillgit.models.retry import Patience, asked_wait, is_passing, waits
from skillgit.transcripts.fields import Fields, fields

MAX_BYTES = 16 << 20
"""More than any answer: 64 vectors of 4,096 numbers are 5 MB."""

_MAX_ERROR_BYTES = 1 << 16
_MAX_SAID = 300  # characters of an endpoint's own words in an error
_LOOK = "'skillgit models' shows what is configured"

T = TypeVar("T")


class Rejected(ModelError):
    """The endpoint understood and said no; `status` is HTTP's."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class _Passing(Rejected):
    """Trouble that may be over soon; `wait` is what the endpoint asks for, in seconds."""

    def __init__(self, message: str, *, hint: str, status: int = 0, wait: float | None = None) -> None:
        super().__init__(message, status=status, hint=hint)
        self.wait = wait


class Endpoint:
    """An address and what is sent with every request to it. Safe to use from several threads at once.

    `secret` is blotted out of whatever the endpoint says; `key_hint` tells where the key comes from.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secret: str = "",
        key_hint: str = "",
        patience: Patience = Patience(),  # noqa: B008 (frozen)
    ) -> None:
        try:
            self.url = str(httpx.URL(url)).rstrip("/")
        except httpx.InvalidURL as err:
            raise UsageError(f"'{url}' is no address: {str(err).lower()}") from err
        self._secret = secret
        self._key_hint = key_hint
        self._patience = patience
        own = {"User-Agent": f"skillgit/{__version__}", "Content-Type": "application/json"}
        self._client = httpx.Client(headers={**own, **(headers or {})}, follow_redirects=False, verify=_trust())
        weakref.finalize(self, self._client.close)

    def post(self, path: str, body: Mapping[str, object]) -> Fields:
        """The JSON object that the endpoint answers a request with.

        Raises Rejected where it says no, ModelError where no whole JSON object came in time.
        """
        until = time.monotonic() + self._patience.total
        content = self._persist(lambda: self._fetch(path, body, until), until)
        return self._object(content)

    def stream(self, path: str, body: Mapping[str, object]) -> Iterator[Fields]:
        """The JSON objects of an answer that is streamed, as they come.

        What was never begun is asked for again; a stream that breaks off is a ModelError.
        """
        until = time.monotonic() + self._patience.total
        response = self._persist(lambda: self._open(path, body, until), until)
        with self._translated(), closing(response):
            if "json" in response.headers.get("content-type", ""):
                raise ModelError(f"'{self.url}' does not stream its answers", hint=_LOOK)
            yield from map(self._object, events(self._chunks(response, until)))

    def _persist(self, attempt: Callable[[], T], until: float) -> T:
        """What the first try gives that does not fail in passing; the last failure, where tries or time are over."""
        for wait in waits(self._patience):
            try:
                return attempt()
            except _Passing as passing:
                pause = wait if passing.wait is None else passing.wait
                if pause > self._patience.longest_wait or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
        return attempt()

    def _fetch(self, path: str, body: Mapping[str, object], until: float) -> bytes:
        with self._translated(), closing(self._open(path, body, until)) as response:
            return b"".join(self._chunks(response, until))

    def _open(self, path: str, body: Mapping[str, object], until: float) -> httpx.Response:
        left = max(0.001, until - time.monotonic())
        content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        timeout = httpx.Timeout(min(self._patience.read, left), connect=min(self._patience.connect, left))
        request = self._client.build_request("POST", f"{self.url}/{path}", content=content, timeout=timeout)
        with self._translated():
            response = self._client.send(request, stream=True)
        if response.status_code == 200:
            return response
        with closing(response):
            raise self._refusal(response, until)

    def _chunks(self, response: httpx.Response, until: float) -> Iterator[bytes]:
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MAX_BYTES:
                raise ModelError(f"'{self.url}' sent more than {MAX_BYTES >> 20} MiB", hint=_LOOK)
            if time.monotonic() > until:
                raise self._late()
            yield chunk

    def _object(self, content: bytes | str) -> Fields:
        try:
            value = json.loads(content)
        except (ValueError, RecursionError) as err:
            raise ModelError(f"'{self.url}' did not answer with JSON", hint=f"check the address: {_LOOK}") from err
        if not isinstance(value, dict):
            raise ModelError(f"'{self.url}' did not answer with a JSON object", hint=f"check the address: {_LOOK}")
        return value

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors of httpx as ours."""
        try:
            yield
        except httpx.ConnectError as err:
            raise self._unreachable(_system_words(err), certificate=_is_certificate(err)) from err
        except httpx.ConnectTimeout as err:
            raise self._unreachable(f"no connection within {self._patience.connect:g} s", certificate=False) from err
        except httpx.TimeoutException as err:
            raise self._late() from err
        except httpx.HTTPError as err:  # a reset, a body that ends early, bytes that are no HTTP
            words = f"'{self.url}' broke the connection off"
            raise _Passing(words, hint="try again, or look at the server") from err

    def _unreachable(self, words: str, *, certificate: bool) -> ModelError:
        message = f"cannot reach '{self.url}': {words}"
        if certificate:
            return ModelError(message, hint="SSL_CERT_FILE names the certificates to trust")
        return _Passing(message, hint=f"check that the server runs and the address is right: {_LOOK}")

    def _late(self) -> ModelError:
        words = f"'{self.url}' did not answer in time"
        return ModelError(words, hint="'git config skillgit.model-timeout SECONDS' waits longer")

    def _refusal(self, response: httpx.Response, until: float) -> Rejected:
        status = response.status_code
        if response.has_redirect_location:
            words = f"'{self.url}' redirects to '{_target(response)}', and that is not followed"
            return Rejected(words, status=status, hint="configure the address that it is to be")
        said = self._said(response, until)
        message = f"'{self.url}' answered {status} {response.reason_phrase}".rstrip() + (f": {said}" if said else "")
        hint = self._key_hint if status in (401, 403) and self._key_hint else _HINTS.get(status, _LOOK)
        if is_passing(status) and "insufficient_quota" not in said:
            wait = asked_wait(response.headers.get("retry-after"), datetime.now(UTC))
            return _Passing(message, status=status, hint=hint, wait=wait)
        return Rejected(message, status=status, hint=hint)

    def _said(self, response: httpx.Response, until: float) -> str:
        """The endpoint's own words about its refusal, on one line, without the key; "" where it has none."""
        content = b""
        with self._translated():
            for chunk in self._chunks(response, until):
                content += chunk
                if len(content) > _MAX_ERROR_BYTES:
                    break
        line = " ".join(_words(content).split())
        if self._secret:
            line = line.replace(self._secret, "[key]")
        return line if len(line) <= _MAX_SAID else f"{line[:_MAX_SAID]}…"


_HINTS = {
    400: "check the model's name and what it can take: " + _LOOK,
    401: "check the key: " + _LOOK,
    403: "check the key and what it may do: " + _LOOK,
    404: "check the model's name and the address, which often ends in '/v1': " + _LOOK,
    413: "that was too much text for this endpoint",
    429: "too many requests, or no credit left: wait, or ask for less at once",
}


@cache  # 20 ms each, and the same for every endpoint
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _target(response: httpx.Response) -> str:
    """Where a redirect leads: another host, or a path of the same."""
    location = response.headers["location"]
    try:
        place = urlsplit(location)
        return f"{place.scheme or 'http'}://{place.netloc.rpartition('@')[2]}" if place.netloc else place.path
    except ValueError:
        return location


def _words(content: bytes) -> str:
    """What an error says in the fields that endpoints use for it, or the text itself where it is no web page."""
    text = content.decode("utf-8", "replace")
    try:
        value = fields(json.loads(text))
    except (ValueError, RecursionError):
        return "" if text.lstrip().startswith("<") else text
    error = value.get("error")
    found = (fields(error).get("message"), error, value.get("message"), value.get("detail"))
    code = fields(error).get("code")
    said = next((item for item in found if isinstance(item, str) and item), "")
    return f"{said} ({code})" if isinstance(code, str) and code not in said else said


def _system_words(err: httpx.ConnectError) -> str:
    """`[Errno 111] Connection refused` as `connection refused`."""
    return str(err).rpartition("] ")[2].lower() or "no connection"


def _is_certificate(err: BaseException | None) -> bool:
    while err is not None and not isinstance(err, ssl.SSLCertVerificationError):
        err = err.__cause__ or err.__context__
    return err is not None
