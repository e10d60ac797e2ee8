"""The timeline of a skill: what was decided, by whom, from which words; long ones, gone ones, and other people's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from skillgit.changes.edit import commit_worktree
from skillgit.changes.move import move, remove
from skillgit.changes.revert import revert
from skillgit.share import library
from tests.git.place import git
from tests.serve.place import Place, serving
from tests.serve.web.pasts import NOTES, cards, learn, lines, open_place, rewrite, scripted, words
from tests.serve.web.reviews import visitor
from tests.share.test_library import PDF, published


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, httpx.Client]]:
    with open_place(tmp_path_factory.mktemp("open")) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(opened: tuple[Place, httpx.Client]) -> httpx.Client:
    """The visitor of a library with a skill that was learned twice, edited, committed with git, and brought back."""
    place, client = opened
    repo = place.repo
    learn(repo, NOTES, "Cite a source for every figure.", said="always cite a source", reason="no skill is like it")
    learn(repo, NOTES, "Do not use tables.", said="no tables please", turn="Fine, but no tables please, ever.")
    rewrite(repo, NOTES, "- Do not use tables.\n", "- Do not use wide tables.\n- Be brief.\n")
    rewrite(repo, NOTES, "- Be brief.\n", "")
    assert repo.worktree
    (repo.worktree / NOTES / "scripts").mkdir()
    (repo.worktree / NOTES / "scripts/run.sh").write_text("#!/bin/sh\n")
    commit_worktree(repo)
    rule = repo.worktree / NOTES / "SKILL.md"
    rule.write_text(rule.read_text() + lines("Sign it."))
    git("commit", "-qam", "by plain git", cwd=repo.worktree)
    revert(repo, NOTES, to="0.1.1")
    return client


def test_each_decision_is_a_card_that_says_what_came_of_it(client: httpx.Client) -> None:
    back, plain, files, removed, edited, merged, added = cards(client.get(f"/history/{NOTES}"))
    assert "Added 0.1.0" in added and "added: Cite a source for every figure." in added
    assert "Because: no skill is like it" in added and "always cite a source" in added
    assert "Merged 0.1.0 → to 0.1.1 patch" in merged and "added: Do not use tables." in merged
    assert "Ada Lovelace" in merged and "offline/1" in merged
    assert "changed: Do not use wide tables." in edited and "added: Be brief." in edited
    assert "removed: Be brief." in removed and "minor" in removed
    assert "Files: scripts/run.sh" in files
    assert "Committed with git" in plain and "by plain git" in plain and "added: Sign it." in plain
    assert "Reverted" in back and "back to 0.1.1" in back


def test_a_rule_in_other_words_marks_those_that_changed(client: httpx.Client) -> None:
    page = client.get(f"/history/{NOTES}").text
    assert "Do not use <ins>wide </ins>tables." in page


def test_what_a_decision_rests_on_is_quoted_with_the_turn_it_stands_in(client: httpx.Client) -> None:
    page = client.get(f"/history/{NOTES}").text
    assert '<blockquote class="quote" dir="auto">no tables please</blockquote>' in page
    assert "Fine, but no tables please, ever." in page and "The whole turn 3" in page


def test_a_card_leads_to_the_difference_and_back_to_its_version(client: httpx.Client) -> None:
    page = client.get(f"/history/{NOTES}").text
    for link in (f"/diff/{NOTES}?to=0.1.1", f"/skills/{NOTES}?at=0.1.1", f"/revert/{NOTES}?to=0.1.1"):
        assert f'href="{link}"' in page


def test_it_is_told_in_chinese_as_well(client: httpx.Client) -> None:
    page = words(client.get(f"/history/{NOTES}?lang=zh"))
    assert "合并 0.1.0 → 到 0.1.1 修订" in page and "第 3 轮原文" in page
    client.cookies.clear()


def test_a_long_history_comes_in_pages(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    path = "Users/ada/long"
    learn(place.repo, path, "Be brief, case 0.", said="be brief")
    for number in range(1, 43):
        rewrite(place.repo, path, f"case {number - 1}.", f"case {number}.")
    pages = [client.get(f"/history/{path}", params={"page": page}) for page in (1, 2, 3, 4)]
    assert [len(cards(page)) for page in pages] == [20, 20, 3, 0]
    assert "0.1.42" in cards(pages[0])[0] and "Added 0.1.0" in cards(pages[2])[-1]
    assert 'rel="prev"' in pages[1].text and 'rel="next"' in pages[1].text and "page 2 of 3" in words(pages[1])
    for other in ("0", "-1", "x", "²", "9" * 20, ""):
        assert cards(client.get(f"/history/{path}", params={"page": other})) == cards(pages[0])


def test_many_rules_at_once_do_not_fill_the_page(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Users/ada/many", *(f"Mind matter number {n}." for n in range(30)), said="mind them all")
    page = client.get("/history/Users/ada/many")
    assert "25 more rules" in words(page) and "Mind matter number 29." in page.text


def test_a_skill_of_ones_own_that_is_gone_keeps_its_past(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Users/ada/short-lived", "Be quick.", said="be quick")
    remove(place.repo, "Users/ada/short-lived")
    assert "short-lived last version 0.1.0" in words(client.get("/gone"))
    page = client.get("/history/Users/ada/short-lived")
    assert "This skill is gone" in page.text and "removed: Be quick." in cards(page)[0]
    assert 'href="/revert/Users/ada/short-lived"' in page.text and "/blame/" not in page.text


def test_where_a_skill_was_is_known_where_it_is(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Users/ada/old-name", "Be kind.", said="be kind")
    move(place.repo, "Users/ada/old-name", "Users/ada/new-name")
    old = client.get("/history/Users/ada/old-name")
    assert "is now ada/new-name" in words(old) and "/revert/" not in old.text
    assert [card.split()[0] for card in cards(client.get("/history/Users/ada/new-name"))] == ["Moved", "Added"]


@pytest.mark.parametrize(
    "path",
    [
        "Users/bob/government-report",
        "Users/ada/none",
        "Users/ada",
        "Common",
        "government-report",
        "a b",
        "Users%2Fada%2F..%2Fbob%2Fgovernment-report",
    ],
)
@pytest.mark.parametrize("page", ["history", "diff", "blame", "revert"])
def test_what_one_does_not_see_is_not_there(client: httpx.Client, page: str, path: str) -> None:
    assert client.get(f"/{page}/{path}").status_code == 404


def test_what_others_had_of_a_skill_is_not_told(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Users/bob/given", "Bob's own rule.", said="bob's secret words")
    rewrite(place.repo, "Users/bob/given", "Bob's own rule.", "A rule of both.")
    move(place.repo, "Users/bob/given", "Users/ada/given")
    rewrite(place.repo, "Users/ada/given", "- A rule of both.", "- A rule of both.\n- Ada's own rule.")
    remove(place.repo, "Users/bob/government-report")
    page = client.get("/history/Users/ada/given")
    assert len(cards(page)) == 2 and "secret" not in page.text and "Bob" not in page.text
    assert client.get("/diff/Users/ada/given?since=0.1.0").status_code == 404
    assert client.get("/revert/Users/ada/given?to=0.1.0").status_code == 404
    blamed = words(client.get("/blame/Users/ada/given"))
    assert "A rule of both. From before the skill came to you." in blamed and "secret" not in blamed
    for gone in ("Users/bob/given", "Users/bob/government-report"):
        assert client.get(f"/history/{gone}").status_code == 404
    assert "government-report" not in client.get("/gone").text


def test_the_turns_that_a_common_skill_rests_on_are_nobodys_to_read(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Common/greeting", "Greet by name.", said="greet me by name", turn="private, greet me by name")
    for page in ("history", "blame"):
        found = client.get(f"/{page}/Common/greeting")
        assert "greet me by name" in found.text and "private" not in found.text
        assert "/revert/" not in found.text


@pytest.mark.parametrize("acts", [True, False])
def test_a_whole_turn_is_shown_to_who_may_look_at_all(tmp_path: Path, acts: bool) -> None:
    """A commit that was pushed may quote a turn of somebody else's."""
    with serving(tmp_path) as place, visitor(place, acts=acts) as client:
        learn(place.repo, NOTES, "Date it.", said="date it", turn="private, date it")
        for page in ("history", "blame", "skills"):
            found = client.get(f"/{page}/{NOTES}").text
            assert "Date it." in found and ("private" in found) == acts


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "{{ 7 * 7 }}",
    "a \"quoted\" & 'single' <b>",
    "x" * 3000,
    "اكتب من اليمين إلى اليسار",
    "引用来源，不要使用表格。",
)


