"""Learning in the background: what waits, what is left over, what a model gives no answer about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event

from skillgit.chat.event import Learned, Learning
from skillgit.chat.learning import Background, Wanted, learn
from skillgit.chat.options import Options
from skillgit.errors import UsageError
from skillgit.git.repo import Repo
from skillgit.learn import undecided
from skillgit.learn.learner import Learner
from tests.chat.brain import brain
from tests.chat.place import FEEDBACK, MORE, REQUEST, offline, place, settle, talk
from tests.models.server import Request, Sent, says, status

QUIET = Options(learn="never")


def test_what_a_model_gives_no_answer_about_is_learned_with_what_is_said_next(tmp_path: Path) -> None:
    down = Event()
    down.set()

    def script(request: Request) -> Sent:
        return (status(401) if down.is_set() and "response_format" in request.body else brain())(request)

    with place(tmp_path / "lib", script) as here:
        session = here.session(options=QUIET)
        learner = replace(offline(here.repo), chat=here.model())
        talk(session, FEEDBACK)
        assert learn(here.chats, Wanted(session.id, "ada"), learning=learner).lesson.decision == "undecided"
        assert len(list(undecided.kept(here.repo))) == 1
        assert here.chats.get(session.id).heard == 0
        down.clear()
        talk(session, MORE)
        assert learn(here.chats, Wanted(session.id, "ada"), learning=learner).lesson.version == "0.1.0"
        assert list(undecided.kept(here.repo)) == []
        assert here.chats.get(session.id).heard == 4


def test_a_conversation_that_waits_twice_is_learned_from_once(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says("Done.")) as here:
        session = here.session(options=QUIET)
        talk(session, REQUEST, FEEDBACK)
        began, goes = Event(), Event()

        def tell(news: Learning | Learned) -> None:
            here.told.append(news)
            began.set()
            goes.wait(10)

        background = Background(here.repo.directory, offline, tell)
        background.add(Wanted("another", "ada"))
        assert began.wait(10)
        for _ in range(3):
            background.add(Wanted(session.id, "ada"))
        assert background.busy
        goes.set()
        background.wait()
        assert here.decisions() == ["none", "add 0.1.0"]
        assert not background.busy


def test_two_processes_that_learn_from_the_same_decide_once(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says("Done.")) as here:
        session = here.session(options=QUIET)
        talk(session, REQUEST, FEEDBACK)
        both = [here.background(), here.background()]
        for background in both:
            background.add(Wanted(session.id, "ada"))
        for background in both:
            background.wait()
        assert sorted(here.decisions()) == ["add 0.1.0", "none"]
        settle(session)


def test_where_nobody_can_be_had_who_learns_it_is_said_and_the_next_one_learns(tmp_path: Path) -> None:
    missing = [UsageError("no key for 'openai' is set", hint="set OPENAI_API_KEY")]

    def made(repo: Repo, user: str) -> Learner:
        if missing:
            raise missing.pop()
        return offline(repo, user)

    with place(tmp_path / "lib", says("Done.")) as here:
        session = here.session(options=QUIET)
        talk(session, FEEDBACK)
        background = Background(here.repo.directory, made, here.told.append)
        for _ in range(2):
            background.add(Wanted(session.id, "ada"))
            background.wait()
            assert not background.is_at(session.id)
        assert here.lessons[0].reason == "no key for 'openai' is set"
        assert here.decisions() == ["undecided", "add 0.1.0"]
