"""Copies and what they were made of: where the upstream of a fork stands now, and which side has changed since.

    up to date     neither has, since the copy was made or last synced
    behind         upstream has
    ahead          the copy has
    diverged       both have
    gone           upstream is no more: somebody removed the skill, or its library
    unknown        it cannot be told, and why

Both sides are looked at as the copy has them: under its name, with its id and version, and as the specification wants
them. What is left is what somebody has changed. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from skillgit.changes.skill import FILE, load, readable, shown
from skillgit.errors import Invalid, Refused, Unreadable, Unsafe
from skillgit.git import history, submodule
from skillgit.git.repo import Entry, Repo, folder_oid, library, tree_files
from skillgit.git.submodule import GITLINK
from skillgit.share.fork import UPSTREAM, UPSTREAM_TREE, copied, shared
from skillgit.share.library_diff import keys, likeness, of_library
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.tree import EXECUTABLE
from skillgit.skills.tree import FILE as PLAIN

State = Literal["up to date", "behind", "ahead", "diverged", "gone", "unknown"]

_NEARLY = 0.8  # of two that are alike, one may have been there all along
_OID = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Side:
    """A skill as the copy has it, or would have it: its SKILL.md, and the files beside it by their name."""

    document: Document
    files: Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class Fork:
    """The copy at `path`: what it holds, and the path and the tree of what its metadata says that it was made of."""

    path: str
    ours: Side
    upstream: str
    tree: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a copy stands to its upstream.

    `upstream` and `tree` are where that is and what it holds now. `base` is what the copy was made of, or last synced
    with; None only where upstream is gone or the state is unknown. `words` say why that is, `hint` what helps.
    """

    fork: Fork
    state: State
    upstream: str = ""
    tree: str = ""
    base: Side | None = None
    words: str = ""
    hint: str = ""

    @property
    def moved(self) -> bool:
        """Whether upstream has something to bring."""
        return self.state in ("behind", "diverged")


def forks(repo: Repo, tip: str | None, paths: Iterable[str]) -> Iterator[Fork]:
    """Those of the skills at these paths in a commit that are copies of common ones and can be read."""
    known, marked = repo.skills(tip), UPSTREAM_TREE[1].encode()
    for path in paths:
        document = readable(repo, tip, path) if marked in repo.read(known[path]) else None
        found = _fork(repo, tip, path, document) if document else None
        if found:
            yield found


def fork_at(repo: Repo, tip: str | None, path: str) -> Fork:
    """The copy at a path; Refused where the skill there is none."""
    found = _fork(repo, tip, path, load(repo, tip, path).document)
    if found is None:
        raise Refused(
            f"skill '{shown(path)}' is no copy of a common one", hint="'skillgit fork SKILL' makes one that can follow"
        )
    return found


def standing(repo: Repo, tip: str | None, fork: Fork) -> Standing:
    """How a copy stands to its upstream in a commit."""
    root = "/".join(fork.upstream.split("/")[:2])
    pinned = repo.stored_entry(tip, root)
    is_linked = pinned is not None and pinned.mode == GITLINK
    if pinned and is_linked and library(repo, root, pinned.oid) is None:
        name = root.removeprefix("Common/")
        hint = f"'skillgit library fetch {name}' brings it"
        return Standing(fork, "unknown", words=f"library '{name}' is not fetched", hint=hint)
    try:
        now = fork.upstream if fork.upstream in repo.skills(tip) else _renamed(repo, tip, fork, root)
        if now is None:
            words = f"library '{root.removeprefix('Common/')}' has" if is_linked else "this repository has"
            return Standing(fork, "gone", words=f"{words} '{fork.upstream}' no more")
        return _compared(repo, tip, fork, now)
    except (Invalid, Unreadable, Unsafe) as err:
        return Standing(fork, "unknown", words=err.message, hint=err.hint)


def as_copy(repo: Repo, files: Mapping[str, Entry], fork: Fork, *, upstream: str, tree: str) -> Side:
    """The files of a common skill as the copy would have them, were it made of them now; with its id and version."""
    mine = fork.ours.document
    made = copied(documents.parse(repo.read(files[FILE].oid)), name=_name(fork), upstream=upstream, tree=tree)
    return Side(_identified(made, mine), _beside(files))


