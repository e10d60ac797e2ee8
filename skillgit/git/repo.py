"""A repository, opened for reading: refs, trees, blobs and where the skills are.

A library, a submodule under `Common/`, is read as the folder it stands for: its objects are in a store of its own
(`submodule.py`), and nothing of it has to be checked out.

Reading is libgit2's; what libgit2 does not know (work trees, merges, network) is `run.py`'s.
Nothing here changes anything: `transaction.py` is the only writer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pygit2
from pygit2.enums import FileMode, ObjectType, RepositoryOpenFlag

from skillgit.errors import NotFound, RepositoryError
from skillgit.git import FORMAT, boot, layout, listing, packs

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
"""What git takes for a switch's positions, in lower case."""

_TREE_BYTES = 1 << 20
"""libgit2 remembers trees up to 4 KiB; one of 1,000 skills has 40 and was parsed anew for each: 95 times the CPU."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a tree: its blob's oid and its mode (0o100644, 0o100755, 0o120000, 0o160000)."""

    oid: str
    mode: int


class Repo:
    """One repository. Cheap to make; holds no snapshot: every method says which commit it reads."""

    def __init__(self, handle: pygit2.Repository) -> None:
        self.handle = handle
        self.git_dir = Path(handle.path)
        self.common_dir = _common_dir(self.git_dir)
        self.worktree = Path(handle.workdir) if handle.workdir else None
        self.private = self.common_dir / "skillgit"
        self.drafts: Callable[[], pygit2.OdbBackend] | None = None
        """Makes a store of what a transaction has drafted and not kept yet, while there is one (`drafts.py`)."""
        self._listing = listing.EMPTY
        self._libraries: dict[str, pygit2.Repository] = {}

    @classmethod
    def open(cls, path: Path) -> Repo:
        """The repository that `path` stands in, or a RepositoryError that says why it cannot be used."""
        repo = cls(_open(path))
        _check_format(repo)
        boot.check(repo.common_dir)
        return repo

    @property
    def directory(self) -> Path:
        """Where git commands run: the top of the work tree, or the git directory of a bare repository."""
        return self.worktree or self.git_dir

    def branch_ref(self) -> str:
        """The full name of the branch that HEAD stands on, born or not; `HEAD` itself where it is detached."""
        try:
            head = self.handle.lookup_reference("HEAD")
        except (KeyError, ValueError, pygit2.GitError) as err:
            raise broken_ref("HEAD", str(err)) from err
        return head.target if isinstance(head.target, str) else "HEAD"

    def tip(self, ref: str) -> str | None:
        """The commit that `ref` points at; None where the ref does not exist."""
        try:
            return str(self.handle.lookup_reference(ref).resolve().target)
        except KeyError:
            return None
        except (ValueError, pygit2.GitError) as err:
            raise broken_ref(ref, str(err)) from err

    def resolve(self, rev: str) -> str:
        """The commit that `rev` names, as `git rev-parse REV^{commit}`; NotFound where there is none."""
        try:
            found = self.handle.revparse_single(rev).peel(pygit2.Commit)
        except (KeyError, ValueError, pygit2.GitError) as err:
            if rev == "HEAD" and self.tip("HEAD") is None:
                raise NotFound("there are no commits yet", hint="'skillgit init' makes the first one") from err
            raise NotFound(f"no commit '{rev}'", hint="'git log --oneline' shows what there is") from err
        return str(found.id)

    def read(self, oid: str) -> bytes:
        """The bytes of a blob."""
        try:
            return packs.read(self, lambda: self._object(oid).read_raw())
        except (KeyError, ValueError, pygit2.GitError) as err:
            raise RepositoryError(f"cannot read object {oid}: {err}", hint="run 'git fsck'") from err

    def _object(self, oid: str) -> pygit2.Object:
        found = (store.get(oid) for store in (self.handle, *self._libraries.values()))
        return next(filter(None, found), None) or self.handle[oid]

    def entry(self, commit: str | None, path: str) -> Entry | None:
        """The file at `path` in a commit, a gitlink included; None where there is none, or where a folder stands there.

        What is in a library is no file of the commit: `files` lists it.
        """
        return self.stored_entry(commit, self.stored(commit, path))

    def stored_entry(self, commit: str | None, stored: str) -> Entry | None:
        """The file stored at just this path in a commit, as index and work tree have it; None as in `entry`."""
        if commit is None:
            return None
        try:
            found = self._tree(commit)[stored]
        except KeyError:
            return None
        return None if found.type == ObjectType.TREE else Entry(str(found.id), int(found.filemode))

    def stored(self, commit: str | None, path: str) -> str:
        """Where a path is stored in a commit, or would be; `layout.py` says how the two differ."""
        return layout.stored(self._tree(commit), path) if commit else path

    def files(self, commit: str | None, path: str) -> dict[str, Entry]:
        """Every file below the folder `path` in a commit, by its path inside that folder, in git's order."""
        folder = self._folder(commit, path)
        return dict(_walk(folder, "")) if folder is not None else {}

    def _folder(self, commit: str | None, path: str) -> pygit2.Tree | None:
        """The folder `path` of a commit, which may be a library or stand in one; None where there is none."""
        if commit is None:
            return None
        tree = self._tree(commit)
        if not path:
            return tree
        return layout.folder(tree, layout.stored(tree, path)) or self._folder_of_library(tree, path)

    def skills(self, commit: str | None) -> dict[str, str]:
        """Every skill of a commit: its path to the oid of its SKILL.md, sorted by path.

        A folder with a SKILL.md is a skill and is not searched further. What the folders of one commit
        hold is remembered by tree oid, so that the next commit costs what it changed.
        """
        if commit is None:
            return {}
        tree, known = self._tree(commit), self._listing
        self._listing = packs.read(
            self, lambda: listing.listing(self.handle, tree, known=known, libraries=self._library)
        )
        return self._listing.skills.copy()

    def config(self, key: str) -> str | None:
        """A value of git's configuration (all levels), or None; "true" where a key stands without a value."""
        try:
            value = self.handle.config[key]
        except KeyError:
            return None
        except UnicodeDecodeError as err:
            return err.object.decode("utf-8", "replace")
        except pygit2.GitError as err:
            raise RepositoryError(
                f"cannot read the configuration: {err}", hint="'git config --list' may say more"
            ) from err
        return "true" if value is None else str(value)

    def _folder_of_library(self, tree: pygit2.Tree, path: str) -> pygit2.Tree | None:
        root, _, below = path.partition("/")
        name, _, rest = below.partition("/")
        where = f"{root}/{name}"
        pinned = tree[where] if root == "Common" and name and where in tree else None
        if pinned is None or pinned.filemode != FileMode.COMMIT:
            return None
        found = library(self, where, str(pinned.id))
        return layout.folder(found, rest) if found is not None and rest else found

    def _library(self, path: str) -> pygit2.Repository | None:
        """The store of a library's objects; None where it was never fetched."""
        store = self.common_dir / "modules" / path
        if path not in self._libraries and (store / "HEAD").is_file():
            try:
                self._libraries[path] = pygit2.Repository(str(store), RepositoryOpenFlag.BARE)
            except (pygit2.GitError, OSError) as err:
                raise _unusable(store, str(err)) from err
        return self._libraries.get(path)

    def _tree(self, commit: str) -> pygit2.Tree:
        try:
            return packs.read(self, lambda: self.handle[commit].peel(pygit2.Tree))
        except (KeyError, ValueError, pygit2.GitError) as err:
            raise RepositoryError(f"cannot read commit {commit}: {err}", hint="run 'git fsck'") from err


