"""`skillgit stats`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from skillgit.changes import stats as counts
from skillgit.changes.chart import svg
from skillgit.changes.chronicle import steps
from skillgit.changes.stats import Period, Stats
from skillgit.cli import output
from skillgit.cli.context import at_commit, open_repo
from skillgit.git import history

_MOST = 10  # rows of a list that the terminal shows
_BAR = 40  # columns


def stats(
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Only this user's skills.")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="REV", help="As of a commit, branch or tag.")] = None,
    picture: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write a picture there, too.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show how the library grew: decisions over time, the skills merged most, discards by reason, rejections."""
    repo = open_repo()
    read = output.progress(history.log(repo, at_commit(repo, at)), label="Reading commits")
    found = counts.stats(steps(read), user=user)
    if picture:
        picture.write_text(svg(found), encoding="utf-8")
    if as_json:
        output.json_line(asdict(found))
        return
    with output.paged():
        _tell(found)
    if picture:
        output.note(f"the picture is in '{picture}'")


def _tell(found: Stats) -> None:
    highest = max((sum(period.actions.values()) for period in found.periods), default=0)
    if not highest:
        output.say("no decisions yet")
    output.table(
        [_row(period, highest) for period in found.periods], headers=("from", "decisions", "", "of them", "skills")
    )
    for title, rows in (("merged most", found.merges), ("discarded", found.discards), ("rejected", found.rejections)):
        if rows:
            output.say()
            output.say(title, style="bold")
            output.table([(f"{count:>6}", name) for name, count in rows[:_MOST]], headers=("times", ""))


def _row(period: Period, highest: int) -> tuple[str, str, str, str, str]:
    total = sum(period.actions.values())
    of_them = ", ".join(f"{count} {action}" for action, count in period.actions.items())
    skills = f"{period.skills} skill{'' if period.skills == 1 else 's'}"
    return period.start, f"{total:>6}", "█" * max(1, round(_BAR * total / highest)), of_them, skills
