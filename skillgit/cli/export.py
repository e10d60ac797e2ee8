"""`skillgit export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.cli import output
from skillgit.cli.context import at_commit, open_repo
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.share import export as exporting


def export(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[SKILL...] [DIR]", help="Skills, then the folder to write to.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All skills.")] = False,
    archive: Annotated[
        Path | None, typer.Option("--zip", metavar="FILE", help="Write a zip archive instead of a folder.")
    ] = None,
    form: Annotated[
        str, typer.Option("--as", metavar="FORM", help="agentskills, autoskill or claude.")
    ] = "agentskills",
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Only this user's skills.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and skill.")] = False,
) -> None:
    """Write skills out to DIR/<name>, or to a zip archive, with all their files and modes.

    As they are committed, in the specification's form, or with the fields of AutoSkill or Claude Code
    where these read them. Nothing that exists is touched unless --force is given: then a skill's folder is replaced
    as a whole. The same commit gives the same zip archive, byte for byte.
    """
    repo = open_repo()
    commit = at_commit(repo, None)
    typed, folder = _split(words or [], everything=everything, archive=archive)
    paths = _paths(repo, commit, typed, user) if typed else _all(repo, commit, user)
    chosen = exporting.choose(repo, commit, paths, form=form)
    if archive is not None:
        exporting.to_zip(repo, commit, chosen, archive, replace=force)
        places = [archive] * len(chosen)
    else:
        places = exporting.to_folder(repo, chosen, folder, replace=force)
    for skill, place in zip(chosen, places, strict=True):
        row = {"skill": skills.shown(skill.path), "form": form, "target": str(place), "files": len(skill.files)}
        if as_json:
            output.json_line(row)
        else:
            output.say(f"{row['skill']} -> {place}")


def _split(words: list[str], *, everything: bool, archive: Path | None) -> tuple[list[str], Path]:
    """The skills that were typed, and the folder; a zip archive needs none."""
    typed, rest = (words, []) if archive else (words[:-1], words[-1:])
    if not archive and not rest:
        raise UsageError("nowhere to export to", hint="name a folder, or --zip FILE")
    if everything == bool(typed):
        raise UsageError("name the skills to export, or say --all", hint="see 'skillgit export --help'")
    return typed, Path(*rest)


def _paths(repo: Repo, commit: str, typed: list[str], user: str | None) -> list[str]:
    whose = config.user(repo, user)
    return list(dict.fromkeys(skills.find(repo, commit, word, user=whose) for word in typed))


def _all(repo: Repo, commit: str, user: str | None) -> list[str]:
    known = repo.skills(commit)
    return sorted(skills.visible(known, user=config.user(repo, user), scope="user") if user is not None else known)
