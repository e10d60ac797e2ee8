"""What a merge made of each skill, as decisions: for the message of its commit, and for the person who merges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from skillgit.changes.record import notes
from skillgit.changes.skill import FILE, readable
from skillgit.errors import SkillgitError
from skillgit.git import layout
from skillgit.git.message import Action as Decided
from skillgit.git.message import Decision, Note
from skillgit.git.objects import changed_paths
from skillgit.git.repo import Repo
from skillgit.merge.hunk import Action
from skillgit.share.settle import Settled
from skillgit.skills import document as documents
from skillgit.skills.document import Document

_HOW: Mapping[Action, str] = {
    "both": "both sides' lines",
    "longer": "the longer of two edits",
    "fields": "both sides' fields",
    "words": "both sides' words",
    "answer": "as answered",
}


def became(
    repo: Repo, ours: str, tree: str, *, settled: Mapping[str, Settled], home: Mapping[str, str], name: str
) -> tuple[Decision, ...]:
    """What becomes of each skill that the merged tree has otherwise than our commit, sorted by path.

    `settled` are the SKILL.md files that stand in the tree as the ladder left them, `home` the files that move
    there; `name` is what their side is called.
    """
    before, after = repo.skills(ours), repo.skills(tree)
    merged = {_path(file.rpartition("/")[0]): each for file, each in settled.items()}
    touched = [*map(_path, changed_paths(repo, ours, tree)), *(f"{path}/{FILE}" for path in merged), *home.values()]
    paths = sorted({skill for file in touched if (skill := _skill(file, {*before, *after}))})
    was = {path: document for path in paths if path in before and (document := readable(repo, ours, path))}
    now = {path: document for path in paths if (document := _now(repo, tree, path, merged.get(path)))}
    left = {was[path].id: path for path in was if path not in after and was[path].id}
    came = {path: left[now[path].id] for path in now if path not in before and now[path].id in left}
    return tuple(
        _decision(path, was.get(came.get(path, path)), now.get(path), came.get(path), merged.get(path), name)
        for path in paths
        if path not in came.values()
    )


def _path(stored: str) -> str:
    return layout.unsharded(stored)


def _skill(file: str, known: set[str]) -> str | None:
    """The skill that a file belongs to."""
    parts = file.split("/")
    folders = ("/".join(parts[:end]) for end in range(2, len(parts)))
    return next((folder for folder in folders if folder in known), None)


def _now(repo: Repo, tree: str, path: str, merged: Settled | None) -> Document | None:
    """The SKILL.md as the merge leaves it; None where it is gone, or still in conflict."""
    if merged is None:
        return readable(repo, tree, path)
    try:
        return documents.parse(merged.content) if merged.clean else None
    except SkillgitError:  # a file without frontmatter, merged by its lines
        return None


def _decision(
    path: str, was: Document | None, now: Document | None, came: str | None, merged: Settled | None, name: str
) -> Decision:
    clean = merged is None or merged.clean
    return Decision(
        action=_action(was, now, came, merged),
        path=path,
        summary=f"both sides changed it, here and in {name}" if merged else f"from {name}",
        was=came,
        before=was.version or None if was and clean else None,
        after=now.version or None if now else None,
        notes=(*notes(was, now), *hunks(merged)) if merged and clean else (),
    )


def _action(was: Document | None, now: Document | None, came: str | None, merged: Settled | None) -> Decided:
    if merged:
        return "merge"
    if came:
        return "move"
    if was is None:
        return "add"
    return "edit" if now else "remove"


def hunks(merged: Settled) -> Iterator[Note]:
    """What became of each conflict, by its section, and what an answer left out."""
    for hunk in merged.merged.hunks:
        yield Note("|", f"{hunk.conflict.section or 'beginning'}: {_HOW[hunk.action]}")
        yield from (Note("-", f"{dropped.line} ({dropped.reason})") for dropped in hunk.dropped)
