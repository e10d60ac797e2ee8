"""What a plain `git commit` is about to record: its skills are checked and numbered, its message becomes a decision.

All of it is asked of the index that git commits from, which is not always the work tree's own: `git commit -a` and
`git commit FILE` make one for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from skillgit.changes.edit import summary
from skillgit.changes.fit import faults
from skillgit.changes.record import Change, describe, vet
from skillgit.changes.skill import FILE, readable, shown
from skillgit.errors import Refused, SkillgitError
from skillgit.git import EMPTY_TREE, history, incoming, index, layout
from skillgit.git.message import Decision, claims, decode, decode_merge, encode
from skillgit.git.repo import Entry, Repo
from skillgit.git.run import git
from skillgit.git.transaction import Transaction
from skillgit.git.unmerged import picked_commit
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.version import is_above

_ROOTS = ("Users", "Common")
_SQUASHED = ("fixup!", "squash!", "amend!")
_SCISSORS = re.compile(r"^\S+ -{24} >8 -{24}$.*", re.MULTILINE | re.DOTALL)
_TRAILER = re.compile(r"[A-Za-z][A-Za-z0-9-]*: \S.*")


@dataclass(frozen=True, slots=True)
class Staged:
    """The index of a commit that is under way.

    `parents` are the commits it is to stand on, HEAD first; none where it is the first. `changed` are the stored paths
    that differ from HEAD. `files` are those of each skill in the index, by the skill's stored path.
    """

    repo: Repo
    index: Path
    parents: tuple[str, ...]
    changed: tuple[str, ...]
    files: Mapping[str, Mapping[str, Entry]]

    @property
    def tip(self) -> str | None:
        """The commit of HEAD; None where there is none yet."""
        return self.parents[0] if self.parents else None

    def skills(self) -> tuple[str, ...]:
        """The stored paths of the skills that differ from HEAD, gone ones too, in order."""
        before = self.repo.skills(self.tip)
        above = ([file[: at.start()] for at in re.finditer("/", file)] for file in self.changed)
        found = (
            next((each for each in up if each in self.files or layout.unsharded(each) in before), "") for up in above
        )
        return tuple(dict.fromkeys(folder for folder in found if folder))


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A staged skill that is to get an id or a version: its file, as it is staged and as it is to be."""

    stored: str
    decision: Decision
    before: Document
    after: Document
    entry: Entry


def staged(repo: Repo, file: Path) -> Staged:
    """What is staged in the index file that git commits from."""
    env, top = {"GIT_INDEX_FILE": str(file)}, repo.directory
    tip = repo.tip("HEAD")
    said = git(["diff-index", "--cached", "--name-only", "--no-renames", "-z", tip or EMPTY_TREE], cwd=top, env=env)
    changed = tuple(said.decode("utf-8", "surrogateescape").split("\0")[:-1])
    rows = git(["ls-files", "--stage", "-z", "--", *_ROOTS], cwd=top, env=env).decode("utf-8", "surrogateescape")
    entries = dict(_entry(row) for row in rows.split("\0")[:-1])
    return Staged(repo, file, (*([tip] if tip else []), *_merged(repo)), changed, layout.by_skill(entries))


def problems(found: Staged) -> tuple[str, ...]:
    """What makes the staged skills that changed unfit to be kept, a line each."""
    folders = [folder for folder in found.skills() if folder in found.files]
    sizes = incoming.sizes(
        found.repo.directory, [entry.oid for name in folders for entry in found.files[name].values()]
    )
    asked = ((name, found.files[name], found.repo.read(found.files[name][FILE].oid)) for name in folders)
    return tuple(line for name, files, text in asked for line in faults(name, files, content=text, sizes=sizes))


