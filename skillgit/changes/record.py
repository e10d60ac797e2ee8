"""One change of one skill as one commit: versioned from the diff, validated, and said in the message."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from skillgit.changes.skill import FILE, shown
from skillgit.errors import Invalid
from skillgit.git import ledger
from skillgit.git.message import Action, Bump, Decision, Note, Quote, encode
from skillgit.git.repo import Entry
from skillgit.git.transaction import Transaction
from skillgit.skills import spec, version
from skillgit.skills.document import Document

FIRST_VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen to the skill at `path`.

    `before` is None for a new skill, `after` for a removed one; where both are the same nothing
    but the decision is recorded. `files` are the files beside SKILL.md that change, by their path in
    the skill; `was` is the path it had before a move. The version that `after` says counts where it is
    above the one that the diff asks for. `remarks` are told behind the rules, a line each.
    """

    action: Action
    path: str
    before: Document | None
    after: Document | None
    summary: str
    files: Mapping[str, Entry | None] = field(default_factory=dict)
    was: str | None = None
    score: float | None = None
    nearest: str | None = None
    reason: str | None = None
    learner: str | None = None
    attempt: str | None = None
    evidence: tuple[Quote, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change that was drafted: its decision and its commit."""

    decision: Decision
    commit: str


def record(tx: Transaction, change: Change, *, author_of: str | None = None) -> Recorded:
    """Draft the commit of a change, by the author of the commit `author_of`, if one is given.

    Invalid where the skill it would leave breaks the specification, Refused where the scan finds in it what no skill
    may hold. What comes in from outside has been looked at before, and so has what is only made again (`author_of`).
    """
    decision, document = describe(tx, change)
    if author_of is None and change.action != "import":
        vet(tx, change)
    edits = _edits(tx, change, document)
    return Recorded(decision, tx.commit(encode(decision), edits, author_of=author_of))


def describe(tx: Transaction, change: Change) -> tuple[Decision, Document | None]:
    """The decision that `record` would write, and the SKILL.md it would leave; nothing is made."""
    bump = _bump(change)
    document = _numbered(tx, change, bump)
    if document is not None and document is not change.before:
        check(document, change.path)
    known = document or change.before
    decision = Decision(
        action=change.action,
        path=change.path,
        summary=change.summary,
        id=known.id or None if known else None,
        was=change.was,
        before=change.before.version or None if change.before else None,
        after=document.version or None if document else None,
        bump=bump,
        score=change.score,
        nearest=change.nearest,
        reason=change.reason,
        learner=change.learner,
        attempt=change.attempt,
        evidence=change.evidence,
        notes=(*_notes(change, document), *(Note("|", remark) for remark in change.remarks)),
    )
    return decision, document


def vet(tx: Transaction, change: Change) -> None:
    """Refused where the scan finds in what a change writes what no skill may hold."""
    from skillgit.learn import guard  # 40 ms of patterns, and only what writes needs them

    repo, there = tx.repo, tx.repo.files(tx.tip, change.was or change.path)
    after = {name: repo.read(entry.oid) for name, entry in change.files.items() if entry}
    if change.after is not None and change.after is not change.before:
        after[FILE] = change.after.render()
    before = {name: repo.read(there[name].oid) for name in after if name in there}
    gate = guard.gate(repo, learning=change.action in ("add", "merge"))
    guard.check(gate, shown(change.path), after, before=before)


def check(document: Document, path: str) -> None:
    """Invalid, with the first problem, where the SKILL.md breaks the specification."""
    problems = spec.problems(document.render(), directory=path.rpartition("/")[2])
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise Invalid(
            f"invalid skill '{shown(path)}': {problems[0].message}{more}",
            hint="'skillgit validate' lists every problem; 'skillgit normalize' mends what needs no judgement",
        )


def _notes(change: Change, after: Document | None) -> tuple[Note, ...]:
    """What a message lists; a skill that came whole is its own list, one that was learned is told rule by rule."""
    whole = change.before is None or after is None
    return () if whole and change.action != "add" else notes(change.before, after)


def notes(before: Document | None, after: Document | None) -> tuple[Note, ...]:
    """The rules added, changed and removed between two versions, as lines of a message."""
    changes = version.rule_changes(before.body if before else "", after.body if after else "")
    return (
        *(Note("+", text) for text in changes.added),
        *(Note("~", f"{new} (was: {old})") for old, new in changes.changed),
        *(Note("-", text) for text in changes.removed),
    )


def with_id(document: Document) -> Document:
    """The document with a `metadata.id`, new if it had none."""
    return document if document.id else document.with_field(("metadata", "id"), str(uuid.uuid4()))


def _bump(change: Change) -> Bump:
    if change.before is None or change.after is None or change.before is change.after:
        return "none"
    files = {name: entry is not None for name, entry in change.files.items()}
    return version.bump(change.before, change.after, renamed=change.was is not None, files=files)


def _numbered(tx: Transaction, change: Change, bump: Bump) -> Document | None:
    """The document with its id and its version: from the diff, above every version this path has had."""
    if change.after is None or change.after is change.before:
        return change.after
    document = with_id(change.after)
    least = _least(change.before, ledger.last_version(tx.repo, tx.base, change.path), bump)
    own = document.version
    number = version.normal(own) if own and version.is_above(own, least) else least or FIRST_VERSION
    return document.with_field(("metadata", "version"), number)


def _least(before: Document | None, had: str | None, bump: Bump) -> str:
    """The lowest version that may follow: what the diff asks for, above what the path ever had; "" for a first one."""
    if before is None:
        return version.next_version(had, "patch") if had else ""
    number = before.version
    return version.next_version(had if had and version.is_above(had, number) else number, bump)


def _edits(tx: Transaction, change: Change, document: Document | None) -> dict[str, Entry | None]:
    edits: dict[str, Entry | None] = {}
    if change.was is not None:
        moved = tx.repo.files(tx.tip, change.was)
        edits[change.was] = None
        edits.update({f"{change.path}/{name}": entry for name, entry in moved.items()})
    if document is None and (change.before is not None or change.action == "remove"):  # a broken one can go, too
        edits[change.path] = None
    elif document is not None and document is not change.before:
        edits[f"{change.path}/{FILE}"] = tx.file(document.render())
    edits.update({f"{change.path}/{name}": entry for name, entry in change.files.items()})
    return edits
