"""Templates and their values become answers: the words of the visitor's language, and the headers of every page."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from skillgit.changes.skill import shown
from skillgit.serve.web import words
from skillgit.serve.web.page import Language, View, Visit
from skillgit.serve.web.unseen import visible

SECTIONS: Final = ("library", "review", "growth", "chat", "jobs")
"""The pages that every page links to: each is at `/NAME`, and called `base.NAME`."""

HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every page. A referrer of our own is needed: without one a browser says `Origin: null` when it posts."""

_SPANS: Final = (("years", 31_557_600), ("months", 2_629_800), ("days", 86_400), ("hours", 3600), ("minutes", 60))
_CODE = re.compile(r"`([^`]+)`")


def response(view: View, *, language: Language, visit: Visit | None = None, here: str = "/") -> HTMLResponse:
    """A page; `visit` is None for who is not let in. What of a file's name is no UTF-8 is a "?" in it."""
    text = html(view, language=language, visit=visit, here=here)
    return HTMLResponse(text.encode("utf-8", "replace"), view.status, HEADERS)


def html(view: View, *, language: Language, visit: Visit | None = None, here: str = "/") -> str:
    """The text of a page, or of a part of one."""
    return _environment(language).get_template(view.template).render(view.values, visit=visit, here=here)


def ago(language: Language, moment: datetime | date | str | float) -> Markup:
    """How long ago a moment was: a `datetime`, ISO 8601, or seconds since 1970; of a `date`, in days."""
    if isinstance(moment, date) and not isinstance(moment, datetime):
        days = (datetime.now(UTC).date() - moment).days
        said, exact = _since(language, days * 86_400) if days > 0 else words.text(language, "base.today"), str(moment)
    else:
        then = _moment(moment)
        said, exact = _since(language, time.time() - then.timestamp()), then.isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(exact, exact.replace("T", " "), said)


def _since(language: Language, seconds: float) -> str:
    unit, size = next(((unit, size) for unit, size in _SPANS if seconds >= size), ("now", 1))
    return words.text(language, f"base.{unit}", count=int(seconds // size))


def code(text: str) -> Markup:
    """A text whose words in `backticks` are code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def address(path: str, **query: object) -> str:
    """A path of ours as a link, with what of the query is not empty."""
    pairs = [
        f"{name}={quote(str(value), safe='', errors='surrogateescape')}"
        for name, value in query.items()
        if value not in ("", None)
    ]
    return quote(path, safe="/", errors="surrogateescape") + (f"?{'&'.join(pairs)}" if pairs else "")


@cache
def _environment(language: Language) -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    own: Mapping[str, object] = {
        "t": partial(words.text, language),
        "ago": partial(ago, language),
        "shown": shown,
        "address": address,
        "language": language,
        "sections": SECTIONS,
    }
    made.globals.update(own)
    made.filters["code"] = code
    made.filters["visible"] = visible
    made.filters["told"] = partial(words.told, language)
    return made


def _moment(said: datetime | str | float) -> datetime:
    if isinstance(said, datetime):
        return said
    return datetime.fromisoformat(said) if isinstance(said, str) else datetime.fromtimestamp(said, UTC)
