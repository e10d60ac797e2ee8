"""`skillgit tidy`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from skillgit import config
from skillgit.changes import skill as skills
from skillgit.changes.skill import shown, visible
from skillgit.cli import output
from skillgit.cli.context import head, open_repo, tell
from skillgit.git.repo import Repo
from skillgit.learn import tidy as tidying
from skillgit.learn.tidy import Found
from skillgit.search.index import Index


def tidy(
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    propose: Annotated[bool, typer.Option("--propose", help="Put near-duplicates together, on a branch.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Find skills that say the same, and skills that grew too long. Nothing is changed.

    With --propose, the rules of each near-duplicate are added to the other skill, and the near-duplicate is removed, on
    the branch tidy/USER/DATE: look at it with 'git log -p', take it with 'skillgit merge'.
    """
    repo = open_repo()
    whose = config.user(repo, user)
    found = _look(repo, whose)
    if as_json:
        output.json_line(asdict(found))
    else:
        _tell(found)
    if propose and found.twins:
        landed = tidying.propose(
            repo, found.twins, load=lambda at, path: skills.load(repo, at, path).document, user=whose
        )
        tell(landed)
        branch = landed.ref.removeprefix("refs/heads/")
        many = "1 commit" if len(landed.commits) == 1 else f"{len(landed.commits)} commits"
        output.note(f"proposed on '{branch}', {many}" if landed.commits else f"nothing new to propose on '{branch}'")


def _look(repo: Repo, user: str) -> Found:
    commit = head(repo)
    known = repo.skills(commit)
    index = Index.open(repo.private / "index")
    for note in index.sync(known, repo.read).notes:
        output.note(note)
    mine = visible(known, user=user, scope="user")
    return tidying.look(mine, load=lambda path: skills.readable(repo, commit, path), index=index, watch=_watched)


def _watched(paths: Sequence[str]) -> Iterable[str]:
    return output.progress(paths, total=len(paths), label="Comparing skills")


def _tell(found: Found) -> None:
    for twins in found.twins:
        output.say(
            f"near-duplicates: {shown(twins.keep)} and {shown(twins.drop)}: "
            f"{twins.shared} of {twins.rules} rules of the second stand in the first"
        )
    for path, lines in found.overgrown:
        output.say(f"overgrown: {shown(path)}: {lines} lines, and the specification asks for less than {tidying.LINES}")
    if not found.twins and not found.overgrown:
        output.say("nothing to tidy")