def number(found: Staged) -> tuple[Decision, ...]:
    """Every staged skill that changed has an id, and a version above those it had: in the index and in its file.

    Gives a decision for each that it wrote. The skills must have no problems; Refused where the scan finds in one what
    no skill may hold.
    """
    numbered = [each for folder in found.skills() if (each := _number(found, folder))]
    entries = {each.stored: each.entry for each in numbered}
    for file in _indexes(found) if entries else ():
        index.stage(found.repo.directory, entries, file=file)
    for each in numbered:
        _write_beside(found, each)
    return tuple(each.decision for each in numbered)


def message(found: Staged, text: str) -> str:
    """The message of the commit: a decision, where it changes one skill and nothing else; otherwise as it was.

    One that was picked, such as a sync, tells what became of it where a conflict was resolved by hand. Refused where
    it says that it is a decision, and what is staged is something else.
    """
    if claims(text):
        _check_claim(found, text)
        return _as_resolved(found, text)
    if text.strip() and len(found.parents) < 2 and not text.startswith(_SQUASHED):
        decision = _only_decision(found)
        return _told(decision, text) if decision else text
    return text


def without_comments(repo: Repo, text: str) -> str:
    """A message as git will take it from the user's editor: without comments, and without the diff of `commit -v`."""
    said = git(
        ["stripspace", "--strip-comments"],
        cwd=repo.directory,
        stdin=_SCISSORS.sub("", text).encode("utf-8", "surrogateescape"),
    )
    return said.decode("utf-8", "surrogateescape")


def _merged(repo: Repo) -> list[str]:
    """The commits that a merge under way brings in."""
    file = repo.git_dir / "MERGE_HEAD"
    return file.read_text().split() if file.exists() else []


def _entry(row: str) -> tuple[str, Entry]:
    about, _, path = row.partition("\t")
    mode, oid, _ = about.split(" ")
    return path, Entry(oid, int(mode, 8))


def _number(found: Staged, folder: str) -> _Numbered | None:
    change = _change(found, folder)
    if change is None or change.after is None or _is_a_parents(found, folder):
        return None
    drafting = Transaction(found.repo, "HEAD", found.tip)
    if len(found.parents) < 2:  # others have committed what a merge brings in
        vet(drafting, change)
    decision, document = describe(drafting, change)
    if document is None or document.render() == change.after.render():
        return None
    entry = replace(drafting.file(document.render()), mode=found.files[folder][FILE].mode)
    return _Numbered(f"{folder}/{FILE}", decision, change.after, document, entry)


def _indexes(found: Staged) -> list[Path]:
    """The index that git commits from, and the one that becomes the work tree's where only some files are committed."""
    partial = found.index.name.startswith("next-index-")
    return [found.index, *([found.repo.git_dir / "index.lock"] if partial else [])]


def _write_beside(found: Staged, numbered: _Numbered) -> None:
    """Give the file in the work tree the new id and version, whatever else was edited in it and is not staged."""
    target = found.repo.directory / numbered.stored
    if target.is_symlink() or not target.is_file():
        return
    try:
        there = documents.parse(target.read_bytes())
    except SkillgitError:  # half an edit: the version in the index is the one that counts
        return
    if there.version != numbered.before.version:
        return
    fields = (("id", numbered.after.id), ("version", numbered.after.version))
    scratch = target.with_name(f".{FILE}.skillgit")
    new = reduce(lambda document, field: document.with_field(("metadata", field[0]), field[1]), fields, there)
    scratch.write_bytes(new.render())
    scratch.chmod(target.stat().st_mode)
    scratch.replace(target)


def _change(found: Staged, folder: str) -> Change | None:
    """What is staged about one skill; None where its SKILL.md cannot be read."""
    path = layout.unsharded(folder)
    after = _document(found, folder)
    if folder in found.files and after is None:
        return None
    was = _moved_from(found, folder, after) if after else None
    before = _before(found, was or path)
    if after is None:
        return Change("remove", path, before, None, summary(before, None)) if before else None
    known = found.repo.files(found.tip, was or path)
    files = _beside(known, found.files[folder])
    return Change("move" if was else "edit", path, before, after, summary(before, after), files=files, was=was)


