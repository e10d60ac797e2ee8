"""Why each rule of a skill is there: who decided it, in which version, from whose words, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from skillgit.changes.move import remove
from skillgit.changes.revert import revert
from skillgit.git.evidence import forget
from skillgit.learn import forget as forgetting
from tests.serve.place import Place
from tests.serve.web.pasts import learn, open_place, own, rewrite, words


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, httpx.Client]]:
    with open_place(tmp_path_factory.mktemp("open")) as opened:
        yield opened


@pytest.fixture
def notes(request: pytest.FixtureRequest) -> str:
    """The path of a skill of its own for each test."""
    return own(request.node.name)


def test_each_rule_has_its_decision_its_version_and_its_quote(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "Cite a source for every figure.", said="always cite a source")
    learn(place.repo, notes, "Do not use tables.", said="no tables please")
    rewrite(place.repo, notes, "## Rules\n", "## Rules\n- Be brief.\n- Be kind.\n")
    page = client.get(f"/blame/{notes}")
    told = words(page)
    assert "Rules Be brief. Be kind. Edited 0.1.2 Ada Lovelace" in told
    assert told.count("it rests on nobody's quoted words") == 1
    assert "Cite a source for every figure. Added 0.1.0" in told and "Do not use tables. Merged 0.1.1" in told
    assert "no tables please The whole turn 3 Well. no tables please Thank you." in told
    assert f'href="/diff/{notes}?to=0.1.1"' in page.text


def test_rules_can_be_asked_for_as_they_were(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "Cite a source.", said="cite")
    learn(place.repo, notes, "Do not use tables.", said="no tables please")
    then = words(client.get(f"/blame/{notes}?at=0.1.0"))
    assert "As it was at 0.1.0." in then and "Do not use tables." not in then
    remove(place.repo, notes)
    assert client.get(f"/blame/{notes}").status_code == 404
    assert "Cite a source." in words(client.get(f"/blame/{notes}?at=0.1.0"))


def test_a_rule_that_was_edited_or_brought_back_says_how_it_was_learned(
    opened: tuple[Place, httpx.Client], notes: str
) -> None:
    place, client = opened
    learn(place.repo, notes, "Cite a source for every figure.", said="always cite a source")
    learn(place.repo, notes, "Do not use tables.", said="no tables please")
    rewrite(place.repo, notes, "every figure.", "every figure and claim.")
    rewrite(place.repo, notes, "- Do not use tables.\n", "")
    revert(place.repo, notes)
    told = words(client.get(f"/blame/{notes}"))
    assert "every figure and claim. Edited 0.1.2" in told
    assert "It was learned in other words: Cite a source for every figure. Added 0.1.0" in told
    assert "Do not use tables. Reverted 0.2.1" in told and "It was learned before: Merged 0.1.1" in told
    assert "always cite a source The whole turn" in told and "no tables please The whole turn" in told


def test_words_whose_conversation_is_not_kept_say_so(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "Do not use tables.", said="no tables at all")
    assert "not kept here" not in client.get(f"/blame/{notes}").text
    forget(place.repo, lambda turn: None if "tables at all" in turn.text else turn.text)
    page = words(client.get(f"/blame/{notes}"))
    assert "The conversation itself is not kept here" in page and "Well. no tables" not in page


def test_words_that_were_forgotten_say_so(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "Do not use tables.", said=f"no {forgetting.GAP} please")
    assert "were forgotten on request" in client.get(f"/blame/{notes}").text


def test_what_was_taken_back_is_told(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "Cite a source.", said="cite")
    learn(place.repo, notes, "Do not use tables.", said="no tables please")
    revert(place.repo, notes)
    told = words(client.get(f"/blame/{notes}"))
    assert "Taken back These rules" in told and "do not use tables Reverted" in told


def test_a_skill_without_rules_says_so(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "Cite a source.", said="cite")
    rewrite(place.repo, notes, "- Cite a source.\n", "")
    assert "No rules" in client.get(f"/blame/{notes}").text


def test_it_is_told_in_chinese_as_well(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    learn(place.repo, notes, "不要使用表格。", said="不要表格")
    assert "不要使用表格。 新增 0.1.0" in words(client.get(f"/blame/{notes}?lang=zh"))
    client.cookies.clear()
