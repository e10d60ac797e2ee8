"""Skills from a folder or an archive, brought into the repository: one decision each, all or none.

Which skill of the repository an incoming one is, its id says: `metadata.id`, or one made of the
library's name, its path there and its own name. An id that stands in the target already is that skill, which is brought
up to the incoming one; an id that stands elsewhere is another owner's, so the incoming skill gets one
made of it and the target. So the same import twice changes nothing, and nobody takes over another's skill.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Literal, TypeAlias

from skillgit.changes.record import Change, describe, record
from skillgit.changes.skill import FILE, load
from skillgit.errors import Invalid, SkillgitError, Unreadable, Unsafe
from skillgit.git.message import Decision
from skillgit.git.objects import blob_oid
from skillgit.git.repo import Entry, Repo, names
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.share.intake import MAX_SOURCE, Fault, Incoming, Intake, take_in
from skillgit.skills import dialect, naming, spec, version
from skillgit.skills.document import Document, parse

_NAMESPACE = uuid.UUID("0d82c77b-07d8-429a-b20c-78e122f6c834")
_ID, _VERSION = ("metadata", "id"), ("metadata", "version")
_TRIES = 8
_LONGEST = 200  # characters of a title; a name is cut from it at 64
_PATH = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)+")

Outcome: TypeAlias = Literal["new", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one incoming skill, `place` in its source: it stands at `path`, at `version`.

    `decision` is None where it is unchanged; `commit` is so in a preview, too.
    """

    place: str
    path: str
    version: str
    outcome: Outcome
    decision: Decision | None = None
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One incoming skill and the change it asks for, or what it is unchanged from."""

    incoming: Incoming
    change: Change | Imported


def target(*, user: str | None = None, library: str | None = None) -> str:
    """The folder that skills go into: `Users/<user>`, `Common`, or `Common/<library>`."""
    if user is not None:
        return f"Users/{naming.segment(user)}"
    return f"Common/{naming.segment(library)}" if library else "Common"


def read(sources: Sequence[Path], *, room: int = MAX_SOURCE) -> Intake:
    """Every skill of several sources, in the form skillgit writes, and every fault; each may have `room` bytes."""
    intakes = [take_in(source, room=room) for source in sources]
    skills, faults = [], [fault for intake in intakes for fault in (*intake.faults, *_twins(intake))]
    for incoming in (incoming for intake in intakes for incoming in intake.skills):
        try:
            skills.append(_adopted(incoming))
        except SkillgitError as err:
            faults.append(Fault(incoming.place, err))
    return Intake(tuple(skills), tuple(faults), own_git=any(intake.own_git for intake in intakes))


def refuse(faults: Sequence[Fault]) -> None:
    """Raise the first fault as an error that names it, where there is one."""
    if faults:
        first, more = faults[0], f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        hint = first.error.hint or "nothing was imported; '--keep-going' leaves out what cannot be imported"
        raise type(first.error)(f"cannot import '{first.place}': {first.error.message}{more}", hint=hint)


def import_skills(
    repo: Repo, skills: Sequence[Incoming], *, into: str, watch: Callable[[Sequence[Step]], Iterable[Step]] = iter
) -> tuple[tuple[Imported, ...], Landed]:
    """Bring skills into the folder `into`, one `import` decision each, in one transaction.

    `watch` passes the steps on as they are taken, for a progress bar.
    """
    made: list[Imported] = []

    def body(tx: Transaction) -> None:
        made.clear()
        made.extend(_taken(tx, step) for step in watch(_plan(repo, tx.tip, skills, into)))

    landed = write(repo, body)
    return tuple(made), landed


def preview(repo: Repo, skills: Sequence[Incoming], *, into: str) -> tuple[Imported, ...]:
    """What `import_skills` would do now; nothing is written."""
    ref = repo.branch_ref()
    tx = Transaction(repo, ref, repo.tip(ref))
    return tuple(_foreseen(tx, step) for step in _plan(repo, tx.tip, skills, into))


def _twins(intake: Intake) -> Iterator[Fault]:
    """Folders side by side whose names are one on a file system that ignores case or normal form."""
    seen: dict[str, Incoming] = {}
    for incoming in intake.skills:
        first = seen.setdefault(naming.folded(incoming.place), incoming)
        if first is not incoming:
            told = f"its name differs from that of '{first.place}' by case or form only"
            yield Fault(incoming.place, Unsafe(told, hint="rename one of the two"))


def _check_name(name: str) -> None:
    """Unsafe or Invalid for what is no title that a name could be made of: a path, a device, or nothing to read."""
    if name.startswith("/") or ".." in re.split(r"[/\\]", name) or _PATH.fullmatch(name):
        raise Unsafe(f"its name '{naming.shown(name)}' is a path", hint="give it a name without slashes")
    if naming.is_reserved(name):
        raise Unsafe(f"its name '{naming.shown(name)}' is one that Windows reserves", hint="give it another name")
    if len(name) > _LONGEST or not any(char.isalnum() for char in name):
        raise Invalid(f"its name '{naming.shown(name)}' is none", hint=f"letters and digits, {_LONGEST} at the most")


def _adopted(incoming: Incoming) -> Incoming:
    _check_name(incoming.document.name or incoming.folder)
    name = naming.slug(incoming.document.name or incoming.folder)
    document = dialect.adopt(incoming.document, name=name)
    for problem in spec.problems(document, directory=name):
        raise Invalid(problem.message)
    return replace(incoming, document=document)


def _taken(tx: Transaction, step: Step) -> Imported:
    if isinstance(step.change, Imported):
        return step.change
    for file in step.incoming.files:
        if file.path in step.change.files:
            tx.file(file.content, executable=file.executable)
    recorded = record(tx, step.change)
    return _imported(step, step.change, recorded.decision, recorded.commit)


def _foreseen(tx: Transaction, step: Step) -> Imported:
    if isinstance(step.change, Imported):
        return step.change
    return _imported(step, step.change, describe(tx, step.change)[0], None)


def _imported(step: Step, change: Change, decision: Decision, commit: str | None) -> Imported:
    outcome: Outcome = "updated" if change.before else "new"
    return Imported(step.incoming.place, change.path, decision.after or "", outcome, decision, commit)


def _plan(repo: Repo, tip: str | None, skills: Sequence[Incoming], into: str) -> list[Step]:
    _check_target(repo, tip, into)
    ids = _ids(repo, tip)
    taken = names(repo, tip, into)
    claimed: set[str] = set()
    steps = []
    for incoming in skills:
        own = _identity(incoming, into, ids=ids, claimed=claimed)
        claimed.add(own)
        if own in ids:
            steps.append(_update(repo, tip, incoming, ids[own]))
        else:
            name = naming.unique(incoming.document.name, taken)
            taken.add(name)
            steps.append(_addition(incoming, f"{into}/{name}", own))
    return steps


def _check_target(repo: Repo, tip: str | None, into: str) -> None:
    """Invalid where the target is no folder for skills: a file, a submodule, or a skill itself."""
    for folder in (into.partition("/")[0], into):
        if repo.entry(tip, folder) is not None:
            raise Invalid(f"cannot import into '{folder}': it is a file or a submodule")
    if repo.entry(tip, f"{into}/{FILE}") is not None:
        raise Invalid(f"cannot import into '{into}': it is a skill itself", hint="name another library")


def _ids(repo: Repo, tip: str | None) -> dict[str, str]:
    """The path of the skill that has an id, for all ids of a commit; what cannot be read has none."""
    found: dict[str, str] = {}
    for path, oid in repo.skills(tip).items():
        try:
            found.setdefault(parse(repo.read(oid)).id, path)
        except (Invalid, Unreadable):
            continue
    return found


def _identity(incoming: Incoming, into: str, *, ids: dict[str, str], claimed: set[str]) -> str:
    """The incoming skill's id in the target: one that stands there already, else the first that stands nowhere."""
    unclaimed = (key for key in _candidates(incoming, into) if key not in claimed)
    first = list(islice(unclaimed, _TRIES))
    there = next((key for key in first if ids.get(key, "").startswith(f"{into}/")), None)
    return there or next(key for key in chain(first, unclaimed) if key not in ids)


