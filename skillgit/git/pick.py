"""`git cherry-pick` without a work tree: what one commit did, on another tip."""

from __future__ import annotations

from dataclasses import dataclass

import pygit2

from skillgit.errors import RepositoryError
from skillgit.git.objects import signature
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, failure
from skillgit.git.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Picked:
    """The tree that a pick gives, and the files in which it met a conflict; with any, the tree is of no use."""

    tree: str
    conflicts: tuple[str, ...] = ()


def pick(tx: Transaction, commit: str, *, parent: str) -> Picked:
    """What `commit` did to its `parent`, done to the tree of the transaction's tip.

    git 2.39's merge-tree looks for the base itself, so it is given two commits whose base is the parent's tree.
    """
    assert tx.tip is not None
    base = _bare(tx.repo, parent, [])
    sides = [_bare(tx.repo, side, [base]) for side in (tx.tip, commit)]
    tx.keep()
    args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", *sides]
    done = attempt(args, cwd=tx.repo.directory)
    if done.returncode not in (0, 1):
        raise failure(args, done.stderr)
    tree, *names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return Picked(tree, tuple(dict.fromkeys(name for name in names if name)))


def _bare(repo: Repo, commit: str, parents: list[str]) -> str:
    """A commit that no ref will reach, with the tree of another and other parents."""
    nobody = signature(repo, "COMMITTER")
    try:
        tree = repo.handle[commit].peel(pygit2.Tree).id
        above = [pygit2.Oid(hex=parent) for parent in parents]
        return str(repo.handle.create_commit(None, nobody, nobody, "picked\n", tree, above))
    except (KeyError, OSError, pygit2.GitError) as err:
        raise RepositoryError(f"cannot write to the object store: {err}") from err
