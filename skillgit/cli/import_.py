"""`skillgit import`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, get_args

import typer

from skillgit import config
from skillgit.changes.skill import shown
from skillgit.cli import output
from skillgit.cli.context import open_skill_repo, tell
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.share import importing, vetting
from skillgit.share.importing import Imported, Outcome


def import_(
    sources: Annotated[list[Path], typer.Argument(metavar="SRC...", help="Folders and zip archives.")],
    user: Annotated[str | None, typer.Option("--user", metavar="U", help="Whose skills; the default is you.")] = None,
    common: Annotated[bool, typer.Option("--common", help="Make them common skills.")] = False,
    library: Annotated[
        str | None, typer.Option("--library", metavar="NAME", help="With --common: in a library of this name.")
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Leave out what cannot be imported.")] = False,
    dry_run: Annotated[bool, typer.Option("-n", "--dry-run", help="Say what would be done; change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line and skill.")] = False,
) -> None:
    """Bring in skills from folders and zip archives, one decision each.

    A folder with a SKILL.md is a skill; others are searched, six levels down. Files keep their bytes and
    modes; SKILL.md is brought into the specification's form, and nothing of its text is lost. A skill that is
    here already, by its id, gets a new version where it differs. One that holds a secret, hidden text or the like is
    bad, as 'skillgit scan' says. One bad skill stops the import before anything
    is written; with --keep-going it is left out, and the exit code is 1.
    """
    repo = open_skill_repo()
    into = _target(repo, user, common=common, library=library)
    intake, odd = vetting.vet(repo, importing.read(sources), into=into)
    for place, finding in odd:
        output.warn(f"{place}/{finding.path}:{finding.line or 1}: {finding.why}")
    if not keep_going:
        importing.refuse(intake.faults)
    if intake.own_git:
        output.warn("a repository's own '.git' is not imported")
    if dry_run:
        _show(importing.preview(repo, intake.skills, into=into), as_json=as_json)
    else:
        made, landed = importing.import_skills(repo, intake.skills, into=into, watch=_watched)
        _show(made, as_json=as_json)
        tell(landed)
    for fault in intake.faults:
        output.complain(f"left out '{fault.place}': {fault.error.message}", hint=fault.error.hint)
    if intake.faults:
        raise typer.Exit(1)


def _target(repo: Repo, user: str | None, *, common: bool, library: str | None) -> str:
    if common and user is not None:
        raise UsageError("skills are either a user's or common", hint="say --user U or --common")
    if library is not None and not common:
        raise UsageError("only common skills stand in a library", hint="say --common --library NAME")
    return importing.target(user=None if common else config.user(repo, user), library=library)


def _watched(steps: Sequence[importing.Step]) -> Iterable[importing.Step]:
    return output.progress(steps, total=len(steps), label="Importing skills")


def _show(made: Sequence[Imported], *, as_json: bool) -> None:
    for imported in made:
        if as_json:
            output.json_line(_row(imported))
        else:
            output.say(_line(imported))
    counts = Counter(imported.outcome for imported in made)
    if made:
        output.note(", ".join(f"{counts[outcome]} {outcome}" for outcome in get_args(Outcome) if counts[outcome]))


def _line(imported: Imported) -> str:
    decision = imported.decision
    before = f"{decision.before} -> " if decision and decision.before else ""
    return f"{imported.outcome} {shown(imported.path)} {before}{imported.version}: from {imported.place}"


def _row(imported: Imported) -> dict[str, object]:
    decision = imported.decision
    return {
        "source": imported.place,
        "decision": decision.action if decision else "none",
        "outcome": imported.outcome,
        "skill": shown(imported.path),
        "version": imported.version,
        "before": decision.before if decision else imported.version,
        "commit": imported.commit,
    }
