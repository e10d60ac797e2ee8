"""A skill's page: what it says, as it is and was, its files, where it comes from, and changing it by hand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from skillgit.changes.move import move
from skillgit.git.repo import Repo
from skillgit.serve import keys
from skillgit.share import library
from tests.changes.library import document, head
from tests.git.place import put
from tests.serve.place import Place, serving
from tests.serve.web.pasts import NOTES, learn, open_place, words
from tests.serve.web.test_door import token, visitor
from tests.share.test_library import published

RICH = "Users/ada/rich"
TEXT = """---
name: rich
description: Do rich things. Use when asked to.
license: MIT <b>
metadata:
  author: Ada
  id: 0b6e1a52-6a3c-4b7e-9d6f-1c2d3e4f5a6b
  tags: one, <i>two</i>
  version: 0.1.0
---
# Rich

See [the guide](references/guide.md), [nothing](nothing.md), [out](../../../etc/passwd) and [the web](https://a.example/x?y=1).

<script>alert(1)</script> ![p](https://evil.example/p.png) [click](javascript:alert(1))
"""
GUIDE = b"# Guide\n\n[back](../SKILL.md), [script](../scripts/run.sh)\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, httpx.Client]]:
    with open_place(tmp_path_factory.mktemp("open")) as (place, client):
        put(place.repo, {f"{RICH}/{name}": content for name, content in files().items()})
        learn(place.repo, NOTES, "Cite a source.", said="always cite a source")
        learn(place.repo, NOTES, "Do not use tables.", said="no tables please")
        yield place, client


@pytest.fixture
def client(opened: tuple[Place, httpx.Client]) -> httpx.Client:
    return opened[1]


def files() -> dict[str, bytes]:
    return {
        "SKILL.md": TEXT.encode(),
        "references/guide.md": GUIDE,
        "scripts/run.sh": b"#!/bin/sh\necho '<b>' \xe2\x80\xae\n",
        "assets/a & b' 中.bin": b"\x00\x01",
        "assets/empty.txt": b"",
        "assets/latin.txt": b"caf\xe9",
        "assets/long.txt": b"x" * 300_000,
    }


def test_the_page_says_what_the_skill_says(client: httpx.Client) -> None:
    page = client.get(f"/skills/{RICH}")
    assert page.status_code == 200
    assert "<h2>Rich</h2>" in page.text and "Do rich things. Use when asked to." in page.text
    assert "MIT &lt;b&gt;" in page.text and "0b6e1a52-6a3c-4b7e-9d6f-1c2d3e4f5a6b" in page.text
    assert "&lt;i&gt;two&lt;/i&gt;" in page.text and "As the specification wants it" in page.text


def test_its_links_lead_to_its_files_or_out_or_nowhere(client: httpx.Client) -> None:
    page = client.get(f"/skills/{RICH}").text
    article = page[page.index("<article") : page.index("</article>")]
    links = [unescape(each) for each in re.findall(r'href="([^"]*)"', article)]
    assert links == [
        f"/files/{RICH}?name=references%2Fguide.md",
        "https://a.example/x?y=1",
        "https://evil.example/p.png",
    ]
    assert "<script>" not in article and "<img" not in page.replace('<img src="/static/mark.svg"', "")


@pytest.mark.parametrize("name", [each for each in files() if each != "SKILL.md"])
def test_each_file_is_listed_and_can_be_kept(client: httpx.Client, name: str) -> None:
    page = client.get(f"/skills/{RICH}").text
    links = [unescape(each) for each in re.findall(r'href="(/files/[^"]*)"', page)]
    (link,) = {each for each in links if client.build_request("GET", each).url.params["name"] == name}
    seen = client.get(link)
    assert seen.status_code == 200
    kept = client.get(link.replace("/files/", "/raw/", 1))
    assert kept.content == files()[name]
    assert kept.headers["content-type"] == "application/octet-stream"
    assert kept.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")


def test_a_file_is_shown_where_it_is_text(client: httpx.Client) -> None:
    def shown(name: str) -> str:
        return client.get(f"/files/{RICH}", params={"name": name}).text

    assert "echo &#39;&lt;b&gt;&#39;" in shown("scripts/run.sh") and "U+202E" in shown("scripts/run.sh")
    assert "<h2>Guide</h2>" in shown("references/guide.md")
    assert f'href="/files/{RICH}?name=scripts%2Frun.sh"' in shown("references/guide.md")
    assert "is no text" in shown("assets/latin.txt") and "is no text" in shown("assets/long.txt")
    assert "is empty" in shown("assets/empty.txt")


@pytest.mark.parametrize(
    "name", ["", "none", "../rich/SKILL.md", "/etc/passwd", "scripts", "references/../SKILL.md", "\x00"]
)
@pytest.mark.parametrize("page", ["files", "raw"])
def test_a_file_that_it_has_not_is_none(client: httpx.Client, page: str, name: str) -> None:
    assert client.get(f"/{page}/{RICH}", params={"name": name}).status_code == 404


def test_it_says_whose_words_it_rests_on(client: httpx.Client) -> None:
    said = words(client.get(f"/skills/{NOTES}"))
    assert "Learned from a conversation, in which you said" in said and "always cite a source" in said
    assert re.search(r"Conversation sha256:[0-9a-f]{8}, learned by offline/1", said)


def test_it_is_shown_as_it_was(client: httpx.Client) -> None:
    then, now = client.get(f"/skills/{NOTES}?at=0.1.0").text, client.get(f"/skills/{NOTES}").text
    assert "Do not use tables." in now and "Do not use tables." not in then[: then.index("<aside")]
    assert f'href="/revert/{NOTES}?to=0.1.0"' in then and "/edit/" not in then
    assert client.get(f"/skills/{NOTES}?at=9.9.9").status_code == 404


def test_its_source_is_shown_as_it_stands(client: httpx.Client) -> None:
    assert "name: rich\ndescription: Do rich things." in client.get(f"/skills/{RICH}?view=source").text


def test_it_is_exported_whole(client: httpx.Client) -> None:
    found = client.get(f"/export/{RICH}")
    assert found.headers["content-type"] == "application/zip", found.text
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        there = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert there == files()
    assert client.get(f"/export/{RICH}?form=autoskill").status_code == 200
    assert client.get(f"/export/{RICH}?form=nonsense").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "Users/bob/government-report",
        "Users/ada/none",
        "Users/ada",
        "Common",
        "",
        "rich",
        "../Users/ada/rich",
        "Users/ada/rich/",
    ],
)
@pytest.mark.parametrize("page", ["skills", "files", "raw", "export", "edit", "remove"])
def test_what_the_visitor_does_not_see_is_not_there(client: httpx.Client, page: str, path: str) -> None:
    found = client.get(f"/{page}/{path}?name=SKILL.md")
    assert found.status_code == 404 and "bob" not in found.text.replace("/bob/", "")


def test_a_name_of_any_letters_leads_to_its_page_and_on(tmp_path: Path) -> None:
    path = "Common/lib/a b#c%20d 中"
    with open_place(tmp_path) as (place, client):
        put(place.repo, {f"{path}/SKILL.md": TEXT.encode(), f"{path}/x?y&z.txt": b"text"})
        (link, *_) = re.findall(r'href="(/skills/Common/lib/[^"]*)"', client.get("/library").text)
        page = client.get(unescape(link))
        assert page.status_code == 200 and "x?y&amp;z.txt" in page.text
        (other,) = re.findall(r'href="([^"]*lang=zh)"', page.text)
        assert "关于此技能" in client.get(unescape(other)).text


def test_a_broken_skill_has_a_page_that_says_why(tmp_path: Path) -> None:
    with open_place(tmp_path) as (place, client):
        put(place.repo, {"Users/ada/broken/SKILL.md": b"---\nname: [\xff\n"})
        page = client.get("/skills/Users/ada/broken")
    assert page.status_code == 200 and "cannot be read" in page.text and "not as the specification wants" in page.text


def test_a_skill_of_a_library_says_where_it_is_pinned(tmp_path: Path) -> None:
    with open_place(tmp_path / "served") as (place, client):
        library.take(place.repo, library.offer_new(place.repo, str(published(tmp_path / "team"))))
        page = client.get("/skills/Common/team/skills/pdf")
        assert page.status_code == 200
        assert "library team, which is pinned at" in words(page)
        assert "Copy to my skills" in page.text and "/edit/" not in page.text
        copy = client.post("/copy/Common/team/skills/pdf", data={"token": token(page)})
        assert copy.url.path == "/skills/Users/ada/pdf"
        assert "neither has changed since" in words(copy)
        again = client.post("/copy/Common/team/skills/pdf", data={"token": token(page)})
        assert again.status_code == 409 and "already there" in again.text


def edited(client: httpx.Client, path: str, change: dict[str, str], **more: str) -> httpx.Response:
    """The answer to an edit of a skill's text, as a browser sends it."""
    form = client.get(f"/edit/{path}")
    found = re.search(r'name="oid" value="([^"]+)".*?<textarea[^>]*>\n(.*?)</textarea>', form.text, re.DOTALL)
    assert found, form.text
    text = unescape(found[2]).replace("\r\n", "\n")
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    sent = {"token": token(form), "oid": found[1], "text": text.replace("\n", "\r\n")} | more
    return client.post(f"/edit/{path}", data=sent)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Repo, httpx.Client]]:
    with open_place(tmp_path) as (place, client):
        put(place.repo, {f"{RICH}/{name}": content for name, content in files().items()})
        yield place.repo, client


