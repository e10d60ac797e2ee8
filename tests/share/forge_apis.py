"""The calls of three forges' REST APIs that pull requests take, as their publishers describe them.

    GitHub   REST 2022-11-28: docs.github.com/rest/pulls/pulls, /rest/issues/comments
    GitLab   v4, of 17.x: docs.gitlab.com/api/merge_requests, /api/notes, /api/projects
    Gitea    v1, of 1.24 (and Forgejo 11): the swagger description, routers/api/v1/repo/pull.go

A call knows the queries and the fields that it takes, with their types, and answers from the state of the forge as the
real one does: a second request for the same branches is refused in the forge's own way and words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote

if TYPE_CHECKING:
    from tests.share.forges import Asked, Comment, Forge


@dataclass(frozen=True, slots=True)
class Said:
    """A reply."""

    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Reply: TypeAlias = "Callable[[Asked], Said | None]"
"""A reply out of turn; None closes the connection without one."""

Answer: TypeAlias = "Callable[[Forge, Asked, re.Match[str]], Said]"


@dataclass(slots=True)
class Pull:
    """A pull request; `state` is open, closed or merged."""

    number: int
    source: str
    head: str
    target: str
    base: str
    title: str
    body: str
    state: str = "open"
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where it is, what it takes, and what it does."""

    method: str
    path: str
    answer: Answer
    query: frozenset[str] = frozenset()
    body: Mapping[str, type] = field(default_factory=dict)

    def matches(self, method: str, path: str) -> re.Match[str] | None:
        """The match of a request for this call; None for another."""
        return re.fullmatch(self.path, path) if method == self.method else None


@dataclass(frozen=True, slots=True)
class Api:
    """An API: `carrier` is the header that carries the token, `refuse` makes a refusal in its shape."""

    prefix: str
    carrier: str
    headers: Callable[[str], dict[str, str]]
    calls: tuple[Call, ...]
    refuse: Callable[[int, str], Said]


