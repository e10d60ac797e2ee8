"""Edits by hand: one SKILL.md through an editor, or whatever changed in the work tree."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from skillgit.changes.record import Change, Recorded, describe, record, vet
from skillgit.changes.skill import FILE, load, readable, shown
from skillgit.errors import NotFound, Refused, RepositoryError, Unreadable, Unsafe, UsageError
from skillgit.git import layout, worktree
from skillgit.git.message import Decision
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.git.transaction import Landed, Transaction, write
from skillgit.skills import document as documents
from skillgit.skills import naming, tree
from skillgit.skills.document import Document
from skillgit.skills.tree import Listed, problems_of_tree
from skillgit.skills.version import rule_changes


@dataclass(frozen=True, slots=True)
class Pending:
    """A skill that was edited by hand: the decision that this would be, or the problem it has."""

    path: str
    decision: Decision | None
    problem: str = ""


def edit(repo: Repo, path: str, content: bytes, *, base: str) -> tuple[Recorded, Landed]:
    """Record `content` as the new SKILL.md of the skill at `path`, which the user read at commit `base`.

    Refused where nothing changed, where the skill changed meanwhile, or where the content is invalid.
    """
    after = documents.parse(content)
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        made.clear()
        before = load(repo, tx.tip, path).document
        if before.render() != load(repo, base, path).document.render():
            raise Refused(f"skill '{shown(path)}' changed while you edited it", hint="edit it again")
        if after.render() == before.render():
            raise Refused(f"nothing changed in skill '{shown(path)}'")
        made.append(record(tx, Change("edit", path, before, after, summary(before, after))))

    landed = write(repo, body)
    return made[0], landed


def commit_worktree(repo: Repo, paths: Sequence[str] = ()) -> tuple[tuple[Recorded, ...], Landed]:
    """Record the hand edits of the work tree, one decision a skill; `paths` limits it to those skills.

    Every skill is validated before the first file is touched. The bumped version is written into the
    work tree's SKILL.md. Refused where there is nothing to record, or where git is in the middle of something.
    """
    top = _top(repo)
    made: list[Recorded] = []

    def body(tx: Transaction) -> None:
        made.clear()
        worktree.raise_if_busy(repo)
        changes = [_change(repo, tx, top, path) for path in touched(repo, tx.tip) if not paths or path in paths]
        made.extend(record(tx, change) for change in changes if change.after is not change.before)
        if not made:
            raise Refused("nothing to commit: no skill changed in the work tree")
        for recorded in made:
            _settle(repo, tx, top, recorded.decision.path)

    landed = write(repo, body)
    return tuple(made), landed


def pending(repo: Repo) -> Iterator[Pending]:
    """What `commit_worktree` would record now, skill by skill; nothing is recorded."""
    top, tip = _top(repo), repo.tip("HEAD")
    tx = Transaction(repo, repo.branch_ref(), tip)
    for path in touched(repo, tip):
        try:
            change = _change(repo, tx, top, path)
            if change.after is not change.before:
                vet(tx, change)
                yield Pending(path, describe(tx, change)[0])
        except (Refused, Unreadable, Unsafe) as err:
            yield Pending(path, None, err.message)


def summary(before: Document | None, after: Document | None) -> str:
    """One line that says what an edit did: its first rule, or what kind of thing changed."""
    if before is None or after is None:
        return "written by hand" if after else "deleted by hand"
    rules = rule_changes(before.body, after.body)
    first = [*rules.added, *(new for _, new in rules.changed), *(f"no longer: {text}" for text in rules.removed)]
    if first:
        return first[0] + (f" (and {len(first) - 1} more)" if len(first) > 1 else "")
    if before.description != after.description:
        return "new description"
    return "reworded" if before.body != after.body else "changed metadata"


def _top(repo: Repo) -> Path:
    if repo.worktree is None:
        raise RepositoryError("a bare repository has no work tree to commit from", hint="clone it, and edit there")
    return repo.worktree


def touched(repo: Repo, tip: str | None) -> list[str]:
    """The skills whose files differ between the work tree and the tip, by path, sorted."""
    top = _top(repo)
    words = ["--no-optional-locks", "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"]
    said = git(words, cwd=top)
    rows = [(row[:2], row[3:]) for row in said.decode("utf-8", "surrogateescape").split("\0") if row]
    known = set(repo.skills(tip))
    found: set[str] = set()
    for state, file in rows:
        skill = _skill_of(top, file, known)
        if skill and state in _CONFLICTS:
            raise Refused(f"'{file}' has a conflict that is not resolved", hint="resolve it, and 'git add' it")
        found |= {skill} if skill else set()
    return sorted(found)


_CONFLICTS = ("DD", "AU", "UD", "UA", "DU", "AA", "UU")


def _skill_of(top: Path, file: str, known: set[str]) -> str | None:
    parts = file.split("/")
    if parts[0] not in ("Users", "Common"):
        return None
    folders = ["/".join(parts[:end]) for end in range(2, len(parts))]
    paths = [folder if folder in known else layout.unsharded(folder) for folder in folders]
    return next((path for path in paths if path in known or _is_there(top, path, layout.sharded(path))), None)


def _is_there(top: Path, *folders: str) -> bool:
    return any(os.path.lexists(top / folder / FILE) for folder in folders)


def _folder(repo: Repo, commit: str | None, top: Path, path: str) -> str:
    """Where a skill is in the work tree: as stored in the commit, unless it is only where a person put it."""
    places = (repo.stored(commit, path), path, layout.sharded(path))
    return next((place for place in places if _is_there(top, place)), places[0])


def _change(repo: Repo, tx: Transaction, top: Path, path: str) -> Change:
    """What was done to one skill by hand; `after` is `before` itself where nothing was."""
    folder = _folder(repo, tx.tip, top, path)
    _check_folders(top, folder)
    known = path in repo.skills(tx.tip)
    before = readable(repo, tx.tip, path)
    if not _is_there(top, folder):
        return Change("remove", path, before, None, summary(before, None))
    if not known:
        naming.parse_path(path)
    files = _files(top, folder, repo.files(tx.tip, path))
    after = documents.parse((top / folder / FILE).read_bytes())
    if before is not None and before.render() == after.render():
        after = before.with_field(("metadata", "version"), before.version) if files else before
    return Change("edit", path, before, after, summary(before, after), files=files)


def _files(top: Path, folder: str, committed: dict[str, Entry]) -> dict[str, Entry | None]:
    """The files beside SKILL.md that are not as committed, as git would store them; the index is left alone."""
    there = _there(top, folder)
    said = "".join(f"{folder}/{name}\n" for name in there)
    oids = git(["hash-object", "-w", "--stdin-paths"], cwd=top, stdin=said.encode()).decode().split()
    found = {name: Entry(oid, there[name].mode) for name, oid in zip(there, oids, strict=True)}
    gone: dict[str, Entry | None] = dict.fromkeys(name for name in committed if name not in found)
    new = {name: entry for name, entry in found.items() if committed.get(name) != entry}
    return {name: entry for name, entry in {**new, **gone}.items() if name != FILE}


def _there(top: Path, folder: str) -> dict[str, Listed]:
    """The files of a skill in the work tree that git does not ignore; Unsafe where one is not fit to be kept."""
    words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", f":(literal){folder}"]
    listed = git(words, cwd=top).decode("utf-8", "surrogateescape").split("\0")
    names = sorted({name for name in listed if name and os.path.lexists(top / name)})
    files = {name.removeprefix(f"{folder}/"): (top / name).lstat() for name in names}
    there = {name: Listed(name, _mode(found), found.st_size) for name, found in files.items()}
    for problem in problems_of_tree(there.values()):
        raise Unsafe(f"cannot keep skill '{shown(folder)}': {problem.message}", hint=_REGULAR)
    return there


_REGULAR = "a skill holds regular files with plain names, in folders of its own"


def _check_folders(top: Path, path: str) -> None:
    """Unsafe where a folder on the way to the skill is a symbolic link: what it holds is not the repository's."""
    for folder in (Path(path), *Path(path).parents):
        if (top / folder).is_symlink() and folder != Path():
            raise Unsafe(f"'{folder}' is a symbolic link", hint=_REGULAR)


