"""What a search is asked, and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from skillgit.serve.api.shapes import Count, Given, Query, Scope, Shape, Share


class Asked(Given, frozen=True, kw_only=True):
    """A search: the task, in words. `limit` and `min_score` are the server's settings where they are null."""

    query: Query
    scope: Scope = "all"
    limit: Count | None = None
    min_score: Share | None = None


class Turns(Given, frozen=True, kw_only=True):
    """A conversation, or what its user says next in `query`, or both: what skills a request of it would get."""

    messages: Annotated[list[dict[str, Any]], Meta(max_length=10_000)] = field(default_factory=list)
    query: Annotated[str, Meta(max_length=20_000)] = ""
    scope: Scope = "all"
    limit: Count | None = None
    min_score: Share | None = None
    rewrite: Literal["rule", "model", "never"] | None = None


class Hit(Shape, frozen=True, kw_only=True):
    """A skill that was found: its score in (0, 1], the parts of that, and the line that fits best.

    `vectors` is null where the search was by words alone.
    """

    id: str
    path: str
    name: str
    version: str
    description: str
    tags: list[str]
    score: float
    words: float
    vectors: float | None
    line: str


class Hits(Shape, frozen=True, kw_only=True):
    """The skills that answer a query, best first."""

    query: str
    data: list[Hit]


class Preview(Shape, frozen=True, kw_only=True):
    """What a request would get: the query that was made of it, the hits, and the text with some of them in it."""

    query: str
    data: list[Hit]
    injected: list[str]
    context: str
