"""`skillgit usage`."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.changes import versions
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import at_commit, at_version, find, open_repo
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.search import usage as counts
from skillgit.search.stale import Stale, stale
from skillgit.search.usage import Use


def usage(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[record SKILL[@VERSION]...]", help="Count skills as used: an answer followed them."),
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Only what this user was given.")] = None,
    only_stale: Annotated[
        bool, typer.Option("--stale", help="Only the skills that may be archived, each with the reason.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show which versions of skills were retrieved, put into prompts and used, by whom, and when last.

    The counts are private to this repository. Skills that nobody was given for 90 days, or that never were of use,
    are suggested for archiving; nothing is ever removed by itself.
    """
    repo = open_repo()
    if words:
        _record(repo, words, user)
        return
    uses = counts.read(repo)
    old = stale(repo, uses, now=int(time.time()))
    if user is not None:
        whose = config.user(repo, user)
        uses = tuple(use for use in uses if use.user == whose)
        old = tuple(each for each in old if skills.owner(each.path) == whose)
    if only_stale:
        _suggest(old, as_json=as_json)
    else:
        _show(uses, as_json=as_json)
    if old and not as_json:
        output.note(_hint(old, only_stale=only_stale))


def _record(repo: Repo, words: list[str], user: str | None) -> None:
    if words[0] != "record" or len(words) == 1:
        raise UsageError(f"'{words[0]}' is not how usage is recorded", hint="skillgit usage record SKILL[@VERSION]...")
    used = []
    for typed in words[1:]:
        name, version = at_version(typed)
        tip, path = at_commit(repo, None), find(repo, name)
        skill = versions.at(repo, tip, path, version) if version else skills.load(repo, tip, path)
        used.append((path, skill.version))
    counts.record(repo, used, user=config.user(repo, user))


def _show(uses: tuple[Use, ...], *, as_json: bool) -> None:
    if as_json:
        for use in uses:
            output.json_line(_row(use))
    elif uses:
        rows = [
            (
                use.user,
                shown(use.path),
                use.version or "-",
                f"{use.retrieved} retrieved",
                f"{use.injected} injected",
                f"{use.used} used",
                _moment(use.last),
            )
            for use in uses
        ]
        with output.paged():
            output.table(rows, headers=("User", "Skill", "Version", "Retrieved", "Injected", "Used", "Last"))
    else:
        output.note("nothing was counted yet")


def _row(use: Use) -> dict[str, object]:
    return {
        "user": use.user,
        "skill": shown(use.path),
        "version": use.version,
        "retrieved": use.retrieved,
        "injected": use.injected,
        "used": use.used,
        "first": _moment(use.first),
        "last": _moment(use.last),
    }


def _moment(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds)) + "Z"


def _suggest(old: tuple[Stale, ...], *, as_json: bool) -> None:
    if as_json:
        for each in old:
            output.json_line({"skill": shown(each.path), "reason": each.reason})
    elif old:
        output.table([(shown(each.path), each.reason) for each in old], headers=("Skill", "Reason"))
    else:
        output.note("no skill is suggested for archiving")


def _hint(old: tuple[Stale, ...], *, only_stale: bool) -> str:
    if only_stale:
        return "hint: 'skillgit remove SKILL' archives one; 'skillgit revert SKILL' brings it back"
    some = "1 skill" if len(old) == 1 else f"{len(old)} skills"
    return f"hint: {some} may be archived: 'skillgit usage --stale' says why"
