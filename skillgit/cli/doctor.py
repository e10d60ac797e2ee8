"""`skillgit doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.doctor.examine import Answer, examine, mend
from skillgit.doctor.finding import FIX, Finding


def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Mend what needs no judgement, and say so.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read every object and every commit.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and finding.")] = False,
) -> None:
    """Check the repository and everything skillgit keeps in it: a line for each thing that is wrong.

    Nothing is deleted that could be missed, and nothing is fetched. The exit code is 1 where something is left.
    """
    left = found = 0
    for answer in (mend if fix else examine)(Path.cwd(), full=full):
        found += 1
        left += answer.mended is None
        if as_json:
            output.json_line(_row(answer))
        else:
            _show(answer)
    output.note(_summary(found, left))
    if left:
        raise typer.Exit(1)


def _show(answer: Answer) -> None:
    if answer.mended is not None:
        output.say(f"{answer.check}: {answer.finding.words}; mended: {answer.mended}", style="green")
    else:
        output.say(f"{answer.check}: {answer.finding.words} ({_help(answer.finding)})")


def _help(finding: Finding) -> str:
    ways = [*([FIX] if finding.mend else []), finding.helps]
    return ", or: ".join(dict.fromkeys(ways))


def _row(answer: Answer) -> dict[str, object]:
    finding = answer.finding
    return {
        "check": answer.check,
        "problem": finding.words,
        "help": finding.helps,
        "fixable": finding.mend is not None,
        "fixed": answer.mended,
    }


def _summary(found: int, left: int) -> str:
    if not found:
        return "healthy"
    return f"{found} found, {found - left} mended, {left} left" if found > left else f"{found} found"
