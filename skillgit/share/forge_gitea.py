"""Gitea and Forgejo: REST API v1, as Gitea 1.20 and Forgejo 7 have it, and later ones.

Source: the swagger description that each instance serves, and routers/api/v1/repo/pull.go. Of older instances the list
of pull requests takes no base; what is not asked for is left out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from skillgit.share.forge import Api, Comment, Forge, Pull, Route, Text, number
from skillgit.share.forge_github import pull
from skillgit.transcripts.fields import Fields, fields, text

_DRAFT = "WIP: "
_LATELY = 50  # of a repository's closed ones, which cannot be asked for by branch


def pulls(ask: Api, route: Route) -> Iterator[Pull]:
    """The pull requests of a route: those that are open, then the others, as far as they changed lately."""
    query = {"base_branch": route.base, "sort": "recentupdate"}
    for state, most in (("open", None), ("closed", _LATELY)):
        rows = ask.pages(f"repos/{route.target}/pulls", {**query, "state": state}, size="limit")
        yield from (pull(row) for row in islice(rows, most) if _is_of(row, route))


def create(ask: Api, route: Route, said: Text, draft: bool) -> Pull:
    """A new pull request."""
    head = f"{route.source.partition('/')[0]}:{route.head}" if route.is_fork else route.head
    title = f"{_DRAFT}{said.title}" if draft else said.title
    body = {"title": title, "body": said.body, "head": head, "base": route.base}
    return pull(ask.send("POST", f"repos/{route.target}/pulls", body))


def update(ask: Api, route: Route, which: int, said: Text) -> Pull:
    """The pull request with another text."""
    return pull(ask.send("PATCH", f"repos/{route.target}/pulls/{which}", {"title": said.title, "body": said.body}))


def comments(ask: Api, target: str, which: int) -> Iterator[Comment]:
    """The remarks on a pull request, the oldest first."""
    for row in ask.pages(f"repos/{target}/issues/{which}/comments", {}, size="limit"):
        yield Comment(number(row, "id"), text(row.get("body")))


def comment(ask: Api, target: str, which: int, body: str) -> None:
    """Remark something on a pull request."""
    ask.send("POST", f"repos/{target}/issues/{which}/comments", {"body": body})


def recomment(ask: Api, target: str, which: int, remark: Comment) -> None:
    """Give a remark another text."""
    ask.send("PATCH", f"repos/{target}/issues/comments/{remark.id}", {"body": remark.body})


def _is_of(row: Fields, route: Route) -> bool:
    head, base = fields(row.get("head")), fields(row.get("base"))
    source = text(fields(head.get("repo")).get("full_name"))  # null where the fork is gone
    names = (source.casefold(), text(head.get("ref")), text(base.get("ref")))
    return names == (route.source.casefold(), route.head, route.base)


GITEA = Forge(
    kind="gitea",
    noun="pull request",
    mark="#",
    hosts=("codeberg.org", "gitea.com"),
    variables=(("GITEA_TOKEN", "FORGEJO_TOKEN"), ("GITEA_TOKEN", "FORGEJO_TOKEN")),
    scope="the scopes 'write:repository' and 'write:issue'",
    draft=_DRAFT,
    api=lambda server: f"{server}/api/v1",
    token=lambda token: {"Authorization": f"token {token}"},
    pulls=pulls,
    create=create,
    update=update,
    exists=lambda status, words: status == 409 and "already exists" in words,
    comments=comments,
    comment=comment,
    recomment=recomment,
)
