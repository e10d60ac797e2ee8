"""Why each rule of a skill is there: the decision that brought it, and the words that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from skillgit.changes import why
from skillgit.changes.skill import FILE, load
from skillgit.changes.why import Because, Origin, Wordings
from skillgit.errors import Invalid, Unreadable
from skillgit.git.blame import Line
from skillgit.git.history import Revision
from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.learn.forget import GAP
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web.history import quoted
from skillgit.serve.web.page import Page, View, Visit
from skillgit.serve.web.past import Moment, Past, past
from skillgit.skills.rules import rules

_HEADING = "#"


@dataclass(frozen=True, slots=True)
class Source:
    """A commit that gave a rule these words. `quotes` are each with the turn it stands in, "" where that is not shown.

    `is_forgotten` says that words it rested on were taken back.
    """

    revision: Revision
    moment: Moment | None
    rule: str
    quotes: tuple[tuple[Quote, str], ...]
    is_forgotten: bool

    @property
    def is_kept(self) -> bool:
        """Whether every turn that is quoted is kept."""
        return all(turn for _, turn in self.quotes)


@dataclass(frozen=True, slots=True)
class Told:
    """Rules that follow each other, each with its line, and where they come from.

    `made` is None where that was when the skill was another user's. `learned` is where the rule was learned, if it was
    put in other words since, or brought back. Rules that rest on somebody's words stand alone.
    """

    rules: tuple[tuple[int, str], ...]
    made: Source | None
    learned: Source | None = None


def blame(visit: Visit, hands: Hands) -> View:
    """The rules of a skill as they are, or as they were at a moment, section by section."""
    found = past(visit, hands)
    if found.library:
        raise Problem(404, f"'{found.path}' is kept in the library '{found.library}', with its history")
    at = found.find(visit.query.get("at", "")) if visit.query.get("at") else found.moments[0]
    commit, path = at.revision.oid, at.revision.path
    if hands.repo.entry(commit, f"{path}/{FILE}") is None:
        raise Problem(404, "the skill was gone then")
    try:
        load(hands.repo, commit, path)
    except (Invalid, Unreadable) as err:
        raise Problem(409, err.message, hint=err.hint) from err
    lines = why.lines(hands.repo, commit, path)
    sections = _sections(lines)
    known: dict[str, Wordings] = {}
    rests = [(sections[each.line.number], each) for each in why.of_every_rule(lines)]
    values = {
        "past": found,
        "at": at,
        "is_now": at is found.moments[0],
        "parts": [
            (name, list(_grouped(hands.repo, found, [each for _, each in part], known=known)))
            for name, part in groupby(rests, key=lambda each: each[0])
        ],
        "rejected": list(_rejected(hands.repo, found)) if at is found.moments[0] else [],
    }
    return View("blame.html", values)


def _grouped(repo: Repo, found: Past, rests: list[Because], *, known: dict[str, Wordings]) -> Iterator[Told]:
    """The rules of a section; neighbours that one commit brought, and that rest on nobody's words, in one."""
    learned = [(each, _learned(found, each, known=known)) for each in rests]
    alone = (each.line.number if each.quotes or origin else each.line.revision.oid for each, origin in learned)
    for _, part in groupby(zip(alone, learned, strict=True), key=lambda pair: pair[0]):
        group = [pair for _, pair in part]
        each, origin = group[0]
        told = tuple((one.line.number, _text(one.line)) for one, _ in group)
        made = Origin(each.line.revision, _text(each.line), each.quotes)
        yield Told(told, _source(repo, found, made), _source(repo, found, origin) if origin else None)


def _learned(found: Past, each: Because, *, known: dict[str, Wordings]) -> Origin | None:
    """How a rule was learned that quotes nobody as it is."""
    oids = [moment.revision.oid for moment in found.moments]
    if each.quotes or each.line.revision.oid not in oids:
        return None
    since = found.moments[oids.index(each.line.revision.oid) :]
    return why.origin(_text(each.line), (moment.revision for moment in since), known=known)


def _source(repo: Repo, found: Past, made: Origin) -> Source | None:
    revision = made.revision
    if revision.oid in found.hidden:
        return None
    moment = next((one for one in found.moments if one.revision.oid == revision.oid), None)
    quotes = tuple(quoted(repo, made.quotes, whole=found.is_told_whole))
    said = [revision.decision.summary if revision.decision else "", *(f"{one.text} {turn}" for one, turn in quotes)]
    return Source(revision, moment, made.rule, quotes, is_forgotten=any(GAP in each for each in said))


def _text(line: Line) -> str:
    """A rule without its list marker."""
    return next(iter(rules(line.text)), line.text.strip())


def _sections(lines: tuple[Line, ...]) -> dict[int, str]:
    """The heading that each line stands under, by its number; "" where there is none before it."""
    found, heading = {}, ""
    for line in lines:
        found[line.number] = heading
        if line.text.startswith(_HEADING):
            heading = line.text.strip(f"{_HEADING} ")
    return found


def _rejected(repo: Repo, found: Past) -> Iterator[tuple[Revision, list[str]]]:
    """The commits that took rules back from the skill, newest first, where its user sees them, each with its rules."""
    told = why.rejected(repo, repo.resolve("HEAD"), found.path)
    seen = [pair for pair in told if pair[1].oid not in found.hidden]
    seen.sort(key=lambda pair: (pair[1].date, pair[1].oid), reverse=True)
    for _, part in groupby(seen, key=lambda pair: pair[1].oid):
        group = list(part)
        yield group[0][1], [rule for rule, _ in group]


PAGES = (Page("GET", "/blame/{path:path}", blame),)
