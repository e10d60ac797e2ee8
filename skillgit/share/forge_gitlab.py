"""GitLab, on gitlab.com and anywhere else: REST API v4.

Source: docs.gitlab.com/api/merge_requests and /api/notes, and lib/api/merge_requests.rb.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from skillgit.share.forge import Api, Comment, Forge, Pull, Route, State, Text, number
from skillgit.transcripts.fields import Fields, text

_DRAFT = "Draft: "
_STATES: dict[str, State] = {"opened": "open", "locked": "open", "merged": "merged"}


def pulls(ask: Api, route: Route) -> Iterator[Pull]:
    """The merge requests of a route, the newest first."""
    query = {"state": "all", "source_branch": route.head, "target_branch": route.base}
    order = {"order_by": "created_at", "sort": "desc"}
    source = _id(ask, route.source) if route.is_fork else None
    for row in ask.pages(_requests(route.target), query | order, size="per_page"):
        if row.get("source_project_id") == (source or row.get("target_project_id")):
            yield pull(row)


def create(ask: Api, route: Route, said: Text, draft: bool) -> Pull:
    """A new merge request; one from a fork is made there, for the project it goes to."""
    body: dict[str, object] = {
        "title": f"{_DRAFT}{said.title}" if draft else said.title,
        "description": said.body,
        "source_branch": route.head,
        "target_branch": route.base,
    }
    beside = {"target_project_id": _id(ask, route.target)} if route.is_fork else {}
    return pull(ask.send("POST", _requests(route.source), body | beside))


def update(ask: Api, route: Route, which: int, said: Text) -> Pull:
    """The merge request with another text."""
    body = {"title": said.title, "description": said.body}
    return pull(ask.send("PUT", f"{_requests(route.target)}/{which}", body))


def comments(ask: Api, target: str, which: int) -> Iterator[Comment]:
    """The remarks on a merge request, the oldest first."""
    query = {"order_by": "created_at", "sort": "asc"}
    for row in ask.pages(f"{_requests(target)}/{which}/notes", query, size="per_page"):
        yield Comment(number(row, "id"), text(row.get("body")))


def comment(ask: Api, target: str, which: int, body: str) -> None:
    """Remark something on a merge request."""
    ask.send("POST", f"{_requests(target)}/{which}/notes", {"body": body})


def recomment(ask: Api, target: str, which: int, remark: Comment) -> None:
    """Give a remark another text."""
    ask.send("PUT", f"{_requests(target)}/{which}/notes/{remark.id}", {"body": remark.body})


def pull(row: Fields) -> Pull:
    """A merge request as GitLab writes one; what people call its number is the `iid`."""
    return Pull(
        number=number(row, "iid"),
        url=text(row.get("web_url")),
        state=_STATES.get(text(row.get("state")), "closed"),
        text=Text(text(row.get("title")), text(row.get("description"))),
    )


def _requests(path: str) -> str:
    return f"projects/{quote(path, safe='')}/merge_requests"


def _id(ask: Api, path: str) -> int:
    return number(ask.get(f"projects/{quote(path, safe='')}"), "id")


GITLAB = Forge(
    kind="gitlab",
    noun="merge request",
    mark="!",
    hosts=("gitlab.com",),
    variables=(("GITLAB_TOKEN",), ("GITLAB_TOKEN",)),
    scope="the scope 'api', and the role of a developer",
    draft=_DRAFT,
    api=lambda server: f"{server}/api/v4",
    token=lambda token: {"PRIVATE-TOKEN": token},
    pulls=pulls,
    create=create,
    update=update,
    exists=lambda status, words: status == 409 and "already exists" in words,
    comments=comments,
    comment=comment,
    recomment=recomment,
)
