"""What clients send and get, as values: the schemas of the OpenAPI document are read from these.

A `Given` has no members but its own; more than that is refused. Of a `Shape` every member is always there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct

Scope: TypeAlias = Literal["user", "common", "all"]
Count: TypeAlias = Annotated[float, Meta(ge=1, le=100, multiple_of=1, extra_json_schema={"type": "integer"})]
"""A whole number in a body: to a schema 3.0 is one, which msgspec takes for no `int`."""
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Query: TypeAlias = Annotated[str, Meta(min_length=1, max_length=20_000)]
Version: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]
Messages: TypeAlias = Annotated[list[dict[str, Any]], Meta(min_length=1, max_length=10_000)]
State: TypeAlias = Literal["waiting", "running", "done", "failed", "superseded"]


class Given(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The members of a request, or its query."""


class Shape(Struct, frozen=True, kw_only=True):
    """An answer, or a part of one."""


class Nothing(Given, frozen=True, kw_only=True):
    """A request that says nothing more."""


class Page(Given, frozen=True, kw_only=True):
    """Which part of a list: at most `limit` items, behind the one that `after` says, the `next` of an earlier part."""

    scope: Scope = "all"
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    after: Annotated[str, Meta(max_length=1000)] = ""


class At(Given, frozen=True, kw_only=True):
    """Which version; the one of today where it is not said."""

    version: Annotated[str, Meta(max_length=100)] = ""


class Between(Given, frozen=True, kw_only=True):
    """Two versions; `to` is today's where it is not said."""

    since: Version
    to: Annotated[str, Meta(max_length=100)] = ""


class As(Given, frozen=True, kw_only=True):
    """The form that another tool reads."""

    form: Literal["agentskills", "autoskill", "claude"] = "agentskills"


class Rollback(Given, frozen=True, kw_only=True):
    """The version to bring back; the one before the last change where it is not said."""

    to: Version | None = None


class Import(Given, frozen=True, kw_only=True):
    """Whether to leave out what cannot be imported; else one bad skill refuses all of them."""

    keep_going: bool = False


class Skill(Shape, frozen=True, kw_only=True):
    """A skill in a list. `id` follows it through renames; `problem` says why its SKILL.md cannot be read, or is ""."""

    id: str
    path: str
    name: str
    scope: Literal["user", "common"]
    version: str
    description: str
    tags: list[str]
    problem: str


class Skills(Shape, frozen=True, kw_only=True):
    """A part of a list of `total` skills; `next` is what `after` is for the part behind it, "" for none."""

    data: list[Skill]
    total: int
    next: str


class SkillText(Shape, frozen=True, kw_only=True):
    """A skill with its SKILL.md, and the paths of the files beside it."""

    id: str
    path: str
    name: str
    scope: Literal["user", "common"]
    version: str
    description: str
    tags: list[str]
    problem: str
    text: str
    files: list[str]


class Changed(Shape, frozen=True, kw_only=True):
    """A decision that was recorded: the commit, and where it is.

    `parked` says that edits in the server's work tree were in the way: `ref` holds the decision until it is reviewed.
    `commit` is "" where nothing had to change.
    """

    decision: str
    skill: str
    before: str
    version: str
    commit: str
    ref: str
    parked: bool


class Release(Shape, frozen=True, kw_only=True):
    """A version that a skill had, and the decision that made it."""

    version: str
    path: str
    commit: str
    date: datetime
    author: str
    decision: str
    summary: str


class Releases(Shape, frozen=True, kw_only=True):
    """The versions of a skill, newest first."""

    data: list[Release]


class Difference(Shape, frozen=True, kw_only=True):
    """What changed between two versions, as `git diff` says it."""

    since: str
    to: str
    diff: str


class Fault(Shape, frozen=True, kw_only=True):
    """What was left out, and why."""

    place: str
    problem: str


class Imported(Shape, frozen=True, kw_only=True):
    """What became of one skill that came in."""

    place: str
    skill: str
    outcome: Literal["new", "updated", "unchanged"]
    version: str
    commit: str


class Imports(Shape, frozen=True, kw_only=True):
    """What became of the skills that came in, and what was left out."""

    data: list[Imported]
    left_out: list[Fault]
    ref: str
    parked: bool


class Refusal(Shape, frozen=True, kw_only=True):
    """What is wrong, in words."""

    message: str
    type: str
    param: str | None
    code: str | None


class Error(Shape, frozen=True, kw_only=True):
    """An answer that is no."""

    error: Refusal
