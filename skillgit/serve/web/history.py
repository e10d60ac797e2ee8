"""The life of a skill as a timeline of cards, and the skills that are gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from skillgit.changes import timeline
from skillgit.changes.skill import owner
from skillgit.changes.timeline import Event
from skillgit.git import evidence, ledger
from skillgit.git.message import Quote
from skillgit.git.repo import Repo
from skillgit.learn.forget import GAP
from skillgit.merge.wording import Segment, compare
from skillgit.serve.desk import Hands
from skillgit.serve.web.page import Page, View, Visit
from skillgit.serve.web.past import Moment, Past, past
from skillgit.skills.rules import RuleChanges

PAGE = 20
SHOWN = 8
"""Rules of a card that are shown at once; of more, all but the first five wait to be asked for."""
_MORE = " (and"
"""What follows the first rule in the summary of a decision about several."""
_GONE = "removed"
"""The summary of every removal."""

Kind: TypeAlias = Literal["added", "changed", "removed"]
Marked: TypeAlias = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A moment as it is shown: its action ("commit" for one of plain git's) and what it did.

    `rules` are those that came, that are in other words now, and that went; `description` is () where it is as it was.
    `quotes` are each with the turn that it stands in, "" where that is not kept here or is another user's. `summary`
    is "" where the rules say it all.
    """

    moment: Moment
    action: str
    event: Event
    rules: tuple[tuple[Kind, Marked], ...]
    description: Marked
    quotes: tuple[tuple[Quote, str], ...]
    summary: str


def history(visit: Visit, hands: Hands) -> View:
    """What happened to a skill, newest first."""
    found = past(visit, hands)
    page = _number(visit.query.get("page", ""))
    part = found.moments[(page - 1) * PAGE : page * PAGE]
    done = next((each for each in found.moments[:1] if each.version and each.version == visit.query.get("done")), None)
    values = {
        "past": found,
        "cards": [_card(hands.repo, found, each) for each in part],
        "first": len(found.moments) - (page - 1) * PAGE,
        "most": SHOWN,
        "page": page,
        "pages": max(1, -(-len(found.moments) // PAGE)),
        "done": done,
    }
    return View("history.html", values)


def gone(visit: Visit, hands: Hands) -> View:
    """The skills that the user once had, and what their last version was."""
    repo, tip = hands.repo, hands.repo.tip("HEAD")
    there = repo.skills(tip)
    known = ledger.last_versions(repo, tip)
    paths = [path for path in sorted(known) if owner(path) == visit.user and path not in there]
    page = _number(visit.query.get("page", ""))
    part = paths[(page - 1) * PAGE : page * PAGE]
    values = {"known": [(path, known[path]) for path in part], "page": page, "pages": max(1, -(-len(paths) // PAGE))}
    return View("gone.html", values)


def _card(repo: Repo, found: Past, moment: Moment) -> Card:
    event = timeline.event(repo, moment.revision)
    decision = moment.revision.decision
    return Card(
        moment=moment,
        action=decision.action if decision else "commit",
        event=event,
        rules=tuple(marked(event.rules)) if event.rules else (),
        description=compare(*event.description) if event.description else (),
        quotes=tuple(quoted(repo, decision.evidence, whole=found.is_told_whole)) if decision else (),
        summary=_summary(event),
    )


def marked(rules: RuleChanges) -> Iterator[tuple[Kind, Marked]]:
    """The rules that came, those in other words, marked word by word, and those that went."""
    yield from (("added", (Segment("same", text),)) for text in rules.added)
    yield from (("changed", compare(old, new)) for old, new in rules.changed)
    yield from (("removed", (Segment("same", text),)) for text in rules.removed)


def quoted(repo: Repo, quotes: tuple[Quote, ...], *, whole: bool) -> Iterator[tuple[Quote, str]]:
    """Each quote with the turn that it stands in, "" where that is not to be shown whole.

    What is kept of a turn does not tell who said it, and a commit may quote whatever its maker liked: turns are for
    those who may look at every user's library.
    """
    for quote in quotes:
        yield quote, (evidence.turn(repo, quote) or "") if whole else ""


def _summary(event: Event) -> str:
    """What a commit says of itself, unless its rules say it as well."""
    decision = event.revision.decision
    said = (decision.summary if decision else event.revision.subject).strip()
    rules = event.rules
    told = [*rules.added, *(new for _, new in rules.changed), *rules.removed] if rules else []
    first = said.partition(_MORE)[0].removeprefix("no longer: ").rstrip("…")
    return "" if said == _GONE or (said != GAP and any(rule.startswith(first) for rule in told)) else said


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and 0 < len(said) < 7 and int(said) else 1


PAGES = (
    Page("GET", "/gone", gone),
    Page("GET", "/history/{path:path}", history),
)
