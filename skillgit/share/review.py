"""What a person decides about a decision that waits (`proposals.py`), each by one commit on the current branch.

    accept     it is made again on what is there now (`reapply.py`), by its author
    edit       the same with another SKILL.md, by who edited it; the evidence stays
    reject     a commit that changes no file and lists its rules as taken back: the ledger knows them from then on
    restore    a commit that gives them back, and lets the conversation be learned from again

All of these carry the key of the proposal. Whether somebody was faster is asked under the lock, and a parked ref goes
once the branch has moved: who dies in between leaves a ref that waits no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from skillgit.changes import compare
from skillgit.changes import edit as by_hand
from skillgit.changes.compare import FileChange
from skillgit.changes.record import Change, describe, record, vet
from skillgit.changes.skill import FILE, owner, readable, shown
from skillgit.errors import Invalid, Refused
from skillgit.git import history, ledger
from skillgit.git.drafts import drafting
from skillgit.git.message import Action, Decision, Note, encode
from skillgit.git.repo import Repo
from skillgit.git.run import attempt
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn.edit import create
from skillgit.share.combine import aligned, lesson
from skillgit.share.proposals import Proposal, beside, effect, wrong
from skillgit.share.reapply import Reapplied, again, ground
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.version import rule_changes

Fate = Literal["accepted", "rejected", "restored", "known", "conflict"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What became of a proposal: what was recorded, or why nothing was.

    "known": the branch has it, or has decided it, already; in a "conflict" nothing happened, and it waits on.
    """

    fate: Fate
    words: str = ""
    decision: Decision | None = None
    landed: Landed | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What accepting a proposal would do now: the skill it is about, as it is and as it would be.

    In a conflict `after` is what the proposal itself has for that skill, and `action` what it says.
    """

    fate: Fate
    words: str
    action: Action
    path: str
    before: Document | None
    after: Document | None


def foresee(repo: Repo, proposal: Proposal) -> Foreseen:
    """What `accept` would do now; nothing is written."""
    tx = Transaction(repo, repo.branch_ref(), repo.resolve("HEAD"))
    change = _change(tx, proposal)
    if isinstance(change, Change):
        after = describe(tx, change)[1]
        return Foreseen("accepted", "", change.action, change.path, change.before, after)
    said, path = proposal.decision, _place(tx, proposal) or proposal.decision.path
    before = readable(repo, tx.tip, path)
    return Foreseen(change.fate, change.words, said.action, path, before, _own(repo, proposal, path, before))


def rehearse(repo: Repo, proposal: Proposal) -> tuple[FileChange, ...]:
    """The files that `accept` would change now, to be read; none in a conflict. Nothing is kept of it."""
    with drafting(repo) as drafts:
        tx = Transaction(repo, repo.branch_ref(), repo.resolve("HEAD"), drafts=drafts)
        change = _change(tx, proposal)
        if isinstance(change, Reviewed):
            return ()
        document = describe(tx, change)[1]
        now = repo.files(tx.tip, change.was or change.path)
        then = {**now, **change.files, FILE: tx.file(document.render())} if document else {}
        return compare.files(repo, now, {name: entry for name, entry in then.items() if entry})


def sides(repo: Repo, proposal: Proposal, seen: Foreseen) -> tuple[tuple[FileChange, ...], tuple[FileChange, ...]]:
    """What has become of its skill since a proposal was made, and what the proposal makes of it, file by file."""
    base = repo.files(proposal.parent, _start(proposal))
    now = repo.files(repo.resolve("HEAD"), seen.path)
    proposed = repo.files(proposal.revision.oid, proposal.decision.path)
    return compare.files(repo, base, now), compare.files(repo, base, proposed)


def _own(repo: Repo, proposal: Proposal, path: str, now: Document | None) -> Document | None:
    """What a proposal itself has for the skill at a path: where that is not there, only what it teaches anew."""
    does, name = effect(repo, proposal), path.rpartition("/")[2]
    if does.after and now:
        return aligned(does.after, like=now, name=name)
    taught = lesson(does.before, does.after) if does.before and does.after else None
    return create(taught, name) if taught and (taught.rules or taught.steps) else does.after


def accept(repo: Repo, proposal: Proposal, *, seen: Foreseen | None = None) -> Reviewed:
    """The proposal's decision is on the current branch. Refused where the scan finds what no skill may hold.

    It is refused, too, where somebody looked at what it would do, and the skill that was `seen` has changed since.
    """

    def made(tx: Transaction) -> Reviewed:
        change = _change(tx, proposal)
        if isinstance(change, Reviewed):
            return change
        if seen:
            _check_seen(change, seen, hint="look at it again")
        vet(tx, change)
        return Reviewed("accepted", decision=record(tx, change, author_of=proposal.revision.oid).decision)

    return _settle(repo, proposal, made)


def edit(repo: Repo, proposal: Proposal, content: bytes, *, seen: Foreseen) -> Reviewed:
    """The proposal's decision is on the current branch, with `content` as the SKILL.md of the skill that was `seen`.

    Refused where the skill has changed since, where nothing is left of the proposal, or where the content is invalid.
    """
    after = documents.parse(content)

    def made(tx: Transaction) -> Reviewed:
        found = _change(tx, proposal)
        change = found if isinstance(found, Change) else _in_conflict(tx, proposal)
        _check_seen(change, seen, hint="edit it again")
        return Reviewed("accepted", decision=record(tx, _edited(change, after)).decision)

    return _settle(repo, proposal, made)


def put(repo: Repo, proposal: Proposal, content: bytes, *, seen: Foreseen) -> Reviewed:
    """As `edit`; a text that was left as it was `seen` is accepted, by its author."""
    unchanged = seen.fate != "conflict" and seen.after is not None and content == seen.after.render()
    return accept(repo, proposal, seen=seen) if unchanged else edit(repo, proposal, content, seen=seen)


def _check_seen(change: Change, seen: Foreseen, *, hint: str) -> None:
    if change.path != seen.path or change.before != seen.before:
        raise Refused(f"skill '{shown(seen.path)}' changed while you looked at the proposal", hint=hint)


def reject(repo: Repo, proposal: Proposal, *, reason: str) -> Reviewed:
    """The proposal is rejected in the history of the current branch, and its lesson is not learned again."""
    does = effect(repo, proposal)
    brought = rule_changes(does.before.body if does.before else "", does.after.body if does.after else "")
    taken = tuple(Note("-", rule) for rule in (*brought.added, *(new for _, new in brought.changed)))

    def made(tx: Transaction) -> Reviewed:
        said, number = proposal.decision, _version(tx, proposal.decision.path)
        told = Decision(
            action="reject",
            path=said.path,
            summary=reason,
            id=said.id,
            before=number,
            after=number,
            reason=reason,
            learner=said.learner,
            attempt=proposal.key,
            notes=taken,
        )
        tx.commit(encode(told), {})
        return Reviewed("rejected", decision=told)

    return _settle(repo, proposal, made)


def restore(repo: Repo, rev: str) -> Reviewed:
    """A rejection is taken back: its rules, and its conversation, may be learned again.

    Refused where the commit is no rejection in the history of the current branch, or was taken back before.
    """
    (revision,) = history.revisions(repo, [repo.resolve(rev)])
    said = revision.decision
    if said is None or said.action != "reject" or said.attempt is None:
        raise Refused(f"commit {revision.oid[:10]} is no rejection: '{revision.subject}'")
    key, given = said.attempt, tuple(Note("+", note.text) for note in said.notes if note.mark == "-")
    told = Decision("revert", said.path, "may be learned again", id=said.id, attempt=key, notes=given)

    def body(tx: Transaction) -> None:
        nonlocal told
        if ledger.applied(repo, tx.tip, key) != revision.oid:
            raise Refused(f"no rejection at {revision.oid[:10]} is in force")
        number = _version(tx, told.path)
        told = replace(told, before=number, after=number)
        tx.commit(encode(told), {})

    landed = write(repo, body)
    return Reviewed("restored", decision=told, landed=landed)


def _settle(repo: Repo, proposal: Proposal, made: Callable[[Transaction], Reviewed]) -> Reviewed:
    """Land what is `made` of a proposal, unless somebody was faster, and drop what held it."""
    repo.resolve("HEAD")  # on a branch without commits there is nothing to decide it on
    done = Reviewed("conflict")

    def body(tx: Transaction) -> None:
        nonlocal done
        done = _decided(tx, proposal) or made(tx)

    landed = write(repo, body)
    if done.fate != "conflict":
        for ref in proposal.parked:
            attempt(["update-ref", "-d", ref, proposal.revision.oid], cwd=repo.directory)  # one that moved on stays
    return replace(done, landed=landed)


def _decided(tx: Transaction, proposal: Proposal) -> Reviewed | None:
    commit = ledger.applied(tx.repo, tx.tip, proposal.key)
    return Reviewed("known", f"it was decided already, at {commit[:10]}") if commit else None


def _change(tx: Transaction, proposal: Proposal) -> Change | Reviewed:
    """The change that a proposal comes to on the transaction's tip; the conflict where there is none."""
    repo, revision = tx.repo, proposal.revision
    assert tx.tip is not None
    odd = beside(repo, proposal)
    if odd:
        words = f"its commit changes '{odd[0]}' too; 'git cherry-pick {revision.oid[:10]}' takes it as it is"
        return Reviewed("conflict", words)
    faults = wrong(repo, proposal)
    if faults:
        return Reviewed("conflict", faults[0])
    on = ground(tx, history.log_since(repo, tx.tip, base=revision.oid))
    start, place = _start(proposal), _place(tx, proposal)
    if place is None:
        return Reviewed("conflict", _lacking(tx, proposal) or f"there is another skill '{shown(start)}' now")
    if place != start:
        on.moved[start] = place
    found = again(on, revision)
    if isinstance(found, Reapplied):
        return _not_made(tx, proposal, found)
    try:
        describe(tx, found)
    except Invalid as err:
        return Reviewed("conflict", err.message)
    return replace(found, attempt=proposal.key)


