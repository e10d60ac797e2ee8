"""What commands that visit a server start from: its address, and the keys for it."""

from __future__ import annotations

import os

from skillgit.config import Value
from skillgit.models.address import complete

_USUAL = "http://127.0.0.1:9000"


def address(url: str) -> str:
    """The root of the server that was typed, with or without the '/v1' that clients are given. Raises UsageError."""
    return complete(Value(url, "URL"), _USUAL).removesuffix("/v1")


def headers() -> dict[str, str]:
    """The server's key, and its upstream's where clients send their own, as the environment has them."""
    own, upstream = (os.environ.get(name, "") for name in ("SKILLGIT_KEY", "SKILLGIT_UPSTREAM_KEY"))
    theirs = {"authorization": f"Bearer {upstream}"} if upstream else {}
    return theirs | ({"skillgit-key": own} if own else {})
