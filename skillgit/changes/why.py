"""Why a line of a skill is there: the commit that made it so, and the user's words that commit rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skillgit.changes.skill import FILE
from skillgit.git import history, ledger
from skillgit.git.blame import Line, blame
from skillgit.git.history import Revision
from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.skills import document as documents
from skillgit.skills.rules import content, rules


@dataclass(frozen=True, slots=True)
class Because:
    """A line of a SKILL.md, and the quotes that it rests on, the one most like it first."""

    line: Line
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
    told = set(rules(body))
    first = len(lines) - len(body.splitlines())
    return tuple(of_line(line) for line in lines[first:] if any(line.text.strip().endswith(rule) for rule in told))


def rejected(repo: Repo, commit: str, path: str) -> tuple[tuple[str, Revision], ...]:
    """The rules that were taken back from the skill at `path`, or kept out of it, each with the commit that did."""
    told = [each for each in ledger.rejected(repo, commit) if each.path == path]
    by = {each.oid: each for each in history.revisions(repo, dict.fromkeys(each.oid for each in told))}
    return tuple((each.rule, by[each.oid]) for each in told)


def of_line(line: Line) -> Because:
    """What a line rests on; a decision of people, and a commit of plain git, quote nobody."""
    decision = line.revision.decision
    return Because(line, like(line.text, decision.evidence if decision else ()))


def like(text: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Those of a decision's quotes that say the most of what the text says; all, where none says any of it."""
    words = content(text)
    shares = {quote: len(words & content(quote.text)) / (len(content(quote.text)) or 1) for quote in quotes}
    best = max(shares.values(), default=0.0)
    near = [quote for quote in quotes if shares[quote] >= best / 2]
    return tuple(sorted(near, key=lambda quote: -shares[quote]))
