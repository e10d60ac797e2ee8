"""Trees and commits: made before any ref moves, and invisible until one does."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pygit2
from pygit2.enums import FileMode

from skillgit.errors import Locked, RepositoryError
from skillgit.git import EMPTY_TREE
from skillgit.git.repo import Entry, Repo, switched_on
from skillgit.git.run import git

Edits = Mapping[str, Entry | None]
"""What a commit changes, by full path: a file, or None where the file or folder goes."""

_EPOCH = re.compile(r"^@?(\d+) ([+-])(\d\d)(\d\d)$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A commit to be made: its message, and what it changes against the one before it.

    `author_of` is the commit whose author and author date it keeps; None: it is made by who runs this, now.
    `joins` is the tip of the history that a merge brings in, its second parent.
    """

    message: str
    edits: Edits
    author_of: str | None = None
    joins: str | None = None


def write_blob(repo: Repo, content: bytes) -> str:
    """The oid of `content`, which is in the object store afterwards."""
    with written():
        return str(repo.handle.create_blob(content))


def blob_oid(content: bytes) -> str:
    """The oid that `content` has as a blob; nothing is written."""
    return str(pygit2.hash(content))


def write_commit(repo: Repo, parent: str | None, draft: Draft) -> str:
    """The oid of a commit on top of `parent` (None: a root) that makes the draft's edits."""
    with written():
        return _commit(repo, parent, repo.handle[parent].peel(pygit2.Tree) if parent else None, draft)


def changed_paths(repo: Repo, old: str | None, new: str) -> list[str]:
    """Every file that differs between two commits (None: one without files), by the path it is stored at."""
    words = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", old or EMPTY_TREE, new, "--"]
    return git(words, cwd=repo.directory).decode("utf-8", "surrogateescape").split("\0")[:-1]


def write_commit_of(repo: Repo, parent: str, tree: str, draft: Draft) -> str:
    """The oid of a commit on top of `parent` that makes the draft's edits to `tree`, whatever the parent holds."""
    with written():
        return _commit(repo, parent, repo.handle[tree].peel(pygit2.Tree), draft)


def write_scratch(repo: Repo, tree_of: str, parents: list[str], *, edits: Edits | None = None, message: str) -> str:
    """The oid of a commit that no ref is to reach, for git to merge with: another's tree, edited, on other parents.

    It is never signed.
    """
    stored = {tuple(path.split("/")): entry for path, entry in (edits or {}).items()}
    nobody, above = signature(repo, "AUTHOR"), [pygit2.Oid(hex=parent) for parent in parents]
    with written():
        base = repo.handle[tree_of].peel(pygit2.Tree)
        tree = _edited(repo.handle, base, stored) or repo.handle.TreeBuilder().write()
        return str(repo.handle.create_commit(None, nobody, nobody, message, tree, above))


def _commit(repo: Repo, parent: str | None, base: pygit2.Tree | None, draft: Draft) -> str:
    edits = {tuple(path.split("/")): entry for path, entry in draft.edits.items()}
    tree = _edited(repo.handle, base, edits) or repo.handle.TreeBuilder().write()
    parents = [oid for oid in (parent, draft.joins) if oid]
    author = repo.handle[draft.author_of].peel(pygit2.Commit).author if draft.author_of else signature(repo, "AUTHOR")
    if signs(repo):
        return _signed_commit(repo, parents, str(tree), draft.message, author=author)
    committer, oids = signature(repo, "COMMITTER"), [pygit2.Oid(hex=oid) for oid in parents]
    return str(repo.handle.create_commit(None, author, committer, draft.message, tree, oids))


def signs(repo: Repo) -> bool:
    """Whether commits are to be signed, which the `git` program does."""
    return switched_on(repo, "sign", unsaid=False)


def signature(repo: Repo, who: str) -> pygit2.Signature:
    """The AUTHOR or COMMITTER as git would name them: environment, then configuration.

    A machine with no identity (a server, a hook) commits as `skillgit <skillgit@localhost>`.
    """
    name = _said(repo, who, "name") or "skillgit"
    email = _said(repo, who, "email") or "skillgit@localhost"
    given = os.environ.get(f"GIT_{who}_DATE")
    if given is None:
        return pygit2.Signature(_name(name), _name(email))
    seconds, offset = _read_date(given)
    return pygit2.Signature(_name(name), _name(email), seconds, offset)


