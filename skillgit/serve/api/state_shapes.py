"""What the server says of itself, and of what it was used for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from skillgit.serve.api.shapes import Given, Shape


class IndexStatus(Shape, frozen=True, kw_only=True):
    """How far the index is: of the skills that the user sees, how many are not in it yet."""

    skills: int
    unseen_words: int
    unseen_vectors: int
    vectors: bool
    damaged: bool


class Rebuilt(Shape, frozen=True, kw_only=True):
    """What a rebuild has made."""

    skills: int
    vectors: int
    graphs: int


class Use(Shape, frozen=True, kw_only=True):
    """How often the user was given a version of a skill, and how often it was of use."""

    path: str
    version: str
    retrieved: int
    injected: int
    used: int
    first: datetime
    last: datetime


class Uses(Shape, frozen=True, kw_only=True):
    """What was counted."""

    data: list[Use]


class Used(Given, frozen=True, kw_only=True):
    """A skill that was of use, by its name or id; the version is today's where it is not said."""

    skill: Annotated[str, Meta(min_length=1, max_length=200)]
    version: Annotated[str, Meta(max_length=100)] = ""


class Counted(Shape, frozen=True, kw_only=True):
    """What was counted as used."""

    path: str
    version: str


class Capabilities(Shape, frozen=True, kw_only=True):
    """What this server does, and for whom; `mcp` is where it speaks that protocol, "" where it does not."""

    version: str
    user: str
    acts_for_others: bool
    learns: Literal["auto", "always", "never"]
    max_body: int
    rate: int | None
    mcp: str
    operations: list[str]
