"""What a decision reads and writes does not grow with the number of skills: counted, not timed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pygit2
import pytest

from benchmarks.cost import KINDS, WARM, WARM_UP, chats, library
from skillgit.git.repo import Repo
from skillgit.sdk import SkillRepo
from tests.git.place import git


class CountingRepo(Repo):
    """A repository that counts the blobs read from it."""

    def __init__(self, handle: pygit2.Repository) -> None:
        super().__init__(handle)
        self.blobs = 0

    def read(self, oid: str) -> bytes:
        """The bytes of a blob."""
        self.blobs += 1
        return super().read(oid)


@dataclass(frozen=True, slots=True)
class Work:
    """Blobs that a decision read, git objects it made, and their KiB."""

    blobs: int
    objects: int
    size: int


def work(directory: Path, *, skills: int) -> dict[str, Work]:
    """What each kind of decision takes in a process that has only just opened the library."""
    place = library(directory / str(skills), skills, bare=True)
    for chat in chats(*WARM_UP).values():
        SkillRepo.open(place, user="ada").ingest(chat)
    found: dict[str, Work] = {}
    for kind, chat in chats(*WARM[0]).items():
        repo, before = CountingRepo(Repo.open(place).handle), made(place)
        decision = SkillRepo(repo, user="ada").ingest(chat)
        assert decision.decision == kind
        found[kind] = Work(repo.blobs, *(after - was for after, was in zip(made(place), before, strict=True)))
    return found


def made(directory: Path) -> tuple[int, int]:
    """How many loose objects there are, and how many KiB they take."""
    rows = dict(row.split(": ") for row in git("count-objects", "-v", cwd=directory).splitlines())
    return int(rows["count"]), int(rows["size"])


@pytest.mark.slow
def test_a_decision_reads_no_more_blobs_and_makes_hardly_more_objects_among_many_skills(tmp_path: Path) -> None:
    few, many = (work(tmp_path, skills=count) for count in (100, 2_000))
    for kind in KINDS:
        assert many[kind].blobs == few[kind].blobs <= 12
        assert many[kind].objects <= few[kind].objects + 1  # the level of shards
        assert many[kind].size < 2 * few[kind].size