def names(repo: Repo, commit: str | None, path: str) -> set[str]:
    """The names that are taken in the folder `path` in a commit, by skills and by whatever else."""
    folder = layout.folder(repo.handle[commit].peel(pygit2.Tree), path) if commit else None
    return layout.names(folder) if folder is not None else set()


def folder_oid(repo: Repo, commit: str | None, path: str) -> str | None:
    """The oid of the tree that is the folder `path` of a commit, or of a library; None where there is none."""
    folder = repo._folder(commit, path)
    return str(folder.id) if folder is not None else None


def tree_files(repo: Repo, oid: str) -> dict[str, Entry] | None:
    """Every file of the tree with this oid, by its path in it; None where nobody has it.

    It may be in the store of any library that was ever fetched here; `Repo.read` finds its blobs then.
    """
    stores = sorted((repo.common_dir / "modules" / "Common").glob("*/HEAD"))
    opened = (repo._library(f"Common/{file.parent.name}") for file in stores)
    found = (store.get(oid) for store in (repo.handle, *opened) if store)
    tree = next((each for each in found if isinstance(each, pygit2.Tree)), None)
    return dict(_walk(tree, "")) if tree is not None else None


def library(repo: Repo, path: str, commit: str) -> pygit2.Tree | None:
    """What the library at `path` holds at a commit of its own; None where that was not fetched."""
    store = repo._library(path)
    found = store.get(commit) if store else None
    return found.peel(pygit2.Tree) if isinstance(found, pygit2.Commit) else None


