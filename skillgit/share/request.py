"""What a pull request says: for each skill what changes in it, which decisions did that and on whose words, the checks.

The text is Markdown that people read on a forge, and made of words that came from transcripts and files. Those stand in
code spans and code blocks only, where a forge finds no mention, no link, no command and no HTML; and the space behind
`fixes` and the like is one that does not break, since GitLab looks for `fixes #1` in code, too.

What people write around our part stays: it stands between two marks, the first of which knows the title that was given.

    <!-- skillgit 5b0e0f6a51c3 -->
    ...
    <!-- /skillgit -->
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import accumulate
from string import Template

from skillgit.changes.record import notes
from skillgit.changes.skill import read as read_skill
from skillgit.changes.skill import shown
from skillgit.errors import Invalid, Unreadable
from skillgit.git import history, layout, ledger, remote
from skillgit.git.history import Revision
from skillgit.git.incoming import Update
from skillgit.git.message import Decision, one_line
from skillgit.git.objects import changed_paths
from skillgit.git.repo import Repo
from skillgit.models.prompts import templates
from skillgit.share import receive
from skillgit.share.forge import Text
from skillgit.share.library_diff import Kind, SkillChange, compare
from skillgit.share.receive import Push
from skillgit.skills.document import Document
from skillgit.skills.tree import GITLINK

MAX = 60_000
"""Characters of a text: GitHub takes 65,536."""

_LINE = 300
_MOST = 50  # rows of one kind
_MARKED = re.compile(r"^<!-- skillgit ([0-9a-f]{12}) -->\r?\n.*^<!-- /skillgit -->(?=\r?$)", re.DOTALL | re.MULTILINE)
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*(-[0-9A-Za-z.]+)?")
_CLOSING = re.compile(r"(?i)\b((?:clos|fix|resolv|implement)\w*:?) +")
"""What closes an issue where a number follows. Source: GitLab's issue closing pattern, of which GitHub's is a part."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a branch has that the commit it is proposed to has not, and what does not hold of it, a line each.

    `settled` are those of its commits that were accepted or rejected there already, by their oid: which commit did so.
    """

    skills: tuple[SkillChange, ...]
    commits: tuple[Revision, ...]
    faults: tuple[str, ...]
    settled: Mapping[str, Revision] = field(default_factory=dict)

    @property
    def brings(self) -> bool:
        """Whether there is anything to look at; that conversations taught nothing new is not, nor what was decided."""
        return not all(_is_discard(each) or each.oid in self.settled for each in self.commits)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that change a skill and are still to be made, the oldest first."""
        new = (each for each in self.commits if each.oid not in self.settled)
        return tuple(each.decision for each in new if each.decision and each.decision.action != "discard")


def read(repo: Repo, tip: str, base: str) -> Request:
    """What the commit `tip` would bring to `base`; no commits where that has it all."""
    commits = tuple(history.log_since(repo, tip, base=base))[::-1]
    if not commits:
        return Request((), (), ())
    parted = remote.parted(repo, base, tip)
    push = Push(repo.directory, (Update("refs/heads/proposed", parted, tip),), known=(base,))
    said = [each.decision for each in commits if each.decision]
    moves = {each.path: each.was for each in said if each.was}
    settled = _settled(repo, base, commits)
    faults = (*_rejected(commits, settled), *receive.forbidden(repo, push, pusher=None))
    return Request(_skills(repo, parted, tip, moves), commits, faults, settled)


def title(request: Request, branch: str) -> str:
    """A line that names what changes; of free text it has nothing, since it ends up in a commit's message."""
    decisions = request.decisions
    names = tuple(dict.fromkeys(shown(each.path) for each in request.skills)) or tuple(
        dict.fromkeys(each.skill for each in decisions)
    )
    if len(decisions) == 1:
        words = f"{decisions[0].action} {decisions[0].skill} {decisions[0].after or ''}"
    elif names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        words = (f"{len(decisions)} decisions about " if decisions else "") + ", ".join(names[:3]) + more
    else:
        words = f"changes of {branch}"
    return one_line(re.sub(r"[^\w ,./+-]", "?", words), 100)