def _candidates(incoming: Incoming, into: str) -> Iterator[str]:
    try:
        own = uuid.UUID(incoming.document.id)
    except ValueError:  # no id, or one that is no UUID
        own = uuid.uuid5(_NAMESPACE, f"{incoming.key} {incoming.document.name}")
    while True:
        yield str(own)
        own = uuid.uuid5(_NAMESPACE, f"{own} {into}")


def _addition(incoming: Incoming, path: str, own: str) -> Step:
    document = _named(incoming.document, path).with_field(_ID, own)
    summary = f"from {incoming.key}"
    return Step(incoming, Change("import", path, None, document, summary, files=_entries(incoming)))


def _update(repo: Repo, tip: str | None, incoming: Incoming, path: str) -> Step:
    before = load(repo, tip, path).document
    document = _named(incoming.document, path).with_field(_ID, before.id)
    there = {name: entry for name, entry in repo.files(tip, path).items() if name != FILE}
    new = _entries(incoming)
    files: dict[str, Entry | None] = {name: entry for name, entry in new.items() if there.get(name) != entry}
    files.update(dict.fromkeys(name for name in there if name not in new))
    if not files and _same(before, document):
        return Step(incoming, Imported(incoming.place, path, before.version, "unchanged"))
    return Step(incoming, Change("import", path, before, document, f"from {incoming.key}", files=files))


def _same(before: Document, after: Document) -> bool:
    """Say whether an incoming document says nothing new: how YAML is written does not count, nor an older version."""
    if after.version and version.is_above(after.version, before.version):
        return False
    return after.body == before.body and after.with_field(_VERSION, before.version).fields == before.fields


def _named(document: Document, path: str) -> Document:
    name = path.rpartition("/")[2]
    return document if document.name == name else document.with_field("name", name)


def _entries(incoming: Incoming) -> dict[str, Entry]:
    modes = {True: 0o100755, False: 0o100644}
    return {file.path: Entry(blob_oid(file.content), modes[file.executable]) for file in incoming.files}
