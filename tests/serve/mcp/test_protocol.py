"""The protocol as agents speak it: the official client, over pipes and over HTTP, in both of its eras."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import BlobResourceContents, TextResourceContents

from skillgit.git.repo import Repo
from skillgit.serve.mcp.protocol import EXTENSION
from tests.git.place import put
from tests.serve.mcp.place import BOBS, HAIKU, REPORT, Place, ask, call, piped, serving
from tests.serve.place import REPORT as TASK
from tests.serve.place import TEACHES, library

PICTURE = b"\x89PNG\r\n\x00\xff"
ERAS = ("auto", "legacy")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving(tmp_path_factory.mktemp("mcp")) as made:
        folder = "Users/ada/government-report"
        more = {f"{folder}/references/style.md": b"Short sentences.\n", f"{folder}/assets/seal.png": PICTURE}
        odd = b'---\nname: %s\ndescription: "x"\nversion: 1.10\ndraft: no\ndate: 2026-01-02\n---\n'
        more |= {
            "Users/ada/\u653f\u5e9c/SKILL.md": odd % "\u653f\u5e9c".encode(),
            "Users/ada/lost/SKILL.md": odd % b"found",
        }
        put(made.repo, more)
        yield made


@pytest.mark.parametrize("mode", ERAS)
def test_it_says_what_it_can(place: Place, mode: str) -> None:
    async def talk(client: Client) -> None:
        said = client.server_capabilities
        extensions = {EXTENSION: {"directoryRead": True}} if mode == "auto" else None  # the older era has none
        assert said.extensions == extensions
        assert said.resources is not None and said.tools is not None
        assert "search_skills" in (client.instructions or "")
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["search_skills", "get_skill", "list_skills", "ingest"]
        assert [tool.annotations.read_only_hint for tool in tools if tool.annotations] == [True, True, True, False]

    place.talk(talk, mode=mode)


@pytest.mark.parametrize("mode", ERAS)
def test_over_pipes_a_program_finds_and_reads_skills_and_teaches(tmp_path: Path, mode: str) -> None:
    async def talk(client: Client) -> None:
        done, words, found = await call(client, "search_skills", query=TASK)
        assert done and words.startswith("ada/government-report 0.1.0 (")
        assert [hit["skill"] for hit in found["skills"]] == ["ada/government-report"]
        assert (await call(client, "get_skill", skill="government-report"))[1].startswith("---\nname: government")
        done, words, lesson = await call(client, "ingest", messages=[{"role": "user", "content": TEACHES}])
        assert done and (lesson["decision"], words.partition(" ")[0]) == ("add", "add")
        assert (await ask(client, "skills/get", uri=REPORT))["skill"]["uri"] == REPORT

    repo = library(tmp_path / "repo")
    before = repo.tip("HEAD")
    piped(repo, talk, mode=mode)
    assert Repo.open(repo.directory).tip("HEAD") != before


def test_over_pipes_the_user_is_who_is_named(tmp_path: Path) -> None:
    async def talk(client: Client) -> list[str]:
        return [str(each.uri) for each in (await client.list_resources()).resources]

    assert piped(library(tmp_path / "repo"), talk, "--user", "bob") == [HAIKU, BOBS]


def test_the_entries_of_skills_are_what_their_files_are(place: Place) -> None:
    async def talk(client: Client) -> None:
        listed = await ask(client, "skills/list")
        assert (listed["resultType"], listed["cacheScope"], listed["ttlMs"] >= 0) == ("complete", "private", True)
        assert [each["uri"] for each in listed["skills"]] == [
            HAIKU,
            REPORT,
            "skill://users/ada/%E6%94%BF%E5%BA%9C/SKILL.md",
        ]
        for skill in listed["skills"]:
            assert (await ask(client, "skills/get", uri=skill["uri"]))["skill"] == skill
            for file in skill["resources"]:
                content = await _content(client, file["uri"])
                assert (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}") == (file["size"], file["digest"])

    place.talk(talk)


def test_the_frontmatter_is_as_any_reader_of_yaml_has_it(place: Place) -> None:
    async def talk(client: Client) -> Any:
        return (await ask(client, "skills/list"))["skills"][2]["frontmatter"]

    expected = {"name": "政府", "description": "x", "version": 1.1, "draft": "no", "date": "2026-01-02"}
    assert place.talk(talk) == expected


def test_a_folder_is_listed_with_what_stands_in_it(place: Place) -> None:
    root = REPORT.removesuffix("/SKILL.md")

    async def talk(client: Client) -> list[dict[str, Any]]:
        assert (await ask(client, "resources/directory/read", uri=f"{root}/assets"))["resources"] == [
            {"uri": f"{root}/assets/seal.png", "name": "seal.png", "mimeType": "image/png", "size": len(PICTURE)}
        ]
        answer = await ask(client, "resources/directory/read", uri=root)
        return list(answer["resources"])

    listed = {each["name"]: (each["uri"], each["mimeType"]) for each in place.talk(talk)}
    assert listed == {
        "SKILL.md": (REPORT, "text/markdown"),
        "assets": (f"{root}/assets", "inode/directory"),
        "references": (f"{root}/references", "inode/directory"),
    }


@pytest.mark.parametrize(
    "uri",
    [
        BOBS,
        "skill://users/ada/../bob/government-report/SKILL.md",
        "skill://users/ada/%2e%2e/bob/government-report/SKILL.md",
        "skill://users/ada/government-report/../../bob/government-report/SKILL.md",
        "skill://users/ada/lost/SKILL.md",
        "skill://users/ada/nothing/SKILL.md",
        "skill:///etc/passwd",
        "file:///etc/passwd",
        "skill://",
        "",
    ],
)
def test_what_is_not_the_users_is_not_there(place: Place, uri: str) -> None:
    async def talk(client: Client) -> None:
        for method in ("skills/get", "resources/directory/read", "resources/read"):
            with pytest.raises(MCPError) as refused:
                await ask(client, method, uri=uri)
            assert refused.value.code == -32602

    place.talk(talk)


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("get_skill", {"skill": "bob/government-report"}),
        ("get_skill", {"skill": "Users/bob/government-report"}),
        ("get_skill", {"skill": "../bob/government-report"}),
        ("get_skill", {"skill": "government-report", "file": "../../bob/government-report/SKILL.md"}),
        ("get_skill", {"skill": "government-report", "file": "assets/seal.png"}),
        ("search_skills", {}),
        ("search_skills", {"query": "x", "user": "bob"}),
        ("search_skills", {"query": "x", "limit": 1000}),
        ("ingest", {"messages": [{"no": "conversation"}]}),
    ],
    ids=str,
)
def test_a_tool_that_cannot_says_why(place: Place, tool: str, arguments: dict[str, Any]) -> None:
    done, words, _ = place.talk(lambda client: call(client, tool, **arguments))
    assert not done
    assert words and "Name bob" not in words


def test_a_file_beside_a_skill_is_read_by_its_name(place: Place) -> None:
    async def talk(client: Client) -> tuple[str, str]:
        found = (await call(client, "get_skill", skill="ada/government-report"))[1]
        return found, (await call(client, "get_skill", skill="government-report", file="references/style.md"))[2][
            "text"
        ]

    text, style = place.talk(talk)
    assert text.endswith("Files of this skill: assets/seal.png, references/style.md\n")
    assert style == "Short sentences.\n"


def test_long_lists_come_in_pages(tmp_path: Path) -> None:
    async def talk(client: Client) -> list[str]:
        found: list[str] = []
        more: str | None = ""
        while more is not None:
            page = await ask(client, "skills/list", **({"cursor": more} if more else {}))
            found += [each["uri"] for each in page["skills"]]
            more = page.get("nextCursor")
        return found

    repo = library(tmp_path / "repo")
    put(repo, {f"Users/ada/s{n:03}/SKILL.md": b"---\nname: s%03d\ndescription: x\n---\n" % n for n in range(205)})
    found = piped(repo, talk)
    assert len(found) == len(set(found)) == 207


async def _content(client: Client, uri: str) -> bytes:
    (found,) = (await client.read_resource(uri)).contents
    if isinstance(found, TextResourceContents):
        return found.text.encode()
    assert isinstance(found, BlobResourceContents)
    return base64.b64decode(found.blob)