def body(request: Request) -> str:
    """The text, within what every forge takes."""
    frame = Template((templates() / "pull_request.md").read_text(encoding="utf-8"))
    checks = _checks(request.faults)
    left = MAX - len(frame.template) - len(checks) - 500
    return frame.substitute(summary=_summary(request), skills=_fitting(_sections(request), left), checks=checks).strip()


def marked(said: Text) -> str:
    """The body of a text between the marks."""
    return f"<!-- skillgit {_digest(said.title)} -->\n{said.body}\n<!-- /skillgit -->"


def brought_up(there: Text, new: Text) -> Text:
    """What a pull request says that says `there` now: our part and our title anew, and what people wrote as it is."""
    found = _MARKED.search(there.body)
    ours = marked(new)
    if found is None:
        return Text(there.title, f"{there.body.rstrip()}\n\n{ours}".lstrip())
    text = f"{there.body[: found.start()]}{ours}{there.body[found.end() :]}"
    return Text(new.title if found[1] == _digest(there.title) else there.title, text)


def code(text: str, width: int = _LINE) -> str:
    """A text on one line, as a code span that it cannot end."""
    line = _still(text, width) or "(nothing)"
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    pad = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _still(text: str, width: int = _LINE) -> str:
    return _CLOSING.sub(lambda found: f"{found[1]}\u00a0", one_line(text, width))


def _digest(title: str) -> str:
    return sha256(title.encode("utf-8", "replace")).hexdigest()[:12]


def _settled(repo: Repo, base: str, commits: Iterable[Revision]) -> dict[str, Revision]:
    """Those of some commits whose decision a review has made already, each with the commit that says so."""
    keys = {each.oid: each.decision.attempt or each.oid for each in commits if each.decision and not _is_discard(each)}
    known = ledger.all_applied(repo, base, frozenset(keys.values()))
    by = {oid: ledger.applied(repo, base, key) for oid, key in keys.items() if key in known}
    told = {each.oid: each for each in history.revisions(repo, dict.fromkeys(filter(None, by.values())))}
    return {oid: told[done] for oid, done in by.items() if done}


def _rejected(commits: Iterable[Revision], settled: Mapping[str, Revision]) -> list[str]:
    """What a person has said no to and would come with the branch all the same, a line each."""
    pairs = ((each.decision, settled[each.oid]) for each in commits if each.oid in settled)
    return [
        f"{said.action} {said.skill}: was rejected by {by.oid[:10]}: {by.decision.summary}"
        for said, by in pairs
        if said and by.decision and by.decision.action == "reject"
    ]


def _skills(repo: Repo, base: str | None, tip: str, moves: Mapping[str, str]) -> tuple[SkillChange, ...]:
    """What becomes of each skill of which a file differs; one that is new is told by its rules.

    moves: what decisions say of renames, new path to old.
    """
    touched = {layout.unsharded(path) for path in changed_paths(repo, base, tip)}
    folders = {folder for path in touched for folder in _folders(path)}
    old, new = repo.skills(base), repo.skills(tip)
    moved = {now: was for now, was in moves.items() if was in old.keys() - new and now in new.keys() - old}
    paths = sorted((old.keys() | new.keys()) & folders - set(moved.values()))
    found = [_change(repo, old, new, path, moved.get(path)) for path in paths]
    found += [
        change
        for path in sorted(touched)
        if _is_library(repo, path, base, tip)
        for change in compare(repo, base, tip, path)
    ]
    return tuple(found)


def _is_library(repo: Repo, path: str, *commits: str | None) -> bool:
    entries = (repo.entry(commit, path) for commit in commits if path.startswith("Common/"))
    return any(entry is not None and entry.mode == GITLINK for entry in entries)


def _change(repo: Repo, old: Mapping[str, str], new: Mapping[str, str], path: str, was: str | None) -> SkillChange:
    """What becomes of one skill, by the oids of the SKILL.md of both sides."""
    before, after = _document(repo, old.get(was or path), path), _document(repo, new.get(path), path)
    kind: Kind = "renamed" if was else "removed" if path not in new else "changed" if path in old else "added"
    rules = notes(before, after) if kind != "removed" else ()
    return SkillChange(kind, path, was, before.version if before else "", after.version if after else "", rules)


def _document(repo: Repo, oid: str | None, path: str) -> Document | None:
    """A SKILL.md; None where there is none, or where a plain commit left a broken one."""
    try:
        return read_skill(repo, oid, path) if oid else None
    except (Invalid, Unreadable):
        return None


