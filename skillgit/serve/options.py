"""What a request wants of skillgit, beside what it wants of the model. Pure.

    {"model": ..., "messages": ..., "skillgit": {"top_k": 3, "learn": "never"}}
    skillgit-top-k: 3

A header `skillgit-NAME`, or a member of the object `skillgit`; where both are there the object's counts. Neither goes
to the upstream. The names are the rows of _READERS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import unquote

from skillgit.changes.skill import Scope
from skillgit.errors import UsageError

Learn = Literal["auto", "always", "never"]
Rewrite = Literal["rule", "model", "never"]
HEADER = "skillgit-"
_LONGEST = 2_000  # characters of a hint


@dataclass(frozen=True, slots=True)
class Options:
    """What a request asks for; None is what the server does by itself.

    `user` is whom it is for, `skills` whether any are added, `extract_now` asks for a job whatever the policy says.
    """

    user: str | None = None
    skills: bool = True
    scope: Scope = "all"
    top_k: int | None = None
    min_score: float | None = None
    rewrite: Rewrite | None = None
    learn: Learn | None = None
    extract_now: bool = False
    hint: str = ""


def read(headers: Mapping[str, str], given: object) -> Options:
    """The options of a request, from its headers and its object `skillgit`. Raises UsageError, naming the option."""
    found: dict[str, Any] = {}
    for name in _READERS:
        if (header := headers.get(HEADER + name.replace("_", "-"))) is not None:
            found[name] = _value(name, unquote(header))
    if given is not None and not isinstance(given, dict):
        raise UsageError("'skillgit' has to be an object")
    for name, value in (given or {}).items():
        if name not in _READERS:
            raise UsageError(f"'skillgit' has no '{str(name)[:40]}'", hint=f"it has: {', '.join(_READERS)}")
        if value is not None:
            found[name] = _value(name, value)
    return replace(Options(), **found)


def _value(name: str, given: object) -> object:
    text = str(given).lower() if isinstance(given, bool) else given
    try:
        return _READERS[name](text if isinstance(text, str) else str(given) if isinstance(given, int | float) else "")
    except ValueError as err:
        raise UsageError(f"'{name}' has to be {err}") from err


def _text(given: str) -> str:
    if not 0 < len(given) <= _LONGEST:
        raise ValueError(f"a text of 1 to {_LONGEST} characters")
    return given


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read_one(given: str) -> str:
        if given not in allowed:
            raise ValueError(f"one of: {', '.join(allowed)}")
        return given

    return read_one


def _yes(given: str) -> bool:
    if given not in ("true", "false"):
        raise ValueError("true or false")
    return given == "true"


def _count(given: str) -> int:
    if not (given.isascii() and given.isdigit() and 0 < int(given) <= 100):
        raise ValueError("a whole number from 1 to 100")
    return int(given)


def _share(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ValueError("a number from 0 to 1")
    return value


_READERS: Mapping[str, Callable[[str], object]] = {
    "user": _text,
    "skills": _yes,
    "scope": _one_of("user", "common", "all"),
    "top_k": _count,
    "min_score": _share,
    "rewrite": _one_of("rule", "model", "never"),
    "learn": _one_of("auto", "always", "never"),
    "extract_now": _yes,
    "hint": _text,
}
