"""Merging another branch: rules, sections and frontmatter of each skill, in one commit that says what became of them.

    they have nothing new                up to date
    we have nothing new                  forward: the branch moves to theirs
    all of it can be decided             merged: a commit with two parents, through the one write path
    something is left for a person       conflict: as `git merge` leaves it, for `skillgit resolve` or git's own tools

It is worked out on trees first (`plan.py`), before any lock is taken: a model may be asked meanwhile. Where something
is left, git itself brings it into the work tree, and its driver looks up what was worked out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from skillgit.errors import Refused
from skillgit.git import prepared, remote, worktree
from skillgit.git.alone import alone
from skillgit.git.join import leave
from skillgit.git.message import encode_merge
from skillgit.git.objects import Edits
from skillgit.git.prepared import Prepared
from skillgit.git.repo import Entry, Repo
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.merge.ladder import Answer, Conflict, Resolution
from skillgit.share.plan import Plan, Side, plan
from skillgit.share.stranded import moves

Fate = Literal["up to date", "forward", "merged", "conflict"]


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge did, or would do: there is a plan where it is no plain step, and `landed` where the branch moved."""

    fate: Fate
    theirs: Side
    plan: Plan | None = None
    landed: Landed | None = None


def preview(repo: Repo, rev: str, *, answer: Answer | None = None, accept: bool = False) -> Merging:
    """What `merge` would do. Nothing moves; what was worked out is kept for git's own merge to look up."""
    found = _look(repo, rev, answer, accept=accept)
    if found.plan:
        _prepare(repo, found.plan)
    return found


def merge(repo: Repo, rev: str, *, answer: Answer | None = None, accept: bool = False) -> Merging:
    """Merge the commit that `rev` names into the current branch.

    `answer` is asked for each conflict that the ladder leaves; with `accept` its proposals are taken. Refused for
    histories with nothing in common, RepositoryError where edits of the user's are in the way.
    """
    known: dict[Conflict, Resolution | None] = {}

    def remembered(conflict: Conflict) -> Resolution | None:
        if answer and conflict not in known:
            known[conflict] = answer(conflict)
        return known.get(conflict)

    if repo.worktree is not None:
        worktree.raise_if_busy(repo)
    done = _look(repo, rev, remembered if answer else None, accept=accept)
    if done.plan and done.fate == "conflict":
        _leave_to_git(repo, done.plan)
    if done.fate in ("up to date", "conflict"):
        return done
    made = done.plan

    def body(tx: Transaction) -> None:
        nonlocal made
        fate = _plain(repo, tx.tip, done.theirs)
        if fate == "forward":
            tx.leave_for(done.theirs.commit)
        if fate or tx.tip is None:
            return
        if made is None or made.ours != tx.tip:  # the branch has moved on; answers that are known are good still
            made = plan(repo, tx.tip, done.theirs, known.get, accept=accept)
        if made.left:
            raise Refused("the branch moved on meanwhile, and now there is a conflict", hint="merge again")
        tx.join(_message(repo, made), made.joined.tree, _edits(tx, made), other=made.theirs.commit)

    landed = write(repo, body)
    return replace(done, plan=made, landed=landed)


def _look(repo: Repo, rev: str, answer: Answer | None, *, accept: bool) -> Merging:
    theirs, ours = Side(rev, repo.resolve(rev)), repo.tip("HEAD")
    fate = _plain(repo, ours, theirs)
    if fate or ours is None:
        return Merging(fate or "forward", theirs)
    found = plan(repo, ours, theirs, answer, accept=accept)
    return Merging("conflict" if found.left else "merged", theirs, found)


def _plain(repo: Repo, ours: str | None, theirs: Side) -> Fate | None:
    """The fate of what needs no merge; None for what does."""
    if ours is None:
        return "forward"
    base = remote.parted(repo, ours, theirs.commit)
    if base is None:
        hint = f"'git merge --allow-unrelated-histories {theirs.name}' joins them"
        fetch = "'git fetch --unshallow' may show one"
        words = f"this branch and '{theirs.name}' have no commit in common"
        raise Refused(words, hint=fetch if repo.handle.is_shallow else hint)
    if base == theirs.commit:
        return "up to date"
    return "forward" if base == ours else None


def _edits(tx: Transaction, made: Plan) -> Edits:
    edits: dict[str, Entry | None] = dict(moves(tx.repo, made.joined.tree, made.home))
    for path, each in made.settled.items():
        edits[path] = replace(tx.file(each.content), mode=each.mode)
    return edits


def _message(repo: Repo, made: Plan) -> str:
    return encode_merge(_subject(repo, made.theirs.name), made.decisions)


def _subject(repo: Repo, name: str) -> str:
    """As git says it: `Merge branch 'x'`, and into which where that is no main branch."""
    kinds = {
        f"refs/heads/{name}": "branch",
        f"refs/remotes/{name}": "remote-tracking branch",
        f"refs/tags/{name}": "tag",
    }
    kind = next((kind for ref, kind in kinds.items() if repo.tip(ref)), "commit")
    into = repo.branch_ref().removeprefix("refs/heads/")
    return f"Merge {kind} '{name}'" + ("" if into in ("main", "master") else f" into {into}")


def _prepare(repo: Repo, found: Plan) -> None:
    prepared.drop_old(repo.private)
    for each in found.settled.values():
        prepared.keep(repo.private, each.sides, Prepared(each.content, each.clean))


def _leave_to_git(repo: Repo, found: Plan) -> None:
    if repo.worktree is None:
        first = next(iter(found.left))
        raise Refused(f"'{first}': {found.left[first]}", hint="a bare repository has no work tree to resolve it in")
    _prepare(repo, found)
    with alone(repo):
        leave(repo, found.theirs.name, _message(repo, found))
