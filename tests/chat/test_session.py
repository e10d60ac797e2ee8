"""A conversation without a face: what is answered, what is given to the model, what is learned, what is kept."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from skillgit.chat.answering import is_answering
from skillgit.chat.chats import Said, chats, find, shortest
from skillgit.chat.event import Answered, Piece, Retrieved, Unanswered
from skillgit.chat.options import Options
from skillgit.chat.session import HISTORY, prompt
from skillgit.errors import NotFound, Refused, UsageError
from skillgit.git.repo import Repo
from skillgit.git.run import git
from skillgit.search.tokens import tokens
from tests.chat.place import ANSWER, FEEDBACK, MORE, REQUEST, echo, place, retrieved, settle, talk
from tests.models.server import says, sends, status

NOTES = "Users/ada/release-notes"


def test_a_request_teaches_nothing_feedback_makes_a_skill_more_of_it_a_version_and_a_new_session_is_given_it(
    tmp_path: Path,
) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        first = here.session()
        assert talk(first, REQUEST) == ANSWER
        assert here.decisions() == ["none"]
        talk(first, FEEDBACK)
        assert here.decisions() == ["none", "add 0.1.0"]
        talk(first, MORE)
        assert here.decisions() == ["none", "add 0.1.0", "merge 0.1.1"]
        second = here.session()
        found = retrieved(second, "Write the release notes for 2.5.")
        assert [(hit.path, hit.version) for hit in found.injected] == [(NOTES, "0.1.1")]
        assert here.server
        asked = here.server.requests[-1].messages
        assert [each["role"] for each in asked] == ["system", "user"]
        assert "link every fix" in asked[0]["content"]


def test_events_come_in_order_and_the_pieces_are_the_answer(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says("One two three.")) as here:
        events = list(here.session().say("Count to three."))
        assert [type(event) for event in events] == [Retrieved, Piece, Piece, Piece, Answered]
        assert events[-1] == Answered("One two three.")


def test_without_a_model_there_is_no_answer_and_it_is_retrieved_and_learned_all_the_same(tmp_path: Path) -> None:
    with place(tmp_path / "lib") as here:
        session = here.session()
        events = list(session.say(REQUEST))
        assert [type(event) for event in events] == [Retrieved, Unanswered]
        settle(session)
        talk(session, FEEDBACK)
        assert here.decisions()[-1] == "add 0.1.0"
        assert [hit.path for hit in retrieved(here.session(), REQUEST).hits] == [NOTES]


def test_an_answer_that_is_stopped_is_kept_as_far_as_it_came_and_the_conversation_goes_on(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says("One two three."), echo) as here:
        session = here.session()
        with closing(session.say("Count.")) as events:
            next(events)
            assert next(events) == Piece("One ")
        assert [(said.text, said.whole) for said in session.turns] == [("Count.", True), ("One ", False)]
        assert talk(session, "Go on.") == "You said: Go on."


BROKEN = {
    "a refusal": (status(401, message="bad key"), "401", ""),
    "half a stream": (says("One two three.", cut=120), "broke", "One"),
    "no stream": (sends(b"{}"), "does not stream", ""),
    "an answer that was cut": (says("One two.", reason="length"), "cut the answer off", "One two."),
}


@pytest.mark.parametrize(("reply", "reason", "text"), BROKEN.values(), ids=BROKEN.keys())
def test_a_model_that_fails_is_named_and_what_was_said_is_learned_from(
    tmp_path: Path, reply: object, reason: str, text: str
) -> None:
    with place(tmp_path / "lib", reply) as here:  # type: ignore[arg-type]
        session = here.session()
        *_, last = session.say(FEEDBACK)
        assert isinstance(last, Unanswered)
        assert reason in last.reason
        settle(session)
        assert here.decisions() == ["add 0.1.0"]
        assert "".join(said.text for said in session.turns if said.role == "assistant").startswith(text)


def test_another_answer_takes_the_place_of_the_last(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says("First."), says("Second.")) as here:
        session = here.session()
        talk(session, "Say something.")
        assert list(session.again())[-1] == Answered("Second.")
        assert [said.text for said in session.turns] == ["Say something.", "Second."]
        settle(session)


def test_there_is_no_other_answer_and_nothing_to_learn_where_nothing_was_said(tmp_path: Path) -> None:
    with place(tmp_path / "lib") as here:
        for asked in (here.session().extract, lambda: list(here.session().again())):
            with pytest.raises(Refused, match="nothing was said"):
                asked()


POLICIES = {
    "always": (Options(learn="always", every=9), ["none", "add 0.1.0", "merge 0.1.1"]),
    "auto, each message": (Options(), ["none", "add 0.1.0", "merge 0.1.1"]),
    "auto, every second": (Options(every=2), ["add 0.1.0", "merge 0.1.1"]),
    "auto, when it is over": (Options(every=9), ["add 0.1.0"]),
    "never": (Options(learn="never"), []),
}


@pytest.mark.parametrize(("options", "decisions"), POLICIES.values(), ids=POLICIES.keys())
def test_a_conversation_is_learned_from_as_the_policy_says(
    tmp_path: Path, options: Options, decisions: list[str]
) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        session = here.session(options=options)
        talk(session, REQUEST, FEEDBACK, MORE)
        session.leave()
        settle(session)
        assert here.decisions() == decisions


def test_it_is_learned_from_at_once_where_somebody_asks_with_a_hint(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        session = here.session(options=Options(learn="never"))
        talk(session, FEEDBACK)
        session.extract("release notes")
        settle(session)
        assert here.decisions() == ["add 0.1.0"]


def test_what_a_process_left_over_is_seen_by_the_next(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        session = here.session()
        session._background.add = lambda wanted: None  # type: ignore[method-assign]  # as if it died here
        talk(session, FEEDBACK)
        assert here.chats.unheard("ada") == (session.id,)
        assert here.chats.unheard("bob") == ()


def test_a_kept_conversation_goes_on_where_it_was(tmp_path: Path) -> None:
    with place(tmp_path / "lib", echo) as here:
        first = here.session(options=Options(scope="user"))
        talk(first, REQUEST, FEEDBACK)
        again = here.session(name=first.id)
        assert again.options.scope == "user"
        talk(again, MORE)
        assert here.decisions() == ["none", "add 0.1.0", "merge 0.1.1"]
        assert [said.text for said in again.turns][::2] == [REQUEST, FEEDBACK, MORE]
        assert [lesson.version for lesson in here.chats.lessons(first.id)] == ["", "0.1.0", "0.1.1"]


def test_what_was_said_before_another_answer_that_never_came_is_learned_from_once_and_what_follows_too(
    tmp_path: Path,
) -> None:
    with place(tmp_path / "lib", says(ANSWER), says(ANSWER), status(401)) as here:
        session = here.session()
        talk(session, REQUEST, FEEDBACK)
        assert isinstance(list(session.again())[-1], Unanswered)
        talk(session, MORE)
        assert here.decisions()[-1] == "merge 0.1.1"


def test_a_conversation_that_is_cleared_is_learned_from(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        session = here.session(options=Options(every=9))
        talk(session, REQUEST, FEEDBACK)
        session.clear()
        settle(session)
        assert here.decisions() == ["add 0.1.0"]


def test_a_conversation_that_is_cleared_is_kept_and_a_new_one_begins(tmp_path: Path) -> None:
    with place(tmp_path / "lib", echo) as here:
        session = here.session()
        talk(session, "My name is Ada.")
        session.clear()
        talk(session, "Who am I?")
        assert here.server and len(here.server.requests[-1].messages) == 1
        assert [kept.title for kept in here.chats.list("ada")] == ["Who am I?", "My name is Ada."]


def test_the_skills_that_an_answer_was_given_are_kept_with_it(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        talk(here.session(), REQUEST, FEEDBACK)
        session = here.session()
        talk(session, REQUEST)
        (given,) = session.turns[-1].given
        assert (given.path, given.version, given.injected) == (NOTES, "0.1.0", True)
        assert 0 < given.score <= 1


def test_chats_are_private_and_what_is_deleted_is_gone_from_the_file(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says(ANSWER)) as here:
        session = here.session(options=Options(learn="never"))
        talk(session, "The pelican is at dawn.")
        file = here.repo.private / "chats.db"
        assert file.stat().st_mode & 0o77 == 0
        here.chats.delete(session.id)
        assert here.chats.list("ada") == ()
    with chats(Repo.open(tmp_path / "lib")):
        pass
    assert b"pelican" not in b"".join(path.read_bytes() for path in file.parent.glob("chats.db*"))
    assert git(["status", "--porcelain"], cwd=tmp_path / "lib") == b""


def test_a_conversation_is_named_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    with place(tmp_path / "lib") as here:
        for name in ("abcdef01", "abcdff01"):
            here.chats.begin(name, "ada", options=Options())
            here.chats.add(name, Said("user", "Hello"))
        kept = here.chats.list("ada")
        assert find(kept, "abcde").id == "abcdef01"
        assert shortest(kept) == {"abcdef01": "abcde", "abcdff01": "abcdf"}
        with pytest.raises(UsageError):
            find(kept, "abcd")
        for typed in ("abc", "ffff", ""):
            with pytest.raises(NotFound):
                find(kept, typed)


def test_a_model_is_given_the_end_of_a_long_conversation_from_one_of_the_users_turns_on() -> None:
    long = "word " * 9_000
    said = [Said(role, f"{n} {long}") for n in range(6) for role in ("user", "assistant")]
    asked = prompt(said, "")
    assert asked[0].role == "user"
    assert asked[-1].content.startswith("5 ")
    assert sum(tokens(each.content) for each in asked) <= HISTORY
    assert [each.role for each in prompt([Said("user", long * 9)], "skills")] == ["system", "user"]


@pytest.mark.parametrize("text", ["中文：以后写发布说明都先写破坏性变更。", "a\ud800b", "\0", "x" * 300_000], ids=len)
def test_any_text_can_be_said(tmp_path: Path, text: str) -> None:
    with place(tmp_path / "lib", says("好的")) as here:
        assert talk(here.session(), text) == "好的"


def test_a_conversation_has_one_answer_under_way_and_takes_another_turn_when_that_has_ended(tmp_path: Path) -> None:
    with place(tmp_path / "lib", echo) as here:
        first = here.session()
        events = first.say("Count.")
        next(events)
        assert is_answering(here.repo, first.id)
        second = here.session(name=first.id)
        for another in (second.say("Me, too."), second.again()):
            with pytest.raises(Refused, match="under way"):
                next(another)
        assert talk(here.session(), "Elsewhere.") == "You said: Elsewhere."
        events.close()
        assert not is_answering(here.repo, first.id)
        assert talk(second, "Now?") == "You said: Now?"
        assert [said.text for said in first.turns] == ["Count.", "Now?", "You said: Now?"]


def test_a_process_that_was_killed_while_it_answered_holds_no_conversation(tmp_path: Path) -> None:
    with place(tmp_path / "lib", echo) as here:
        session = here.session()
        file = here.repo.private / "answering" / session.id
        file.parent.mkdir(parents=True)
        file.touch()
        assert not is_answering(here.repo, session.id)
        assert talk(session, "Hello.") == "You said: Hello."
        assert not file.exists()


def test_an_answer_that_comes_after_its_conversation_was_deleted_is_not_kept(tmp_path: Path) -> None:
    with place(tmp_path / "lib", says("The pelican is at dawn.")) as here:
        session = here.session(options=Options(learn="never"))
        events = session.say("When?")
        next(events)
        here.chats.delete(session.id)
        assert list(events)[-1] == Answered("The pelican is at dawn.")
        assert session.turns == ()
