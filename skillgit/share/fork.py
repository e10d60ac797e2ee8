"""A common skill copied into a user's space, which remembers where it comes from.

metadata:
  upstream: "Common/acme/skills/pdf"         its path
  upstream-tree: "<oid>"                     git's name of the folder as it was copied
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
        document = copied(skill.document, name=own, upstream=path, tree=folder_oid(repo, tx.tip, path) or "")
        change = Change("import", target, None, document, f"fork of {path}", files=files)
        made[:] = [record(tx, change)]

    landed = write(repo, body)
    return made[0], landed


def copied(document: Document, *, name: str, upstream: str, tree: str) -> Document:
    """The SKILL.md of a common skill as a copy of this name has it, which says what it is made of; it has no id yet."""
    adopted = dialect.adopt(document, name=name).without_field(("metadata", "id"))
    return adopted.with_field(UPSTREAM, upstream).with_field(UPSTREAM_TREE, tree)


def shared(files: Mapping[str, Entry], *, whole: bool) -> dict[str, Entry]:
    """The files of a common skill that a copy has; what is hidden in a `whole` library is the library's own."""
    return {name: entry for name, entry in files.items() if not (whole and name[0] == ".")}


def refuse_unfit(path: str, files: Iterable[Listed]) -> None:
    """Unsafe where one of the files of the common skill at a path is what no skill may hold."""
    for problem in problems_of_tree(files):
        raise Unsafe(f"cannot copy '{shown(path)}': {problem.message}")


def _files(tx: Transaction, path: str) -> dict[str, Entry]:
    """The files beside SKILL.md, in our own store."""
    there = shared(tx.repo.files(tx.tip, path), whole=is_library(tx.repo, tx.tip, path))
    refuse_unfit(path, (Listed(name, entry.mode, 0) for name, entry in there.items()))  # what is no file is not read
    contents = {name: tx.repo.read(entry.oid) for name, entry in there.items() if name != FILE}
    refuse_unfit(path, (Listed(name, there[name].mode, len(each)) for name, each in contents.items()))
    return {name: tx.file(each, executable=there[name].mode == EXECUTABLE) for name, each in contents.items()}