def says(value: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Said:
    """JSON."""
    return Said(status, json.dumps(value).encode(), headers or {})


def refuses(status: int, words: object, *, headers: Mapping[str, str] | None = None) -> Said:
    """A refusal, which all three begin with a `message`."""
    return says({"message": words}, status=status, headers=headers)


def page(rows: list[Any], asked: Asked, size: str) -> Said:
    """A page of a list, with the link to the next one."""
    number, length = int(asked.query.get("page", "1")), int(asked.query.get(size, "20"))
    more = len(rows) > number * length
    links = {"Link": f'<{asked.path}?page={number + 1}>; rel="next"'} if more else {}
    return says(rows[(number - 1) * length : number * length], headers=links)


def _merge_types(*names: str) -> dict[str, type]:
    return dict.fromkeys(names, str)


def _open(forge: Forge, pull: Pull) -> Pull:
    pull.number = len(forge.pulls) + 1
    forge.pulls.append(pull)
    return pull


def _same(forge: Forge, new: Pull) -> Pull | None:
    """The open pull request for the same branches."""
    route = (new.source, new.head, new.target, new.base)
    alike = (one for one in forge.pulls if (one.source, one.head, one.target, one.base) == route)
    return next((one for one in alike if one.state == "open"), None)


def _numbered(forge: Forge, number: str) -> Pull | None:
    return next((one for one in forge.pulls if one.number == int(number)), None)


# GitHub, and Gitea after it


def github_row(forge: Forge, pull: Pull) -> dict[str, Any]:
    """A pull request as GitHub and Gitea write it."""
    return {
        "number": pull.number,
        "html_url": f"{forge.url}/{pull.target}/pull/{pull.number}",
        "state": "open" if pull.state == "open" else "closed",
        "merged_at": "2026-01-02T03:04:05Z" if pull.state == "merged" else None,
        "title": pull.title,
        "body": pull.body or None,
        "draft": pull.draft,
        "head": {"ref": pull.head, "label": f"{pull.source.partition('/')[0]}:{pull.head}", "repo": _repo(pull.source)},
        "base": {"ref": pull.base, "label": pull.base, "repo": _repo(pull.target)},
    }


def _repo(path: str) -> dict[str, Any]:
    return {"full_name": path, "name": path.rpartition("/")[2]}


def _github_error(field_: str) -> Said:
    errors = [{"resource": "PullRequest", "field": field_, "code": "invalid"}]
    return says({"message": "Validation Failed", "errors": errors}, status=422)


def _github_list(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    target, query = match["repo"], asked.query
    if target not in forge.repositories:
        return refuses(404, "Not Found")
    rows = [one for one in reversed(forge.pulls) if one.target == target]
    states = {"open": ["open"], "closed": ["closed", "merged"], "all": ["open", "closed", "merged"]}
    rows = [one for one in rows if one.state in states[query.get("state", "open")]]
    owner, _, head = query.get("head", "").partition(":")
    if head:
        rows = [one for one in rows if one.head == head and one.source.partition("/")[0] == owner]
    base = query.get("base") or query.get("base_branch")
    rows = [one for one in rows if base in (None, one.base)]
    return page([github_row(forge, one) for one in rows], asked, "limit" if forge.kind == "gitea" else "per_page")


def _github_create(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    body, target = asked.body, match["repo"]
    if target not in forge.repositories:
        return refuses(404, "Not Found")
    owner, colon, head = str(body["head"]).rpartition(":")
    name = body.get("head_repo") or target.rpartition("/")[2]
    source = f"{owner}/{name}" if colon else target
    if source not in forge.repositories or forge.tip(source, head) is None:
        return _github_error("head") if forge.kind == "github" else refuses(404, "The target couldn't be found.")
    if forge.tip(target, body["base"]) is None:
        return _github_error("base") if forge.kind == "github" else refuses(404, "The target couldn't be found.")
    new = Pull(0, source, head, target, body["base"], body["title"], body.get("body", ""))
    new.draft = bool(body.get("draft"))
    there = _same(forge, new)
    if there and forge.kind == "gitea":
        return refuses(409, f"pull request already exists for these targets [id: {there.number}, issue_id: 7]")
    if there:
        errors = [
            {"resource": "PullRequest", "code": "custom", "message": f"A pull request already exists for {head}."}
        ]
        return says({"message": "Validation Failed", "errors": errors}, status=422)
    if forge.tip(source, head) == forge.tip(target, body["base"]):
        return says({"message": "Validation Failed", "errors": [{"message": "No commits between them"}]}, status=422)
    return says(github_row(forge, _open(forge, new)), status=201)


def _github_update(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    pull = _numbered(forge, match["number"])
    if pull is None:
        return refuses(404, "Not Found")
    pull.title, pull.body = asked.body.get("title", pull.title), asked.body.get("body", pull.body)
    return says(github_row(forge, pull), status=201 if forge.kind == "gitea" else 200)


def _comment_row(comment: Comment) -> dict[str, Any]:
    return {"id": comment.id, "body": comment.body}


def _comments(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    rows = [_comment_row(one) for one in forge.comments if one.number == int(match["number"])]
    return page(rows, asked, "limit" if forge.kind == "gitea" else "per_page")


def _comment(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    from tests.share.forges import Comment  # it imports this module

    if _numbered(forge, match["number"]) is None:
        return refuses(404, "Not Found")
    forge.comments.append(Comment(len(forge.comments) + 1, int(match["number"]), asked.body["body"]))
    return says(_comment_row(forge.comments[-1]), status=201)


def _recomment(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    found = next((one for one in forge.comments if one.id == int(match["id"])), None)
    if found is None:
        return refuses(404, "Not Found")
    found.body = asked.body["body"]
    return says(_comment_row(found))


_REPO = r"/repos/(?P<repo>[^/]+/[^/]+)"
_REMARKS = (
    Call("POST", rf"{_REPO}/issues/(?P<number>\d+)/comments", _comment, body={"body": str}),
    Call("PATCH", rf"{_REPO}/issues/comments/(?P<id>\d+)", _recomment, body={"body": str}),
)
GITHUB = Api(
    prefix="/api/v3",
    carrier="authorization",
    headers=lambda token: {
        "authorization": f"Bearer {token}",
        "accept": "application/vnd.github+json",
        "x-github-api-version": "2022-11-28",
    },
    calls=(
        Call(
            "GET",
            rf"{_REPO}/pulls",
            _github_list,
            query=frozenset({"state", "head", "base", "sort", "direction", "per_page", "page"}),
        ),
        Call(
            "POST",
            rf"{_REPO}/pulls",
            _github_create,
            body=_merge_types("title", "head", "head_repo", "base", "body")
            | {"draft": bool, "maintainer_can_modify": bool},
        ),
        Call("PATCH", rf"{_REPO}/pulls/(?P<number>\d+)", _github_update, body=_merge_types("title", "body", "state")),
        Call(
            "GET",
            rf"{_REPO}/issues/(?P<number>\d+)/comments",
            _comments,
            query=frozenset({"since", "per_page", "page"}),
        ),
        *_REMARKS,
    ),
    refuse=refuses,
)
GITEA = Api(
    prefix="/api/v1",
    carrier="authorization",
    headers=lambda token: {"authorization": f"token {token}", "accept": "application/json"},
    calls=(
        Call(
            "GET",
            rf"{_REPO}/pulls",
            _github_list,
            query=frozenset({"state", "base_branch", "sort", "limit", "page"}),
        ),
        Call("POST", rf"{_REPO}/pulls", _github_create, body=_merge_types("title", "head", "base", "body")),
        Call("PATCH", rf"{_REPO}/pulls/(?P<number>\d+)", _github_update, body=_merge_types("title", "body", "state")),
        Call(
            "GET",
            rf"{_REPO}/issues/(?P<number>\d+)/comments",
            _comments,
            query=frozenset({"since", "before", "limit", "page"}),
        ),
        *_REMARKS,
    ),
    refuse=refuses,
)


# GitLab


def gitlab_row(forge: Forge, pull: Pull) -> dict[str, Any]:
    """A merge request as GitLab writes it."""
    names = forge.repositories
    return {
        "id": 1000 + pull.number,
        "iid": pull.number,
        "web_url": f"{forge.url}/{pull.target}/-/merge_requests/{pull.number}",
        "state": {"open": "opened"}.get(pull.state, pull.state),
        "title": pull.title,
        "description": pull.body or None,
        "source_branch": pull.head,
        "target_branch": pull.base,
        "source_project_id": names.index(pull.source) + 1,
        "target_project_id": names.index(pull.target) + 1,
    }


def _project(forge: Forge, match: re.Match[str]) -> str | None:
    path = unquote(match["project"])
    return path if path in forge.repositories else None


def _gitlab_project(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    path = _project(forge, match)
    if path is None:
        return refuses(404, "404 Project Not Found")
    return says({"id": forge.repositories.index(path) + 1, "path_with_namespace": path, "default_branch": "main"})


def _gitlab_list(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    target, query = _project(forge, match), asked.query
    if target is None:
        return refuses(404, "404 Project Not Found")
    rows = [one for one in reversed(forge.pulls) if one.target == target]
    rows = [one for one in rows if query.get("source_branch") in (None, one.head)]
    rows = [one for one in rows if query.get("target_branch") in (None, one.base)]
    return page([gitlab_row(forge, one) for one in rows], asked, "per_page")


def _gitlab_create(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    source, body, names = _project(forge, match), asked.body, forge.repositories
    if source is None:
        return refuses(404, "404 Project Not Found")
    target = names[body["target_project_id"] - 1] if "target_project_id" in body else source
    if forge.tip(source, body["source_branch"]) is None:
        return refuses(400, {"source_branch": ["does not exist"]})
    branches = (body["source_branch"], target, body["target_branch"])
    new = Pull(0, source, *branches, body["title"], body.get("description", ""))
    there = _same(forge, new)
    if there:
        return refuses(409, [f"Another open merge request already exists for this source branch: !{there.number}"])
    return says(gitlab_row(forge, _open(forge, new)), status=201)


def _gitlab_update(forge: Forge, asked: Asked, match: re.Match[str]) -> Said:
    pull = _numbered(forge, match["number"])
    if pull is None:
        return refuses(404, "404 Not found")
    pull.title, pull.body = asked.body.get("title", pull.title), asked.body.get("description", pull.body)
    return says(gitlab_row(forge, pull))


_PROJECT = r"/projects/(?P<project>[^/]+)"
_REQUEST = rf"{_PROJECT}/merge_requests/(?P<number>\d+)"
_SORTED = frozenset({"order_by", "sort", "per_page", "page"})
GITLAB = Api(
    prefix="/api/v4",
    carrier="private-token",
    headers=lambda token: {"private-token": token, "accept": "application/json"},
    calls=(
        Call("GET", _PROJECT, _gitlab_project),
        Call(
            "GET",
            rf"{_PROJECT}/merge_requests",
            _gitlab_list,
            query=_SORTED | {"state", "source_branch", "target_branch"},
        ),
        Call(
            "POST",
            rf"{_PROJECT}/merge_requests",
            _gitlab_create,
            body=_merge_types("title", "description", "source_branch", "target_branch")
            | {"target_project_id": int, "allow_collaboration": bool},
        ),
        Call("PUT", _REQUEST, _gitlab_update, body=_merge_types("title", "description", "state_event")),
        Call("GET", rf"{_REQUEST}/notes", _comments, query=_SORTED),
        Call("POST", rf"{_REQUEST}/notes", _comment, body={"body": str}),
        Call("PUT", rf"{_PROJECT}/merge_requests/\d+/notes/(?P<id>\d+)", _recomment, body={"body": str}),
    ),
    refuse=refuses,
)
APIS = {"github": GITHUB, "gitlab": GITLAB, "gitea": GITEA}
