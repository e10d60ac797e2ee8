"""`skillgit share`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Annotated

import typer

from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import open_repo
from skillgit.cli.exchanged import show
from skillgit.errors import Refused, UsageError
from skillgit.git import PROPOSALS, address, evidence
from skillgit.share import sharing
from skillgit.share.sharing import Leaving, Place

_SHOWN = 20
_HELPS = """\
'skillgit edit' mends a skill, 'skillgit forget --text TEXT --history' takes a text out of the history
what is meant is let through: git config skillgit.scan.allow KIND=SKILL"""


def share(
    url: Annotated[
        str | None, typer.Argument(metavar="[URL]", help="An empty repository, on a forge or a server, or a folder.")
    ] = None,
    bare: Annotated[str | None, typer.Option("--bare", metavar="PATH", help="Make a bare repository there.")] = None,
    remote: Annotated[
        str | None, typer.Option("--remote", metavar="NAME", help="What the remote is called; 'origin' by default.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Send it though it says who somebody is.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Say what would leave; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Share this repository: add a remote, look through all that would leave, push the branch, and follow it.

    A secret in any commit stops it, and so does an invalid skill; what says who somebody is leaves only with --yes.
    Conversations, proposals and branches that wait for review stay. Without an address it is the remote that is there.
    With --bare, a repository is made that takes no broken objects and is never forced.
    """
    if url and bare:
        raise UsageError("an address and '--bare' do not go together")
    if bare and ("://" in bare or not address.is_local(bare)):
        raise UsageError(
            f"'{bare}' is no folder of this machine", hint=f"without '--bare' it is an address: share {bare}"
        )
    repo = open_repo()
    there = sharing.place(repo, bare or url, name=remote)
    leaving = sharing.look(repo, there)
    _check(leaving, anyone=yes or dry_run)
    if dry_run:
        _say_what_would_leave(leaving, there, as_json=as_json)
        return
    made = bare is not None and sharing.make_bare(repo, there, branch=leaving.branch)
    if made and not as_json:
        output.say(f"Initialized empty bare repository in {there.url}")
    show(sharing.share(repo, there), as_json=as_json)
    _tell(leaving, there, made=made, as_json=as_json)


def _check(leaving: Leaving, *, anyone: bool) -> None:
    """Refused, every reason on stderr, where something must not leave, or says who somebody is and nobody said yes."""
    if leaving.faults:
        _list(leaving.faults)
        raise Refused(f"nothing is sent: {_count(len(leaving.faults), 'thing')} must not leave", hint=_HELPS)
    if leaving.personal and not anyone:
        _list(leaving.personal)
        raise Refused("nothing is sent: it says who somebody is", hint="'--yes' sends it all the same")


def _list(lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        output.note(f"  {line}")
    if len(lines) > _SHOWN:
        output.note(f"  and {len(lines) - _SHOWN} more")


def _say_what_would_leave(leaving: Leaving, there: Place, *, as_json: bool) -> None:
    if as_json:
        row: dict[str, object] = {"remote": there.name, "url": there.url, "branch": leaving.branch}
        row |= {"commits": leaving.commits, "skills": [shown(path) for path in leaving.skills]}
        output.json_line(row | {"personal": list(leaving.personal), "stays": list(leaving.stays)})
        return
    what = f"{_count(leaving.commits, 'commit')} with {_count(len(leaving.skills), 'skill')}"
    output.say(f"{leaving.branch}: {what} would be sent to {there.url}")
    _list(leaving.personal)
    _say_what_stays(leaving)


def _tell(leaving: Leaving, there: Place, *, made: bool, as_json: bool) -> None:
    if not as_json:
        _say_what_stays(leaving)
        output.say(f"others type: skillgit clone {shlex.quote(there.url)}")
    for name in leaving.unreachable:
        output.warn(f"library '{name}' is at a place on this machine, where others cannot fetch it")
    if made:
        hooks = f"skillgit -C {shlex.quote(there.url)} hooks install --server"
        output.note(f"hint: to have it check what is pushed to it: {hooks}")


def _say_what_stays(leaving: Leaving) -> None:
    proposals = sum(ref.startswith(PROPOSALS) for ref in leaving.stays)
    waiting = sum(ref.startswith("refs/heads/") for ref in leaving.stays)
    kept = ["the turns that decisions quote"] if evidence.REF in leaving.stays else []
    kept += [_count(proposals, "proposal")] if proposals else []
    kept += [_count(waiting, "branch", "branches")] if waiting else []
    if kept:
        output.say(f"stays here: {', '.join(kept)}")


def _count(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
