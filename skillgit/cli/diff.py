"""`skillgit diff`."""

from __future__ import annotations

from typing import Annotated

import typer

from skillgit.changes import compare, versions
from skillgit.changes.versions import Version
from skillgit.cli import output
from skillgit.cli.context import find_ever, open_repo
from skillgit.errors import NotFound, UsageError
from skillgit.git.repo import Repo


def diff(
    skill: Annotated[str, typer.Argument(metavar="SKILL", help="Such as ada/release.")],
    between: Annotated[
        str | None, typer.Argument(metavar="[V1..V2]", help="Two versions, or V1 to compare it with what is there.")
    ] = None,
    words: Annotated[bool, typer.Option("--word-diff", help="Word by word instead of line by line.")] = False,
    stat: Annotated[bool, typer.Option("--stat", help="Only which files, and how much.")] = False,
) -> None:
    """Show what changed in a skill's files between two versions; without V1..V2, in its last change."""
    repo = open_repo()
    head = repo.resolve("HEAD")
    before, after = _ends(repo, head, find_ever(repo, skill, at=head), between)
    options = [*(["--word-diff=plain"] if words else []), *(["--stat"] if stat else [])]
    with output.paged():
        output.patch(compare.diff(repo, before, after, options=options))


def _ends(repo: Repo, head: str, path: str, between: str | None) -> tuple[Version | None, Version]:
    if between is None:
        known = versions.versions(repo, head, path)
        if not known:
            raise NotFound(f"'{path}' has no version yet", hint="'skillgit commit' gives it one")
        return (known[1] if len(known) > 1 else None), known[0]
    old, _, new = between.partition("..")
    if not old and not new:
        raise UsageError(f"'{between}' names no versions", hint="write V1..V2, such as 0.1.0..0.1.1")
    after = versions.find(repo, head, path, new) if new else versions.versions(repo, head, path)[0]
    return (versions.find(repo, head, path, old) if old else None), after
