"""What the pages of a conversation show, as values for their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from skillgit.chat.answering import is_answering
from skillgit.chat.chats import Chats, Kept, Lesson, Said
from skillgit.chat.event import Retrieved
from skillgit.chat.options import Options
from skillgit.errors import NotFound, UsageError
from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.serve.problem import Problem
from skillgit.serve.web import markdown, render
from skillgit.serve.web.page import View, Visit
from skillgit.skills.version import is_above

MOST: Final = 20
"""Conversations on a page of the list."""
LAST: Final = 60
"""Turns on the page of a conversation."""
_LONGEST: Final = 200_000  # characters, whose Markdown takes half a second
_PLAIN: Final = Markup('<div class="text">{}</div>')
_LAST: Final[Mapping[str, int]] = {"all": 1 << 30, "none": 0}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a page that came of something: the event that tells of it, its template, and what that shows."""

    event: str
    template: str
    it: object

    def html(self, visit: Visit) -> str:
        """The piece, for who looks at it."""
        return render.html(View(self.template, {"it": self.it}), language=visit.language, visit=visit)


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learned; `path` is the skill's full one, or "" where the visitor does not see it, or not yet."""

    lesson: Lesson
    path: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of a conversation; an answer has its Markdown as `html`, and `taught` is what was learned after it."""

    said: Said
    html: Markup | None = None
    taught: tuple[Taught, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """How far a conversation is, whether an answer is under way in it, or anything else to come of it.

    `turns` and `lessons` are how many there are, `taught` what was learned since one looked.
    """

    turns: int
    lessons: int
    options: Options
    is_answering: bool
    is_pending: bool
    taught: tuple[Taught, ...]


def own(kept: Chats, visit: Visit) -> Kept:
    """The conversation of the path. Raises Problem, 404, where the visitor has none of that id."""
    try:
        found = kept.get(visit.path["name"])
    except NotFound:
        found = None
    if found is None or found.user != visit.user:
        raise Problem(404, "no such conversation")
    return found


def page(visit: Visit, hands: Hands, kept: Chats, *, at: Kept, parts: Sequence[Part] = ()) -> View:
    """A conversation, or the last of it, with what has just come of it and is not kept."""
    now = state(visit, hands, kept, name=at.id, after=0)
    said = kept.turns(at.id)
    first = max(0, len(said) - _LAST.get(visit.query.get("last", ""), LAST))
    values = {
        "at": replace(at, said=now.turns),
        "turns": _turns(said, now.taught, since=first),
        "earlier": first,
        "state": now,
        "parts": [(part.template, part.it) for part in parts],
        "options": now.options,
    }
    return View("chat.html", {**values, **_frame(visit, kept)})


def empty(visit: Visit, kept: Chats, *, options: Options) -> View:
    """A conversation that has not begun."""
    values = {"at": None, "turns": (), "earlier": 0, "state": None, "parts": (), "options": options}
    return View("chat.html", {**values, **_frame(visit, kept)})


def answer(said: Said) -> Turn:
    """An answer, to be shown: as the text that it is where it is longer than people read."""
    return Turn(said, markdown.rendered(said.text) if len(said.text) <= _LONGEST else _PLAIN.format(said.text))


def state(visit: Visit, hands: Hands, kept: Chats, *, name: str, after: int) -> State:
    """How far a conversation is, with what was learned after so many lessons."""
    answering = is_answering(hands.repo, name)  # first: what it has said is kept when it is over
    now, taught = kept.get(name), lessons(visit, kept, name)
    heard = max([now.heard, *(lesson.through for lesson in taught)])
    learning = now.asked > heard or visit.server.talks.background.is_at(name)
    seen = places.seen(hands, visit.user) if taught[after:] else {}
    new = tuple(Taught(lesson, _path(hands, lesson, seen)) for lesson in taught[after:])
    return State(now.said, len(taught), now.options, answering, answering or learning, new)


def lessons(visit: Visit, kept: Chats, name: str) -> tuple[Lesson, ...]:
    """What was learned from a conversation; why a model has not answered is for those who may know where it is."""
    found = kept.lessons(name)
    if visit.may_act:
        return found
    return tuple(replace(each, reason="") if each.decision == "undecided" else each for each in found)


def discreet(visit: Visit, found: Retrieved) -> Retrieved:
    """What was found, with what goes wrong in words for this visitor."""
    is_plain = visit.may_act or not found.notes
    return found if is_plain else replace(found, notes=("the skills are not searched in full now",))


def _path(hands: Hands, lesson: Lesson, seen: Mapping[str, str]) -> str:
    """Where the skill is that was learned, if what was learned of it is in the library: it may wait on a branch."""
    path = lesson.skill if lesson.skill.startswith("Common/") else f"Users/{lesson.skill}"
    oid = seen.get(path)
    is_behind = oid is not None and lesson.version and is_above(lesson.version, hands.card(path, oid).version)
    return "" if oid is None or is_behind else path


def _turns(said: Sequence[Said], taught: Sequence[Taught], *, since: int) -> list[Turn]:
    told = [each for each in taught if each.lesson.decision != "none"]
    shown = [answer(each) if each.role == "assistant" else Turn(each) for each in said[since:]]
    return [
        replace(turn, taught=tuple(each for each in told if each.lesson.through == number))
        for number, turn in enumerate(shown, start=since + 1)
    ]


def _frame(visit: Visit, kept: Chats) -> dict[str, object]:
    """What stands beside every conversation: the list of the others, and which model answers, or why none does."""
    talks = visit.server.talks
    known = kept.list(visit.user)
    number = _number(visit.query.get("page", ""), most=max(1, -(-len(known) // MOST)))
    model, trouble = None, None
    try:
        model = talks.model()
        talks.meet(kept, visit.user)
    except UsageError as err:
        trouble = err
    return {
        "model": model.name if model else "",
        "trouble": trouble,
        "known": known[(number - 1) * MOST : number * MOST],
        "count": len(known),
        "number": number,
        "last": max(1, -(-len(known) // MOST)),
    }


def _number(text: str, *, most: int) -> int:
    return min(max(1, int(text)), most) if text.isascii() and text.isdigit() and len(text) < 6 else 1
