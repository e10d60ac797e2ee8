"""What is said in a browser, and what comes of it: as events while it happens, or as a page when it is over.

A form that posts `stream` gets events, as a script reads them; any other gets the page.

    event: found            event: piece           event: answered         event: end
    data: {"html": ...}     data: {"text": ...}    data: {"html": ...}     data: {"turns": 2, "pending": true, ...}

The others are `begun` and `go` with a path, and `said`, `unanswered`, `told`, `learned` and `refused` with HTML. Where
there is no `end`, the connection was lost.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict
from functools import partial
from typing import Final, TypeAlias

from skillgit.chat import commands
from skillgit.chat.chats import Kept, Said, chats
from skillgit.chat.commands import Command, Row
from skillgit.chat.event import Answered, Event, Piece, Retrieved, Unanswered
from skillgit.chat.session import Session, given
from skillgit.errors import Refused, SkillgitError, UsageError
from skillgit.serve.desk import Hands
from skillgit.serve.problem import told
from skillgit.serve.talks import Say
from skillgit.serve.web import chat_commands, chat_view
from skillgit.serve.web.chat_commands import Go
from skillgit.serve.web.chat_view import Part, State
from skillgit.serve.web.page import Answer, Page, Redirect, Stream, View, Visit

Happening: TypeAlias = Part | Piece | Go | None
"""What comes of what was said; None where nothing has for a while."""
Happenings: TypeAlias = AsyncGenerator[Happening, None]

LARGEST: Final = 2 << 20
"""Characters of a message."""
_LONGEST: Final = 60.0
"""Seconds that news are waited for; who wants more asks again."""
_FIRST, _SELDOM, _SILENCE = 0.1, 1.0, 15.0


async def say(visit: Visit) -> Answer:
    """What comes of a message, or of a command."""
    at = await owned(visit)
    return await shown(visit, at, said(visit, at))


async def again(visit: Visit) -> Answer:
    """Another answer to the last message."""
    at = await owned(visit)
    return await shown(visit, at, _answered(visit, at, Session.again))


async def extract(visit: Visit) -> Answer:
    """The conversation is learned from now, as the hint says."""
    at = await owned(visit)
    happenings = await _extracted(visit, at, visit.form.get("hint", "").strip())
    return Stream(_events(visit, at, happenings)) if "stream" in visit.form else Redirect(f"/chat/{at.id}")


async def news(visit: Visit) -> Answer:
    """What is learned from a conversation, until nothing more is to be expected."""
    at = await owned(visit)
    return Stream(_events(visit, at, _learned(visit, at, _count(visit.query.get("after", "")) or 0)))


async def owned(visit: Visit) -> Kept:
    """The conversation of the path. Raises Problem, 404, where the visitor has none of that id."""
    return await visit.server.desk.do("read", partial(_own, visit))


async def shown(visit: Visit, at: Kept, happenings: Happenings, *, is_new: bool = False) -> Answer:
    """What happens, in the way that was asked for."""
    if "stream" in visit.form:
        return Stream(_events(visit, at, happenings, is_new=is_new))
    parts: list[Part] = []
    async for each in happenings:
        if isinstance(each, Go):
            return Redirect(each.to)
        parts += [each] if isinstance(each, Part) else []
    unkept = [part for part in parts if part.event in ("told", "unanswered")]
    if any(part.event == "unanswered" for part in parts):
        unkept = [part for part in parts if part.event == "found"] + unkept
    return await visit.server.desk.do("read", partial(_page, visit, at, unkept))


def read(form: Mapping[str, str]) -> str | Command:
    """The message, or the command, that a form says. Raises UsageError where it says nothing, or too much."""
    text = form.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        raise UsageError("nothing was said")
    if len(text) > LARGEST:
        raise UsageError(f"a message has at most {LARGEST:,} characters")
    return commands.parse(text) or text.strip()


async def said(visit: Visit, at: Kept) -> Happenings:
    """What comes of the text of a form."""
    happenings: Happenings
    match read(visit.form):
        case str(text):
            yield Part("said", "chat_you.html", Said("user", text))
            happenings = _answered(visit, at, lambda session: session.say(text))
        case Command(Row("again")):
            happenings = _answered(visit, at, Session.again)
        case Command(Row("extract_now"), hint):
            happenings = await _extracted(visit, at, hint)
        case command:
            yield await chat_commands.run(visit, at, command)
            return
    async with aclosing(happenings):
        async for each in happenings:
            yield each


async def _answered(visit: Visit, at: Kept, say: Say) -> Happenings:
    found = Retrieved("")
    async with aclosing(visit.server.talks.answer(visit.user, at.id, _unless_gone_on(visit, say))) as events:
        async for event in events:
            match event:
                case Retrieved():
                    found = event
                    yield Part("found", "chat_hits.html", chat_view.discreet(visit, found))
                case Answered():
                    made = Said("assistant", event.text, time.time(), given=given(found))
                    yield Part("answered", "chat_answer.html", await asyncio.to_thread(chat_view.answer, made))
                case Unanswered():
                    yield Part("unanswered", "chat_trouble.html", event if visit.may_act else _discreet(event))
                case _:
                    yield event


def _unless_gone_on(visit: Visit, say: Say) -> Say:
    """It is said where the page shows all that was: who looks at an earlier state of it shall see that first."""
    seen = _count(visit.form.get("seen", ""))

    def checked(session: Session) -> Generator[Event, None, None]:
        if seen is not None and len(session.turns) != seen:
            raise Refused("the conversation has gone on elsewhere", hint="load the page again to see it")
        yield from say(session)

    return checked


def _discreet(event: Unanswered) -> Unanswered:
    """Why there is no answer, for those who need not know where the model is."""
    return event if event.hint.startswith("git config") else Unanswered("the model has not answered")


async def _extracted(visit: Visit, at: Kept, hint: str) -> Happenings:
    """What is learned from a conversation because somebody asks for it, of which is told whatever it is."""
    before = await _state(visit, at, after=0)
    await visit.server.talks.do(visit.user, at.id, lambda session: session.extract(hint or None))
    return _learned(visit, at, before.lessons, is_asked=True)


async def _learned(visit: Visit, at: Kept, after: int, *, is_asked: bool = False) -> Happenings:
    """What is learned after so many lessons, as it comes; that it was nothing only where somebody has asked."""
    until, silent, pause = time.monotonic() + _LONGEST, time.monotonic(), _FIRST
    while True:
        now = await _state(visit, at, after=after)
        after = now.lessons
        for each in now.taught:
            if is_asked or each.lesson.decision != "none":
                yield Part("learned", "chat_lesson.html", each)
        if not now.is_pending or time.monotonic() > until:
            return
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, _SELDOM)
        if time.monotonic() - silent > _SILENCE:
            silent = time.monotonic()
            yield None


async def _events(
    visit: Visit, at: Kept, happenings: Happenings, *, is_new: bool = False
) -> AsyncGenerator[bytes, None]:
    if is_new:
        yield _event("begun", to=f"/chat/{at.id}")
    try:
        async with aclosing(happenings):
            async for each in happenings:
                yield await _told(visit, each)
        yield _end(await _state(visit, at, after=0))
    except SkillgitError as err:
        yield await _told(visit, Part("refused", "chat_trouble.html", Unanswered(told(err))))
        yield _event("end")


def _count(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


async def _told(visit: Visit, happening: Happening) -> bytes:
    match happening:
        case Part():
            return _event(happening.event, html=await asyncio.to_thread(happening.html, visit))
        case Piece():
            return _event("piece", text=happening.text)
        case Go():
            return _event("go", to=happening.to)
        case None:
            return b": still at it\n\n"


def _end(now: State) -> bytes:
    return _event("end", turns=now.turns, lessons=now.lessons, pending=now.is_pending, options=asdict(now.options))


def _event(name: str, **said: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(said)}\n\n".encode()


def _own(visit: Visit, hands: Hands) -> Kept:
    with chats(hands.repo) as kept:
        return chat_view.own(kept, visit)


async def _state(visit: Visit, at: Kept, *, after: int) -> State:
    def look(hands: Hands) -> State:
        with chats(hands.repo) as kept:
            return chat_view.state(visit, hands, kept, name=at.id, after=after)

    return await visit.server.desk.do("read", look)


def _page(visit: Visit, at: Kept, parts: Sequence[Part], hands: Hands) -> View:
    with chats(hands.repo) as kept:
        return chat_view.page(visit, hands, kept, at=kept.get(at.id), parts=parts)


PAGES = (
    Page("POST", "/chat/{name}/say", say, at=None),
    Page("POST", "/chat/{name}/again", again, at=None),
    Page("POST", "/chat/{name}/extract", extract, at=None),
    Page("GET", "/chat/{name}/events", news, at=None),
)
