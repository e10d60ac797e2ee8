"""What a shared repository takes in, and what leaves for one.

valid       the skills of each pushed commit that a ref is to stand on keep to the specification, and their files
            and folders have names that are safe on every system
secret      no file and no message of any new commit or tag holds a secret: what is pushed once stays in the history;
            what leads to no commit, and so would not be looked at, is not taken in
version     a commit that changes a skill gives it a version above the one it had; one that was removed comes back
            above the versions it once had
decision    a commit whose message says a decision did that and nothing else
owner       where the remote says who is pushing, only that user's skills and their releases change; a maintainer's may
            be any
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from skillgit.changes.fit import faults
from skillgit.changes.skill import FILE
from skillgit.errors import SkillgitError
from skillgit.git import incoming, layout, ledger
from skillgit.git.incoming import Arrived, Changed, Update
from skillgit.git.message import Decision, claims, decode, decode_merge
from skillgit.git.repo import Entry, Repo
from skillgit.learn.guard import Gate, gate, new
from skillgit.learn.scan import Finding, scan
from skillgit.skills import document as documents
from skillgit.skills import naming, tree
from skillgit.skills.document import Document
from skillgit.skills.naming import shown
from skillgit.skills.tree import Listed, problems_of_tree
from skillgit.skills.version import is_above

_ROOTS = ("Users", "Common")
_SKILL = f"/{FILE}"
_SECRET = "secret:"
_TAGS = "refs/tags/"
_PUSHERS = ("SKILLGIT_PUSHER", "REMOTE_USER", "GL_USERNAME", "GL_USER", "GITEA_PUSHER_NAME")
"""Who is pushing, as the remote says: our own word, the web server, GitLab, gitolite, Gitea and Forgejo."""


@dataclass(frozen=True, slots=True)
class Push:
    """The refs that are to move in the repository at `directory`; `known` is what rev-list is to leave out."""

    directory: Path
    updates: tuple[Update, ...]
    known: tuple[str, ...]

    @property
    def tips(self) -> tuple[str, ...]:
        """The commits that refs are to stand on, each once."""
        return tuple(dict.fromkeys(update.new for update in self.updates if update.new))


@dataclass(frozen=True, slots=True)
class _Load:
    """What a push brings: its commits, the oldest first, and the skills of each tip, by stored path.

    `contents` are those of the files that changed, as they are and as they were; what is too large to be kept is
    left out.
    """

    commits: tuple[Arrived, ...]
    tips: Mapping[str, Mapping[str, Entry]]
    contents: Mapping[str, bytes]

    def version(self, entry: Entry | None) -> str:
        """The version that a SKILL.md says, or ""."""
        document = self.document(entry)
        return document.version if document else ""

    def document(self, entry: Entry | None) -> Document | None:
        """A SKILL.md; None where there is none, or none that can be read."""
        try:
            return documents.parse(self.contents[entry.oid]) if entry and entry.oid in self.contents else None
        except SkillgitError:
            return None


def pusher(environment: Mapping[str, str]) -> str | None:
    """The user who is pushing, as a path segment, where the remote says so."""
    said = next((environment[name] for name in _PUSHERS if environment.get(name)), None)
    return naming.user_segment(said) if said else None


def maintainers(repo: Repo) -> frozenset[str]:
    """The users who may push to any folder: `git config skillgit.maintainers "ada bob"`, in the shared repository."""
    return frozenset(map(naming.user_segment, (repo.config("skillgit.maintainers") or "").split()))


def unfit(repo: Repo, push: Push) -> tuple[str, ...]:
    """What nobody should be sent, a line each: skills that are invalid, secrets, and what the scan refuses."""
    load = _load(push)
    return (*_invalid(push, load), *_unsafe(repo, push, load))


def forbidden(repo: Repo, push: Push, *, pusher: str | None) -> tuple[str, ...]:
    """What the repository may not take in, a line each; who is pushing is None where the remote does not say."""
    load = _load(push)
    foreign = _foreign(push, load, pusher) if pusher and pusher not in maintainers(repo) else ()
    unfit = (*_astray(push), *_invalid(push, load), *_unsafe(repo, push, load))
    return (*unfit, *_lowered(repo, push, load), *_untrue(load), *foreign)


def _load(push: Push) -> _Load:
    commits = incoming.commits(push.directory, push.tips, known=push.known)
    rows = [(path, change) for commit in commits for each in commit.against for path, change in each.items()]
    tips = {tip: incoming.files(push.directory, tip, *_ROOTS) for tip in push.tips} if commits else {}
    touched = {_home(path) for path, _ in rows}
    asked = {change.new.oid for _, change in rows if change.new and change.new.mode != tree.GITLINK}
    asked |= {change.old.oid for path, change in rows if change.old and change.old.mode != tree.GITLINK}
    for listed in tips.values():
        asked |= {entry.oid for path, entry in listed.items() if path.endswith(_SKILL) and _home(path) in touched}
    sizes = incoming.sizes(push.directory, asked)
    return _Load(commits, tips, incoming.blobs(push.directory, [oid for oid in sizes if sizes[oid] <= tree.MAX_FILE]))


def _home(path: str) -> str:
    """The path of the skill that a file is of, as far as its own path tells."""
    plain = layout.unsharded(path)
    return (
        plain.removesuffix(_SKILL)
        if plain.endswith(_SKILL)
        else "/".join(plain.split("/")[: 2 + plain.startswith("Users/")])
    )


def _invalid(push: Push, load: _Load) -> Iterator[str]:
    """The faults of what the commits changed, as it stands at the tips."""
    changed = {path for commit in load.commits for each in commit.against for path in each}
    for listed in load.tips.values():
        skills = layout.by_skill(listed)
        inside = {f"{folder}/{name}": folder for folder, files in skills.items() for name in files}
        touched = [path for path in listed if layout.unsharded(path) in changed]
        folders = dict.fromkeys(inside[path] for path in touched if path in inside)
        oids = [entry.oid for folder in folders for entry in skills[folder].values()]
        oids += [listed[path].oid for path in touched if path not in inside]
        sizes = incoming.sizes(push.directory, oids)
        first = {skills[folder][FILE].oid for folder in folders}
        contents = incoming.blobs(
            push.directory, [oid for oid in first if sizes.get(oid, tree.MAX_FILE) < tree.MAX_FILE]
        )
        for folder in folders:
            content = contents.get(skills[folder][FILE].oid)
            yield from faults(folder, skills[folder], content=content, sizes=sizes)
        yield from (fault for path in touched if path not in inside for fault in _stray(path, listed[path], sizes))


def _stray(path: str, entry: Entry, sizes: Mapping[str, int]) -> Iterator[str]:
    """The faults of a file that is no skill's; a library is a git repository of its own."""
    if entry.mode != tree.GITLINK or not path.startswith("Common/"):
        names = Listed(path.partition("/")[2], entry.mode, sizes.get(entry.oid, 0))
        yield from (f"{shown(path)}: {problem.message}" for problem in problems_of_tree([names]))