def _folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:size]) for size in range(1, len(parts))]


def _summary(request: Request) -> str:
    decisions, silent = request.decisions, [each for each in request.commits if _is_discard(each)]
    by_hand = [each for each in request.commits if each.decision is None and len(each.parents) < 2]
    words = [_count(len(request.skills), "skill") + (" changes" if len(request.skills) == 1 else " change")]
    words += [f"by {_count(len(decisions), 'decision')}"] if decisions else []
    words += [f"{_count(len(request.settled), 'decision')} settled already"] if request.settled else []
    words += [f"{_count(len(by_hand), 'commit')} without a decision"] if by_hand else []
    words += [f"{_count(len(silent), 'conversation')} taught nothing new"] if silent else []
    return ", ".join(words) + "."


def _sections(request: Request) -> list[str]:
    """A section a skill, and one for the commits that say no decision."""
    told = {path for change in request.skills for path in (change.path, change.was)}
    sections = [_section(change, _about(request.commits, change), request.settled) for change in request.skills]
    others = [each for each in request.commits if not _is_discard(each) and not _is_told(each, told)]
    rows = [f"- {code(each.subject)} ({each.oid[:10]})" for each in others if len(each.parents) < 2]
    return [*sections, *(["\n".join(["### Other commits", "", *rows])] if rows else [])]


def _is_told(revision: Revision, paths: Iterable[str | None]) -> bool:
    return revision.decision is not None and revision.decision.path in paths


def _is_discard(revision: Revision) -> bool:
    return revision.decision is not None and revision.decision.action == "discard"


def _about(commits: Sequence[Revision], change: SkillChange) -> list[Revision]:
    paths = {change.path, change.was}
    return [each for each in commits if _is_told(each, paths) and not _is_discard(each)]


def _section(change: SkillChange, commits: Sequence[Revision], settled: Mapping[str, Revision]) -> str:
    was = f", which was {code(shown(change.was))}" if change.was else ""
    lines = [f"### {change.kind} {code(shown(change.path))}{was} {_versions(change.before, change.after)}".rstrip(), ""]
    if change.notes:
        lines += ["```diff", *_some([f"{note.mark} {_still(note.text)}" for note in change.notes], "| "), "```", ""]
    lines += _some([row for each in commits for row in _decision(each, settled.get(each.oid))], "- ")
    return "\n".join(lines).rstrip()


def _decision(revision: Revision, by: Revision | None) -> list[str]:
    """A decision and what it rests on, as items of a list; `by` is the commit that has settled it already."""
    said = revision.decision
    assert said is not None
    score = f"score {said.score:.2f} for {code(shown(said.nearest))}" if said.score is not None and said.nearest else ""
    learner = f"by {code(said.learner, 60)}" if said.learner else ""
    settled = f"settled by {by.oid[:10]}" if by else ""
    facts = (_versions(said.before, said.after), score, learner, revision.oid[:10], settled)
    told = ", ".join(filter(None, facts))
    quotes = [f"  - turn {quote.turn}: {code(quote.text)}" for quote in said.evidence]
    return [f"- **{said.action}**: {code(said.summary)} ({told})", *quotes]


def _versions(*versions: str | None) -> str:
    """Versions that follow each other; what is none that a program has written is code."""
    return " → ".join(each if _VERSION.fullmatch(each) else code(each, 40) for each in dict.fromkeys(versions) if each)


def _checks(faults: Sequence[str]) -> str:
    if not faults:
        return "- [x] Skills are valid and safe, versions rise, and commits do what they say."
    return "\n".join(_some([f"- [ ] {code(fault)}" for fault in faults], "- [ ] "))


def _fitting(sections: Sequence[str], room: int) -> str:
    """As many sections as there is room for, and what is left in a word."""
    ends = list(accumulate(len(each) + 2 for each in sections))
    count = sum(end <= room for end in ends)
    left = len(sections) - count
    return "\n\n".join([*sections[:count], *([f"… and {_count(left, 'section')} more."] if left else [])])


def _some(rows: list[str], mark: str) -> list[str]:
    """The first of many rows, and how many are left."""
    return [*rows[:_MOST], *([f"{mark}… and {len(rows) - _MOST} more"] if len(rows) > _MOST else [])]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