def test_no_text_of_a_skill_becomes_part_of_a_page(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    learn(place.repo, "Users/ada/hostile", *HOSTILE, said='<b onclick="x">', turn="<script>alert(2)</script>")
    for address in ("history/Users/ada/hostile", "diff/Users/ada/hostile", "blame/Users/ada/hostile"):
        page = client.get(f"/{address}?view=inline")
        assert page.status_code == 200
        assert scripted(page) == []
        assert all(text[:100] in words(page) for text in HOSTILE[2:4])


def test_what_plain_git_broke_can_be_looked_at(opened: tuple[Place, httpx.Client]) -> None:
    place, client = opened
    path, top = "Users/ada/broken", place.repo.worktree
    learn(place.repo, path, "Be brief.", said="be brief")
    assert top
    (top / path / "SKILL.md").write_bytes(b"\xff\xfe broken")
    (top / path / "new\nline <b>.md").write_text("one")
    odd = git("hash-object", "-w", "--stdin", cwd=top, stdin=b"two")
    git("update-index", "-z", "--index-info", cwd=top, stdin=f"100644 {odd}\t{path}/".encode() + b"\xff.md\0")
    git("add", f"{path}/SKILL.md", f"{path}/new\nline <b>.md", cwd=top)
    git("commit", "-qm", "by plain git", cwd=top)
    page = client.get(f"/history/{path}")
    assert "cannot be compared" in cards(page)[0] and "new line <b>.md" in words(page) and "U+DCFF .md" in words(page)
    assert "new line <b>.md new" in words(client.get(f"/diff/{path}"))
    assert client.get(f"/blame/{path}").status_code == 409
    assert client.get(f"/revert/{path}").status_code == 200


def test_a_skill_of_a_library_has_the_past_that_its_updates_gave_it(
    opened: tuple[Place, httpx.Client], tmp_path: Path
) -> None:
    place, client = opened
    acme = published(tmp_path / "acme")
    library.take(place.repo, library.offer_new(place.repo, str(acme)))
    text = (acme / "skills/pdf/SKILL.md").read_text()
    published(acme, {"skills/pdf/SKILL.md": f"{text}- Fill every field.\n"})
    library.take(place.repo, library.offer_update(place.repo, "acme"))
    page = client.get(f"/history/{PDF}")
    newest, oldest = cards(page)
    assert "added: Fill every field." in newest and "added: Be careful." in oldest
    assert "Common/acme" in words(page) and "/blame/" not in page.text
    assert "Fill every field." in words(client.get(f"/diff/{PDF}"))
    assert client.get(f"/blame/{PDF}").status_code == 404
    assert client.get(f"/revert/{PDF}").status_code == 403
