"""Review: what waits for a person, why, what it would do, and the decision about it (`share/review.py`)."""

from skillgit.serve.web.page import Page
from skillgit.serve.web.review import deeds, pages, request

PAGES = (
    Page("GET", "/review", pages.listed),
    Page("GET", "/review/{name}", pages.one),
    Page("GET", "/review/{name}/edit", pages.edited),
    Page("GET", "/review-request/{branch:path}", request.previewed),
    Page("POST", "/review/{name}/accept", deeds.accept, at="write"),
    Page("POST", "/review/{name}/edit", deeds.edit, at="write"),
    Page("POST", "/review/{name}/reject", deeds.reject, at="write"),
    Page("POST", "/review/{name}/undo", deeds.undo, at="write"),
)
