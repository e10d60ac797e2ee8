"""`skillgit clone`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import output
from skillgit.share import clone as clones
from skillgit.share.clone import Cloned

_SHOWN = 20


def clone(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any address that git fetches from, or a folder.")],
    directory: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Where; the default is the name of what is cloned.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills are yours there.")] = None,
    branch: Annotated[
        str | None, typer.Option("--branch", "-b", metavar="B", help="The branch or tag to stand on.")
    ] = None,
    depth: Annotated[
        int | None, typer.Option("--depth", metavar="N", min=1, help="Only the last N commits, and no older versions.")
    ] = None,
    no_hooks: Annotated[bool, typer.Option("--no-hooks", help="Install no hooks of git's.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Clone a skill repository, as git clone does, and set it up: libraries, merges of skills, hooks, search index.

    None of that travels with git, and nothing that comes with a clone can run anything or name an address to send
    to. What comes is checked: broken objects are refused, and skills with secrets, hidden text, links and the like
    are told of. If it fails or is interrupted, nothing is left. A clone that git made is set up by 'skillgit init'.
    """
    done = clones.clone(url, directory, user=user, branch=branch, depth=depth, hooks=not no_hooks)
    if as_json:
        output.json_line(_row(done))
    else:
        _say(done)
    _warn(done)
    if done.unfetched:
        raise typer.Exit(1)


def _row(done: Cloned) -> dict[str, object]:
    missing = dict(done.unfetched)
    libraries = [
        {"library": pin.name, "commit": pin.commit, "fetched": pin.name not in missing} for pin in done.libraries
    ]
    row: dict[str, object] = {"directory": str(done.repo.directory), "commit": done.repo.tip("HEAD")}
    return row | {"skills": done.skills, "libraries": libraries, "suspect": list(done.suspect)}


def _say(done: Cloned) -> None:
    count = f"{done.skills} skill{'' if done.skills == 1 else 's'}"
    output.say(f"Cloned {count if done.repo.tip('HEAD') else 'an empty repository'} into {done.repo.directory}")
    missing = dict(done.unfetched)
    for pin in done.libraries:
        if pin.name not in missing:
            output.say(f"library {pin.name} is at {pin.commit[:10]}")


def _warn(done: Cloned) -> None:
    for line in done.suspect[:_SHOWN]:
        output.warn(line)
    if len(done.suspect) > _SHOWN:
        output.warn(f"and {len(done.suspect) - _SHOWN} more such skills: see 'skillgit scan'")
    for name, error in done.unfetched:
        output.warn(f"library '{name}' is not here: {error.message}")
        output.note(f"hint: {error.hint or 'skillgit library fetch ' + name}")
    if done.hookless:
        output.warn(f"no hooks are installed: {done.hookless.message}")
        output.note(f"hint: {done.hookless.hint}")
    if done.repo.tip("HEAD") is None:
        output.note("hint: it has no commits yet: 'skillgit init', then 'skillgit push'")
    elif done.lacks:
        output.note(f"hint: 'skillgit init' there adds what it lacks: {', '.join(done.lacks)}")
