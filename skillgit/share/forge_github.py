"""GitHub, on github.com and as GitHub Enterprise: REST API version 2022-11-28.

Source: docs.github.com/rest/pulls and /rest/issues/comments, and the description in github/rest-api-description.
"""

from __future__ import annotations

from collections.abc import Iterator

from skillgit.share.forge import Api, Comment, Forge, Pull, Route, Text, number
from skillgit.transcripts.fields import Fields, fields, text


def api(server: str) -> str:
    """The API of the server at an address: `https://github.com` has it at a host of its own."""
    scheme, _, host = server.partition("://")
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"{scheme}://api.{host}"
    return f"{server}/api/v3"


def pulls(ask: Api, route: Route) -> Iterator[Pull]:
    """The pull requests of a route, the newest first."""
    owner = route.source.partition("/")[0]
    query = {"state": "all", "head": f"{owner}:{route.head}", "base": route.base}
    order = {"sort": "created", "direction": "desc"}
    for row in ask.pages(f"repos/{route.target}/pulls", query | order, size="per_page"):
        source = text(fields(fields(row.get("head")).get("repo")).get("full_name"))  # null where the fork is gone
        if source.casefold() == route.source.casefold():
            yield pull(row)


def create(ask: Api, route: Route, said: Text, draft: bool) -> Pull:
    """A new pull request."""
    owner, _, name = route.source.partition("/")
    body = {
        "title": said.title,
        "body": said.body,
        "head": f"{owner}:{route.head}",
        "base": route.base,
        "draft": draft,
    }
    beside = {"head_repo": name} if route.is_fork else {}
    return pull(ask.send("POST", f"repos/{route.target}/pulls", body | beside))


def update(ask: Api, route: Route, which: int, said: Text) -> Pull:
    """The pull request with another text."""
    return pull(ask.send("PATCH", f"repos/{route.target}/pulls/{which}", {"title": said.title, "body": said.body}))


def comments(ask: Api, target: str, which: int) -> Iterator[Comment]:
    """The remarks on a pull request, the oldest first."""
    for row in ask.pages(f"repos/{target}/issues/{which}/comments", {}, size="per_page"):
        yield Comment(number(row, "id"), text(row.get("body")))


def comment(ask: Api, target: str, which: int, body: str) -> None:
    """Remark something on a pull request."""
    ask.send("POST", f"repos/{target}/issues/{which}/comments", {"body": body})


def recomment(ask: Api, target: str, which: int, remark: Comment) -> None:
    """Give a remark another text."""
    ask.send("PATCH", f"repos/{target}/issues/comments/{remark.id}", {"body": remark.body})


def pull(row: Fields) -> Pull:
    """A pull request as GitHub, and Gitea after it, writes one."""
    state = text(row.get("state"))
    is_merged = bool(row.get("merged_at"))
    return Pull(
        number=number(row, "number"),
        url=text(row.get("html_url")),
        state="merged" if is_merged else "open" if state == "open" else "closed",
        text=Text(text(row.get("title")), text(row.get("body"))),
    )


GITHUB = Forge(
    kind="github",
    noun="pull request",
    mark="#",
    hosts=("github.com", ".ghe.com"),
    variables=(("GH_TOKEN", "GITHUB_TOKEN"), ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")),
    scope="write access to pull requests ('repo' of a classic token)",
    draft="",
    api=api,
    token=lambda token: {"Authorization": f"Bearer {token}"},
    pulls=pulls,
    create=create,
    update=update,
    exists=lambda status, words: status == 422 and "already exists" in words,
    comments=comments,
    comment=comment,
    recomment=recomment,
    accepts={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"},
)
