"""What skillgit is for, as one script for every face: what is asked once teaches nothing, and what lasts is learned."""

from __future__ import annotations

import time
from typing import Protocol

from skillgit.chat.chats import chats
from skillgit.git.repo import Repo
from skillgit.git.run import git
from tests.chat.place import FEEDBACK, MORE, REQUEST
from tests.models.server import Server

ANOTHER = "Write the release notes for 2.5."
_SECONDS = 20.0


class Face(Protocol):
    """Where a person talks."""

    def say(self, text: str) -> None:
        """A message was sent, and its answer is there."""

    def sees(self, decision: str, skill: str, version: str) -> None:
        """It is shown what was learned."""

    def sees_given(self, skill: str, version: str) -> None:
        """It is shown which skill the last answer was given."""

    def begin(self) -> None:
        """Another conversation has begun."""


def lives(face: Face, repo: Repo, model: Server) -> None:
    """A request teaches nothing, feedback makes a skill, later feedback a version, and another session is given it."""
    face.say(REQUEST)
    assert settled(repo) == []
    face.say(FEEDBACK)
    face.sees("add", "ada/release-notes", "0.1.0")
    assert settled(repo) == ["add"]
    face.say(MORE)
    face.sees("merge", "ada/release-notes", "0.1.1")
    assert settled(repo) == ["add", "merge"]
    face.begin()
    face.say(ANOTHER)
    face.sees_given("ada/release-notes", "0.1.1")
    asked = [request.messages for request in model.requests if request.body.get("stream")][-1]
    assert [each["role"] for each in asked] == ["system", "user"]
    assert "breaking changes first" in asked[0]["content"]
    assert "link every fix" in asked[0]["content"]
    assert settled(repo) == ["add", "merge"]


def settled(repo: Repo) -> list[str]:
    """What was decided by learning, the first one first, as soon as all that was said is learned from."""
    until = time.monotonic() + _SECONDS
    with chats(repo) as kept:
        while not all(0 < each.asked <= each.heard for each in kept.list()):
            assert time.monotonic() < until, kept.list()
            time.sleep(0.02)
    told = "--format=%(trailers:key=Skill-Decision,valueonly,separator=)"
    return git(["log", "--reverse", "--grep=^Skill-Attempt: ", told], cwd=repo.directory).decode().split()
