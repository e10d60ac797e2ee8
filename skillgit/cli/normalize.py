"""`skillgit normalize`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from skillgit.changes import normalize as tidying
from skillgit.changes.normalize import Tidied
from skillgit.changes.skill import FILE, shown
from skillgit.cli import output
from skillgit.cli.context import find, open_repo, tell


def normalize(
    skill: Annotated[list[str] | None, typer.Argument(metavar="[SKILL...]", help="Only these skills.")] = None,
    dry_run: Annotated[bool, typer.Option("-n", "--dry-run", help="Show the diffs; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and skill.")] = False,
) -> None:
    """Write skills as the specification wants them: ids, names, and the fields of other tools.

    Nothing of the text is lost: a field that the specification does not know moves under metadata or into the
    body. Each skill that changes is a decision of its own. What needs judgement is named, and the exit code is 1.
    """
    repo = open_repo()
    paths = [find(repo, typed) for typed in skill or ()]
    if dry_run:
        made, faults = tidying.preview(repo, paths)
    else:
        made, faults, landed = tidying.normalize(repo, paths, watch=_watched)
        tell(landed)
    for tidied in made:
        _show(tidied, dry_run=dry_run, as_json=as_json)
    if not made and not faults:
        output.note("nothing to do: every skill is as it should be")
    for fault in faults:
        output.complain(f"cannot normalize '{shown(fault.path)}': {fault.error.message}", hint=fault.error.hint)
    if faults:
        raise typer.Exit(1)


def _watched(steps: Sequence[tidying.Step]) -> Iterable[tidying.Step]:
    return output.progress(steps, total=len(steps), label="Normalizing skills")


def _show(tidied: Tidied, *, dry_run: bool, as_json: bool) -> None:
    decision = tidied.decision
    row = {
        "decision": decision.action,
        "skill": decision.skill,
        "was": shown(decision.was) if decision.was else None,
        "version": decision.after,
        "before": decision.before,
        "commit": tidied.commit,
        "summary": decision.summary,
    }
    output.report(row, as_json=as_json)
    if dry_run and not as_json:
        names = f"a/{decision.was or decision.path}/{FILE}", f"b/{decision.path}/{FILE}"
        before, after = (content.decode("utf-8", "replace").splitlines() for content in (tidied.before, tidied.after))
        output.patch("\n".join(difflib.unified_diff(before, after, *names, lineterm="")))
