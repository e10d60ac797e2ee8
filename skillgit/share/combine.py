"""One SKILL.md that two sides have changed since they parted: both changes in one text, or none.

git's own three-way merge of the lines comes first, the version left aside: every change moves that one.
Where it meets a conflict, and what one side did was no more than to add or refine rules, steps and requests,
that side's rules are worked into the other side's text as a new lesson would be.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from skillgit.errors import SkillgitError
from skillgit.git.run import attempt
from skillgit.learn import listing
from skillgit.learn.candidate import Candidate, Evidence, Rule
from skillgit.learn.edit import extend
from skillgit.learn.relate import relation
from skillgit.skills import document as documents
from skillgit.skills.document import Document
from skillgit.skills.outline import sections
from skillgit.skills.rules import RuleChanges, is_reversal, rule_changes, rules

_UNSAID = Evidence(0, "")


def combine(base: Document, ours: Document, theirs: Document) -> Document | None:
    """Theirs with what ours changed since `base`; None where a person has to choose.

    A person has to where both changed the same words, where one side now asks for what the other forbids, and
    where a rule that one side made would not stand any more. All three have the same name, id and version:
    `aligned`.
    """
    sides = rule_changes(base.body, ours.body), rule_changes(base.body, theirs.body)
    if _contradict(*sides) or _contradict(*sides[::-1]):
        return None
    made, doubled = [text for side in sides for text in _made(side)], None
    for merged in _ways(base, ours, theirs):
        if merged and keeps(merged, made):
            if not _doubled(merged, ours, theirs):
                return merged
            doubled = doubled or merged
    return doubled


def _ways(base: Document, ours: Document, theirs: Document) -> Iterator[Document | None]:
    yield _merged_lines(base, ours, theirs)
    yield _worked_in(base, ours, theirs)
    yield _worked_in(base, theirs, ours)


def aligned(document: Document, *, like: Document, name: str) -> Document:
    """The document with the name `name` and the id and version of another: what is left is what a change means."""
    for key, value, now in (
        ("name", name, document.name),
        (("metadata", "id"), like.id, document.id),
        (("metadata", "version"), like.version, document.version),
    ):
        document = document.with_field(key, value) if value and now != value else document
    return document


def lesson(before: Document | None, after: Document) -> Candidate:
    """What a skill teaches that it did not before, as a candidate; the quotes are not in it."""
    old = before.body if before else ""
    told = rule_changes(old, after.body)
    new = set(_made(told))
    steps = _texts(after.body, "Steps")
    return Candidate(
        name=after.name,
        title=_title(after.body) or after.name,
        description=after.description,
        rules=tuple(Rule(text, _UNSAID) for text in _rules(after.body) if text in new),
        steps=tuple(Rule(text, _UNSAID) for text in steps) if steps != _texts(old, "Steps") else (),
        triggers=tuple(text.strip('"“”') for text in _texts(after.body, "When to use")),
        tags=after.tags,
    )


def keeps(merged: Document, texts: Iterable[str]) -> bool:
    """Whether every one of these rules stands in the document, or in a rule there that says all of it."""
    there = dict.fromkeys(rules(merged.body))
    return all(text in there or any(relation(rule, text) == "same" for rule in there) for text in texts)


def _contradict(one: RuleChanges, other: RuleChanges) -> bool:
    """Whether one side forbids what the other now asks for, or rewords what the other takes away."""
    reworded = {old for old, _ in one.changed}
    return bool(reworded & set(other.removed)) or any(
        is_reversal(rule, against) for rule in _made(one) for against in _made(other)
    )


def _made(side: RuleChanges) -> list[str]:
    return [*side.added, *(new for _, new in side.changed)]


def _doubled(merged: Document, ours: Document, theirs: Document) -> bool:
    """Whether a rule that both sides have added, at different places, now stands there twice."""
    there, one, other = (Counter(rules(side.body)) for side in (merged, ours, theirs))
    return bool(there - (one | other))


def _merged_lines(base: Document, ours: Document, theirs: Document) -> Document | None:
    """What `git merge-file` makes of the three, where it finds no conflict and the result is a SKILL.md."""
    with tempfile.TemporaryDirectory(prefix="skillgit-") as folder:
        names = ("theirs", "base", "ours")
        for name, side in zip(names, (theirs, base, ours), strict=True):
            (Path(folder) / name).write_bytes(side.render())
        done = attempt(["merge-file", "--quiet", "-p", *names], cwd=Path(folder))
    try:
        return documents.parse(done.stdout) if done.returncode == 0 else None
    except SkillgitError:  # both sides are a SKILL.md and their lines together are none
        return None


def _worked_in(base: Document, side: Document, other: Document) -> Document | None:
    """The other side's document with this side's lesson in it, where that lesson is all that this side did."""
    candidate = lesson(base, side)
    if extend(base, candidate).document.render() != side.render():
        return None
    return extend(other, candidate).document


def _rules(body: str) -> list[str]:
    return [item.text for section in sections(body) if not _is_ours(section.heading) for item in section.items]


def _is_ours(heading: str) -> bool:
    return heading.casefold() in ("steps", "步骤", "when to use", "何时使用")


def _texts(body: str, heading: str) -> list[str]:
    section = listing.find(body, heading)
    return [item.text for item in section.items] if section else []


def _title(body: str) -> str:
    return next((section.heading for section in sections(body) if section.level == 1), "")