def _astray(push: Push) -> Iterator[str]:
    """The refs that are to stand on a file or a folder, which nobody would look at."""
    leads = incoming.peeled(push.directory, push.tips)
    yield from (
        f"'{shown(each.ref)}' leads to no commit" for each in push.updates if each.new and each.new not in leads
    )


def _unsafe(repo: Repo, push: Push, load: _Load) -> Iterator[str]:
    """Where what is new holds a secret, or in a skill what the settings refuse; the words never hold it themselves."""
    own, seen = gate(repo), set[tuple[str, str]]()
    said = incoming.tags(push.directory, push.tips) | {commit.oid: commit.message for commit in load.commits}
    for oid, message in said.items():
        secrets = (each for each in scan("its message", message.encode()) if each.kind.startswith(_SECRET))
        yield from (f"{oid[:10]}: {each.path}, line {each.line}: {each.why}" for each in secrets)
    for commit in load.commits:
        for path, change in commit.own.items():
            skill = _home(path)
            if change.new and (change.new.oid, skill) not in seen and change.new.oid in load.contents:
                seen.add((change.new.oid, skill))
                found = (finding for finding in _new(load, path, change) if _is_refused(own, finding, skill))
                yield from (f"{commit.oid[:10]}: '{shown(path)}', line {each.line or 1}: {each.why}" for each in found)


def _new(load: _Load, path: str, change: Changed) -> Iterable[Finding]:
    assert change.new is not None
    return new(path, load.contents[change.new.oid], load.contents.get(change.old.oid) if change.old else None)


def _is_refused(own: Gate, finding: Finding, path: str) -> bool:
    """A secret nowhere, whatever the settings say is bad; the rest in skills only. What they allow is allowed."""
    skill = path.removeprefix("Users/")
    is_secret = finding.kind.startswith(_SECRET) and not own.lets(finding, skill)
    return is_secret or (_is_in_skills(path) and own.refuses(finding, skill))


