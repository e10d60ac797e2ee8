"""Releasing a skill: the version that others may rely on, and an annotated tag for it.

A tag is `<path>/v<version>`, such as `Users/ada/release-notes/v1.0.0`. Only releases have one.
"""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.changes import changelog, versions
from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import load, shown
from skillgit.errors import Refused, UsageError
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, failure, git
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.skills import version

FIRST = "1.0.0"


@dataclass(frozen=True, slots=True)
class Released:
    """A release: its version, its tag, the commit that has it, and the decision, where one was needed to get there."""

    number: str
    tag: str
    commit: str
    recorded: Recorded | None = None
    landed: Landed | None = None


def release(repo: Repo, path: str, *, number: str | None = None) -> Released:
    """Tag the version `number` of the skill at `path`; it becomes that one first, if it is lower.

    Without a number that is 1.0.0, or the version it has where that is higher. Refused where that version is
    released already, or lower than the one it has. Where the tag cannot be made, releasing again makes it.
    """
    current = version.normal(load(repo, repo.tip("HEAD"), path).version)
    wanted = _exact(number) if number else current if version.is_above(current, FIRST) else FIRST
    tag = f"{path}/v{wanted}"
    if version.is_above(current, wanted):
        raise Refused(f"skill '{shown(path)}' is at {current} already: a version never goes down")
    if repo.tip(f"refs/tags/{tag}"):
        raise Refused(f"version {wanted} of '{shown(path)}' is released already", hint=f"git show '{tag}'")
    recorded, landed = _raised(repo, path, wanted) if wanted != current else (None, None)
    tip = repo.resolve("HEAD")
    commit = recorded.commit if recorded else versions.find(repo, tip, path, wanted).revision.oid
    _tag(repo, tag, commit, path)
    return Released(wanted, tag, commit, recorded, landed)


def _exact(typed: str) -> str:
    number = typed.removeprefix("v")
    if version.normal(number) != number:
        raise UsageError(f"'{typed}' is no version", hint="write MAJOR.MINOR.PATCH, such as 1.0.0")
    return number


def _raised(repo: Repo, path: str, wanted: str) -> tuple[Recorded, Landed]:
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        before = load(repo, tx.tip, path).document
        after = before.with_field(("metadata", "version"), wanted)
        made[:] = [record(tx, Change("edit", path, before, after, f"release {wanted}"))]

    landed = write(repo, body)
    return made[0], landed


def _tag(repo: Repo, tag: str, commit: str, path: str) -> None:
    """Make the annotated tag, signed where the user's git signs tags; its message says what is new."""
    known = git(["tag", "--list", "--merged", commit, f"{path}/v*"], cwd=repo.directory).decode().split()
    before = {name.rpartition("/v")[2] for name in known}
    news: list[changelog.Release] = []
    for each in changelog.changelog(repo, commit, path):
        if each.number in before:
            break
        news.append(each)
    message = changelog.markdown(news, title=f"{shown(path)} {tag.rpartition('/v')[2]}")
    args = ["tag", "--annotate", "--cleanup=verbatim", "--file=-", tag, commit]
    done = attempt(args, cwd=repo.directory, stdin=message.encode())
    if done.returncode:
        raise failure(args, done.stderr)
