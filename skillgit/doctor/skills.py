"""The skills of HEAD: each can be read, keeps to the specification, has an id and a version of its own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from skillgit.changes.skill import shown
from skillgit.doctor.finding import Case, Finding
from skillgit.errors import RepositoryError
from skillgit.git import layout, ledger
from skillgit.git.repo import Repo, library
from skillgit.git.run import git
from skillgit.share import links, stranded
from skillgit.skills import spec
from skillgit.skills.version import is_above

_GITLINK = "160000"
_AMISS = {
    "broken": "shows a skill that is not there any more",
    "missing": "was removed by somebody",
    "replaced": "was replaced by somebody",
}
"""What may be wrong with a link, by its state; edits, and copies that are behind, are nothing wrong."""


def valid(case: Case) -> Iterator[Finding]:
    """Every SKILL.md can be read and keeps to the Agent Skills specification."""
    for path, oid in case.skills.items():
        found = spec.problems(case.documents.get(path) or case.repo.read(oid), directory=path.rpartition("/")[2])
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            helps = "skillgit edit" if found[0].code == "unreadable" else "skillgit normalize"
            yield Finding(f"'{shown(path)}': {found[0].message}{more}", f"{helps} {shown(path)}")


def ids(case: Case) -> Iterator[Finding]:
    """No two skills have the same metadata.id."""
    first: dict[str, str] = {}
    for path, document in case.documents.items():
        other = first.setdefault(document.id, path) if document.id else path
        if other != path:
            words = f"'{shown(path)}' and '{shown(other)}' have the same metadata.id"
            yield Finding(words, f"take the id out of the copy: skillgit edit {shown(path)}")


def places(case: Case) -> Iterator[Finding]:
    """No skill is stored twice, as when two branches put it in a shard and beside it."""
    for path in case.skills:
        own = layout.unsharded(path)
        if own != path and own in case.skills:
            yield Finding(
                f"'{shown(own)}' is stored a second time, at '{path}'", f"keep what you want: git rm -r {path}"
            )


def left_behind(case: Case) -> Iterator[Finding]:
    """No file is left in the folder that a skill has moved away from."""
    found = stranded.left_behind(case.repo, case.tip) if case.tip else {}
    for old, new in found.items():
        words = f"'{old}' was left behind when its skill moved"
        yield Finding(words, f"git mv {old} {new}", partial(_bring_home, case.repo, new))


def _bring_home(repo: Repo, new: str) -> str:
    stranded.bring_home(repo)  # all of them, at the first
    return f"it is '{new}'"


def versions(case: Case) -> Iterator[Finding]:
    """No skill has a lower version than it once had."""
    had = ledger.last_versions(case.repo, case.tip)
    for path, document in case.documents.items():
        if path in had and document.version != had[path] and not is_above(document.version, had[path]):
            words = f"'{shown(path)}' has version {document.version or 'none'}, and had {had[path]}"
            yield Finding(words, f"the next change gives it a higher one: skillgit edit {shown(path)}")


def linked(case: Case) -> Iterator[Finding]:
    """What was linked into agents' folders is there, and is what was put there."""
    repo, project = case.repo, case.repo.worktree or case.repo.directory
    try:
        known = links.links(repo, project)
    except RepositoryError as err:
        yield Finding(err.message, err.hint)
        return
    for each in known:
        state = links.state(repo, case.tip, each)
        if state in _AMISS:
            words = f"'{each.place}', for {shown(each.skill)}, {_AMISS[state]}"
            yield Finding(words, f"skillgit unlink {each.agent} {shown(each.skill)}")


def libraries(case: Case) -> Iterator[Finding]:
    """Every shared library is there, at a commit that its remote has."""
    top = case.repo.worktree
    if top is None or case.tip is None:
        return
    rows = git(["ls-tree", "-r", "-z", case.tip, "--", "Common"], cwd=top).decode("utf-8", "surrogateescape")
    for row in rows.split("\0")[:-1]:
        about, _, path = row.partition("\t")
        mode, _, oid = about.split(" ")
        if mode == _GITLINK:
            yield from _library(case, path, oid)


def _library(case: Case, path: str, oid: str) -> Iterator[Finding]:
    top = case.repo.worktree
    assert top is not None
    known = git(["config", "--blob", f"{case.tip}:.gitmodules", "--get-regexp", r"\.path$"], cwd=top, ok=(0, 1, 128))
    if path not in [line.partition(" ")[2] for line in known.decode("utf-8", "replace").splitlines()]:
        yield Finding(
            f"library '{path}' is in no .gitmodules", f"git rm --cached {path}, then git submodule add URL {path}"
        )
    elif library(case.repo, path, oid) is None and not (top / path / ".git").exists():
        yield Finding(f"library '{path}' is not there", f"skillgit library fetch {path.removeprefix('Common/')}")
    elif not (top / path / ".git").exists():
        return
    elif git(["rev-parse", "--quiet", "--verify", f"{oid}^{{commit}}"], cwd=top / path, ok=(0, 1)) == b"":
        yield Finding(f"library '{path}' lacks its commit {oid[:10]}", f"git submodule update -- {path}")
    elif not git(["for-each-ref", "--contains", oid, "refs/remotes", "refs/tags"], cwd=top / path):
        words = f"library '{path}' is at {oid[:10]}, which is on no branch of its remote"
        yield Finding(words, f"others cannot fetch it: git -C {path} push")
