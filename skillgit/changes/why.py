"""Why a line of a skill is there: the commit that made it so, and the user's words that commit rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from skillgit.changes.skill import FILE
from skillgit.git import history, ledger
from skillgit.git.blame import Line, blame
from skillgit.git.history import Revision
from skillgit.git.message import Note, Quote
from skillgit.git.repo import Repo
from skillgit.skills import document as documents
from skillgit.skills.rules import content, plain, rules


@dataclass(frozen=True, slots=True)
class Because:
    """A line of a SKILL.md, and the quotes that it rests on, the one most like it first."""

    line: Line
    quotes: tuple[Quote, ...]


Wordings: TypeAlias = Mapping[str, tuple[str, ...]]
"""The rules that a decision tells of, by their plain words: each as it became, and as it was before if it was."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The commit that a rule was learned by, in the words it had then, and the quotes that rests on."""

    revision: Revision
    rule: str
    quotes: tuple[Quote, ...]


def lines(repo: Repo, commit: str, path: str) -> tuple[Line, ...]:
    """The lines of the SKILL.md of the skill at `path`, each with the commit it comes from."""
    return blame(repo, commit, f"{path}/{FILE}")


def of_rules(lines: Sequence[Line]) -> tuple[Because, ...]:
    """What the rules among the lines of a SKILL.md rest on, those left out that rest on nobody's words."""
    return tuple(each for each in of_every_rule(lines) if each.quotes)


def of_every_rule(lines: Sequence[Line]) -> tuple[Because, ...]:
    """The rules among the lines of a SKILL.md, each with the words it rests on, if it does on any."""
    text = "\n".join(line.text for line in lines)
    body = documents.parse(text.encode()).body
    told = tuple(set(rules(body)))
    first = len(lines) - len(body.splitlines())
    return tuple(of_line(line) for line in lines[first:] if line.text.strip().endswith(told))


def rejected(repo: Repo, commit: str, path: str) -> tuple[tuple[str, Revision], ...]:
    """The rules that were taken back from the skill at `path`, or kept out of it, each with the commit that did."""
    told = [each for each in ledger.rejected(repo, commit) if each.path == path]
    by = {each.oid: each for each in history.revisions(repo, dict.fromkeys(each.oid for each in told))}
    return tuple((each.rule, by[each.oid]) for each in told)


def of_line(line: Line) -> Because:
    """What a line rests on; a decision of people, and a commit of plain git, quote nobody."""
    decision = line.revision.decision
    return Because(line, like(line.text, decision.evidence if decision else ()))


def origin(rule: str, revisions: Iterable[Revision], *, known: dict[str, Wordings]) -> Origin | None:
    """How a rule was learned that was put in other words since, or taken away and brought back; None where it was not.

    `revisions` are those of its skill, newest first, from the one on that made the rule what it is. `known` keeps what
    was read of them, by their oids, for who asks about one rule after the other.
    """
    for revision in revisions:
        if revision.oid not in known:
            known[revision.oid] = _told(revision)
        match = known[revision.oid].get(plain(rule))
        if match and revision.decision and revision.decision.evidence:
            return Origin(revision, rule, like(rule, revision.decision.evidence))
        rule = match[-1] if match else rule
    return None


def _told(revision: Revision) -> Wordings:
    notes = revision.decision.notes if revision.decision else ()
    told = [wordings for note in notes if (wordings := _wordings(note))]
    return {plain(wordings[0]): wordings for wordings in reversed(told)}


def _wordings(note: Note) -> tuple[str, ...]:
    """The rule that a note gives, and the words it had before, if it had others; nothing where it gives none."""
    if note.mark == "~":
        new, _, old = note.text.rpartition(" (was: ")
        return new, old.removesuffix(")")
    return (note.text,) if note.mark == "+" else ()


def like(text: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Those of a decision's quotes that say the most of what the text says; all, where none says any of it."""
    words = content(text)
    shares = {quote: len(words & content(quote.text)) / (len(content(quote.text)) or 1) for quote in quotes}
    best = max(shares.values(), default=0.0)
    near = [quote for quote in quotes if shares[quote] >= best / 2]
    return tuple(sorted(near, key=lambda quote: -shares[quote]))
