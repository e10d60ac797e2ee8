"""What is left of a merge, decided by a person: hunk by hunk, or a whole file where there are no hunks.

A file is taken as it stands in the work tree: what was edited there between the conflict markers, and around them,
stays. It is staged once it is free of markers, and valid if it is a SKILL.md; what both sides have numbered alike or
lower gets a version above both. Until the commit, `git checkout -m FILE` brings the conflict back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from skillgit.changes.skill import FILE
from skillgit.errors import NotFound, RepositoryError
from skillgit.git import layout
from skillgit.git.history import revisions
from skillgit.git.join import BASE, OURS, THEIRS, Stages
from skillgit.git.prepared import Sides
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.git.unmerged import merged_commit, picked_commit, put, remove, unmerged
from skillgit.merge import parts
from skillgit.merge.hunk import Conflict, Labels, Outcome
from skillgit.merge.markers import Marked, part, split_lines
from skillgit.share.plan import highest
from skillgit.share.settle import climb, new_problems, numbered

_OPENING = re.compile(r"^(<{7,})(?: |\r?$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hunk:
    """A conflict as it stands in a file, and what is proposed for it, if anything is."""

    text: str
    conflict: Conflict
    proposal: str | None

    @property
    def both(self) -> str:
        """Our lines, then those of theirs that we do not have."""
        ours = split_lines(self.conflict.ours)
        return "".join([*ours, *(line for line in split_lines(self.conflict.theirs) if line not in ours)])


@dataclass(frozen=True, slots=True)
class Open:
    """A file in conflict: plain text and hunks in order, None where it can only be taken or removed as a whole."""

    path: str
    stages: Stages
    pieces: tuple[str | Hunk, ...] | None

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """What is to be decided, in the order of the file."""
        return tuple(piece for piece in self.pieces or () if isinstance(piece, Hunk))

    @property
    def skill(self) -> str:
        """The folder that the file is in; that of the skill, if it is a SKILL.md."""
        return layout.unsharded(self.path.rpartition("/")[0])


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a file: how many hunks are left in it, and what keeps it from being staged where none is."""

    path: str
    left: int
    problem: str = ""

    @property
    def staged(self) -> bool:
        """Whether the file is resolved."""
        return not self.left and not self.problem


def conflicts(repo: Repo, typed: Sequence[str] = ()) -> list[Open]:
    """The files in conflict, or those of the skills that were typed; NotFound for one that has none."""
    top = _top(repo)
    found = [_open(repo, top, path, stages) for path, stages in unmerged(repo).items()]
    for word in typed:
        if not any(_is_of(each, word) for each in found):
            raise NotFound(f"no conflict in '{word}'", hint="'git status' shows what is left")
    return [each for each in found if not typed or any(_is_of(each, word) for word in typed)]


def decide(repo: Repo, file: Open, texts: Sequence[str | None]) -> Decided:
    """Put a text in place of each hunk, but where it is None, and stage the file if none is left and it is valid."""
    given = iter(texts)
    pieces = [piece if isinstance(piece, str) else _chosen(piece, next(given)) for piece in file.pieces or ()]
    content = "".join(pieces).encode("utf-8", "surrogateescape")
    left = sum(text is None for text in texts)
    if not left:
        content = _numbered(repo, file, content)
    (_top(repo) / file.path).write_bytes(content)
    problem = _problem(file, content, _sides(repo, file.stages)) if not left else ""
    if not left and not problem:
        put(repo, file.path)
    return Decided(file.path, left, problem)


def take(repo: Repo, file: Open, side: int) -> Decided:
    """The whole file as one side (OURS or THEIRS) has it; gone where that side has none. It is staged."""
    entry = file.stages.get(side)
    if entry is None:
        remove(repo, file.path)
    else:
        git(["checkout", "--ours" if side == OURS else "--theirs", "--", f":(top,literal){file.path}"], cwd=_top(repo))
        put(repo, file.path)
    return Decided(file.path, 0)


def _top(repo: Repo) -> Path:
    if repo.worktree is None:
        raise RepositoryError("a bare repository has no work tree to resolve conflicts in")
    return repo.worktree


def _is_of(file: Open, word: str) -> bool:
    return any(name == word or name.endswith(f"/{word}") for name in (file.path, file.skill))


def _open(repo: Repo, top: Path, path: str, stages: Stages) -> Open:
    place = top / path
    if not {OURS, THEIRS} <= stages.keys() or place.is_symlink() or not place.is_file():
        return Open(path, stages, None)
    content, sides = place.read_bytes(), _sides(repo, stages)
    if any(b"\0" in text for text in (content, *sides)):
        return Open(path, stages, None)
    merged = climb(sides, Labels()) if place.name == FILE else None
    known = {(hunk.conflict.ours, hunk.conflict.theirs): hunk for hunk in (merged.hunks if merged else ())}
    if merged and content == sides[1]:  # a driver that died left it so, or someone took our side and did not tell git
        content = merged.content
    pieces = _marked(content.decode("utf-8", "surrogateescape"))
    named = parts.under_headings([piece if isinstance(piece, str) else piece.conflict for piece in pieces])
    return Open(path, stages, tuple(_hunk(*each, known) for each in zip(pieces, named, strict=True)))


def _marked(text: str) -> tuple[str | Marked, ...]:
    opening = _OPENING.search(text)
    return part(text, size=len(opening[1])) if opening else (text,)


def _hunk(piece: str | Marked, named: str | Conflict, known: Mapping[tuple[str, str], Outcome]) -> str | Hunk:
    """A hunk with the section that it stands in, and what stands between its markers or the ladder proposes."""
    if isinstance(piece, str) or isinstance(named, str):
        return piece if isinstance(piece, str) else piece.text
    outcome = known.get((piece.conflict.ours, piece.conflict.theirs))
    conflict = replace(piece.conflict, section=outcome.conflict.section if outcome else named.section)
    return Hunk(piece.text, conflict, piece.proposal or (outcome.proposal if outcome else None))


def _chosen(hunk: Hunk, text: str | None) -> str:
    return hunk.text if text is None else text


def _numbered(repo: Repo, file: Open, content: bytes) -> bytes:
    """With a version above both sides', and above all that HEAD and what is being merged ever had.

    What is synced has its version already, and its decision says so.
    """
    if file.path.rpartition("/")[2] != FILE or _is_sync(repo):
        return content
    ours = repo.resolve("HEAD")
    had = highest(repo, ours, merged_commit(repo) or ours, [file.path])
    return numbered(content, _sides(repo, file.stages), had=had[file.path])


def _is_sync(repo: Repo) -> bool:
    """Whether `skillgit sync` has left what is to be resolved."""
    picked = picked_commit(repo)
    decision = next(revisions(repo, [picked])).decision if picked else None
    return decision is not None and decision.action == "sync"


def _problem(file: Open, content: bytes, sides: Sides) -> str:
    """What keeps a file from being staged: markers in it, or what breaks the specification and was not there before."""
    if any(isinstance(piece, Marked) for piece in _marked(content.decode("utf-8", "surrogateescape"))):
        return "there are conflict markers in it"
    is_skill = file.path.rpartition("/")[2] == FILE
    return next(iter(new_problems(file.path, content, sides) if is_skill else ()), "")


def _sides(repo: Repo, stages: Stages) -> Sides:
    base, ours, theirs = (repo.read(stages[stage].oid) if stage in stages else b"" for stage in (BASE, OURS, THEIRS))
    return base, ours, theirs
