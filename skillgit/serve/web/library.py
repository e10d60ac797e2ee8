"""The library: the skills that the user sees."""

from __future__ import annotations

from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.serve.web.page import Page, Redirect, View, Visit


async def home(visit: Visit) -> Redirect:
    """Where one begins."""
    return Redirect("/library")


def library(visit: Visit, hands: Hands) -> View:
    """All skills, by name."""
    known = places.seen(hands, visit.user)
    return View("library.html", {"skills": [places.described(hands, path, oid) for path, oid in known.items()]})


PAGES = (
    Page("GET", "/", home, at=None),
    Page("GET", "/library", library),
)