def test_an_edit_is_a_version_of_its_own(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    done = edited(client, RICH, {"# Rich\n": "# Rich\n\n- Be brief.\n"})
    assert done.url.path == f"/history/{RICH}"
    said = document(repo, RICH).render().decode()
    assert "- Be brief.\n" in said and "\r" not in said and 'version: "0.1.1"' in said


def test_an_edit_of_nothing_is_none(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    before = head(repo)
    assert edited(client, RICH, {}).url.path == f"/skills/{RICH}"
    assert head(repo) == before


def test_an_edit_keeps_the_ends_of_lines_that_there_were(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    put(repo, {f"{RICH}/SKILL.md": TEXT.replace("\n", "\r\n").encode()})
    edited(client, RICH, {"# Rich": "# Richer"})
    said = document(repo, RICH).render()
    assert b"# Richer\r\n" in said and said.count(b"\n") == said.count(b"\r\n")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name: rich": "name: [rich"}, "frontmatter"),
        ({"0b6e1a52": "1b6e1a52"}, "a skill keeps its id"),
    ],
    ids=["no yaml", "another id"],
)
def test_an_edit_that_cannot_be_is_shown_again_with_the_reason(
    own: tuple[Repo, httpx.Client], change: dict[str, str], said: str
) -> None:
    repo, client = own
    before = head(repo)
    done = edited(client, RICH, change)
    assert done.status_code == 400 and said in done.text and head(repo) == before
    assert next(iter(change.values())) in unescape(done.text)


def test_an_edit_that_met_another_one_says_so_first(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    edited(client, RICH, {"# Rich": "# Richest"})
    late = edited(client, RICH, {"# Richest": "# Poor"}, oid="0" * 40)
    assert late.status_code == 412 and "changed the skill meanwhile" in late.text and "# Poor" in late.text
    assert "# Richest" in document(repo, RICH).body
    oid = re.search(r'name="oid" value="([^"]+)"', late.text)
    assert oid
    edited(client, RICH, {"# Richest": "# Poor"}, oid=oid[1])
    assert "# Poor" in document(repo, RICH).body


def test_a_text_stays_in_its_form_where_edits_in_the_work_tree_are_in_the_way(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    (repo.directory / RICH / "SKILL.md").write_text(f"{TEXT}\nBy hand.\n", encoding="utf-8")
    late = edited(client, RICH, {"# Rich": "# Richest"})
    assert late.status_code == 409 and "# Richest" in late.text
    assert "are in the way" in late.text and "git stash" in late.text


def test_a_skill_is_removed_once_that_is_confirmed(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    asked = client.get(f"/remove/{RICH}")
    tree = re.search(r'name="tree" value="([^"]+)"', asked.text)
    assert tree and RICH in repo.skills(head(repo))
    stale = client.post(f"/remove/{RICH}", data={"token": token(asked), "tree": "0" * 40})
    assert stale.status_code == 412 and RICH in repo.skills(head(repo))
    gone = client.post(f"/remove/{RICH}", data={"token": token(asked), "tree": tree[1]})
    assert gone.url.path == f"/history/{RICH}" and RICH not in repo.skills(head(repo))
    assert client.get(f"/skills/{RICH}").url.path == f"/history/{RICH}"


@pytest.mark.parametrize(
    ("page", "path", "status"),
    [
        ("edit", "Users/bob/government-report", 404),
        ("remove", "Users/bob/government-report", 404),
        ("copy", "Users/bob/government-report", 404),
        ("copy", "Users/ada/government-report", 404),
        ("edit", "Common/haiku", 403),
        ("remove", "Common/haiku", 403),
    ],
)
def test_what_is_not_the_visitors_is_not_changed(tmp_path: Path, page: str, path: str, status: int) -> None:
    with serving(tmp_path) as place:
        keys.add(place.repo, "bob")
        with visitor(place, "ada") as client:
            form = {"token": token(client.get("/library")), "text": TEXT, "oid": "0" * 40, "tree": "0" * 40}
            before = head(place.repo)
            assert client.post(f"/{page}/{path}", data=form).status_code == status
            assert head(place.repo) == before


def test_a_skill_that_was_given_away_is_seen_no_more(own: tuple[Repo, httpx.Client]) -> None:
    repo, client = own
    move(repo, RICH, "Users/bob/rich")
    assert client.get("/skills/Users/bob/rich").status_code == 404
