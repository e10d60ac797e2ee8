"""The difference between two moments of a skill: all its files, marked by words, beside each other or in one."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import httpx
import pytest

from skillgit.changes.edit import commit_worktree, edit
from skillgit.changes.move import remove
from skillgit.serve.web.unseen import visible
from tests.changes.library import document, head
from tests.git.place import git
from tests.serve.place import Place
from tests.serve.web.pasts import NOTES, learn, lines, open_place, rewrite, scripted, words


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, httpx.Client]]:
    with open_place(tmp_path_factory.mktemp("open")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(opened: tuple[Place, httpx.Client]) -> httpx.Client:
    """The visitor of a library with a skill of three versions: 0.1.0, 0.1.1 and 0.2.0, which has more files."""
    place, client = opened
    repo = place.repo
    learn(repo, NOTES, "Use two pages.", "引用来源，不要使用表格。", said="two pages")
    rewrite(repo, NOTES, "two pages.", "three pages.")
    text = document(repo, NOTES).render().decode().replace("不要使用表格", "可以使用图表") + lines("Be brief.")
    assert repo.worktree
    top = repo.worktree / NOTES
    (top / "SKILL.md").write_text(text)
    for name, content in {"scripts/run.sh": b"#!/bin/sh\n", "assets/logo.png": b"\x89PNG\0"}.items():
        (top / name).parent.mkdir()
        (top / name).write_bytes(content)
    commit_worktree(repo)
    return client


def test_the_last_change_is_shown_first(client: httpx.Client) -> None:
    page = client.get(f"/diff/{NOTES}")
    assert "可以" in page.text and "three" in words(page) and "<ins>three</ins>" not in page.text
    assert re.search(r'<option value="0.1.1" selected>.*<option value="0.2.0" selected>', page.text, re.DOTALL)


def test_words_are_marked_where_they_changed(client: httpx.Client) -> None:
    page = client.get(f"/diff/{NOTES}?since=0.1.0&to=0.1.1")
    assert "- Use <del>two</del> pages." in page.text and "- Use <ins>three</ins> pages." in page.text
    page = client.get(f"/diff/{NOTES}?since=0.1.0&to=0.1.1&view=inline")
    assert "- Use <del>two</del><ins>three</ins> pages." in page.text


def test_chinese_is_marked_by_characters(client: httpx.Client) -> None:
    page = client.get(f"/diff/{NOTES}?view=inline")
    assert "引用来源，<del>不要</del><ins>可以</ins>使用<del>表格</del><ins>图表</ins>。" in page.text


def test_all_files_are_told_of(client: httpx.Client) -> None:
    page = words(client.get(f"/diff/{NOTES}?since=0.1.0"))
    assert "scripts/run.sh new +1 −0" in page
    assert "assets/logo.png new Not shown line by line: 0 bytes before, 5 after." in page
    back = words(client.get(f"/diff/{NOTES}?since=0.2.0&to=0.1.0"))
    assert "scripts/run.sh gone +0 −1" in back


def test_the_first_change_is_against_nothing(client: httpx.Client) -> None:
    page = client.get(f"/diff/{NOTES}?to=0.1.0")
    assert '<option value="" selected>before it was there' in page.text
    assert "SKILL.md new" in words(page) and 'rel="prev"' not in page.text and 'rel="next"' in page.text


def test_a_version_is_the_same_as_itself(client: httpx.Client) -> None:
    assert "the files are the same" in client.get(f"/diff/{NOTES}?since=v0.1.1&to=0.1.1").text


@pytest.mark.parametrize("query", ["since=9.9.9", "to=nothing", "to=HEAD", "since=-", "to=" + "0" * 40])
def test_a_version_that_never_was_is_not_there(client: httpx.Client, query: str) -> None:
    assert client.get(f"/diff/{NOTES}?{query}").status_code == 404


def test_a_view_that_there_is_not_is_the_usual_one(client: httpx.Client) -> None:
    assert 'class="diff side"' in client.get(f"/diff/{NOTES}?view=upside-down").text


def test_a_commit_without_a_version_of_its_own_can_be_compared(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    path = "Users/ada/by-git"
    learn(place.repo, path, "Be brief.", said="be brief")
    assert place.repo.worktree
    file = place.repo.worktree / path / "SKILL.md"
    for rule in ("One.", "Two."):
        file.write_text(file.read_text() + lines(rule))
        git("commit", "-qam", rule, cwd=place.repo.worktree)
    middle = git("rev-parse", "HEAD~1", cwd=place.repo.worktree)
    page = client.get(f"/diff/{path}?to={middle}")
    assert "One." in words(page) and "Two." not in words(page)
    assert client.get(f"/diff/{path}?to={middle[:12]}").text == page.text.replace(f"to={middle}", f"to={middle[:12]}")


def test_a_removal_takes_all_away(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Users/ada/brief", "Be brief.", said="be brief")
    remove(place.repo, "Users/ada/brief")
    page = words(client.get("/diff/Users/ada/brief"))
    assert "SKILL.md gone" in page and "removed: - Be brief." in page


def test_what_did_not_change_is_folded_and_what_moved_says_so(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    path = "Users/ada/folded"
    learn(place.repo, path, *(f"Mind the matter of number {n}." for n in range(40)), said="mind them")
    first = lines("Mind the matter of number 3.")
    rewrite(place.repo, path, first, "")
    edit(place.repo, path, document(place.repo, path).render() + first.encode(), base=head(place.repo))
    page = client.get(f"/diff/{path}?since=0.1.0")
    assert "30 lines as they were" in words(page) and "moved to line 51" in words(page)
    assert "moved from line 15" in words(page)


def test_a_long_difference_is_cut_and_says_so(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    path = "Users/ada/long"
    learn(place.repo, path, "Be brief.", said="be brief")
    more = lines(*(f"Mind the matter of number {n}, and no other." for n in range(8000)))
    edit(place.repo, path, document(place.repo, path).render() + more.encode(), base=head(place.repo))
    start = time.process_time()
    page = client.get(f"/diff/{path}")
    assert time.process_time() - start < 5
    assert "more changed lines are not shown here" in page.text and len(page.text) < 2_000_000


def test_what_hides_in_a_text_is_shown(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    path = "Users/ada/hidden"
    git("config", "--add", "skillgit.scan.allow", "reordered-text=ada/hidden", cwd=place.repo.directory)
    learn(place.repo, path, "Open \u202etxt.exe\u202c now.", "<script>alert(1)</script>", said="open it")
    page = client.get(f"/diff/{path}")
    assert '<span class="unseen">U+202E</span>txt.exe' in page.text and "\u202e" not in page.text
    assert scripted(page) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\r", 'a<span class="unseen">␍</span>'),
        ("\x00\x1b[", '<span class="unseen">␀</span><span class="unseen">␛</span>['),
        ("<\u200b>", '&lt;<span class="unseen">U+200B</span>&gt;'),
        ("\U000e0041" * 9, '<span class="unseen">U+E0041 U+E0041 U+E0041 … ×9</span>'),
        ("👩🏽‍💻 हिन्दी می‌خواهم", "👩🏽‍💻 हिन्दी می‌خواهم"),
    ],
)
def test_only_what_cannot_be_seen_is_told_by_its_number(text: str, expected: str) -> None:
    assert visible(text) == expected
