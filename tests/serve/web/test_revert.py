"""Bringing back a version: shown first, done once confirmed, and never on what has changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from skillgit.changes.move import move, remove
from tests.changes.library import document, head, history, version
from tests.serve.place import Place
from tests.serve.web.pasts import field, learn, open_place, own, rewrite, words


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, httpx.Client]]:
    with open_place(tmp_path_factory.mktemp("open")) as opened:
        yield opened


@pytest.fixture
def notes(opened: tuple[Place, httpx.Client], request: pytest.FixtureRequest) -> str:
    """The path of a skill of two versions, of its own for each test."""
    place, path = opened[0], own(request.node.name)
    learn(place.repo, path, "Cite a source.", said="cite")
    learn(place.repo, path, "Do not use tables.", said="no tables please")
    return path


def confirm(client: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """What a visitor hears who confirms what a page has shown."""
    said = {name: field(page, name) for name in ("token", "to", "last")}
    return client.post(page.url.path, data=said | fields)


def test_what_is_confirmed_is_done(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    before = head(place.repo)
    page = client.get(f"/revert/{notes}?to=0.1.0&view=inline")
    assert "removed: - Do not use tables." in words(page) and "as version 0.2.0" in words(page)
    assert head(place.repo) == before
    done = confirm(client, page)
    assert (done.status_code, done.url.path) == (200, f"/history/{notes}")
    assert "It is back, as version 0.2.0." in words(done)
    assert history(place.repo, notes) == ["0.2.0", "0.1.1", "0.1.0"]
    assert "tables" not in document(place.repo, notes).body


def test_without_a_version_the_last_change_is_undone(opened: tuple[Place, httpx.Client], notes: str) -> None:
    _, client = opened
    assert field(client.get(f"/revert/{notes}"), "to") == "0.1.0"


def test_a_skill_that_is_gone_comes_back(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    remove(place.repo, notes)
    page = client.get(f"/revert/{notes}")
    assert field(page, "to") == "0.1.1" and "comes back as version 0.1.2" in words(page)
    assert "It is back" in confirm(client, page).text
    assert "Do not use tables." in document(place.repo, notes).body


def test_what_has_changed_meanwhile_is_shown_anew_and_not_done(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    page = client.get(f"/revert/{notes}?to=0.1.0")
    rewrite(place.repo, notes, "- Cite a source.\n", "- Cite a source.\n- Be brief.\n")
    shown = confirm(client, page)
    assert shown.status_code == 409 and version(place.repo, notes) == "0.1.2"
    assert "has changed since you looked" in words(shown) and "removed: - Be brief." in words(shown)
    assert confirm(client, shown).status_code == 200
    assert version(place.repo, notes) == "0.2.0"


def test_what_changed_elsewhere_is_in_nobodys_way(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    page = client.get(f"/revert/{notes}?to=0.1.0")
    learn(place.repo, "Users/ada/other", "Be brief.", said="be brief")
    assert confirm(client, page).status_code == 200
    assert version(place.repo, notes) == "0.2.0"


def test_what_is_confirmed_twice_is_done_once(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    page = client.get(f"/revert/{notes}?to=0.1.0")
    confirm(client, page)
    again = confirm(client, page)
    assert again.status_code == 409 and "is already as it was at 0.1.0" in words(again)
    assert version(place.repo, notes) == "0.2.0"


def test_edits_in_the_work_tree_are_in_the_way_and_stay(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    page = client.get(f"/revert/{notes}?to=0.1.0")
    assert place.repo.worktree
    file = place.repo.worktree / notes / "SKILL.md"
    file.write_text("mine")
    shown = confirm(client, page)
    assert shown.status_code == 409 and "are in the way" in words(shown) and "git stash" in words(shown)
    assert file.read_text() == "mine" and version(place.repo, notes) == "0.1.1"


@pytest.mark.parametrize("last", ["", "x", "0" * 40, "HEAD"])
def test_without_what_was_seen_nothing_is_done(opened: tuple[Place, httpx.Client], notes: str, last: str) -> None:
    place, client = opened
    page = client.get(f"/revert/{notes}?to=0.1.0")
    assert confirm(client, page, last=last).status_code == 409
    assert version(place.repo, notes) == "0.1.1"


def test_without_the_token_of_the_page_nothing_is_done(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    page = client.get(f"/revert/{notes}?to=0.1.0")
    assert confirm(client, page, token="x").status_code == 403
    assert version(place.repo, notes) == "0.1.1"


@pytest.mark.parametrize(
    ("path", "to", "status"),
    [
        ("", "9.9.9", 404),
        ("", "0.1.1", 404),
        ("Users/ada/government-report", "", 404),
        ("Users/bob/government-report", "0.1.0", 404),
        ("Common/haiku", "0.1.0", 403),
    ],
    ids=["no version", "as it is", "no earlier one", "another user's", "a common one"],
)
def test_what_cannot_come_back_says_why(
    opened: tuple[Place, httpx.Client], notes: str, path: str, to: str, status: int
) -> None:
    place, client = opened
    before = head(place.repo)
    page = client.get(f"/revert/{notes}?to=0.1.0")
    assert client.get(f"/revert/{path or notes}", params={"to": to}).status_code == status
    posted = {"token": field(page, "token"), "to": to, "last": before}
    assert client.post(f"/revert/{path or notes}", data=posted).status_code == status
    assert head(place.repo) == before


def test_what_was_moved_is_brought_back_where_it_is(opened: tuple[Place, httpx.Client], notes: str) -> None:
    place, client = opened
    move(place.repo, notes, "Users/ada/notes")
    page = client.get(f"/revert/{notes}")
    assert page.status_code == 409 and "is now 'ada/notes'" in words(page)
    assert "It is back" in confirm(client, client.get("/revert/Users/ada/notes?to=0.1.0")).text
    assert document(place.repo, "Users/ada/notes").name == "notes"


def test_it_is_asked_in_chinese_as_well(opened: tuple[Place, httpx.Client], notes: str) -> None:
    _, client = opened
    assert f"恢复 {notes.rpartition('/')[2]} 0.1.0？" in words(client.get(f"/revert/{notes}?to=0.1.0&lang=zh"))
    client.cookies.clear()