def today(repo: Repo) -> date:
    """The day, in UTC, on which what is written now is written, as git would date it."""
    author = signature(repo, "AUTHOR")
    return datetime.fromtimestamp(author.time, UTC).date()


def _said(repo: Repo, who: str, what: str) -> str | None:
    configured = repo.config(f"{who.lower()}.{what}") or repo.config(f"user.{what}")
    return os.environ.get(f"GIT_{who}_{what.upper()}") or configured


def _name(text: str) -> str:
    return re.sub(r"[\x00-\x1f<>\ud800-\udfff]", "", text).strip(" .,:;\"\\'") or "skillgit"


_FOLDER_GONE = re.compile(r"objects/[0-9a-f]{2}/.*: No such file or directory")


@contextmanager
def written() -> Iterator[None]:
    """Turn libgit2's complaint about a full or read-only disk into words.

    Locked where git took the folder away between libgit2's making it and its putting the object there: `git
    repack -d` and `git gc` remove the folders of loose objects that they have emptied. The next try succeeds.
    """
    try:
        yield
    except (pygit2.GitError, OSError) as err:
        if _FOLDER_GONE.search(str(err)):
            raise Locked("another git process keeps emptying the object store", hint="try again") from err
        raise RepositoryError(f"cannot write to the object store: {err}") from err


def _read_date(text: str) -> tuple[int, int]:
    epoch = _EPOCH.match(text)
    if epoch:
        minutes = int(epoch[3]) * 60 + int(epoch[4])
        return int(epoch[1]), -minutes if epoch[2] == "-" else minutes
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise RepositoryError(f"invalid date '{text}' in the environment", hint="use '@SECONDS +HHMM'") from err
    offset = (moment if moment.tzinfo else moment.astimezone()).utcoffset()
    return int(moment.timestamp()), int(offset.total_seconds() // 60) if offset else 0


def _signed_commit(repo: Repo, parents: list[str], tree: str, message: str, *, author: pygit2.Signature) -> str:
    above = [word for oid in parents for word in ("-p", oid)]
    sign, minutes = ("-", -author.offset) if author.offset < 0 else ("+", author.offset)
    env = {
        "GIT_AUTHOR_NAME": author.name,
        "GIT_AUTHOR_EMAIL": author.email,
        "GIT_AUTHOR_DATE": f"@{author.time} {sign}{minutes // 60:02}{minutes % 60:02}",
    }
    words = ["commit-tree", "-S", *above, "-F", "-", tree]
    made = git(words, cwd=repo.directory, stdin=message.encode(), env=env)
    return made.decode().strip()


def _edited(
    handle: pygit2.Repository, base: pygit2.Tree | None, edits: Mapping[tuple[str, ...], Entry | None]
) -> pygit2.Oid | None:
    """The tree that `base` becomes, or None where nothing is left in it; untouched folders keep their oid."""
    builder = handle.TreeBuilder(base) if base is not None else handle.TreeBuilder()
    below: dict[str, dict[tuple[str, ...], Entry | None]] = defaultdict(dict)
    for path, entry in edits.items():
        if len(path) > 1:
            below[path[0]][path[1:]] = entry
        else:
            _put(builder, path[0], entry)
    for name, inner in below.items():
        folder = base[name] if base is not None and name in base and (name,) not in edits else None
        oid = _edited(handle, folder if isinstance(folder, pygit2.Tree) else None, inner)
        if oid or isinstance(folder, pygit2.Tree):
            _put(builder, name, Entry(str(oid), int(FileMode.TREE)) if oid else None)
    return builder.write() if len(builder) else None


def _put(builder: pygit2.TreeBuilder, name: str, entry: Entry | None) -> None:
    if entry is not None:
        try:
            builder.insert(name, pygit2.Oid(hex=entry.oid), FileMode(entry.mode))
        except (ValueError, pygit2.GitError) as err:
            raise RepositoryError(f"git refuses the name '{name}': {err}") from err
    elif builder.get(name) is not None:
        builder.remove(name)