def _beside(known: Mapping[str, Entry], there: Mapping[str, Entry]) -> dict[str, Entry | None]:
    """The files beside SKILL.md that are not as they were; None for those that are gone."""
    return {name: there.get(name) for name in {**known, **there} if name != FILE and known.get(name) != there.get(name)}


def _before(found: Staged, path: str) -> Document | None:
    """The skill as the commit's parents have it; of a merge, the one with the highest version."""
    known = [document for parent in found.parents if (document := readable(found.repo, parent, path))]
    return reduce(lambda one, other: other if is_above(other.version, one.version) else one, known) if known else None


def _moved_from(found: Staged, folder: str, after: Document) -> str | None:
    """The path that a skill had before it was moved, which its id tells; None where it is new or stays."""
    path = layout.unsharded(folder)
    if not after.id or path in found.repo.skills(found.tip):
        return None
    gone = (layout.unsharded(other) for other in found.skills() if other not in found.files)
    return next((old for old in gone if (had := readable(found.repo, found.tip, old)) and had.id == after.id), None)


def _is_a_parents(found: Staged, folder: str) -> bool:
    path, files = layout.unsharded(folder), dict(found.files[folder])
    return any(found.repo.files(parent, path) == files for parent in found.parents)


def _document(found: Staged, folder: str) -> Document | None:
    try:
        return documents.parse(found.repo.read(found.files[folder][FILE].oid)) if folder in found.files else None
    except SkillgitError:
        return None


def _check_claim(found: Staged, text: str) -> None:
    decision = decode(text)
    if decision is None:
        if decode_merge(text):
            return
        raise Refused("the message has trailers of a decision that cannot be read", hint=_LEAVE)
    about = {decision.path, decision.was}
    other = next((path for path in map(layout.unsharded, found.skills()) if path not in about), None)
    if other:
        raise Refused(f"the message is about '{decision.skill}', and '{shown(other)}' is staged too", hint=_LEAVE)


def _as_resolved(found: Staged, text: str) -> str:
    """The message of a decision that is being picked, with the rules and the version that are staged."""
    picked = picked_commit(found.repo)
    said = next(history.revisions(found.repo, [picked])).decision if picked else None
    done = _only_decision(found) if said and decode(text) == said else None
    if said is None or done is None or done.path != said.path:
        return text
    remarks = (note for note in said.notes if note.mark == "|")
    notes = (*(note for note in done.notes if note.mark != "|"), *remarks)
    return encode(replace(said, before=done.before, after=done.after, bump=done.bump, notes=notes))


_LEAVE = "write what you mean without lines that begin with Skill-: skillgit adds them"


def _only_decision(found: Staged) -> Decision | None:
    """The decision that the commit is, where it changes one skill, or moves it, and nothing else."""
    folders = [folder for folder in found.skills() if folder in found.files] or list(found.skills())
    change = _change(found, folders[0]) if len(folders) == 1 else None
    if change is None or any(not _is_about(change, layout.unsharded(file)) for file in found.changed):
        return None
    decision, document = describe(Transaction(found.repo, "HEAD", found.tip), change)
    return decision if document is None or change.after is None or document.render() == change.after.render() else None


def _is_about(change: Change, file: str) -> bool:
    return any(file.startswith(f"{path}/") for path in (change.path, change.was) if path)


def _told(decision: Decision, text: str) -> str:
    """The decision in the user's words: their subject is its summary, their text and their trailers stay."""
    said = text.strip().split("\n\n")
    own = said.pop() if len(said) > 1 and all(map(_TRAILER.fullmatch, said[-1].split("\n"))) else ""
    subject = " ".join(said[0].split("\n")).removeprefix(f"{decision.action}({decision.skill}):").strip()
    head, *rest = encode(replace(decision, summary=subject)).rstrip("\n").split("\n\n")
    body = [subject] if subject not in head else []
    parts = [head, *body, *said[1:], *rest]
    return "\n\n".join(parts) + (f"\n{own}\n" if own else "\n")