def _fork(repo: Repo, tip: str | None, path: str, document: Document) -> Fork | None:
    upstream, tree = (document.metadata.get(key) for _, key in (UPSTREAM, UPSTREAM_TREE))
    if not (isinstance(upstream, str) and isinstance(tree, str)):
        return None
    if not upstream.startswith("Common/") or not _OID.fullmatch(tree):
        return None
    return Fork(path, Side(document, _beside(repo.files(tip, path))), upstream, tree)


def _compared(repo: Repo, tip: str | None, fork: Fork, now: str) -> Standing:
    tree, base = folder_oid(repo, tip, now) or "", _base(repo, tip, fork)
    if base is None:
        return Standing(
            fork, "unknown", now, tree, None, "what it was copied from is not here", _what_helps(repo, fork)
        )
    has_moved = (now, tree) != (fork.upstream, fork.tree)
    is_edited = (base.document.render(), base.files) != (fork.ours.document.render(), fork.ours.files)
    states: dict[tuple[bool, bool], State] = {
        (False, False): "up to date",
        (True, False): "behind",
        (False, True): "ahead",
        (True, True): "diverged",
    }
    return Standing(fork, states[has_moved, is_edited], now, tree, base)


def _base(repo: Repo, tip: str | None, fork: Fork) -> Side | None:
    """What the copy was made of: from wherever that tree is, else from the commit that made the copy."""
    files = tree_files(repo, fork.tree)
    if files is None or FILE not in files:
        return _as_imported(repo, tip, fork)
    is_whole = fork.upstream.count("/") == 1 and (submodule.store(repo, fork.upstream) / "HEAD").is_file()
    return as_copy(repo, shared(files, whole=is_whole), fork, upstream=fork.upstream, tree=fork.tree)


def _as_imported(repo: Repo, tip: str | None, fork: Fork) -> Side | None:
    """The copy as it was made, where it was never synced since; that is what upstream had then."""
    first = next(reversed(list(history.log_of(repo, tip or "HEAD", fork.path))), None)
    decision = first.decision if first else None
    document = readable(repo, first.oid, first.path) if first and decision and decision.action == "import" else None
    made = _fork(repo, first.oid, first.path, document) if first and document else None
    if made is None or made.tree != fork.tree:
        return None
    named = made.ours.document.with_field("name", _name(fork)) if made.path != fork.path else made.ours.document
    return replace(made.ours, document=_identified(named, fork.ours.document))


def _what_helps(repo: Repo, fork: Fork) -> str:
    if repo.handle.is_shallow:
        return "'git fetch --unshallow' may bring it"
    return f"'skillgit fork {fork.upstream} --name NAME' makes a new copy, for you to bring your changes to"


def _renamed(repo: Repo, tip: str | None, fork: Fork, root: str) -> str | None:
    """Where upstream stands now that it is not at its path; None where it is gone.

    It is known by its files, its id or its text, or by nearly all of its text.
    """
    files = tree_files(repo, fork.tree)
    if files is None or FILE not in files:
        return None
    there = of_library(repo, tip, root) or [path for path in repo.skills(tip) if path.startswith("Common/")]
    same = [path for path in there if folder_oid(repo, tip, path) == fork.tree]
    was = documents.parse(repo.read(files[FILE].oid))
    now = {path: document for path in there if (document := readable(repo, tip, path))} if not same else {}
    same = same or [path for path, document in now.items() if set(keys(was)).intersection(keys(document))]
    same = same or [path for path, document in now.items() if likeness(was, document) >= _NEARLY]
    return same[0] if len(same) == 1 else None


def _identified(document: Document, mine: Document) -> Document:
    """The document with the id and the version of another, which are no change."""
    for key in ("id", "version"):
        value = mine.metadata.get(key)
        own = ("metadata", key)
        document = document.with_field(own, value) if isinstance(value, str) else document.without_field(own)
    return document


def _beside(files: Mapping[str, Entry]) -> dict[str, Entry]:
    """The files but SKILL.md, with a mode that a skill's file may have."""
    return {
        name: replace(entry, mode=EXECUTABLE if entry.mode == EXECUTABLE else PLAIN)
        for name, entry in files.items()
        if name != FILE
    }


def _name(fork: Fork) -> str:
    return fork.path.rpartition("/")[2]
