"""`skillgit validate`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.share.checkup import Checked, check


def validate(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="SKILL.md files, folders, zip archives.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and skill.")] = False,
) -> None:
    """Check skills on disk against the Agent Skills specification; no repository is needed.

    A folder without a SKILL.md is searched, six levels down. Problems are printed as PATH:LINE: MESSAGE, and
    the exit code is 1 where there is one.
    """
    checked = []
    for skill in output.progress(_checked(paths), label="Validating skills"):
        checked.append(skill)
        if as_json:
            output.json_line(_row(skill))
        else:
            _show(skill)
    invalid = sum(1 for skill in checked if skill.problems)
    output.note(_summary(len(checked), invalid))
    if invalid:
        raise typer.Exit(1)


def _checked(paths: list[Path]) -> Iterator[Checked]:
    for path in paths:
        yield from check(path)


def _show(skill: Checked) -> None:
    for problem in skill.problems:
        line = f"{problem.line}:" if problem.line else ""
        output.say(f"{skill.place}:{line} {problem.message}")


def _row(skill: Checked) -> dict[str, object]:
    problems = [{"code": p.code, "line": p.line, "message": p.message} for p in skill.problems]
    return {"path": skill.place, "valid": not skill.problems, "problems": problems}


def _summary(number: int, invalid: int) -> str:
    skills = "1 skill" if number == 1 else f"{number} skills"
    if invalid:
        return f"{skills}, {invalid} invalid"
    return f"{skills}, valid" if number == 1 else f"{skills}, all valid"
