"""Skills that come in as a request's body: a zip archive, or one SKILL.md.

They become the user's own, with ids that are made for that user: the same upload twice changes nothing, and nobody
finds out by an id whether somebody else has a skill.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from skillgit.changes.skill import shown
from skillgit.errors import NotFound, Unreadable, Unsafe
from skillgit.serve.api import places
from skillgit.serve.api.operation import ZIP, Ask
from skillgit.serve.api.shapes import Fault, Import, Imported, Imports
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.share import importing, vetting
from skillgit.share.intake import Incoming, Intake

_NAMESPACE = uuid.UUID("b0b0a6f4-0f0c-4f7e-8a6b-3d1c64c1a8f2")
_ROOM: Final = 64 << 20
"""Bytes that the files of an upload may have."""


def take(ask: Ask[Import, bytes], hands: Hands) -> Imports:
    """The skills of a body are the user's, each as a decision of its own; all or none of them where one is bad."""
    into = importing.target(user=ask.user)
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        intake = _vetted(hands, _read(Path(folder), ask), into=into)
    if intake.faults and not ask.query.keep_going:
        first, more = intake.faults[0], len(intake.faults) - 1
        told = f" (and {more} more)" if more else ""
        raise Problem(422, f"cannot import '{first.place}': {first.error.message}{told}", hint=first.error.hint)
    own = _ids(hands, ask.user)
    skills = [_owned(incoming, ask.user, own=own) for incoming in intake.skills]
    made, landed = importing.import_skills(hands.repo, skills, into=into)
    return Imports(
        data=[_imported(each) for each in made],
        left_out=[Fault(place=fault.place, problem=fault.error.message) for fault in intake.faults],
        ref=landed.ref,
        parked=landed.blocked is not None,
    )


def _read(folder: Path, ask: Ask[Import, bytes]) -> Intake:
    """What the body holds. Raises Problem where that is nothing that can be read."""
    upload = folder / ("upload.zip" if ask.media == ZIP else "upload")
    file = upload if ask.media == ZIP else upload / "skill" / "SKILL.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(ask.body)
    try:
        return _placed(importing.read([upload], room=_ROOM), upload)
    except (NotFound, Unreadable, Unsafe) as err:
        raise Problem(422, err.message.replace(f"'{upload}'", "the upload"), hint=err.hint) from err


def _placed(intake: Intake, upload: Path) -> Intake:
    """The intake, with places as its sender knows them."""

    def within(place: str) -> str:
        return place.removeprefix(str(upload)).lstrip("/") or "SKILL.md"

    skills = tuple(replace(each, place=within(each.place)) for each in intake.skills)
    faults = tuple(replace(each, place=within(each.place)) for each in intake.faults)
    return replace(intake, skills=skills, faults=faults)


def _vetted(hands: Hands, intake: Intake, *, into: str) -> Intake:
    vetted, _ = vetting.vet(hands.repo, intake, into=into)
    return vetted


def _ids(hands: Hands, user: str) -> frozenset[str]:
    """The ids of the user's own skills."""
    known = places.seen(hands, user, scope="user")
    return frozenset(places.identity(hands, path, oid) for path, oid in known.items())


def _owned(incoming: Incoming, user: str, *, own: Collection[str]) -> Incoming:
    """The skill with an id that is the user's: its own where one of the user's skills has it."""
    given = incoming.document.id
    if given in own:
        return incoming
    made = uuid.uuid5(_NAMESPACE, "\0".join([user, given or f"{incoming.key} {incoming.document.name}"]))
    return replace(incoming, document=incoming.document.with_field(("metadata", "id"), str(made)))


def _imported(made: importing.Imported) -> Imported:
    return Imported(
        place=made.place,
        skill=shown(made.path),
        outcome=made.outcome,
        version=made.version,
        commit=made.commit or "",
    )
