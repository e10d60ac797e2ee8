"""add, merge or discard, as a model decides: one call, given the candidate and the skills that are most like it.

It is asked before the lock is taken, about skills of some commit. What it says holds as long as these skills are what
they were and no other came that is for the same job; `holds` tells, and nothing is ever asked under the lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, get_args

from skillgit.changes.skill import shown
from skillgit.errors import ModelError
from skillgit.learn import revision
from skillgit.learn.candidate import Candidate
from skillgit.learn.decide import MERGE, Verdict, addition
from skillgit.learn.listing import one_line
from skillgit.learn.redact import redact
from skillgit.learn.revision import Edit
from skillgit.models.answer import ask, objects_of, text_of
from skillgit.models.ports import Chat, Message
from skillgit.models.prompts import fenced, prompt
from skillgit.search.index import Match
from skillgit.skills.document import Document
from skillgit.transcripts.fields import Fields

PROMPT: Final = "decide"

_LONGEST_BODY = 8_000  # characters of a skill that a model sees; lines behind them cannot be edited
_LONGEST_REASON = 200
_TOLD = 3  # things that are wrong with an answer that the model is told of


@dataclass(frozen=True, slots=True)
class Near:
    """A skill that is like a candidate: where it stands, the oid of its SKILL.md, and how like it is."""

    path: str
    oid: str
    document: Document
    score: float

    @property
    def is_common(self) -> bool:
        """Whether it is shared, and so not for a learner to change."""
        return not self.path.startswith("Users/")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model decided: about which of the skills it saw (None: a new one), with which edits of it, and why."""

    near: tuple[Near, ...]
    about: Near | None
    edits: tuple[Edit, ...]
    reason: str


def decide(chat: Chat, candidate: Candidate, near: Sequence[Near]) -> Answer:
    """A model's decision about a candidate, checked; where no skill is like it, it is a new one and none is asked.

    Raises ModelError with the reason where the model gives no answer that can be used, also when asked again.
    """
    if not near:
        return Answer((), None, (), "no skill is like it")
    words = prompt(PROMPT)
    blocks = [_candidate(candidate), *(_skill(number, each) for number, each in enumerate(near, 1))]
    messages = (Message("system", words.text), Message("user", "\n\n".join(blocks)))
    return ask(chat, messages, words.schema, partial(_read, candidate, tuple(near)))


def holds(answer: Answer, skills: Mapping[str, str], matches: Sequence[Match]) -> bool:
    """Whether an answer can stand, given the skills of a commit (path -> oid) and what matches the candidate there.

    The skill that it is about has to be what it was, and so has every one that is for the same job by its words.
    """
    seen = {each.path: each.oid for each in answer.near}
    concerned = {match.path for match in matches if match.score >= MERGE}
    concerned |= {answer.about.path} if answer.about else set()
    return all(skills.get(path) == seen.get(path) for path in concerned)


def verdict(answer: Answer, candidate: Candidate, *, user: str, skills: Mapping[str, str]) -> Verdict:
    """What an answer that holds makes of a candidate of `user`."""
    best = max(answer.near, key=lambda each: each.score, default=None)
    score, nearest = (best.score, best.path) if best else (None, None)
    about = answer.about
    if about is None:
        new = addition(candidate, user=user, skills=skills, reason=answer.reason)
        return Verdict("add", new.path, None, new.after, new.reason, score, nearest, new.hunks)
    edited = revision.revise(about.document, candidate, answer.edits)
    if not edited.hunks:
        reason = f"already covered by {shown(about.path)}: {answer.reason}"
        return Verdict("discard", about.path, about.document, about.document, reason, score, nearest)
    return Verdict("merge", about.path, about.document, edited.document, answer.reason, score, nearest, edited.hunks)


def _candidate(candidate: Candidate) -> str:
    rules = (f"{number}. {rule.text}" for number, rule in enumerate(candidate.rules, 1))
    steps = (f"Step: {step.text}" for step in candidate.steps)
    asked = (f"Asked: {trigger}" for trigger in candidate.triggers)
    return fenced("candidate", "\n".join([candidate.title, candidate.description, "", *rules, *steps, *asked]))


def _skill(number: int, near: Near) -> str:
    """A skill with its lines numbered, as many as are seen."""
    label = f"skill {number}{', shared' if near.is_common else ''}"
    document = near.document
    lines = "\n".join(f"{n}| {line}" for n, line in enumerate(_seen(document), 1))
    return fenced(label, redact(f"{document.name}\n{document.description}\n\n{lines}"))


def _seen(document: Document) -> list[str]:
    lines: list[str] = []
    left = _LONGEST_BODY
    for line in document.body.splitlines():
        left -= len(line)
        if left < 0:
            break
        lines.append(line)
    return lines


def _read(candidate: Candidate, near: tuple[Near, ...], record: Fields) -> Answer:
    """The answer in what a model says; ModelError with what is wrong, in words for the model."""
    action, number = text_of(record, "action"), record.get("skill")
    reason = one_line(text_of(record, "reason"))[:_LONGEST_REASON]
    edits = tuple(map(_edit, objects_of(record, "edits")))
    if action not in ("add", "merge", "discard"):
        raise ModelError("'action' has to be add, merge or discard")
    if type(number) is not int or not 0 <= number <= len(near):
        raise ModelError(f"'skill' has to be a whole number from 0 to {len(near)}")
    if not reason:
        raise ModelError("'reason' is empty")
    if (action == "add") != (number == 0):
        raise ModelError("'skill' is 0 for \"add\" and the number of a skill otherwise")
    if action == "add":
        return Answer(near, None, (), reason)
    about = near[number - 1]
    _check(action, about, candidate, edits)
    return Answer(near, about, edits, reason)


def _check(action: str, about: Near, candidate: Candidate, edits: Sequence[Edit]) -> None:
    """ModelError where the action cannot be carried out so."""
    seen = len(_seen(about.document))
    wrong = [f"line {edit.line} was not shown" for edit in edits if edit.line > seen]
    wrong = wrong or list(revision.problems(about.document, candidate, edits))
    if action == "merge" and about.is_common:
        wrong.insert(0, "that skill is shared and read-only")
    if action == "discard" and any(edit.kind != "keep" for edit in edits):
        wrong.insert(0, 'for "discard" all edits are "keep"')
    if action == "discard" and not wrong and revision.revise(about.document, candidate, edits).hunks:
        wrong = ["the candidate's steps are not in that skill"]
    if wrong:
        raise ModelError("; ".join(wrong[:_TOLD]))


def _edit(row: Fields) -> Edit:
    kind, line, rule = text_of(row, "kind"), row.get("line"), row.get("rule")
    if kind not in get_args(revision.Kind):
        raise ModelError(f"the kind of an edit has to be one of: {', '.join(get_args(revision.Kind))}")
    if type(line) is not int or type(rule) is not int:
        raise ModelError("'line' and 'rule' have to be whole numbers")
    return Edit(kind, line, rule, text_of(row, "text"), one_line(text_of(row, "reason")))  # type: ignore[arg-type]
