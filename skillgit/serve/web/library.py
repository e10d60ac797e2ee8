"""The library: the skills that the user sees, searched and narrowed down."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from skillgit.search.hit import Hit
from skillgit.serve import audit
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.retrieval import Wish
from skillgit.serve.web import shelf
from skillgit.serve.web.page import Page, Redirect, View, Visit

_SECONDS = 20.0
_LONGEST = 20_000  # characters of a query


async def home(visit: Visit) -> Redirect:
    """Where one begins."""
    return Redirect("/library")


async def library(visit: Visit) -> View:
    """The whole page."""
    return await _shown(visit, "library.html")


async def found(visit: Visit) -> View:
    """The part of it that changes while one types."""
    return await _shown(visit, "library_found.html")


async def _shown(visit: Visit, template: str) -> View:
    wish = shelf.read(visit.query)
    hits = await _hits(visit, wish) if wish.q else None
    fill = partial(_filled, visit, wish, hits)
    return View(template, {"shelf": await visit.server.desk.do("read", fill), "choices": shelf.CHOICES})


def _filled(visit: Visit, wish: shelf.Wish, hits: Sequence[Hit] | None, hands: Hands) -> shelf.Shelf:
    return shelf.fill(visit, hands, wish, hits=hits)


async def _hits(visit: Visit, wish: shelf.Wish) -> Sequence[Hit]:
    """The skills that answer the query. Raises Problem, 503, where it comes to nothing; the log alone says why."""
    asked = Wish(visit.user, wish.scope, shelf.MOST)
    answer = await visit.server.retrieval.search(wish.q[:_LONGEST], asked, seconds=_SECONDS)
    if answer.trouble:
        audit.trouble(answer.trouble)
        raise Problem(503, "the skills cannot be searched now", wait=1)
    return answer.hits


PAGES = (
    Page("GET", "/", home, at=None),
    Page("GET", "/library", library, at=None),
    Page("GET", "/library/search", found, at=None),
)
