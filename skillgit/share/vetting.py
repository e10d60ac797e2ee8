"""What comes in from outside is scanned before anything is written: what the gate refuses is a fault of its source."""

from __future__ import annotations

from dataclasses import replace

from skillgit.changes.skill import FILE, shown
from skillgit.errors import Refused
from skillgit.git.repo import Repo
from skillgit.learn.guard import Gate, gate, refuse
from skillgit.learn.scan import Finding, scan
from skillgit.share.intake import Fault, Incoming, Intake


def vet(repo: Repo, intake: Intake, *, into: str) -> tuple[Intake, tuple[tuple[str, Finding], ...]]:
    """The intake, with each skill that is refused as a fault; and what else was found in the others, by their place."""
    own = gate(repo)
    skills, faults, odd = [], list(intake.faults), list[tuple[str, Finding]]()
    for incoming in intake.skills:
        found = _found(own, incoming, shown(f"{into}/{incoming.document.name}"))
        if isinstance(found, Refused):
            faults.append(Fault(incoming.place, found))
        else:
            skills.append(incoming)
            odd += [(incoming.place, finding) for finding in found]
    return replace(intake, skills=tuple(skills), faults=tuple(faults)), tuple(odd)


def _found(own: Gate, incoming: Incoming, skill: str) -> tuple[Finding, ...] | Refused:
    """What the scan finds in a skill that is not allowed; the error where it is refused."""
    files = [(FILE, incoming.document.render()), *((file.path, file.content) for file in incoming.files)]
    found = tuple(finding for path, content in files for finding in scan(path, content) if not own.lets(finding, skill))
    try:
        refuse(own, skill, found)
    except Refused as err:
        return err
    return found
