"""Libraries where something waits for review, and what a reviewer's pages say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import httpx

from skillgit.changes.edit import edit
from skillgit.git.repo import Repo
from skillgit.serve import keys
from tests.changes.library import document, head
from tests.git.place import git
from tests.serve.place import Place
from tests.share.hub import with_rules

REPORT = "Users/ada/government-report"
HAIKU = "Common/haiku"


@contextmanager
def borrowed(place: Place) -> Iterator[Repo]:
    """The repository of a server, which is what it was again afterwards: a server costs more than a test."""
    top = place.repo.directory
    start = git("rev-parse", "HEAD", cwd=top)
    yield Repo.open(top)
    git("reset", "-q", "--hard", start, cwd=top)
    git("clean", "-fdq", cwd=top)
    for ref in git("for-each-ref", "--format=%(refname)", "refs/heads/learn", "refs/skillgit", cwd=top).split():
        git("update-ref", "-d", ref, cwd=top)


@contextmanager
def visitor(place: Place, user: str = "ada", *, acts: bool = False) -> Iterator[httpx.Client]:
    """A browser whose user has logged in with a key."""
    _, secret = keys.add(place.repo, user, acts=acts)
    with httpx.Client(base_url=place.url, follow_redirects=True) as client:
        assert client.post("/login", data={"key": secret}).status_code == 200
        yield client


def field(page: httpx.Response, name: str) -> str:
    """The value of a hidden field, "" where there is none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return unescape(found[1]) if found else ""


def text(page: httpx.Response) -> str:
    """What stands in the form for a text."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert found
    return unescape(found[1])


def decide(client: httpx.Client, key: str, what: str, **fields: str) -> httpx.Response:
    """What a visitor hears who opens a proposal, and then decides about it."""
    page = client.get(f"/review/{key}" + ("/edit" if what == "edit" else ""))
    said = {name: field(page, name) for name in ("token", "seen", "was")}
    return client.post(f"/review/{key}/{what}", data=said | fields)


def change(repo: Repo, path: str, *rules: str) -> None:
    """A skill gets these rules by hand."""
    change_words(repo, with_rules(document(repo, path), *rules).body, path=path)


def change_words(repo: Repo, body: str, *, path: str = REPORT) -> None:
    """A skill gets this body by hand."""
    edit(repo, path, document(repo, path).with_body(body).render(), base=head(repo))