def _lowered(repo: Repo, push: Push, load: _Load) -> Iterator[str]:
    """Where a commit gives a skill a version that it had, or a lower one."""
    if not load.commits:
        return
    branches = (update.old for update in push.updates if update.ref.startswith("refs/heads/"))
    base = next(filter(None, branches), None) or repo.tip("HEAD")
    there = repo.skills(base)
    gone = {path: version for path, version in ledger.last_versions(repo, base).items() if path not in there}
    for commit in load.commits:
        for path in dict.fromkeys(map(_home, filter(_is_in_skills, commit.own))):
            had = _highest([gone.get(path, ""), *_had(load, commit, path)])
            change = commit.own.get(f"{path}{_SKILL}")
            if change and not change.new:
                gone[path] = had
                continue
            now = load.version(change.new) if change else had
            if had and not is_above(now, had):
                yield f"{commit.oid[:10]} changes '{shown(path)}' to version {now or 'none'}, and it had {had}"


def _had(load: _Load, commit: Arrived, path: str) -> list[str]:
    """The versions that a skill had in a commit's parents; what only its files say is taken from the tips."""
    file = f"{path}{_SKILL}"
    if file not in commit.own:
        stored = (listed.get(where) for listed in load.tips.values() for where in (file, layout.sharded(file)))
        return [load.version(entry) for entry in stored if entry]
    said = decode(commit.message)
    moved = commit.own.get(f"{said.was}{_SKILL}") if said and said.was and said.path == path else None
    return [load.version(change.old) for change in (*(each[file] for each in commit.against), moved) if change]


def _highest(versions: Iterable[str]) -> str:
    return reduce(lambda one, other: other if is_above(other, one) else one, versions, "")


def _is_in_skills(path: str) -> bool:
    return path.startswith(tuple(f"{root}/" for root in _ROOTS))


def _untrue(load: _Load) -> Iterator[str]:
    """Where the message of a commit says a decision, and the commit did something else."""
    for commit in load.commits:
        fault = ""
        if claims(commit.message):
            said = decode(commit.message)
            fault = _untrue_merge(load, commit) if len(commit.parents) > 1 else _untrue_of(load, commit, said)
        if fault:
            yield f"{commit.oid[:10]} {fault}"


def _untrue_merge(load: _Load, commit: Arrived) -> str:
    merged = decode_merge(commit.message)
    if not merged:
        return "is a merge, and its message says something else"
    rows = ((path, version, each.get(f"{path}{_SKILL}")) for path, version in merged for each in commit.against)
    wrong = ((path, version) for path, version, change in rows if change and load.version(change.new) != version)
    return next((f"says that '{shown(path)}' has version {version}, and it has not" for path, version in wrong), "")


def _untrue_of(load: _Load, commit: Arrived, said: Decision | None) -> str:
    if said is None:
        return "has trailers that are no decision's"
    inside = tuple(f"{path}/" for path in (said.path, said.was) if path)
    beside = next((path for path in commit.own if not path.startswith(inside)), None)
    if beside:
        return f"is about '{said.skill}', and changes '{shown(beside)}'"
    if said.action in ("discard", "reject") and commit.own:
        return f"is a {said.action}, and changes '{shown(next(iter(commit.own)))}'"
    if not commit.own and said.after != said.before:
        return f"says version {said.after} of '{said.skill}', and changes nothing"
    change = commit.own.get(f"{said.path}{_SKILL}")
    document = load.document(change.new) if change else None
    now = document.version if document else None
    if change and now != said.after and not is_above(now or "", said.after or ""):  # above it: rebased
        return f"says version {said.after or 'none'} of '{said.skill}', where the file says {now or 'none'}"
    if document and said.id and said.id != document.id:
        return f"says another id of '{said.skill}' than the file"
    return ""


def _foreign(push: Push, load: _Load, pusher: str) -> Iterator[str]:
    """What a user changes, decides or releases outside of the own folder; also by moving a branch back."""
    own = f"Users/{pusher}/"
    leads = incoming.peeled(push.directory, [oid for each in push.updates for oid in (each.old, each.new) if oid])
    ends = [(leads[each.old], leads[each.new]) for each in push.updates if each.old in leads and each.new in leads]
    moved = [incoming.difference(push.directory, old, new) for old, new in ends]
    said = [decision.path + "/" for commit in load.commits if (decision := decode(commit.message))]
    tags = (each.ref.removeprefix(_TAGS) for each in push.updates if each.ref.startswith(_TAGS))
    released = [tag for tag in tags if _is_in_skills(tag)]
    changed = [path for changes in (*(each.own for each in load.commits), *moved) for path in changes]
    for path in dict.fromkeys(path for path in (*said, *released, *changed) if not path.startswith(own)):
        yield f"'{shown(path)}' is not below '{own}', where '{pusher}' may push"
