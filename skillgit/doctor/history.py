"""The decisions: what their messages say is what their commits did, and what is derived from them agrees.

The newest thousand commits are looked at, or all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from skillgit.changes.skill import FILE
from skillgit.doctor.finding import FIX, Case, Finding
from skillgit.errors import SkillgitError
from skillgit.git import layout, ledger
from skillgit.git.message import Decision
from skillgit.git.repo import Repo
from skillgit.git.run import attempt, git
from skillgit.search import cache, index
from skillgit.search.index import Index
from skillgit.skills import document as documents
from skillgit.skills.version import is_above

LOOKED_AT = 1000
_FAR_BEHIND = 1000

Changed = dict[str, str]
"""What a commit changed: a file's path, shards left out, to its new blob oid, all zeros where it went."""


def numbered(case: Case) -> Iterator[Finding]:
    """No decision gives a skill a version that it had, or a lower one; on branches side by side that may happen."""
    highest: dict[str, str] = {}
    given: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for revision in reversed(case.revisions):
        said = revision.decision
        if said is None or not said.after or said.after == said.before:
            continue
        was = said.path if said.path in highest else said.was or ""
        if is_above(said.after, highest.get(was, "")):
            highest[said.path] = said.after
        elif before := _before(case.repo, revision.oid, said.after, given[was]):
            words = f"'{said.skill}' got version {said.after} after {before}, in {revision.oid[:10]}"
            yield Finding(words, f"the next change gives it a higher one: skillgit edit {said.skill}")
        given[said.path].append((said.after, revision.oid))


def _before(repo: Repo, commit: str, version: str, given: list[tuple[str, str]]) -> str | None:
    """A version that is not below this one and was given in the history of the commit; None where none was."""
    rows = ((had, oid) for had, oid in given if not is_above(version, had))
    return next((had for had, oid in rows if _comes_after(repo, commit, oid)), None)


def _comes_after(repo: Repo, commit: str, other: str) -> bool:
    return attempt(["merge-base", "--is-ancestor", other, commit], cwd=repo.directory).returncode == 0


def truthful(case: Case) -> Iterator[Finding]:
    """What the trailers of a decision say is what its commit did."""
    said = {row.oid: row.decision for row in case.revisions if row.decision and len(row.parents) < 2}
    for oid, changed in _changes(case.repo, list(said)):
        decision = said[oid]
        fault = _fault(case.repo, decision, changed) if decision else ""
        if fault:
            yield Finding(f"{oid[:10]} {fault}", f"look at it: git show {oid[:10]}")


def remembered(case: Case) -> Iterator[Finding]:
    """The ledger says what the history says; made again from it where it is short or all is asked for."""
    if case.tip and (case.full or len(case.revisions) < LOOKED_AT) and not ledger.is_sound(case.repo, case.tip):
        yield Finding("the ledger differs from the history", FIX, partial(_remake, case))


def indexed(case: Case) -> Iterator[Finding]:
    """The search index is whole, and the next search need not read much first."""
    kept = index.kept(case.repo.private / "index", case.skills)
    mend = partial(_sync, case)
    for name in kept.damaged:
        yield Finding(f"the search index file '{name}' is damaged", "the next search makes it again", mend)
    if kept.unseen > _FAR_BEHIND:
        yield Finding(f"the search index lacks {kept.unseen} skills", "the next search reads them first", mend)


def _fault(repo: Repo, said: Decision, changed: Changed) -> str:
    """What a commit did that its decision does not say, or ""."""
    inside = [f"{path}/" for path in (said.path, said.was) if path]
    beside = [path for path in changed if not path.startswith(tuple(inside))]
    if beside:
        return f"is about '{said.skill}' and changes '{beside[0]}'"
    if said.action in ("discard", "reject") and changed:
        return f"is a {said.action} and changes '{next(iter(changed))}'"
    oid = changed.get(f"{said.path}/{FILE}", "")
    own = _version(repo, oid) if oid.strip("0") and said.after else said.after
    if own != said.after and not is_above(own or "", said.after or ""):  # above it: given anew in a rebase
        return f"says version {said.after} of '{said.skill}', where the file says {own or 'none'}"
    return ""


def _version(repo: Repo, oid: str) -> str:
    try:
        return documents.parse(repo.read(oid)).version
    except SkillgitError:  # a plain file in place of a skill: it has no version
        return ""


def _changes(repo: Repo, commits: list[str]) -> Iterator[tuple[str, Changed]]:
    """What each commit changed against its parent, in order."""
    asked = "".join(f"{oid}\n" for oid in commits).encode()
    how = ["diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--always"]
    words = iter(git(how, cwd=repo.directory, stdin=asked).decode("utf-8", "surrogateescape").split("\0")[:-1])
    oid, changed = "", Changed()
    for word in words:
        if word.startswith(":"):
            changed[layout.unsharded(next(words))] = word.split(" ")[3]
            continue
        if oid:
            yield oid, changed
        oid, changed = word, Changed()
    if oid:
        yield oid, changed


def _remake(case: Case) -> str:
    ledger.drop(case.repo)
    ledger.paths(case.repo, case.tip)
    return "made again"


def _sync(case: Case) -> str:
    directory = case.repo.private / "index"
    for name in cache.damaged(directory):
        (directory / name).unlink(missing_ok=True)
    done = Index.open(directory).sync(case.skills, case.repo.read)
    return f"{done.read} skills read"
