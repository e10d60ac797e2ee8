"""`git cherry-pick` without a work tree: what one commit did, on another tip."""

from __future__ import annotations

from dataclasses import dataclass

from skillgit.git.objects import write_scratch
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
    base = write_scratch(tx.repo, parent, [], message="picked\n")
    sides = [write_scratch(tx.repo, side, [base], message="picked\n") for side in (tx.tip, commit)]
    tx.keep()
    args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", *sides]
    done = attempt(args, cwd=tx.repo.directory)
    if done.returncode not in (0, 1):
        raise failure(args, done.stderr)
    tree, *names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
    return Picked(tree, tuple(dict.fromkeys(name for name in names if name)))
