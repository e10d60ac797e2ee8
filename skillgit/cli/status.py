"""`skillgit status`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes.edit import Pending
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import find, open_repo
from skillgit.share import status as standings
from skillgit.share.library import Library
from skillgit.share.status import Status, Tracked
from skillgit.share.upstream import Standing


def status(
    skill: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="Only about these.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show what there is to do: to send, bring in, commit, review; and how your copies stand to their upstream.

    A copy of a common skill is up to date, behind its upstream, ahead of it, or diverged. Nothing is fetched: of
    remotes and libraries it says what is known since they were last asked.
    """
    repo = open_repo()
    if skill:
        found = standings.status_of(repo, [find(repo, each) for each in skill])
    else:
        found = standings.status(repo, user=config.user(repo))
    if as_json:
        output.json_line(_row(found))
    else:
        for line in _lines(found):
            output.say(line)


def _lines(found: Status) -> Iterator[str]:
    yield _branch(found.tracked)
    yield from _under_way(found)
    yield from _section("edited, not committed ('skillgit commit' records it):", map(_edited, found.edits))
    yield from _section("copies of common skills:", map(_copy, found.copies))
    yield from _section("libraries:", (_library(each) for each in found.libraries))
    if found.proposals:
        yield f"{_count(found.proposals, 'decision')} to review: 'skillgit review'"
    if found.undecided:
        yield f"{_count(found.undecided, 'conversation')} undecided: 'skillgit ingest --undecided' asks again"


def _branch(at: Tracked) -> str:
    if at.words:
        return f"branch {at.branch}: {at.words} ({at.hint})" if at.branch else f"no branch: {at.words} ({at.hint})"
    if at.ahead is None or at.behind is None:
        return f"branch {at.branch}: not at {at.remote} yet, 'skillgit push' sends it"
    counts = [f"{at.ahead} ahead of {at.remote}"] if at.ahead else []
    counts += [f"{at.behind} behind{'' if at.ahead else f' {at.remote}'}"] if at.behind else []
    todo = "'skillgit push' sends them" if at.ahead else "'skillgit pull' brings them"
    return f"branch {at.branch}: " + (f"{' and '.join(counts)}, {todo}" if counts else f"as {at.remote}")


def _under_way(found: Status) -> Iterator[str]:
    files, command = found.unfinished.files, found.unfinished.command
    if files:
        then = f", then '{command}'" if command else ""
        yield from _section(f"in conflict ('skillgit resolve'{then}):", files)
    elif command:
        yield f"not concluded yet: '{command}'"


def _section(title: str, lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if not number:
            yield title
        yield f"  {line}"


def _edited(edit: Pending) -> str:
    name, decision = shown(edit.path), edit.decision
    if decision is None:
        return f"{name}: {edit.problem}"
    return f"{name} {_version(decision.before, decision.after)}: {decision.summary}"


def _version(before: str | None, after: str | None) -> str:
    return f"{before} -> {after}" if before and after and before != after else after or "removed"


def _copy(copy: Standing) -> str:
    name, words = shown(copy.fork.path), copy.words
    says = {
        "up to date": f"as {copy.upstream}",
        "ahead": f"changed since it was copied from {copy.upstream}",
        "behind": f"'skillgit sync {name}' brings {copy.upstream}",
        "diverged": f"'skillgit sync {name}' merges {copy.upstream}",
        "gone": words,
        "unknown": f"{words}; {copy.hint}" if copy.hint else words,
    }
    renamed = ", as it is called now" if copy.moved and copy.upstream != copy.fork.upstream else ""
    return f"{name}  {copy.state}: {says[copy.state]}{renamed}"


def _library(library: Library) -> str:
    name = library.pin.name
    if library.skills is None:
        return f"{name}  not fetched: 'skillgit library fetch {name}'"
    if library.behind:
        return f"{name}  {library.behind} behind: 'skillgit library update {name}'"
    return f"{name}  {'up to date, as last fetched' if library.behind == 0 else 'its remote was never asked here'}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _row(found: Status) -> dict[str, object]:
    at = found.tracked
    edited = [
        {
            "skill": shown(each.path),
            "before": each.decision.before if each.decision else None,
            "version": each.decision.after if each.decision else None,
            "bump": each.decision.bump if each.decision else None,
            "problem": each.problem or None,
        }
        for each in found.edits
    ]
    copies = [
        {
            "skill": shown(each.fork.path),
            "state": each.state,
            "upstream": each.upstream or each.fork.upstream,
            "reason": each.words or None,
        }
        for each in found.copies
    ]
    return {
        "branch": at.branch or None,
        "remote": at.remote or None,
        "ahead": at.ahead,
        "behind": at.behind,
        "conflicts": list(found.unfinished.files),
        "conclude": found.unfinished.command or None,
        "edited": edited,
        "copies": copies,
        "libraries": [
            {"library": each.pin.name, "fetched": each.skills is not None, "behind": each.behind}
            for each in found.libraries
        ],
        "proposals": found.proposals,
        "undecided": found.undecided,
    }
