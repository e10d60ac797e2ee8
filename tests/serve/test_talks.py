"""Conversations on a server, without a page: answers on threads, stopped, bounded, learned from when it is quiet."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest

from skillgit.chat.chats import Chats, chats, new_id
from skillgit.chat.event import Answered, Event, Piece, Retrieved, Unanswered
from skillgit.chat.options import Options
from skillgit.chat.session import Session
from skillgit.errors import NotFound, Refused
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.git.setup import init
from skillgit.serve.counting import Counting
from skillgit.serve.retrieval import Retrieval
from skillgit.serve.talks import QUIET, Say, Talks
from skillgit.serve.voice import EACH
from tests.chat.brain import brain
from tests.chat.place import FEEDBACK
from tests.models.server import Reply, Request, Sent, Server, says, serving
from tests.serve.place import library
from tests.share.forges import TOKEN, Forge, forge

SILENT = Options(learn="never")


@dataclass(frozen=True, slots=True)
class Place:
    repo: Repo
    talks: Talks
    model: Server
    kept: Chats

    def begin(self, user: str = "ada", options: Options = SILENT) -> str:
        name = new_id()
        self.kept.begin(name, user, options=options)
        return name

    def said(self, name: str) -> list[str]:
        return [turn.text for turn in self.kept.turns(name)]

    async def hears(self, name: str, text: str, user: str = "ada") -> list[Event]:
        return [event async for event in self.talks.answer(user, name, saying(text)) if event]


def saying(text: str) -> Say:
    return lambda session: session.say(text)


@asynccontextmanager
async def place(directory: Path, script: Reply, quiet: float) -> AsyncIterator[Place]:
    with serving(script) as model:
        repo = library(directory)
        git(["config", "skillgit.model", "openai-compatible/loopback-1"], cwd=directory)
        git(["config", "skillgit.model-url", f"{model.url}/v1"], cwd=directory)
        retrieval, counting = Retrieval(directory), Counting(directory)
        talks = Talks(directory, retrieval, counting, quiet=quiet)
        with chats(repo) as kept:
            yield Place(repo, talks, model, kept)
            await talks.close()
        counting.close()
        retrieval.close()


@pytest.fixture
def forge_of_skills(tmp_path: Path) -> Iterator[Forge]:
    """A forge with one repository of skills."""
    known = {"GH_ENTERPRISE_TOKEN": TOKEN, "SKILLGIT_FORGE": "github"}
    with forge("github", tmp_path / "srv") as running, patch.dict(os.environ, known):
        running.repository("team/skills", init(tmp_path / "first").repo.directory)
        yield running


def slow(request: Request) -> Sent:
    """To think, it takes for ever."""
    return says("Done.", wait=30 if "Think" in request.messages[-1]["content"] else 0)(request)


def run(directory: Path, script: Reply, test: Callable[[Place], Awaitable[None]], *, quiet: float = QUIET) -> None:
    async def main() -> None:
        async with place(directory, script, quiet) as here:
            await test(here)

    asyncio.run(main())


def test_events_come_as_they_happen_with_the_skills_of_the_user_alone(tmp_path: Path) -> None:
    async def test(here: Place) -> None:
        for user in ("ada", "bob"):
            events = await here.hears(here.begin(user), "Write a government report about rivers.", user)
            found = events[0]
            assert isinstance(found, Retrieved)
            assert [hit.path for hit in found.injected] == [f"Users/{user}/government-report"]
            assert events[-1] == Answered("One two.") and Piece("One ") in events

    run(tmp_path / "lib", says("One two."), test)


def test_who_leaves_stops_a_model_that_says_nothing_and_can_go_on_at_once(tmp_path: Path) -> None:
    async def test(here: Place) -> None:
        name = here.begin()
        async with aclosing(here.talks.answer("ada", name, saying("Think."))) as events:
            await anext(events)
            while not here.model.requests:
                await asyncio.sleep(0.01)
        assert (await here.hears(name, "And now?"))[-1] == Answered("Done.")
        assert here.said(name) == ["Think.", "And now?", "Done."]

    run(tmp_path / "lib", slow, test)


def test_a_slow_model_keeps_no_other_conversation_waiting_and_a_user_has_so_many_answers_at_once(
    tmp_path: Path,
) -> None:
    async def test(here: Place) -> None:
        waiting = [asyncio.create_task(here.hears(here.begin(), "Think.")) for _ in range(EACH)]
        while len(here.model.requests) < EACH:
            await asyncio.sleep(0.01)
        last = (await here.hears(here.begin(), "Quick."))[-1]
        assert isinstance(last, Unanswered) and "too many answers" in last.reason
        assert (await here.hears(here.begin("bob"), "Quick.", "bob"))[-1] == Answered("Done.")
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    run(tmp_path / "lib", slow, test)


def test_a_conversation_of_another_is_not_there(tmp_path: Path) -> None:
    async def test(here: Place) -> None:
        name = here.begin("bob")
        for gone in (name, new_id()):
            with pytest.raises(NotFound):
                await here.hears(gone, "Hello.")
            with pytest.raises(NotFound):
                await here.talks.do("ada", gone, Session.extract)
        assert here.said(name) == []

    run(tmp_path / "lib", says("Done."), test)


def test_two_who_talk_at_once_in_one_conversation_do_not_mix(tmp_path: Path) -> None:
    async def test(here: Place) -> None:
        name = here.begin()
        async with aclosing(here.talks.answer("ada", name, saying("Think."))) as events:
            await anext(events)
            with pytest.raises(Refused, match="under way"):
                await here.hears(name, "Me, too.")
        assert here.said(name) == ["Think."]

    run(tmp_path / "lib", slow, test)


@pytest.mark.parametrize("end", ["quiet", "close"])
def test_what_is_left_is_learned_from_when_it_is_quiet_and_when_the_server_ends(tmp_path: Path, end: str) -> None:
    async def test(here: Place) -> None:
        name = here.begin(options=Options(every=9))
        await here.hears(name, FEEDBACK)
        if end == "close":
            await here.talks.close()
        while not here.kept.lessons(name):
            await asyncio.sleep(0.02)
        assert [lesson.version for lesson in here.kept.lessons(name)] == ["0.1.0"]

    run(tmp_path / "lib", brain(), test, quiet=0.05 if end == "quiet" else QUIET)


def test_what_another_process_left_is_taken_up_once(tmp_path: Path) -> None:
    async def test(here: Place) -> None:
        name = here.begin()
        await here.hears(name, FEEDBACK)
        here.kept.ask(name, 2)
        for _ in range(3):
            here.talks.meet(here.kept, "ada")
        await asyncio.to_thread(here.talks.background.wait)
        assert [lesson.version for lesson in here.kept.lessons(name)] == ["0.1.0"]

    run(tmp_path / "lib", brain(), test)


def test_a_model_that_is_stopped_leaves_no_thread_behind_once_it_speaks(tmp_path: Path) -> None:
    async def test(here: Place) -> None:
        name = here.begin()
        async with aclosing(here.talks.answer("ada", name, saying("Count."))) as events:
            async for event in events:
                if isinstance(event, Piece):
                    break
        while any(thread.name == "voice" for thread in threading.enumerate()):
            await asyncio.sleep(0.02)
        assert here.said(name)[-1].startswith("and ")

    run(tmp_path / "lib", brain(lambda said: "and " * 500, pace=0.0002), test)


def test_by_the_policy_of_proposals_what_a_conversation_teaches_is_in_a_pull_request(
    forge_of_skills: Forge, tmp_path: Path
) -> None:
    async def test(here: Place) -> None:
        for words in (
            ["remote", "add", "origin", forge_of_skills.at("team/skills")],
            ["config", "skillgit.learn.policy", "pr"],
        ):
            git(words, cwd=here.repo.directory)
        name = here.begin(options=Options(learn="always"))
        await here.hears(name, FEEDBACK)
        await asyncio.to_thread(here.talks.background.wait)
        (lesson,) = here.kept.lessons(name)
        (pull,) = forge_of_skills.pulls
        assert forge_of_skills.tip("team/skills", pull.head) == lesson.commit
        assert "breaking changes first" in pull.body

    run(tmp_path / "lib", brain(), test)
