"""`skillgit scan`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import find, head, open_repo
from skillgit.learn import guard
from skillgit.learn.scan import Finding


def scan(
    skills: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="Such as ada/release.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and finding.")] = False,
) -> None:
    """Look through skills, all files of them, for what does not belong in one; without a name, through all skills.

    Found are secrets, characters that are not seen, text that is shown in another order than it is read, orders to
    set other instructions aside, encoded text and programs, and downloads that are run. What 'scan.allow' names is
    not told. The exit code is 1 where something is found that 'scan.refuse' would refuse.
    """
    repo = open_repo()
    tip = head(repo)
    paths = [find(repo, word) for word in skills or ()] or list(repo.skills(tip))
    own, refused, found = guard.gate(repo), 0, 0
    for path in output.progress(paths, total=len(paths), label="Scanning skills"):
        for finding in guard.examine(repo, tip, path):
            found += 1
            refused += own.refuses(finding, shown(path))
            _show(shown(path), finding, as_json=as_json)
    output.note(f"{len(paths)} skill{'' if len(paths) == 1 else 's'}, {found or 'nothing'} found")
    if refused:
        raise typer.Exit(1)


def _show(skill: str, finding: Finding, *, as_json: bool) -> None:
    if as_json:
        row = {"kind": finding.kind, "severity": finding.severity, "file": finding.path, "line": finding.line}
        output.json_line({"skill": skill, **row, "why": finding.why})
    else:
        place = f"{skill}/{finding.path}" + (f":{finding.line}" if finding.line else "")
        output.say(f"{place}: {finding.severity}: {finding.kind}: {finding.why}")
