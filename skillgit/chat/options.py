"""How one conversation is held: which skills it is given, and when it is learned from. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, cast

from skillgit.changes.skill import Scope
from skillgit.config import setting
from skillgit.errors import UsageError
from skillgit.git.repo import Repo

Rewrite: TypeAlias = Literal["rule", "model", "never"]
Learn: TypeAlias = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class Options:
    """What is configured for a conversation; `limit` and `min_score` are those of searches where they are None.

    With `learn` auto it is learned from after `every` turns of the user's, and when it ends.
    """

    scope: Scope = "all"
    limit: int | None = None
    min_score: float | None = None
    rewrite: Rewrite = "rule"
    learn: Learn = "auto"
    every: int = 1


def configured(repo: Repo) -> Options:
    """The options as the settings of serving have them, which this shares."""
    return Options(
        rewrite=cast(Rewrite, setting(repo, "serve.rewrite").text),
        learn=cast(Learn, setting(repo, "serve.learn").text),
        every=int(setting(repo, "serve.every").text),
    )


def change(options: Options, **given: str | None) -> Options:
    """The options with some of them as people write them, None for no change. UsageError names a wrong one."""
    return replace(options, **{name: _read(name, text) for name, text in given.items() if text is not None})


def of_form(options: Options, form: Mapping[str, str]) -> Options:
    """The options with those that a form has; an empty limit or score is that of searches, all else empty no change."""
    given = {name: form[name] for name in _READERS if name in form}
    limit = None if "limit" in given else options.limit
    least = None if "min_score" in given else options.min_score
    bare = replace(options, limit=limit, min_score=least)
    return change(bare, **{name: text.strip() or None for name, text in given.items()})


def _read(name: str, text: str) -> Any:
    read, wanted = _READERS[name]
    value = read(text.strip().lower())
    if value is None:
        raise UsageError(f"'{text}' is no value of '{name}'", hint=f"it is {wanted}")
    return value


def _one_of(known: Mapping[str, str]) -> tuple[Callable[[str], str | None], str]:
    return known.get, " or ".join(dict.fromkeys(known.values()))


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 and 0 < int(text) <= 1000 else None


def _share(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


_READERS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "scope": _one_of({"user": "user", "common": "common", "library": "common", "all": "all"}),
    "rewrite": _one_of({"rule": "rule", "auto": "rule", "model": "model", "always": "model", "never": "never"}),
    "learn": _one_of({"auto": "auto", "always": "always", "never": "never"}),
    "every": (_count, "a whole number above 0"),
    "limit": (_count, "a whole number above 0"),
    "min_score": (_share, "a number from 0 to 1"),
}
"""How each is read, with the words of AutoSkill's commands where they differ: `library`, and `auto` and `always`."""