def broken_ref(ref: str, said: str) -> RepositoryError:
    """The error for a ref that is there and cannot be read."""
    mended = "git symbolic-ref HEAD refs/heads/BRANCH" if ref == "HEAD" else f"git update-ref '{ref}' COMMIT"
    return RepositoryError(f"cannot read ref '{ref}': {said}", hint=f"'git fsck' shows what is whole; then {mended}")


def _walk(folder: pygit2.Tree, prefix: str) -> Iterator[tuple[str, Entry]]:
    for item in folder:
        path = f"{prefix}{item.name}"
        if isinstance(item, pygit2.Tree):
            yield from _walk(item, f"{path}/")
        else:
            yield path, Entry(str(item.id), int(item.filemode))


def _open(path: Path) -> pygit2.Repository:
    pygit2.settings.enable_fsync_gitdir(True)
    pygit2.settings.cache_object_limit(ObjectType.TREE, _TREE_BYTES)
    try:
        return pygit2.Repository(str(path.resolve()))
    except (pygit2.GitError, OSError) as err:
        raise _unusable(path, str(err)) from err


def _unusable(path: Path, said: str) -> RepositoryError:
    if said.startswith("Repository not found"):
        return RepositoryError(
            f"not a git repository (or any of the parent directories): '{path}'",
            hint="run 'skillgit init' to make one, or name one with 'skillgit -C DIR'",
        )
    owned = re.search(r"path '(.*)' is not owned by", said)
    if owned:
        return RepositoryError(
            f"repository '{owned[1]}' is owned by someone else",
            hint=f"if you trust it: git config --global --add safe.directory '{owned[1]}'",
        )
    if "object format" in said or "objectformat" in said:
        return RepositoryError(
            f"repository '{path}' uses sha256 object names, which libgit2 cannot read",
            hint="keep skills in a sha1 repository: git init --object-format=sha1",
        )
    if "extension" in said or "repository version" in said:
        return RepositoryError(
            f"repository '{path}' is in a format that libgit2 cannot read: {said.rpartition(': ')[2]}",
            hint="reftable, sha256 and other repository extensions are not supported yet",
        )
    return RepositoryError(f"cannot open repository '{path}': {said}", hint="'git status' there may say more")


def switched_on(repo: Repo, key: str, *, unsaid: bool) -> bool:
    """Whether the environment, then git's configuration, switches something on; `unsaid` where neither speaks of it."""
    said = (os.environ.get(f"SKILLGIT_{key.upper()}") or repo.config(f"skillgit.{key}") or "").lower()
    return unsaid if said not in (*YES, *NO) else said in YES


def _check_format(repo: Repo) -> None:
    said = repo.config("skillgit.format")
    if said is not None and said != str(FORMAT):
        raise RepositoryError(
            f"repository '{repo.directory}' has skillgit format '{said}'; this skillgit knows {FORMAT}",
            hint="install a newer skillgit",
        )


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    return (git_dir / pointer.read_text().strip()).resolve() if pointer.is_file() else git_dir
