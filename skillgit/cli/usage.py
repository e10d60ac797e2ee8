"""`skillgit usage`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.changes import versions
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import at_commit, at_version, find, open_repo
from skillgit.cli.question import hits, model, view
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.search import usage as counts
from skillgit.search.stale import Stale, stale
from skillgit.search.usage import Use

if TYPE_CHECKING:
    from skillgit.search.audit import Followed


def usage(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[record SKILL[@VERSION]...|audit FILE...]",
            help="Count skills as used: an answer followed them, as you say, or as a model says of conversations.",
        ),
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
        _count(repo, words, user, as_json=as_json)
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


def _count(repo: Repo, words: list[str], user: str | None, *, as_json: bool) -> None:
    match words:
        case ["record", *typed] if typed:
            _record(repo, typed, config.user(repo, user))
        case ["audit", *files] if files:
            _audit(repo, files, config.user(repo, user), as_json=as_json)
        case _:
            hint = "skillgit usage record SKILL[@VERSION]..., or audit FILE..."
            raise UsageError(f"'{words[0]}' is not how usage is recorded", hint=hint)


def _record(repo: Repo, typed: list[str], user: str) -> None:
    used = []
    for word in typed:
        name, version = at_version(word)
        tip, path = at_commit(repo, None), find(repo, name)
        skill = versions.at(repo, tip, path, version) if version else skills.load(repo, tip, path)
        used.append((path, skill.version))
    counts.record(repo, used, user=user)


def _audit(repo: Repo, files: list[str], user: str, *, as_json: bool) -> None:
    """Count the skills that a search finds for conversations and whose rules the answers followed."""
    from skillgit.learn import reading  # 30 ms with the formats, the model and its checks, which counts need none of
    from skillgit.search import audit, rewrite
    from skillgit.transcripts.model import Transcript

    chat = model(repo, wanted=True)
    assert chat is not None
    seen = view(repo, user, scope="all", limit=audit.MOST, min_score=None, at=None)
    for file in files:
        for item in reading.items(Path(file)):
            if not isinstance(item, Transcript):
                output.warn(f"{file}: {item.message}")
                continue
            task = rewrite.rewrite(item.turns).query
            followed = audit.audit(chat, item.turns, task=task, hits=hits(seen, task) if task else ())
            counts.record(repo, [(each.hit.path, each.hit.version) for each in followed], user=user)
            _tell(file, followed, as_json=as_json)


def _tell(file: str, followed: Sequence[Followed], *, as_json: bool) -> None:
    for each in followed:
        name, version = shown(each.hit.path), each.hit.version
        if as_json:
            said = {"rule": each.rule, "quote": each.quote}
            output.json_line({"file": file, "skill": name, "version": version, **said})
        else:
            output.say(f'{file}: used {name}@{version}: {each.rule} ("{" ".join(each.quote.split())}")')
    if not followed:
        output.note(f"{file}: no skill was followed")


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
        "first": output.moment(use.first),
        "last": output.moment(use.last),
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
