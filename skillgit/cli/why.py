"""`skillgit why`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import why as reasons
from skillgit.changes.why import Because
from skillgit.cli import output
from skillgit.cli.blame import as_row
from skillgit.cli.context import at_commit, find_ours, open_repo
from skillgit.errors import NotFound, UsageError
from skillgit.git import evidence
from skillgit.git.blame import Line
from skillgit.git.history import Revision
from skillgit.git.repo import Repo


def why(
    place: Annotated[
        str, typer.Argument(metavar="SKILL[:LINE]", help="Such as release:12; lines are numbered as 'blame' does.")
    ],
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    turns: Annotated[
        bool, typer.Option("--turns", help="With the turns that are quoted, where they are kept.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line of the skill.")] = False,
) -> None:
    """Show why a line of a skill is there: the decision it comes from, and whose words that rests on.

    Without LINE, every rule that rests on somebody's words is told, and what was rejected since. Turns are kept where
    they were learned from, and are not pushed.
    """
    repo = open_repo()
    commit = at_commit(repo, at)
    skill, number = _place(place)
    path = find_ours(repo, skill, at=commit)
    lines = reasons.lines(repo, commit, path)
    found = [reasons.of_line(_line(lines, number, skill))] if number else reasons.of_rules(lines)
    with output.paged():
        for each in found:
            if as_json:
                output.json_line(_as_json(each))
            else:
                _tell(each, repo if turns else None)
        for rule, revision in () if number else reasons.rejected(repo, commit, path):
            _tell_rejected(rule, revision, as_json=as_json)


def _place(typed: str) -> tuple[str, int | None]:
    skill, colon, number = typed.rpartition(":")
    if not colon:
        return typed, None
    if not skill or not number.isdecimal() or not int(number):
        raise UsageError(f"'{typed}' is no skill and line", hint="write SKILL:LINE, such as ada/release:12")
    return skill, int(number)


def _line(lines: tuple[Line, ...], number: int, skill: str) -> Line:
    if number > len(lines):
        raise NotFound(f"'{skill}' has no line {number}: it ends at line {len(lines)}")
    return lines[number - 1]


def _tell(found: Because, keeper: Repo | None) -> None:
    revision = found.line.revision
    output.say(f"{found.line.number}: {found.line.text}", style="bold")
    output.say(f"    {revision.subject}")
    output.say(f"    commit {revision.oid[:10]}, {revision.author}, {revision.date}")
    for quote in found.quotes:
        output.say(f'    turn {quote.turn} of {quote.digest[:15]}: "{quote.text}"')
        for line in ((keeper and evidence.turn(keeper, quote)) or "").splitlines():
            output.say(f"    | {line}".rstrip(), style="dim")
    if not found.quotes:
        output.say("    (quotes nobody)", style="dim")
    output.say()


def _tell_rejected(rule: str, revision: Revision, *, as_json: bool) -> None:
    if as_json:
        row: dict[str, object] = {"rejected": rule, "commit": revision.oid, "author": revision.author}
        output.json_line(row | {"date": revision.date, "subject": revision.subject, "evidence": []})
        return
    output.say(f"rejected: {rule}", style="bold")
    output.say(f"    {revision.subject}")
    output.say(f"    commit {revision.oid[:10]}, {revision.author}, {revision.date}")
    output.say()


def _as_json(found: Because) -> dict[str, object]:
    quotes = [{"transcript": quote.digest, "turn": quote.turn, "quote": quote.text} for quote in found.quotes]
    return as_row(found.line) | {"subject": found.line.revision.subject, "evidence": quotes}