def _in_conflict(tx: Transaction, proposal: Proposal) -> Change:
    """The change that a proposal in conflict is to become once its text is edited."""
    said, does, path = proposal.decision, effect(tx.repo, proposal), _place(tx, proposal)
    if path is None or said.was or does.after is None or does.files:
        raise Refused(
            f"{said.action} {said.skill}: more than a text is in conflict", hint="reject it, or do it by hand"
        )
    before = readable(tx.repo, tx.tip, path)
    change = Change("merge" if said.action == "add" else said.action, path, before, does.after, said.summary)
    return replace(
        change,
        action=change.action if before else "add",
        score=said.score,
        nearest=said.nearest,
        reason=said.reason,
        learner=said.learner,
        attempt=proposal.key,
        evidence=said.evidence,
    )


def _edited(change: Change, after: Document) -> Change:
    """A change with another text."""
    before = change.before
    if change.after is None:
        raise Refused(f"'{shown(change.path)}' is to go: there is no text to edit")
    if before and before.render() == after.render():
        raise Refused("nothing is left of the proposal", hint="'skillgit review reject' says that it is not wanted")
    return replace(
        change,
        action="merge" if change.action == "discard" else change.action,
        after=after,
        summary=by_hand.summary(before, after),
        remarks=(*change.remarks, "edited in review"),
    )


