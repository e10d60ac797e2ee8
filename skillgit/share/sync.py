"""What a common skill has become since it was copied, brought into the copy: the update that keeps local edits.

    base      upstream as it was when the copy was made, or last synced (`metadata.upstream-tree`)
    theirs    upstream as it is
    ours      the copy

The whole folder is merged as git merges a branch, its SKILL.md by the ladder, and recorded as one decision, which says
in the copy what it was last synced with. The copy keeps its name, its id and its own count of versions.

What cannot be decided is left in the work tree as `git cherry-pick` leaves it, one copy at a time: the commit that
concludes it is that decision. Everything is worked out before the lock is taken; a model may be asked meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from skillgit.changes.edit import touched
from skillgit.changes.record import Change, describe, record, vet
from skillgit.changes.skill import FILE, shown
from skillgit.errors import Refused, Unreadable, Unsafe
from skillgit.git import prepared, worktree
from skillgit.git.alone import alone
from skillgit.git.join import Joined, join, leave_pick
from skillgit.git.message import Decision, Note, encode
from skillgit.git.objects import write_blob, write_scratch
from skillgit.git.prepared import Prepared
from skillgit.git.repo import Entry, Repo, folder_oid
from skillgit.git.submodule import is_library
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.merge.ladder import Answer, Labels
from skillgit.share.became import hunks
from skillgit.share.fork import refuse_unfit, shared
from skillgit.share.plan import undecided
from skillgit.share.settle import Settled, accepted, settle
from skillgit.share.upstream import Fork, Side, Standing, as_copy, standing
from skillgit.skills import document as documents
from skillgit.skills.tree import Listed, problems_of_tree

Fate = Literal["up to date", "synced", "conflict", "gone", "unknown", "refused"]

_VERSION = ("metadata", "version")


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one copy, or would.

    `decision` is what is recorded; `left` are the files for a person, and why; `words` say why nothing was done, and
    `hint` what helps. `under_way` is set where the conflict is in the work tree now.
    """

    fork: Fork
    fate: Fate
    upstream: str
    decision: Decision | None = None
    landed: Landed | None = None
    left: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    words: str = ""
    hint: str = ""
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a sync on top of the commit `tip` comes to: `picked` is a commit that does to the base what upstream did."""

    tip: str
    standing: Standing
    theirs: Side
    picked: str
    joined: Joined
    settled: Mapping[str, Settled]
    left: Mapping[str, str]

    @property
    def path(self) -> str:
        return self.standing.fork.path


def preview(
    repo: Repo, copies: Iterable[Fork], *, answer: Answer | None = None, accept: bool = False
) -> Iterator[Synced]:
    """What `sync` would do with each copy. Nothing moves."""
    for fork in copies:
        found = _look(repo, fork, answer, accept=accept)
        yield found if isinstance(found, Synced) else _foreseen(repo, found)


def sync(repo: Repo, copies: Iterable[Fork], *, answer: Answer | None = None, accept: bool = False) -> Iterator[Synced]:
    """Bring upstream's changes into each copy of HEAD, one decision each, and say what became of it.

    `answer` is asked for each conflict that the ladder leaves; with `accept` its proposals are taken. Conflicts come
    last; the first of them is left in the work tree. RepositoryError where git is in the middle of something.
    """
    if repo.worktree is not None:
        worktree.raise_if_busy(repo)
    open_ones: list[_Plan] = []
    for fork in copies:
        found = _look(repo, fork, answer, accept=accept)
        if isinstance(found, _Plan) and found.left:
            open_ones.append(found)
        else:
            yield found if isinstance(found, Synced) else _land(repo, found)
    for number, each in enumerate(open_ones):
        yield _foreseen(repo, each) if number else _left_to_git(repo, each)


def _look(repo: Repo, fork: Fork, answer: Answer | None, *, accept: bool) -> Synced | _Plan:
    tip = repo.resolve("HEAD")
    stands = standing(repo, tip, fork)
    if not stands.moved:
        fate: Fate = stands.state if stands.state in ("gone", "unknown") else "up to date"
        return Synced(fork, fate, stands.upstream or fork.upstream, words=stands.words, hint=stands.hint)
    if repo.worktree is not None and fork.path in touched(repo, tip):
        words, hint = "it has edits that are not committed", "'skillgit commit' records them, then sync again"
        return Synced(fork, "refused", stands.upstream, words=words, hint=hint)
    try:
        return _plan(repo, tip, stands, answer, accept=accept)
    except (Refused, Unsafe, Unreadable) as err:
        return Synced(fork, "refused", stands.upstream, words=err.message, hint=err.hint)


def _plan(repo: Repo, tip: str, stands: Standing, answer: Answer | None, *, accept: bool) -> _Plan:
    base, theirs = stands.base, _theirs(repo, tip, stands)
    assert base is not None
    told, document = describe(_drafting(repo, tip), _change(stands, before=base, after=theirs))
    theirs = replace(theirs, document=document or theirs.document)
    ground = write_scratch(repo, tip, [tip], edits=_edits(repo, tip, stands.fork, base), message="base\n")
    edits = _edits(repo, tip, stands.fork, theirs)
    picked = write_scratch(repo, tip, [ground], edits=edits, message=encode(_by_hand(told)))
    joined = join(repo, write_scratch(repo, tip, [ground], message="ours\n"), picked)
    settled = settle(repo, joined.undecided, Labels("HEAD", "base", stands.upstream), answer)
    if accept:
        settled = {path: accepted(path, each) for path, each in settled.items()}
    plan = _Plan(tip, stands, theirs, picked, joined, settled, undecided(joined, settled))
    _refuse_unfit_merge(repo, plan)
    return plan


def _by_hand(told: Decision) -> Decision:
    """The decision as the commit says it that concludes a conflict: which rules change is for a person to decide."""
    remarks = (note for note in told.notes if note.mark == "|")
    return replace(told, notes=(*remarks, Note("|", "both sides changed the same: resolved by hand")))


def _theirs(repo: Repo, tip: str, stands: Standing) -> Side:
    """Upstream as it is, as the copy would have it; Unsafe where a file in it is what no skill may hold."""
    path = stands.upstream
    files = shared(repo.files(tip, path), whole=is_library(repo, tip, path))
    refuse_unfit(path, (Listed(name, entry.mode, 0) for name, entry in files.items()))  # what is no file is not read
    sizes = {name: len(repo.read(entry.oid)) for name, entry in files.items()}
    refuse_unfit(path, (Listed(name, files[name].mode, size) for name, size in sizes.items()))
    return as_copy(repo, files, stands.fork, upstream=path, tree=stands.tree)


def _refuse_unfit_merge(repo: Repo, plan: _Plan) -> None:
    """Unsafe where the files of both sides do not go together, such as `a.md` and `A.md`."""
    sides = plan.standing.fork.ours.files, repo.files(plan.joined.tree, plan.path)
    had, found = (
        problems_of_tree(Listed(name, entry.mode, 0) for name, entry in side.items() if name != FILE) for side in sides
    )
    known = {problem.message for problem in had}
    new = next((problem.message for problem in found if problem.message not in known), None)
    if new and not plan.left:
        raise Unsafe(f"the files of '{shown(plan.path)}' and of upstream do not go together: {new}")


def _edits(repo: Repo, tip: str, fork: Fork, side: Side) -> dict[str, Entry | None]:
    """What makes the copy this side, by stored path; its files are in our own store then."""
    ours = fork.ours.files
    kept = {entry.oid for entry in ours.values()}
    new = {name: entry for name, entry in side.files.items() if ours.get(name) != entry}
    for entry in new.values():
        if entry.oid not in kept:
            write_blob(repo, repo.read(entry.oid))
    mode = repo.files(tip, fork.path)[FILE].mode
    text = Entry(write_blob(repo, side.document.render()), mode)
    gone: dict[str, Entry | None] = dict.fromkeys(name for name in ours if name not in side.files)
    return {repo.stored(tip, f"{fork.path}/{name}"): entry for name, entry in {**gone, **new, FILE: text}.items()}


def _change(stands: Standing, *, before: Side, after: Side, remarks: tuple[str, ...] = ()) -> Change:
    """The decision that makes one side of the other."""
    files: dict[str, Entry | None] = dict.fromkeys(name for name in before.files if name not in after.files)
    files |= {name: entry for name, entry in after.files.items() if before.files.get(name) != entry}
    moved = (f"upstream was {stands.fork.upstream}",) if stands.upstream != stands.fork.upstream else ()
    told = (f"{_did(name, before, after)} {name}" for name in sorted(files))
    return Change(
        "sync",
        stands.fork.path,
        before.document,
        after.document,
        f"from {stands.upstream}",
        files=files,
        remarks=(*moved, *told, *remarks),
    )


def _did(name: str, before: Side, after: Side) -> str:
    return "removed" if name not in after.files else "changed" if name in before.files else "added"


def _merged(repo: Repo, plan: _Plan) -> Change:
    """The decision that a plan without conflicts comes to."""
    ours, stored = plan.standing.fork.ours, repo.stored(plan.tip, plan.path)
    clean = {path.removeprefix(f"{stored}/"): each for path, each in plan.settled.items()}
    contents = {name: each.content for name, each in clean.items()}
    files = repo.files(plan.joined.tree, plan.path)
    text = contents.pop(FILE) if FILE in contents else repo.read(files.pop(FILE).oid)
    document = documents.parse(text)
    if ours.document.version:  # it is for the diff to say what the new one is
        document = document.with_field(_VERSION, ours.document.version)
    beside = {name: entry for name, entry in files.items() if name != FILE}
    beside |= {name: Entry(write_blob(repo, content), clean[name].mode) for name, content in contents.items()}
    remarks = tuple(note.text for each in clean.values() for note in hunks(each))
    return _change(plan.standing, before=ours, after=Side(document, beside), remarks=remarks)


def _land(repo: Repo, plan: _Plan) -> Synced:
    made: list[Decision] = []

    def body(tx: Transaction) -> None:
        made.clear()
        if _ground(repo, tx.tip, plan.standing) != _ground(repo, plan.tip, plan.standing):
            raise Refused(f"skill '{shown(plan.path)}' or its upstream was changed meanwhile", hint="sync again")
        made.append(record(tx, _merged(repo, plan)).decision)

    try:
        landed = write(repo, body)
    except Refused as err:
        return _refused(plan, err)
    return replace(_outcome(plan, "synced"), decision=made[0], landed=landed)


def _ground(repo: Repo, tip: str | None, stands: Standing) -> tuple[str | None, str | None]:
    """What a sync is worked out on."""
    return folder_oid(repo, tip, stands.fork.path), folder_oid(repo, tip, stands.upstream)


def _foreseen(repo: Repo, plan: _Plan) -> Synced:
    """What a plan comes to, were it carried out now."""
    if plan.left:
        return _outcome(plan, "conflict")
    change, tx = _merged(repo, plan), _drafting(repo, plan.tip)
    try:
        vet(tx, change)
        return replace(_outcome(plan, "synced"), decision=describe(tx, change)[0])
    except Refused as err:
        return _refused(plan, err)


def _left_to_git(repo: Repo, plan: _Plan) -> Synced:
    """The conflict is in the work tree, with what the ladder settled of it; Refused where there is none."""
    if repo.worktree is None:
        first = next(iter(plan.left))
        raise Refused(f"'{first}': {plan.left[first]}", hint="a bare repository has no work tree to resolve it in")
    try:
        vet(_drafting(repo, plan.tip), _change(plan.standing, before=plan.standing.fork.ours, after=plan.theirs))
    except Refused as err:
        return _refused(plan, err)
    prepared.drop_old(repo.private)
    for each in plan.settled.values():
        prepared.keep(repo.private, each.sides, Prepared(each.content, each.clean))
    with alone(repo):
        leave_pick(repo, plan.picked)
    return replace(_outcome(plan, "conflict"), under_way=True)


def _outcome(plan: _Plan, fate: Fate) -> Synced:
    stands = plan.standing
    clean = [each for each in plan.settled.values() if each.clean]
    warnings = tuple(f"'{shown(plan.path)}': {words}" for each in clean for words in each.merged.warnings)
    return Synced(stands.fork, fate, stands.upstream, left=plan.left, warnings=warnings)


def _refused(plan: _Plan, err: Refused) -> Synced:
    return replace(_outcome(plan, "refused"), words=err.message, hint=err.hint)


def _drafting(repo: Repo, tip: str) -> Transaction:
    return Transaction(repo, repo.branch_ref(), tip)
