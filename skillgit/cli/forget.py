"""`skillgit forget`."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.cli.context import at_commit, open_repo, tell
from skillgit.config import user
from skillgit.errors import NotFound, UsageError
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.learn import forget as forgetting
from skillgit.learn.forget import Order

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


def forget(
    skill: Annotated[str | None, typer.Argument(metavar="[SKILL]", help="A skill, also one that is gone.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="DIGEST", help="What was learned from this conversation.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", metavar="T", help="A text, wherever it stands.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")] = False,
) -> None:
    """Take back a skill, what a conversation has taught, or a text: from the skills and from all that is private here.

    Skills change by decisions that do not say what it was; where a text stood, '(forgotten)' stands. The turns that
    were kept as evidence lose it, and so do undecided conversations and caches. The history is not rewritten: what is
    in it, in clones and in remotes is told, and what helps.
    """
    repo = open_repo()
    order = _order(repo, skill, source, text)
    done = (forgetting.rehearse if dry_run else forgetting.forget)(repo, order)
    for decision in done.decisions:
        output.say(f"{decision.action} {decision.skill} {decision.after or decision.before or ''}".rstrip())
    output.say(f"evidence: {_count(done.turns, 'turn')}, undecided: {_count(done.conversations, 'conversation')}")
    if done.landed:
        tell(done.landed)
    if order.commits:
        _tell_what_is_left(repo, len(order.commits))


def _order(repo: Repo, skill: str | None, source: str | None, text: str | None) -> Order:
    given = [word for word in (skill, source, text) if word is not None]
    if len(given) != 1 or not given[0].strip():
        raise UsageError("say one thing to forget", hint="a skill, --source DIGEST, or --text T")
    if skill is not None:
        return forgetting.of_skill(repo, skills.find_ever(repo, at_commit(repo, None), skill, user=user(repo)))
    if text is not None:
        return forgetting.of_text(repo, text)
    digest = _DIGEST.fullmatch(source or "")
    if digest is None:
        raise NotFound(
            f"no conversation '{source}'", hint="'skillgit why SKILL --json' says them: sha256: and 64 digits"
        )
    return forgetting.of_source(repo, f"sha256:{digest[1]}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _tell_what_is_left(repo: Repo, commits: int) -> None:
    remotes = git(["remote"], cwd=repo.directory).decode().split()
    where = f", and so may {', '.join(remotes)} and every clone" if remotes else ", and so may every clone"
    output.warn(f"the history still holds it, in {_count(commits, 'commit')}{where}")
    output.note("hint: a secret that was committed is known: make a new one first")
    output.note("hint: 'git filter-repo' rewrites the history of a fresh clone; docs/security.md says how")