def _mode(found: os.stat_result) -> int:
    """git's mode for a file; what is no regular file has one that no skill may hold."""
    if stat.S_ISLNK(found.st_mode):
        return tree.SYMLINK
    if not stat.S_ISREG(found.st_mode):
        return 0
    return tree.EXECUTABLE if found.st_mode & stat.S_IXUSR else tree.FILE


def _settle(repo: Repo, tx: Transaction, top: Path, path: str) -> None:
    """Put what was committed into the work tree and the index, so that moving the branch finds them alike."""
    folder, stored = _folder(repo, tx.base, top, path), repo.stored(tx.tip, path)
    entry = repo.entry(tx.tip, f"{path}/{FILE}")
    if entry is None or folder != stored:
        git(["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", "--", f":(literal){folder}"], cwd=top)
    if entry is None:
        return
    if folder != stored:
        (top / stored).parent.mkdir(parents=True, exist_ok=True)
        (top / folder).rename(top / stored)
    target = top / stored / FILE
    scratch = target.with_name(f".{FILE}.skillgit")
    scratch.write_bytes(repo.read(entry.oid))
    scratch.replace(target)
    git(["add", "--all", "--", f":(literal){stored}"], cwd=top)


def choose(repo: Repo, tip: str | None, typed: Sequence[str]) -> list[str]:
    """The full paths of the skills that were typed, known to the tip or only to the work tree."""
    known = set(repo.skills(tip)) | set(touched(repo, tip))
    chosen = [[path for path in known if path == word or path.endswith(f"/{word}")] for word in typed]
    for word, found in zip(typed, chosen, strict=True):
        if len(found) != 1:
            raise (UsageError if found else NotFound)(f"{'ambiguous' if found else 'no'} skill '{word}'")
    return [found[0] for found in chosen]
