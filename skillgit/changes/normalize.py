"""Bringing the skills of the branch up to the specification: ids, names, fields of other tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from skillgit.changes.record import Change, describe, record, with_id
from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.git.message import Decision
from skillgit.git.repo import Repo
from skillgit.git.submodule import own_skills
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.skills import dialect, naming, version
from skillgit.skills.document import Document

_VERSION = ("metadata", "version")


@dataclass(frozen=True, slots=True)
class Fault:
    """A skill that cannot be mended without judgement: its path, and why."""

    path: str
    error: SkillgitError


@dataclass(frozen=True, slots=True)
class Tidied:
    """A skill brought up to the specification: its SKILL.md before and after; no commit in a preview."""

    decision: Decision
    before: bytes
    after: bytes
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A change to make, and the SKILL.md as it is."""

    change: Change
    before: bytes


def normalize(
    repo: Repo, paths: Sequence[str] = (), *, watch: Callable[[Sequence[Step]], Iterable[Step]] = iter
) -> tuple[tuple[Tidied, ...], tuple[Fault, ...], Landed]:
    """Tidy the skills at `paths`, or all but those of libraries: one `tidy` decision for each, in one transaction.

    A folder whose name is no skill's name is renamed. `watch` passes the steps on, for a progress bar.
    """
    made: list[Tidied] = []
    faults: list[Fault] = []

    def body(tx: Transaction) -> None:
        made.clear()
        steps, faults[:] = _plan(repo, tx.tip, paths)
        for step in watch(steps):
            recorded = record(tx, step.change)
            entry = repo.entry(recorded.commit, f"{recorded.decision.path}/{FILE}")
            assert entry is not None
            made.append(Tidied(recorded.decision, step.before, repo.read(entry.oid), recorded.commit))

    landed = write(repo, body)
    return tuple(made), tuple(faults), landed


def preview(repo: Repo, paths: Sequence[str] = ()) -> tuple[tuple[Tidied, ...], tuple[Fault, ...]]:
    """What `normalize` would do now; nothing is written."""
    ref = repo.branch_ref()
    tx = Transaction(repo, ref, repo.tip(ref))
    steps, faults = _plan(repo, tx.tip, paths)
    return tuple(_foreseen(tx, step) for step in steps), tuple(faults)


def _foreseen(tx: Transaction, step: Step) -> Tidied:
    decision, document = describe(tx, step.change)
    assert document is not None
    return Tidied(decision, step.before, document.render())


def _plan(repo: Repo, tip: str | None, paths: Sequence[str]) -> tuple[list[Step], list[Fault]]:
    skills = repo.skills(tip) if paths else own_skills(repo, tip)
    steps: list[Step] = []
    faults: list[Fault] = []
    taken = set(skills)
    for path in paths or skills:
        try:
            step = _step(path, repo.read(skills[path]), taken)
        except SkillgitError as err:
            faults.append(Fault(path, err))
            continue
        if step is not None:
            steps.append(step)
            taken.add(step.change.path)
    return steps, faults


def _step(path: str, content: bytes, taken: set[str]) -> Step | None:
    """What is to be done to a skill; None where it is as it should be."""
    before = dialect.parse_any(content)
    target = _path(path, taken)
    after = with_id(dialect.adopt(before, name=target.rpartition("/")[2]))
    if target == path and after.render() == content:
        return None
    if after.render() == before.render():  # only what YAML could not read was mended
        after = after.with_field(_VERSION, version.next_version(before.version, "patch"))
    summary = _summary(before, after)
    return Step(Change("tidy", target, before, after, summary, was=path if target != path else None), content)


def _path(path: str, taken: set[str]) -> str:
    """The path with a valid name at its end."""
    folder, _, name = path.rpartition("/")
    try:
        naming.segment(name)
    except SkillgitError:
        near = {other.rpartition("/")[2] for other in taken if other.rpartition("/")[0] == folder}
        return f"{folder}/{naming.unique(naming.slug(name), near)}"
    return path


def _summary(before: Document, after: Document) -> str:
    """What was put right: the fields that differ."""
    fields = dict.fromkeys([*after.fields, *before.fields])
    changed = [key for key in fields if before.fields.get(key) != after.fields.get(key)]
    return ", ".join(changed + (["body"] if before.body != after.body else [])) or "syntax"
