"""Server-sent events, as endpoints stream an answer: bytes in, the data of each event out. Pure.

Source: WHATWG HTML, section 9.2. Only `data` matters here; `event`, `id` and comments are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

_DONE = "[DONE]"  # what the OpenAI format sends behind the last event


def events(chunks: Iterable[bytes]) -> Iterator[str]:
    """The data of each event, until the stream ends or says `[DONE]`."""
    data: list[str] = []
    for line in chain(_lines(chunks), [""]):
        if line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif not line and data:
            text, data = "\n".join(data), []
            if text.strip() == _DONE:
                return
            yield text


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines that end in LF or CRLF, and what follows the last; a character may be cut between two chunks."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line.removesuffix(b"\r").decode("utf-8", "replace") for line in lines)
    if rest:
        yield rest.decode("utf-8", "replace")