def _not_made(tx: Transaction, proposal: Proposal, found: Reapplied) -> Change | Reviewed:
    """What a proposal comes to that is not made again: where all of it is there already, that is on record."""
    if found.fate == "known":
        path = proposal.decision.path
        now = readable(tx.repo, tx.tip, path)
        return Change("discard", path, now, now, found.words, reason=found.words, attempt=proposal.key)
    return Reviewed("conflict", _lacking(tx, proposal) or found.words)


def _lacking(tx: Transaction, proposal: Proposal) -> str:
    """What a proposal builds on that is not on the branch, if anything: the decision that made its skill."""
    maker = None if _place(tx, proposal) in tx.repo.skills(tx.tip) else _maker(tx, proposal)
    if maker is None:
        return ""
    gone = ledger.applied(tx.repo, tx.tip, maker.key)
    then = "was rejected; 'review edit' makes it a skill of its own" if gone else "waits too: accept that first"
    return f"it builds on {maker.key.casefold()[:8]}, which {then}"


def _maker(tx: Transaction, proposal: Proposal) -> Proposal | None:
    """The decision that made the skill which a proposal changes, where the branch does not have that commit."""
    assert tx.tip is not None
    start = _start(proposal)
    for each in history.log_since(tx.repo, proposal.parent, base=tx.tip):
        said = each.decision
        if said and said.path == start and said.after and not said.before:
            return Proposal(each, said, ())
    return None


def _start(proposal: Proposal) -> str:
    """Where the skill stood that a proposal changes."""
    return proposal.decision.was or proposal.decision.path


def _place(tx: Transaction, proposal: Proposal) -> str | None:
    """Where the skill that a proposal changes stands now: where it stood, where its id is, or where it was merged into.

    None where another skill stands where it stood.
    """
    start, repo = _start(proposal), tx.repo
    before, there = readable(repo, proposal.parent, start), readable(repo, tx.tip, start)
    if before is None or not before.id or (there and there.id in ("", before.id)):
        return start
    others = (path for path in repo.skills(tx.tip) if owner(path) == owner(start))
    same = (path for path in others if (now := readable(repo, tx.tip, path)) and now.id == before.id)
    return next(same, None) or _merged_into(tx, proposal) or (None if there else start)


def _merged_into(tx: Transaction, proposal: Proposal) -> str | None:
    """The skill that the one which a proposal changes became part of when it was accepted."""
    maker = _maker(tx, proposal)
    commit = ledger.applied(tx.repo, tx.tip, maker.key) if maker else None
    said = next(history.revisions(tx.repo, [commit])).decision if commit else None
    return said.path if said and said.action != "reject" else None


def _version(tx: Transaction, path: str) -> str | None:
    """The version of the skill at a path now, if there is one."""
    now = readable(tx.repo, tx.tip, path)
    return now.version or None if now else None
