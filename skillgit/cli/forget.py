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
from skillgit.git.prune import Plan
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.learn import erase as erasing
from skillgit.learn import forget as forgetting
from skillgit.learn.forget import Order

_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


def forget(
    skill: Annotated[str | None, typer.Argument(metavar="[SKILL]", help="A skill, also one that is gone.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="DIGEST", help="What was learned from this conversation.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="T", help="A text, wherever it stands in just these letters.")
    ] = None,
    with_history: Annotated[
        bool, typer.Option("--history", help="Rewrite the history too, so that no object of it holds the text.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")] = False,
) -> None:
    """Take back a skill, what a conversation has taught, or a text: from the skills and from all that is private here.

    Skills change by decisions that do not say what it was; where a text stood, '(forgotten)' stands. The turns that
    were kept as evidence lose it, and so do undecided conversations, parked proposals, counts and caches. The history
    keeps it, and that is told, but for a text with --history: then every commit since has a new id, other clones hold
    the old ones, and it is for you to push it with force.
    """
    repo = open_repo()
    order = _order(repo, skill, source, text)
    if with_history and text is None:
        raise UsageError("--history needs --text", hint="what a skill or a conversation says is forgotten text by text")
    planned = erasing.plan(repo, text) if with_history and text else None
    done = (forgetting.rehearse if dry_run else forgetting.forget)(repo, order)
    for decision in done.decisions:
        output.say(f"{decision.action} {decision.skill} {decision.after or decision.before or ''}".rstrip())
    output.say(f"evidence: {_count(done.turns, 'turn')}, undecided: {_count(done.conversations, 'conversation')}")
    if done.proposals:
        output.say(f"parked: {_count(done.proposals, 'proposal')}")
    if done.landed:
        tell(done.landed)
    for form in forgetting.other_cases(repo, text) if text else ():
        output.warn(f"'{form}' stands in a skill too, in other letters, and is left")
    if planned and text:
        _tell_of_rewrite(repo, text, planned, dry_run=dry_run)
    elif order.commits:
        _tell_what_is_left(repo, len(order.commits))


def _tell_of_rewrite(repo: Repo, text: str, planned: Plan, *, dry_run: bool) -> None:
    """Rewrite the history, unless it is a rehearsal, and say what that comes to and what is left to do."""
    left = 0 if dry_run else erasing.erase(repo, text)
    output.say(f"history: {_count(planned.commits, 'commit')} rewritten, {_count(planned.moved, 'ref')} moved")
    for ref in planned.dropped:
        output.say(f"drop {ref}")
    if planned.lost:
        output.note(f"note: {_count(planned.lost, 'commit')} that no branch holds, only reflogs if any, go with it")
    if left:
        output.warn(f"objects that still hold it: {left}; another git is at work, do the same again when it is not")
    remotes = git(["remote"], cwd=repo.directory).decode().split()
    for remote in remotes:
        output.warn(f"'{remote}' may still hold it, and a pull would bring it back")
        output.note(f"hint: first of all: git push --force {remote} --all && git push --force {remote} --tags")
    output.note("hint: other clones hold it too: make new ones; a secret that was committed is known: make a new one")
    if left:
        raise typer.Exit(1)


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
    output.note("hint: '--text T --history' takes a text out of the history too; docs/security.md says what that means")
