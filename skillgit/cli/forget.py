"""`skillgit forget`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated

import typer

from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.cli.context import at_commit, open_repo, tell
from skillgit.config import user
from skillgit.errors import NotFound, UsageError
from skillgit.git import prune
from skillgit.git.message import Decision
from skillgit.git.prune import Plan
from skillgit.git.repo import Repo
from skillgit.git.rewrite import Edit
from skillgit.git.run import git
from skillgit.git.submodule import pins
from skillgit.learn import erase as erasing
from skillgit.learn import erase_lesson
from skillgit.learn import forget as forgetting
from skillgit.learn.forget import Forgotten, Order


def forget(
    skill: Annotated[str | None, typer.Argument(metavar="[SKILL]", help="A skill, also one that is gone.")] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="C", help="What was learned from a conversation: its digest or file."),
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="T", help="A text, wherever it stands in just these letters.")
    ] = None,
    with_history: Annotated[
        bool, typer.Option("--history", help="Rewrite the history too, so that no object of it holds it.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("-n", "--dry-run", help="Say what would go; change nothing.")] = False,
) -> None:
    """Take back a skill, what a conversation has taught, or a text: from the skills and from all that is private here.

    Skills change by decisions that do not say what it was; where a text stood, '(forgotten)' stands. The turns that
    were kept as evidence lose it, and so do undecided conversations, parked proposals, counts and caches. The history
    keeps it, and that is told, but with --history: then every commit since has a new id, other clones hold the old
    ones, and it is for you to push it with force.
    """
    repo = open_repo()
    is_unfinished = prune.is_unfinished(repo)
    if is_unfinished:
        _finish(repo, dry_run=dry_run)
    try:
        order, edit = _asked(repo, skill, source, text)
    except NotFound as err:
        if not is_unfinished or dry_run:
            raise
        output.note(f"note: {err.message} any more")  # what was to be finished may have been just that
        return
    made = edit() if with_history else None
    planned = erasing.plan(repo, made) if made else None
    done = (forgetting.rehearse if dry_run else forgetting.forget)(repo, order)
    _tell(done)
    for form in forgetting.other_cases(repo, text) if text else ():
        output.warn(f"'{form}' stands in a skill too, in other letters, and is left")
    if source is not None:
        _tell_what_stays(done.decisions)
    if made and planned:
        _tell_of_rewrite(repo, made, planned, dry_run=dry_run)
    elif order.commits:
        _tell_what_is_left(repo, len(order.commits))


def _tell(done: Forgotten) -> None:
    """Say what was done, or would be."""
    for decision in done.decisions:
        output.say(f"{decision.action} {decision.skill} {decision.after or decision.before or ''}".rstrip())
    output.say(f"evidence: {_count(done.turns, 'turn')}, undecided: {_count(done.conversations, 'conversation')}")
    if done.proposals:
        output.say(f"parked: {_count(done.proposals, 'proposal')}")
    if done.chats:
        output.say(f"chats: {_count(done.chats, 'conversation')}")
    if done.jobs:
        output.say(f"jobs: {_count(done.jobs, 'conversation')}")
    if done.landed:
        tell(done.landed)


def _finish(repo: Repo, *, dry_run: bool) -> None:
    """Do what is left of rewriting the history where that was interrupted, or say in a rehearsal that it waits."""
    if dry_run:
        output.note("note: a history is half rewritten; 'skillgit forget' finishes that first")
        return
    left = prune.finish(repo)
    output.say("history: finished a rewrite that was interrupted")
    _tell_where_else(repo, left)


def _tell_of_rewrite(repo: Repo, edit: Edit, planned: Plan, *, dry_run: bool) -> None:
    """Rewrite the history, unless it is a rehearsal, and say what that comes to and what is left to do."""
    left = 0 if dry_run else erasing.erase(repo, edit)
    output.say(f"history: {_count(planned.commits, 'commit')} rewritten, {_count(planned.moved, 'ref')} moved")
    for ref in planned.dropped:
        output.say(f"drop {ref}")
    if planned.lost:
        output.note(f"note: {_count(planned.lost, 'commit')} that no branch holds, only reflogs if any, go with it")
    _tell_where_else(repo, left)


def _tell_where_else(repo: Repo, left: int) -> None:
    """Say who may still hold what the history has lost; exit with 1 where that is the repository itself."""
    if left:
        output.warn(f"objects that still hold it: {left}; another git is at work, do the same again when it is not")
    remotes = git(["remote"], cwd=repo.directory).decode().split()
    for remote in remotes:
        output.warn(f"'{remote}' may still hold it, and a pull would bring it back")
        output.note(f"hint: first of all: git push --force {remote} --all && git push --force {remote} --tags")
    for path in pins(repo, repo.tip("HEAD")):
        output.warn(f"the library '{path}' has a history of its own, which is as it was")
    output.note("hint: other clones hold it too: make new ones; a secret that was committed is known: make a new one")
    if left:
        raise typer.Exit(1)


def _asked(repo: Repo, skill: str | None, source: str | None, text: str | None) -> tuple[Order, Callable[[], Edit]]:
    """What is to be forgotten, and what makes the edit of the history without it."""
    given = [word for word in (skill, source, text) if word is not None]
    if len(given) != 1 or not given[0].strip():
        raise UsageError("say one thing to forget", hint="a skill, --source C, or --text T")
    if skill is not None:
        path = skills.find_ever(repo, at_commit(repo, None), skill, user=user(repo))
        return forgetting.of_skill(repo, path), partial(erase_lesson.of_skill, repo, path)
    if text is not None:
        return forgetting.of_text(repo, text), partial(erasing.of_text, text)
    digests = forgetting.conversations(repo, source or "")
    order = forgetting.of_source(repo, digests)
    return order, lambda: erase_lesson.of_source(repo, digests, order.changes(repo.resolve("HEAD")))


def _tell_what_stays(decisions: Iterable[Decision]) -> None:
    for decision in decisions:
        if decision.action == "edit":
            output.warn(f"the name and the description of '{decision.skill}' stay: look whether they tell of it")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _tell_what_is_left(repo: Repo, commits: int) -> None:
    remotes = git(["remote"], cwd=repo.directory).decode().split()
    where = f", and so may {', '.join(remotes)} and every clone" if remotes else ", and so may every clone"
    output.warn(f"the history still holds it, in {_count(commits, 'commit')}{where}")
    output.note("hint: a secret that was committed is known: make a new one first")
    output.note("hint: '--history' takes it out of the history too; docs/forget.md says what that means")
