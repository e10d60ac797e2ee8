"""A conversation as it goes through the proxy: every request holds all of it again, a little longer. Pure.

It is known by what the user said: the digest of its first turns is the same in each request, whatever a client does to
the answers in between.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from skillgit.serve.formats import without_media
from skillgit.transcripts.model import Transcript, Turn


def digests(turns: Sequence[Turn]) -> tuple[str, ...]:
    """What the conversation is known by after each of these turns of the user's."""
    return tuple(_digests(turns))


def kept(messages: list[Any]) -> str:
    """Messages as they wait to be learned from: JSON, without pictures and files."""
    return json.dumps(without_media(messages))


def since(read: Transcript, turns: int) -> int:
    """The place in a transcript from which on the user's turns are new, where so many of them are known."""
    return next((place + 1 for place, _ in islice(read.user_turns(), max(turns - 1, 0), turns)), 0)


def _digests(turns: Sequence[Turn]) -> Iterator[str]:
    digest = b""
    for turn in turns:
        digest = hashlib.sha256(digest + turn.text.encode("utf-8", "surrogatepass")).digest()
        yield digest.hex()
