"""A common skill copied into a user's space, which remembers where it comes from.

metadata:
  upstream: "Common/acme/skills/pdf"         its path
  upstream-tree: "<oid>"                     git's name of the folder as it was copied
"""

from __future__ import annotations

from collections.abc import Sequence

from skillgit.changes.record import Change, Recorded, record
from skillgit.changes.skill import FILE, load, shown
from skillgit.errors import Refused, Unsafe
from skillgit.git.repo import Entry, Repo, folder_oid, names
from skillgit.git.submodule import is_library
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.learn import guard
from skillgit.skills import dialect, naming
from skillgit.skills.document import Document
from skillgit.skills.tree import EXECUTABLE, Listed, problems_of_tree

UPSTREAM, UPSTREAM_TREE = ("metadata", "upstream"), ("metadata", "upstream-tree")


def fork(repo: Repo, path: str, *, user: str, name: str | None = None) -> tuple[Recorded, Landed]:
    """Copy the common skill at `path` to `user`, under its own name or another; it gets an id of its own.

    Refused where the name is taken, where the skill is nobody's to share, or where the scan refuses a line of it;
    Unsafe where it holds what no skill may.
    """
    if not path.startswith("Common/"):
        raise Refused(f"skill '{shown(path)}' is no common one", hint="only skills under Common/ are forked")
    target = f"Users/{user}/{naming.segment(name) if name else naming.slug(path.rpartition('/')[2])}"
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        skill = load(repo, tx.tip, path)
        folder, _, own = target.rpartition("/")
        if naming.folded(own) in {naming.folded(each) for each in names(repo, tx.tip, folder)}:
            raise Refused(f"'{shown(target)}' is already there", hint="give the copy another name with --name")
        guard.refuse(guard.gate(repo), shown(target), guard.examine(repo, tx.tip, path))
        files = _files(tx, path)
        document = _document(skill.document, own, path, folder_oid(repo, tx.tip, path) or "")
        change = Change("import", target, None, document, f"fork of {path}", files=files)
        made[:] = [record(tx, change)]

    landed = write(repo, body)
    return made[0], landed


def _document(document: Document, name: str, path: str, tree: str) -> Document:
    adopted = dialect.adopt(document, name=name).without_field(("metadata", "id"))
    return adopted.with_field(UPSTREAM, path).with_field(UPSTREAM_TREE, tree)


def _files(tx: Transaction, path: str) -> dict[str, Entry]:
    """The files beside SKILL.md; of a library that is a skill itself, what is hidden in it is the library's own."""
    whole = is_library(tx.repo, tx.tip, path)
    there = {name: entry for name, entry in tx.repo.files(tx.tip, path).items() if not (whole and name[0] == ".")}
    _check(path, [Listed(name, entry.mode, 0) for name, entry in there.items()])  # what is no file cannot be read
    contents = {name: tx.repo.read(entry.oid) for name, entry in there.items() if name != FILE}
    _check(path, [Listed(name, there[name].mode, len(each)) for name, each in contents.items()])
    return {name: tx.file(each, executable=there[name].mode == EXECUTABLE) for name, each in contents.items()}


def _check(path: str, files: Sequence[Listed]) -> None:
    for problem in problems_of_tree(files):
        raise Unsafe(f"cannot fork '{shown(path)}': {problem.message}")
