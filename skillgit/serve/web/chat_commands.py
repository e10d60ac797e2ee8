"""The commands of a conversation that is held in a browser: most lead to the page that does it better than words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from skillgit.chat import options
from skillgit.chat.chats import Kept, chats
from skillgit.chat.commands import COMMANDS, Command
from skillgit.chat.event import Retrieved
from skillgit.errors import SkillgitError, UsageError
from skillgit.serve.api import places
from skillgit.serve.desk import Hands
from skillgit.serve.retrieval import Wish
from skillgit.serve.web.chat_view import Part, discreet
from skillgit.serve.web.page import Visit
from skillgit.serve.web.render import address
from skillgit.skills import naming

_PATIENCE = 10.0
_TERMINAL: Final = ("write", "paste", "file", "clip")
"""What only a terminal can do; a browser has its own ways."""


@dataclass(frozen=True, slots=True)
class Go:
    """Go on to this path of ours."""

    to: str


Outcome: TypeAlias = Part | Go
Run: TypeAlias = Callable[[Visit, Kept, Command], Awaitable[Outcome]]


async def run(visit: Visit, at: Kept, command: Command) -> Outcome:
    """What comes of a command in a conversation. Raises UsageError for one that a browser cannot do."""
    if command.name in _TERMINAL:
        raise UsageError(f"'/{command.name}' is for the terminal", hint="paste the text here; 'skillgit chat' has it")
    return await _RUN[command.name](visit, at, command)


async def _help(visit: Visit, at: Kept, command: Command) -> Outcome:
    return Part("told", "chat_help.html", [row for row in COMMANDS if row.name not in _TERMINAL])


async def _search(visit: Visit, at: Kept, command: Command) -> Outcome:
    chosen = at.options
    wish = Wish(visit.user, chosen.scope, chosen.limit, chosen.min_score)
    found = await visit.server.retrieval.search(command.argument, wish, seconds=_PATIENCE)
    if found.trouble:
        raise SkillgitError(f"no skills are searched: {found.trouble}")
    said = Retrieved(command.argument, found.hits, found.hits, notes=found.notes)
    return Part("told", "chat_found.html", discreet(visit, said))


def _to(page: str) -> Run:
    """A command that a page answers."""

    async def go(visit: Visit, at: Kept, command: Command) -> Outcome:
        return Go(page)

    return go


def _to_skill(page: str, *, otherwise: str = "") -> Run:
    """A command that a page about a skill answers, which is the one that was learned last where none is named."""

    async def go(visit: Visit, at: Kept, command: Command) -> Outcome:
        if otherwise and not command.words:
            return Go(otherwise)
        path = await visit.server.desk.do("read", partial(_skill, visit, at, command))
        since, _, to = (command.words[1] if len(command.words) > 1 else "").partition("..")
        return Go(address(f"{page}/{path}", since=since, to=to))

    return go


def _skill(visit: Visit, at: Kept, command: Command, hands: Hands) -> str:
    """The path of the skill that a command is about."""
    seen = places.seen(hands, visit.user)
    if command.words:
        return naming.resolve(command.words[0].partition(":")[0], seen, user=visit.user)
    with chats(hands.repo) as kept:
        taught = next((each.skill for each in reversed(kept.lessons(at.id)) if each.skill), "")
    if not taught:
        raise UsageError("nothing was learned here yet", hint=f"name a skill: /{command.name} SKILL")
    return naming.resolve(taught, seen, user=visit.user)


def _set(name: str) -> Run:
    """A command that changes an option."""

    async def change(visit: Visit, at: Kept, command: Command) -> Outcome:
        chosen = options.change(at.options, **{name: command.argument})
        await visit.server.talks.do(visit.user, at.id, lambda session: session.configure(chosen))
        return Part("told", "chat_set.html", (name, getattr(chosen, name)))

    return change


async def _leave(visit: Visit, at: Kept, command: Command) -> Outcome:
    await visit.server.talks.leave(visit.user, at.id)
    return Go("/chat")


_RUN: Final[Mapping[str, Run]] = {
    "help": _help,
    "search": _search,
    "skills": _to("/library"),
    "export": _to_skill("/skills"),
    "log": _to_skill("/history", otherwise="/growth"),
    "diff": _to_skill("/diff"),
    "why": _to_skill("/blame"),
    "review": _to("/review"),
    "undo": _to_skill("/revert"),
    "scope": _set("scope"),
    "rewrite": _set("rewrite"),
    "extract": _set("learn"),
    "extract_every": _set("every"),
    "clear": _leave,
    "exit": _leave,
}
