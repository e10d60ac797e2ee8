"""A server in front of an upstream, with some skills to give, for the tests of a module."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

from skillgit.git.repo import Repo
from skillgit.git.setup import init
from skillgit.learn.jobs import Job, jobs
from skillgit.serve.app import app
from skillgit.serve.server import Rules, Server, rules
from tests.conftest import world
from tests.git.place import git, put
from tests.serve.upstream import Up, listening, upstream

REPORT = "Write a government report about rivers."
"""What the skill of `library` is for."""
TEACHES = "From now on, always put a table of figures at the end of a government report."
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """A running server, its upstream, and its repository."""

    url: str
    up: Up
    server: Server

    @property
    def repo(self) -> Repo:
        return self.server.repo

    @property
    def v1(self) -> str:
        return f"{self.url}/v1"

    def jobs(self, user: str = "ada") -> tuple[Job, ...]:
        with jobs(self.repo) as queue:
            return queue.list(user=user, limit=1000)

    def settled(self, user: str = "ada") -> tuple[Job, ...]:
        """The jobs of a user, once there are some and none of them waits or runs."""
        return awaited(lambda: _settled(self.jobs(user)))


def _settled(found: tuple[Job, ...]) -> tuple[bool, tuple[Job, ...]]:
    return bool(found) and all(job.state not in ("waiting", "running") for job in found), found


def awaited(look: Callable[[], tuple[bool, tuple[Job, ...]]]) -> tuple[Job, ...]:
    """What `look` gives beside True, which it does soon."""
    until = time.monotonic() + _SECONDS
    while True:
        done, found = look()
        if done:
            return found
        assert time.monotonic() < until, found
        time.sleep(0.02)


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so, which it is soon."""
    awaited(lambda: (done(), ()))


def library(directory: Path) -> Repo:
    """A repository where ada and bob each have a skill for government reports, and all share one for haiku."""
    repo = init(directory).repo
    for key, value in {"embedder": "none", "user": "ada"}.items():
        git("config", f"skillgit.{key}", value, cwd=directory)
    about = "Write a government report with figures about rivers"
    own = {f"Users/{user}/government-report": skill(f"Name {user} as the author.", about) for user in ("ada", "bob")}
    common = {"Common/haiku": skill("Count the syllables.", "Write a haiku about the seasons")}
    put(
        repo,
        {
            f"{path}/SKILL.md": content.replace(b"NAME", path.rpartition("/")[2].encode())
            for path, content in (own | common).items()
        },
    )
    return repo


def skill(rule: str, about: str) -> bytes:
    """A SKILL.md of one rule, for the directory NAME."""
    head = f'---\nname: NAME\ndescription: {about}. Use when asked to.\nmetadata:\n  version: "0.1.0"\n---\n'
    return f"{head}# NAME\n\n## Rules\n- {rule}\n".encode()


@contextmanager
def serving(
    directory: Path, change: Callable[[Rules], Rules] = lambda each: each, *, settings: Mapping[str, str] | None = None
) -> Iterator[Place]:
    """A server of a new library at this directory, in a sealed world."""
    home = directory / "home"
    home.mkdir(parents=True)
    with patch.dict("os.environ", world(home), clear=True), upstream() as up:
        repo = library(directory / "repo")
        for key, value in (settings or {}).items():
            git("config", f"skillgit.{key}", value, cwd=repo.directory)
        server = Server(repo.directory, change(rules(repo, [up.url])), is_local=True)
        with listening(app(server)) as url:
            yield Place(url, up, server)


def impatient(seconds: float) -> Callable[[Rules], Rules]:
    """Rules that wait no longer than that for an upstream."""
    return lambda each: replace(each, seconds=seconds)


def chat(*said: str, **more: object) -> bytes:
    """A request of these turns, the user's and the assistant's in alternation."""
    roles = ("user", "assistant") * len(said)
    messages = [{"role": role, "content": text} for role, text in zip(roles, said, strict=False)]
    return json.dumps({"model": "answers", "messages": messages, **more}).encode()
