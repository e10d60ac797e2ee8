"""Who sees what waits, and who decides about it: on a server with keys, where it is of several users."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from skillgit.git import evidence
from skillgit.git.repo import Repo
from skillgit.git.transaction import Transaction, write
from tests.changes.library import document, state
from tests.serve.place import Place, serving
from tests.serve.web.reviews import HAIKU, REPORT, decide, field, visitor
from tests.share.waiting import QUOTE, key, propose

BOBS = "Users/bob/government-report"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A server with keys, where something waits for ada (A), for bob (B) and for all (C)."""
    with serving(tmp_path_factory.mktemp("shared")) as place:
        repo = Repo.open(place.repo.directory)
        for letter, path in {"A": REPORT, "B": BOBS, "C": HAIKU}.items():
            propose(repo, path, f"Rule {letter}.", attempt=letter, ref=f"refs/heads/learn/x/{letter}")
        yield place


SEEN = {"ada": "AC", "bob": "BC", "carol": "C"}


@pytest.mark.parametrize(("user", "sees"), SEEN.items(), ids=SEEN)
def test_one_sees_what_is_about_the_own_skills_and_common_ones(shared: Place, user: str, sees: str) -> None:
    with visitor(shared, user) as client:
        listed = client.get("/review").text
        assert [letter for letter in "ABC" if f"Rule {letter}." in listed] == list(sees)
        for letter in "ABC":
            codes = {client.get(f"/review/{key(letter)}{what}").status_code for what in ("", "?done=" + key("B"))}
            assert codes == {200 if letter in sees else 404}


@pytest.mark.parametrize("what", ["accept", "reject", "edit", "undo"])
@pytest.mark.parametrize(("letter", "status"), [("B", 404), ("C", 403)], ids=["another's", "a common one"])
def test_one_decides_about_the_own_skills_only(shared: Place, what: str, letter: str, status: int) -> None:
    before = state(shared.repo.directory)
    with visitor(shared) as client:
        token = field(client.get("/review"), "token")
        said = {"token": token, "reason": "no", "text": "x", "seen": "x"}
        status = 404 if what == "undo" else status
        assert client.post(f"/review/{key(letter)}/{what}", data=said).status_code == status
        page = client.get(f"/review/{key('C')}").text
    assert "A key that may act for others" in page and "/accept" not in page
    assert state(shared.repo.directory) == before


def test_what_another_decided_about_is_not_told(shared: Place) -> None:
    repo = Repo.open(shared.repo.directory)
    propose(repo, BOBS, "Rule D.", attempt="D", ref="refs/heads/learn/x/D")
    with visitor(shared, "bob") as client:
        decide(client, key("D"), "reject", reason="bob's own reason")
    with visitor(shared) as client:
        assert client.get(f"/review/{key('D')}").status_code == 404
        assert "bob's own reason" not in client.get(f"/review?done={key('D')}").text
        token = field(client.get("/review"), "token")
        assert client.post(f"/review/{key('D')}/undo", data={"token": token}).status_code == 404


def test_who_may_act_for_others_decides_about_common_skills(shared: Place) -> None:
    repo = Repo.open(shared.repo.directory)
    propose(repo, HAIKU, "Rule E.", attempt="E", ref="refs/heads/learn/x/E")
    with visitor(shared, acts=True) as client:
        assert "Accepted: Common/haiku" in decide(client, key("E"), "accept").text
    assert "Rule E." in document(repo, HAIKU).body


@pytest.mark.parametrize("acts", [True, False])
def test_a_whole_turn_is_shown_to_who_may_look_at_all(shared: Place, acts: bool) -> None:
    turn = {QUOTE.turn: f"Listen: {QUOTE.text}, please."}
    write(shared.repo, lambda tx: _keep(tx, turn))
    with visitor(shared, acts=acts) as client:
        page = client.get(f"/review/{key('A')}").text
    assert QUOTE.text in page and ("Listen: " in page) == acts


def _keep(tx: Transaction, turns: dict[int, str]) -> None:
    evidence.keep(tx, QUOTE.digest, turns)
    tx.commit("kept\n", {})


def test_a_form_of_another_session_decides_nothing(shared: Place) -> None:
    with visitor(shared) as client:
        for what in ("accept", "reject", "edit", "undo"):
            assert client.post(f"/review/{key('A')}/{what}", data={"reason": "no"}).status_code == 403


def test_a_branch_with_anything_of_another_user_is_not_told_of(shared: Place) -> None:
    with visitor(shared) as client:
        assert client.get("/review-request/learn/x/A").status_code == 200
        assert client.get("/review-request/learn/x/B").status_code == 404
        assert "learn/x/B" not in client.get("/review").text
    with visitor(shared, acts=True) as client:
        assert (
            client.get("/review-request/learn/x/B").status_code == 404
        )  # of whom the library is not that is looked at
