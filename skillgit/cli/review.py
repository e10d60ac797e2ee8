"""`skillgit review`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import typer

from skillgit.cli import editor, output, proposal
from skillgit.cli.context import head, open_repo, tell
from skillgit.errors import Refused, SkillgitError, UsageError
from skillgit.git.repo import Repo
from skillgit.share import proposals
from skillgit.share import review as reviewing
from skillgit.share.proposals import Proposal
from skillgit.share.review import Reviewed

_TAKES = {
    "show": ("--all", "--turns"),
    "accept": ("--all",),
    "reject": ("--all", "--reason"),
}


@dataclass(frozen=True, slots=True)
class _Run:
    """What waits in a repository, newest first, and how the user is told of it."""

    repo: Repo
    waiting: tuple[Proposal, ...]
    as_json: bool


def review(
    what: Annotated[
        str | None, typer.Argument(metavar="[list|show|accept|reject|edit|restore]", help="What to do.")
    ] = None,
    which: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="As 'list' shows them; of 'restore' a commit.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that waits, the oldest first.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is rejected.")] = None,
    turns: Annotated[
        bool, typer.Option("--turns", help="With the turns that are quoted, where they are kept.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Look at the decisions that wait: parked ones, and what is on learned branches and not on this one.

    Accepted, a decision is made again on what is there now, with the evidence and the author it has; where it is in
    conflict, nothing happens. Rejected, it is in the history as that, travels with it, and its lesson is not learned
    again, until 'restore COMMIT' takes the rejection back. On a terminal, without words, it asks about each.
    """
    _check_options(what, {"--all": every, "--reason": reason, "--turns": turns})
    repo = open_repo()
    if what == "restore":
        for rev in _given(which):
            _tell(repo, reviewing.restore(repo, rev), as_json=as_json)
        return
    run = _Run(repo, proposals.waiting(repo, head(repo)), as_json)
    match what:
        case None if sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
            _walk(run)
        case None | "list":
            proposal.table(repo, run.waiting, as_json=as_json)
        case "show":
            with output.paged():
                for each in _chosen(run, which, every=every):
                    proposal.show(repo, run.waiting, each, turns=turns, as_json=as_json)
        case "accept":
            _each(run, _chosen(run, which, every=every), partial(reviewing.accept, repo))
        case "reject":
            _each(run, _chosen(run, which, every=every), partial(_rejected, repo, _reason(reason)))
        case "edit":
            _each(run, _chosen(run, which, every=every), partial(_edited, repo))
        case _:
            words = "'list', 'show', 'accept', 'reject', 'edit' or 'restore'"
            raise UsageError(f"'{what}' is not {words}", hint="see 'skillgit review --help'")


def _check_options(what: str | None, given: dict[str, object]) -> None:
    odd = [option for option, value in given.items() if value and option not in _TAKES.get(what or "", ())]
    if odd:
        raise UsageError(f"'{odd[0]}' does not go with '{what or 'list'}'", hint="see 'skillgit review --help'")


def _given(which: list[str] | None) -> list[str]:
    if not which:
        raise UsageError("an id is missing", hint="'skillgit review' lists what waits")
    return which


def _reason(said: str | None) -> str:
    if not said or not said.strip():
        raise UsageError("--reason is missing", hint="it stands in the history: say why the lesson is not wanted")
    return said


def _chosen(run: _Run, which: list[str] | None, *, every: bool) -> Sequence[Proposal]:
    """The proposals that are meant, in the order given, or all of them with the oldest first."""
    if not every:
        return [proposals.find(run.waiting, typed) for typed in _given(which)]
    if which:
        raise UsageError("'--all' goes without ids")
    return run.waiting[::-1]


def _each(run: _Run, chosen: Sequence[Proposal], decide: Callable[[Proposal], Reviewed]) -> None:
    """Decide about each; one that cannot be decided is said, and the others go on."""
    failed = sum(not _decided(run, each, decide) for each in chosen)
    _tell_what_is_done(run)
    if failed:
        raise typer.Exit(1)


def _decided(run: _Run, one: Proposal, decide: Callable[[Proposal], Reviewed]) -> bool:
    """Whether something was decided about a proposal; why not is said."""
    name = proposals.short(run.waiting, one)
    try:
        done = decide(one)
    except SkillgitError as err:
        output.complain(f"{name}: {err.message}", hint=err.hint)
        return False
    if done.fate == "conflict":
        hint = f"'skillgit review edit {name}' makes it what it should be, 'reject' says that it is not wanted"
        output.complain(f"{name} waits on: {one.decision.action} {one.decision.skill}: {done.words}", hint=hint)
        return False
    _tell(run.repo, done, as_json=run.as_json, name=name)
    return True


def _tell(repo: Repo, done: Reviewed, *, as_json: bool, name: str = "") -> None:
    said, landed = done.decision, done.landed
    if said is None:
        output.note(f"{name}: {done.words}")
        return
    commit = landed.commits[-1] if landed and landed.commits else None
    row = {"fate": done.fate, "decision": said.action, "skill": said.skill, "version": said.after}
    output.report(row | {"before": said.before, "commit": commit, "summary": said.summary}, as_json=as_json)
    if done.fate == "rejected" and commit and not as_json:
        output.note(f"hint: 'skillgit review restore {commit[:10]}' takes it back")
    if landed:
        tell(landed)


def _tell_what_is_done(run: _Run) -> None:
    """Say which branches of this machine have nothing left that waits."""
    before = {ref for each in run.waiting for ref in each.refs if ref.startswith("refs/heads/")}
    after = {ref for each in proposals.waiting(run.repo, head(run.repo)) for ref in each.refs}
    for ref in sorted(before - after):
        branch = ref.removeprefix("refs/heads/")
        output.note(f"hint: nothing waits on '{branch}' any more: 'git branch -D {branch}' drops it")


def _edited(repo: Repo, one: Proposal) -> Reviewed:
    """What becomes of a proposal as the user leaves its text in the editor; as it is, where that is what they leave."""
    seen = reviewing.foresee(repo, one)
    if seen.after is None:
        words = f"{one.decision.action} {one.decision.skill}: there is no text to edit"
        raise Refused(words, hint="'skillgit review reject' says that it is not wanted")
    return editor.edited(repo, seen.after.render(), partial(reviewing.put, repo, one, seen=seen))


def _walk(run: _Run) -> None:
    """Ask about each, the oldest first."""
    if not run.waiting:
        output.note(proposal.NOTHING)
    for number, each in enumerate(run.waiting[::-1], start=1):
        output.say(f"({number} of {len(run.waiting)})", style="dim")
        proposal.show(run.repo, run.waiting, each, turns=False, as_json=False)
        answer = output.choose("accept", "reject", "edit", "skip", "quit")
        if answer == "quit":
            break
        if answer == "accept":
            _decided(run, each, partial(reviewing.accept, run.repo))
        elif answer == "edit":
            _decided(run, each, partial(_edited, run.repo))
        elif answer == "reject" and (why := output.ask("why?")):
            _decided(run, each, partial(_rejected, run.repo, why))
    _tell_what_is_done(run)


def _rejected(repo: Repo, why: str, one: Proposal) -> Reviewed:
    return reviewing.reject(repo, one, reason=why)
