"""A server that is asked as its clients ask it: once, with nothing retried, and with its answer as it was.

Where `endpoint.py` is for getting an answer, this is for seeing what comes: every status is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

import httpx

from skillgit.errors import ModelError
from skillgit.models.events import events
from skillgit.transcripts.fields import Fields, fields


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, its headers by names in lower case, and its object of JSON, empty where it is none."""

    status: int
    headers: Mapping[str, str]
    body: Fields


class Visit:
    """Connections to one server, and what is sent with each request. A context: none is left behind it."""

    def __init__(self, url: str, *, headers: Mapping[str, str], seconds: float) -> None:
        self._client = httpx.Client(base_url=url, headers=dict(headers), timeout=seconds, follow_redirects=False)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def get(self, path: str) -> Said:
        """What it answers. Raises ModelError where no answer comes."""
        with _translated():
            return _said(self._client.get(path))

    def post(self, path: str, body: Mapping[str, object]) -> Said:
        """What it answers to an object of JSON. Raises ModelError where no answer comes."""
        with _translated():
            return _said(self._client.post(path, json=body))

    def delete(self, path: str) -> Said:
        """What it answers to a request to take something away. Raises ModelError where no answer comes."""
        with _translated():
            return _said(self._client.delete(path))

    def stream(self, path: str, body: Mapping[str, object]) -> Iterator[Fields]:
        """The events of an answer, as they come. Raises ModelError where it has none, or breaks off."""
        with _translated(), self._client.stream("POST", path, json=body) as response:
            if response.status_code != 200:
                raise ModelError(f"it answers {response.status_code}")
            if "event-stream" not in response.headers.get("content-type", ""):
                raise ModelError("it does not stream its answer")
            yield from (fields(_value(text.encode())) for text in events(response.iter_bytes()))


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as err:
        raise ModelError("it does not answer in time") from err
    except (httpx.HTTPError, httpx.InvalidURL) as err:
        raise ModelError(f"it cannot be reached, or broke off: {str(err).lower()}") from err


def _said(response: httpx.Response) -> Said:
    return Said(response.status_code, dict(response.headers), fields(_value(response.content)))


def _value(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
