"""A skill, or what a conversation has taught, that is to be in no object of the repository: the edits of its history.

A skill goes from every tree: it is known by its id, or as one of the SKILL.md that the log of its path has. Commits
that decide about it, or touch nothing else, stay where they are, by whom and when, and say '(forgotten)'.

Of a conversation go the lines that its decisions brought, from every version of a skill that keeps others; such a
decision keeps its skill and its versions, and says nothing else. A skill that rests on it alone goes whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from skillgit.changes import why
from skillgit.changes.record import Change
from skillgit.changes.skill import FILE, readable
from skillgit.git import evidence, history, layout
from skillgit.git.history import Revision
from skillgit.git.message import Decision, decode, decode_merge, encode
from skillgit.git.repo import Repo
from skillgit.git.rewrite import Edit
from skillgit.git.run import git
from skillgit.learn.forget import GAP
from skillgit.skills import document as documents

_TELLING = 30
"""So many of a line's first characters give it away."""
_MARKER = re.compile(r"\s*(?:[-*+] |\d+[.)] )?\s*")


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What goes: skills, by their ids, the paths they had, their SKILL.md; conversations; and lines, by skill's id.

    `alone` are the commits that touch nothing but the skills that go.
    """

    ids: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()
    lines: Mapping[str, frozenset[str]] = field(default_factory=dict)


def of_skill(repo: Repo, path: str) -> Edit:
    """The edit after which the skill at a path was never there."""
    return _edit(repo, _whole(repo, {path}))


def of_source(repo: Repo, digests: Collection[str], changes: Iterable[Change]) -> Edit:
    """The edit after which conversations have taught nothing; `changes` are those by which HEAD forgets them."""
    now = {change.path: change for change in changes}
    every = _everywhere(repo)
    told = [each for each in every if each.decision and _cites(each.decision, digests)]
    paths = {each.decision.path: each.decision.id for each in told if each.decision}
    gone = {path for path, id in paths.items() if id and _is_gone(repo, now.get(path), path, id, every, digests)}
    lines: dict[str, frozenset[str]] = {}
    for path, id in paths.items():
        if id and path not in gone:
            brought = {
                line
                for each in told
                if each.decision and each.decision.id == id
                for line in _brought(repo, each, digests)
            }
            lines[id] = frozenset(brought - _kept(repo, now.get(path), path))
    return _edit(repo, replace(_whole(repo, gone), digests=frozenset(digests), lines=lines))


def _whole(repo: Repo, paths: Collection[str]) -> _Lesson:
    """All of the skills at these paths, through their moves."""
    tip = repo.resolve("HEAD")
    told = [each for path in paths for each in history.log_of(repo, tip, path)]
    decided = [each.decision for each in told if each.decision]
    places = {*paths, *(each.path for each in told), *(each.was for each in decided if each.was)}
    now = (readable(repo, tip, path) for path in paths if path in repo.skills(tip))
    ids = {each.id for each in (*decided, *now) if each and each.id}
    files = {entry.oid for each in told if (entry := repo.entry(each.oid, f"{each.path}/{FILE}"))}
    return _Lesson(frozenset(ids), frozenset(places), frozenset(files), frozenset(_touching_only(repo, places)))


def _touching_only(repo: Repo, places: Collection[str]) -> Iterator[str]:
    """The commits, of whatever ref, that change files of these skills and nothing else."""
    tops = tuple(f"{top}/" for place in places for top in (place, layout.sharded(place)))
    words = ["-c", "core.quotePath=false", "log", "--all", "--format=%x00%H", "--name-only", "--no-renames"]
    for record in git(words, cwd=repo.directory).decode("utf-8", "replace").split("\0")[1:]:
        oid, *names = record.split()
        if names and all(name.startswith(tops) for name in names):
            yield oid


def _everywhere(repo: Repo) -> tuple[Revision, ...]:
    """Every commit that a ref leads to, but those of evidence."""
    words = ["rev-list", f"--exclude={evidence.REF}", "--all"]
    return tuple(history.revisions(repo, git(words, cwd=repo.directory).decode().split()))


def _cites(decision: Decision, digests: Collection[str]) -> bool:
    return any(quote.digest in digests for quote in decision.evidence)


def _is_gone(
    repo: Repo, change: Change | None, path: str, id: str, every: Iterable[Revision], digests: Collection[str]
) -> bool:
    """Whether nothing is left of a skill: HEAD loses it, or has lost it and no other conversation taught it."""
    if change:
        return change.after is None
    known = readable(repo, repo.resolve("HEAD"), path) if path in repo.skills(repo.resolve("HEAD")) else None
    if known and known.id == id:
        return False
    quotes = (quote for each in every if each.decision and each.decision.id == id for quote in each.decision.evidence)
    return all(quote.digest in digests for quote in quotes)


def _brought(repo: Repo, told: Revision, digests: Collection[str]) -> Iterator[str]:
    """The lines that a decision brought into a SKILL.md and that rest on these conversations and no other."""
    assert told.decision is not None
    path = told.decision.path
    before = {line for parent in told.parents for line in _body(repo, parent, path)}
    new = (line for line in _body(repo, told.oid, path) if line not in before)
    for line in new:
        resting = why.like(line, told.decision.evidence)
        if line.strip() and not line.startswith("#") and all(quote.digest in digests for quote in resting):
            yield line


def _kept(repo: Repo, change: Change | None, path: str) -> set[str]:
    """The lines of a skill that HEAD has once it has forgotten."""
    if change and change.after:
        return set(change.after.body.splitlines())
    return set(_body(repo, repo.resolve("HEAD"), path))


def _body(repo: Repo, commit: str, path: str) -> list[str]:
    entry = repo.entry(commit, f"{path}/{FILE}")
    return documents.parse(repo.read(entry.oid)).body.splitlines() if entry else []


def _edit(repo: Repo, lesson: _Lesson) -> Edit:
    holds = _looks_for(lesson.ids)
    tags = tuple(f"refs/tags/{path}/v" for path in lesson.paths)

    def gone(oid: str) -> bool:
        return oid in lesson.files or bool(holds and holds.search(repo.handle.read(oid)[1]))

    return Edit(
        lambda content: _without_lines(content, lesson),
        lambda oid, told: _message(oid, told, lesson),
        gone,
        lambda ref: ref.startswith(tags) if tags else False,
    )


def _looks_for(ids: Collection[str]) -> re.Pattern[bytes] | None:
    """What finds a SKILL.md with one of these ids by the line that says it."""
    said = b"|".join(re.escape(id.encode()) for id in ids)
    return re.compile(rb"^[ \t]+id: ['\"]?(?:" + said + rb")['\"]?\r?$", re.MULTILINE) if ids else None


def _without_lines(content: bytes, lesson: _Lesson) -> bytes:
    for id, lines in lesson.lines.items():
        if lines and id.encode() in content:
            kept = content.splitlines(keepends=True)
            content = b"".join(line for line in kept if line.decode("utf-8", "replace").rstrip("\r\n") not in lines)
    return content


def _message(oid: str, told: bytes, lesson: _Lesson) -> bytes:
    text = told.decode("utf-8", "replace")
    decision = decode(text)
    if decision is None:
        if oid in lesson.alone:
            return f"{GAP}\n".encode()
        return _of_others(text, lesson).encode() if decode_merge(text) else told
    if decision.id in lesson.ids or {decision.path, decision.was} & lesson.paths:
        return f"{GAP}\n".encode()
    if _cites(decision, lesson.digests):
        left = tuple(quote for quote in decision.evidence if quote.digest not in lesson.digests)
        return encode(replace(decision, summary=GAP, reason=None, evidence=left, notes=())).encode()
    if decision.nearest in lesson.paths:
        said = re.sub(r"^Skill-Score: .*\n", "", text, flags=re.MULTILINE)
        return _message(oid, said.encode(), lesson) if said != text else told
    given_away = _given_away(lesson.lines.get(decision.id or "", ()))
    if any(words in text for words in given_away):
        notes = tuple(note for note in decision.notes if not any(words in note.text for words in given_away))
        summary = GAP if any(words in decision.summary for words in given_away) else decision.summary
        return encode(replace(decision, summary=summary, notes=notes)).encode()
    return told


def _of_others(text: str, lesson: _Lesson) -> str:
    """What a merge says, without the skills that went, and without the lines that did."""
    given_away = [words for lines in lesson.lines.values() for words in _given_away(lines)]
    skills = [re.escape(path.removeprefix("Users/")) for path in lesson.paths]
    if skills:
        about = rf"^[a-z]+\((?:{'|'.join(skills)})\):.*\n(?:[-+~|] .*\n)*"
        text = re.sub(about, "", text, flags=re.MULTILINE)
        merged = "|".join(map(re.escape, lesson.paths))
        text = re.sub(rf"^Skill-Merged: (?:{merged}) .*\n", "", text, flags=re.MULTILINE)
    lines = (line for line in text.splitlines(keepends=True) if not any(words in line for words in given_away))
    return "".join(lines)


def _given_away(lines: Iterable[str]) -> tuple[str, ...]:
    """The beginnings of lines as a message says them, without their markers."""
    return tuple(words for line in lines if (words := _MARKER.sub("", line, count=1)[:_TELLING].rstrip()))
