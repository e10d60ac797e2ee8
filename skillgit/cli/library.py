"""`skillgit library`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import open_repo, open_skill_repo, tell
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.share import library as libraries
from skillgit.share.library import Library, Offer
from skillgit.share.upstream import forks

_NONE = "no libraries yet"
_TAKES = {"add": ("--name", "--rev", "--dry-run"), "update": ("--to", "--dry-run")}


def library(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[list|add|update|fetch|remove]", help="What to do; list by default.", show_default=False
        ),
    ] = "list",
    which: Annotated[str | None, typer.Argument(metavar="[URL|NAME]", help="Of 'add' an address; else a name.")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="N", help="Its name here; else its address's.")] = None,
    rev: Annotated[str | None, typer.Option("--rev", metavar="R", help="The branch, tag or commit to add.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="REV", help="The branch, tag or commit to move to.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would change; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and library.")] = False,
) -> None:
    """Shared libraries of skills: git repositories, each pinned to a commit under Common/, as submodules.

    What an addition or an update means for each skill is shown, and what the scan finds in it, before it is
    committed. Their skills are common ones, to be found by list, show, search and context, and are read-only.
    Without a name, update and fetch go through all libraries. fetch brings what is pinned, as in a
    new clone. Nothing of a library is checked out: skillgit reads git's objects.
    """
    _check_options(what, {"--name": name, "--rev": rev, "--to": to, "--dry-run": dry_run})
    match what:
        case "list":
            _list(open_repo(), as_json=as_json)
        case "add":
            repo = open_skill_repo()
            offered = libraries.offer_new(repo, _given(which, "an address"), name=name, rev=rev)
            _take(repo, offered, dry_run=dry_run, as_json=as_json)
        case "update":
            repo = open_repo()
            for each in _named(repo, which):
                _take(repo, libraries.offer_update(repo, each, to=to), dry_run=dry_run, as_json=as_json)
        case "fetch":
            repo = open_repo()
            for each in _named(repo, which):
                pin = libraries.bring(repo, each)
                _line({"library": pin.name, "commit": pin.commit}, f"{pin.name} is at {pin.commit[:10]}", as_json)
        case "remove":
            pin, landed = libraries.remove(open_repo(), _given(which, "a name"))
            _line({"library": pin.name, "removed": True}, f"removed library {pin.name}", as_json)
            tell(landed)
        case _:
            words = "'list', 'add', 'update', 'fetch' or 'remove'"
            raise UsageError(f"'{what}' is not {words}", hint="see 'skillgit library --help'")


def _check_options(what: str, given: dict[str, object]) -> None:
    odd = [option for option, value in given.items() if value and option not in _TAKES.get(what, ())]
    if odd:
        raise UsageError(f"'{odd[0]}' does not go with '{what}'", hint="see 'skillgit library --help'")


def _given(which: str | None, what: str) -> str:
    if which is None:
        raise UsageError(f"{what} is missing", hint="see 'skillgit library --help'")
    return which


def _named(repo: Repo, which: str | None) -> list[str]:
    names = [which] if which else [each.pin.name for each in libraries.libraries(repo)]
    if not names:
        output.note(_NONE)
    return names


def _list(repo: Repo, *, as_json: bool) -> None:
    found = libraries.libraries(repo)
    if as_json:
        for each in found:
            output.json_line(_row(each))
        return
    output.table([_cells(each) for each in found], headers=("Library", "Commit", "Skills", "State", "Address"))
    if not found:
        output.note(_NONE)
    elif any(each.skills is None for each in found):
        output.note("hint: 'skillgit library fetch' brings what is not here")


def _row(found: Library) -> dict[str, object]:
    pin = found.pin
    row: dict[str, object] = {"library": pin.name, "commit": pin.commit, "url": found.url, "branch": pin.branch or None}
    return row | {"skills": found.skills, "fetched": found.skills is not None, "behind": found.behind}


def _cells(found: Library) -> tuple[str, ...]:
    state = "not fetched" if found.skills is None else f"{found.behind} behind" if found.behind else "up to date"
    skills = "-" if found.skills is None else str(found.skills)
    return found.pin.name, found.pin.commit[:10], skills, state, found.url


def _take(repo: Repo, offered: Offer, *, dry_run: bool, as_json: bool) -> None:
    if not as_json:
        _show(offered)
    moves = offered.old != offered.pin.commit
    landed = libraries.take(repo, offered) if moves and not dry_run else None
    pin = offered.pin
    if as_json:
        output.json_line(_told(offered) | {"landed": landed.commits[-1] if landed and landed.commits else None})
    elif not moves:
        output.say(f"{pin.name} is up to date, at {pin.commit[:10]}")
    else:
        did = ("would add" if dry_run else "added") if offered.old is None else "would move" if dry_run else "moved"
        output.say(f"{did} library {pin.name}{'' if offered.old is None else ' to'} {pin.commit[:10]}")
    if landed:
        tell(landed)
        _remind(repo, offered)


def _remind(repo: Repo, offered: Offer) -> None:
    """Say which copies an update has something for."""
    tip, changed = repo.tip("HEAD"), {change.was or change.path for change in offered.changes if offered.old}
    mine = [path for path in repo.skills(tip) if path.startswith("Users/")] if changed else []
    copies = [shown(fork.path) for fork in forks(repo, tip, mine) if fork.upstream in changed]
    if copies:
        more = f" and {len(copies) - 1} more" if len(copies) > 1 else ""
        output.note(f"hint: 'skillgit sync' brings this into its copies: {copies[0]}{more}")


def _show(offered: Offer) -> None:
    for change in offered.changes:
        output.say(change.words)
        for note in change.notes:
            output.say(f"  {note.mark} {note.text}")
    for skill, finding in offered.findings:
        place = f"{shown(skill)}/{finding.path}" + (f":{finding.line}" if finding.line else "")
        output.warn(f"{place}: {finding.severity}: {finding.kind}: {finding.why}")
    for doubt in offered.doubts:
        output.warn(f"{doubt}; nothing here follows it")
    if offered.forced:
        output.warn(
            f"library '{offered.pin.name}' was forced: it lacks commit {str(offered.old)[:10]}, which was pinned"
        )


def _told(offered: Offer) -> dict[str, object]:
    changes = [
        {
            "change": each.kind,
            "skill": shown(each.path),
            "was": shown(each.was) if each.was else None,
            "before": each.before or None,
            "version": each.after or None,
        }
        for each in offered.changes
    ]
    found = [{"skill": shown(skill), "kind": each.kind, "line": each.line} for skill, each in offered.findings]
    row: dict[str, object] = {"library": offered.pin.name, "old": offered.old, "commit": offered.pin.commit}
    return row | {"skills": changes, "findings": found, "doubts": list(offered.doubts), "forced": offered.forced}


def _line(row: dict[str, object], words: str, as_json: bool) -> None:
    if as_json:
        output.json_line(row)
    else:
        output.say(words)
