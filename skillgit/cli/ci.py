"""`skillgit ci`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from skillgit.cli import linked, output
from skillgit.cli.context import at_commit, open_repo
from skillgit.share import linking, lockfile
from skillgit.share.restore import restore


def ci(
    within: Annotated[Path | None, typer.Option("--in", metavar="DIR", help="In the project at DIR.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would be done; do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and link.")] = False,
) -> None:
    """Bring back exactly what skillgit.lock says, or fail and change nothing.

    Libraries that are pinned as they were locked are fetched, and skills are linked as they were; one that has changed
    since is put there as a copy of what it was. Links of skillgit's that are not locked go from these folders.
    """
    repo = open_repo()
    top = linked.project_of(repo, within)
    locked = lockfile.read(top / lockfile.NAME)
    steps = restore(repo, at_commit(repo, None), locked, project=top)
    done = steps if dry_run else linking.apply(repo, steps)
    linked.tell(done, dry_run=dry_run, as_json=as_json)
    output.note(f"as locked: {_count(len(locked.skills), 'skill')}, {_count(len(locked.libraries), 'library')}")


def _count(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else what.removesuffix('y') + 'ies' if what.endswith('y') else what + 's'}"
