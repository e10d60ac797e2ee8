"""Every page: a row here is a route."""

from __future__ import annotations

from typing import Final

from skillgit.serve.route import Row
from skillgit.serve.web import (
    blame,
    chat,
    difference,
    edit,
    endpoint,
    growth,
    history,
    jobs,
    library,
    login,
    revert,
    review,
    skill,
    static,
)

PAGES: Final = (
    *library.PAGES,
    *skill.PAGES,
    *edit.PAGES,
    *history.PAGES,
    *difference.PAGES,
    *blame.PAGES,
    *revert.PAGES,
    *review.PAGES,
    *growth.PAGES,
    *chat.PAGES,
    *jobs.PAGES,
    *login.PAGES,
)
ROWS: Final = (
    *map(endpoint.row, PAGES),
    *login.ROWS,
    Row("GET", "/static/{name}", static.answered, refuse=endpoint.refused),
)
