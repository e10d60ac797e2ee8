"""Addresses of models: completed as a provider's usual one is, and refused where they would show a secret."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from skillgit.config import Value
from skillgit.errors import UsageError

_HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")
_THIS_MACHINE = re.compile(r"localhost|127\.[0-9.]+|0\.0\.0\.0|::1")


def complete(given: Value, usual: str) -> str:
    """An address with what it leaves out (the scheme, and with it the port; the path) as the usual one has it.

    Raises UsageError, naming the source, where it is none.
    """
    model = urlsplit(usual)
    bare = "://" not in given.text
    try:
        place = urlsplit(f"{model.scheme}://{given.text}" if bare else given.text)
        own_port = place.port
    except ValueError as err:
        raise _refused(given, "is no address of the web", model) from err
    if wrong := _wrong(place):
        raise _refused(given, wrong, model)
    port = f":{model.port}" if bare and model.port and own_port is None else ""
    return place._replace(netloc=place.netloc + port, path=place.path.rstrip("/") or model.path).geturl()


def is_open(url: str) -> bool:
    """Whether what is sent there goes unencrypted to another machine."""
    place = urlsplit(url)
    return place.scheme == "http" and not _THIS_MACHINE.fullmatch(place.hostname or "")


def _wrong(place: SplitResult) -> str:
    """What is wrong with an address, or ""; it may hold no secret, since it is shown."""
    if place.username or place.password:
        return "has a user or a password in it: keys come from the environment or 'git credential'"
    if place.query or place.fragment:
        return "goes on behind its path: leave that out"
    if place.scheme not in ("http", "https") or not _HOST.fullmatch(place.netloc):
        return "is no address of the web"
    return ""


def _refused(given: Value, wrong: str, model: SplitResult) -> UsageError:
    return UsageError(f"the address from {given.source} {wrong}", hint=f"write it as https://HOST{model.path}")
