"""Skills over HTTP: read, written, taken away, brought back, exported and uploaded."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.serve.api.place import ANY, MD, Closed, closed, skill_md, zipped


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    with closed(tmp_path_factory.mktemp("skills")) as made:
        yield made


@pytest.fixture
def ada(server: Closed) -> httpx.Client:
    return server.ada


def upload(client: httpx.Client, content: bytes, media: str = "text/markdown", **query: str) -> httpx.Response:
    return client.post("/imports", content=content, headers={"content-type": media}, params=query)


def write(client: httpx.Client, name: str, *rules: str) -> None:
    """A skill of the client's own is there, with these rules."""
    assert upload(client, skill_md(name, *rules)).status_code == 200


def test_a_user_sees_own_and_common_skills_part_by_part(ada: httpx.Client) -> None:
    whole = ada.get("/skills").json()
    paths = [each["path"] for each in whole["data"]]
    assert {"Common/haiku", "Users/ada/government-report"} <= set(paths)
    assert all(path.startswith(("Common/", "Users/ada/")) for path in paths)
    parts, after = [], ""
    while True:
        part = ada.get("/skills", params={"limit": 1, "after": after}).json()
        parts += [each["path"] for each in part["data"]]
        after = part["next"]
        if not after:
            break
    assert parts == paths
    assert whole["total"] == len(paths)
    assert [each["path"] for each in ada.get("/skills", params={"scope": "common"}).json()["data"]] == ["Common/haiku"]


def test_a_skill_is_found_by_its_name_and_by_its_id(ada: httpx.Client) -> None:
    named = ada.get("/skills/government-report").json()
    assert named["path"] == "Users/ada/government-report"
    assert "Name ada as the author." in named["text"]
    assert ada.get(f"/skills/{named['id']}").json() == named
    assert ada.get("/skills/haiku").json()["scope"] == "common"


def test_what_has_not_changed_is_not_sent_again(ada: httpx.Client) -> None:
    for path in ("/skills/haiku", "/skills/haiku/md"):
        first = ada.get(path)
        again = ada.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert ada.get(path, headers={"if-none-match": '"else"'}).content == first.content
        head = ada.head(path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_a_skill_md_is_written_where_nobody_else_wrote_it_meanwhile(server: Closed, ada: httpx.Client) -> None:
    write(ada, "notes", "Be brief.")
    read = ada.get("/skills/notes/md")
    content = read.content.replace(b"Be brief.", b"Be brief. Name the owner.")
    put = ada.put("/skills/notes/md", content=content, headers=MD | {"if-match": read.headers["etag"]})
    assert put.status_code == 200
    said = put.json()
    assert (said["decision"], said["before"], said["version"], said["parked"]) == ("edit", "0.1.0", "0.1.1", False)
    log = subprocess.run(
        ["git", "log", "-1", "--format=%H %(trailers:key=Skill-Decision,valueonly)"],
        cwd=server.repo.directory,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert log == [said["commit"], "edit"]
    now = ada.get("/skills/notes/md")
    assert b"Name the owner." in now.content
    assert now.headers["etag"] == put.headers["etag"]
    late = ada.put("/skills/notes/md", content=read.content, headers=MD | {"if-match": read.headers["etag"]})
    assert late.status_code == 412
    assert ada.put("/skills/notes/md", content=read.content, headers=MD).status_code == 428
    same = ada.put("/skills/notes/md", content=now.content, headers=MD | {"if-match": now.headers["etag"]})
    assert (same.json()["decision"], same.headers["etag"]) == ("none", now.headers["etag"])


def test_what_says_nothing_new_is_no_decision(ada: httpx.Client) -> None:
    write(ada, "still", "One.")
    assert ada.put("/skills/still/md", content=skill_md("still", "One."), headers=ANY).json()["decision"] == "none"


def test_a_skill_keeps_its_id_whatever_is_written(ada: httpx.Client) -> None:
    write(ada, "keeps", "One.")
    own = ada.get("/skills/keeps").json()["id"]
    assert ada.put("/skills/keeps/md", content=skill_md("keeps", "Two."), headers=ANY).status_code == 200
    assert ada.get("/skills/keeps").json()["id"] == own
    other = "metadata:\n  id: 00000000-0000-4000-8000-000000000001\n"
    refused = ada.put("/skills/keeps/md", content=skill_md("keeps", "Three.", metadata=other), headers=ANY)
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"no frontmatter", 400),
        (skill_md("other-name", "One."), 400),
        (b"---\nname: [&a x, *a]\n---\n", 400),
        (b"\xff\xfe", 400),
        (skill_md("strict", "Use sk-ant-api03-" + "aB3" * 31 + "AA"), 409),
    ],
    ids=["empty", "no-frontmatter", "renamed", "aliases", "binary", "secret"],
)
def test_what_is_no_skill_is_not_written(ada: httpx.Client, content: bytes, status: int) -> None:
    write(ada, "strict", "One.")
    before = ada.get("/skills/strict/md").content
    assert ada.put("/skills/strict/md", content=content, headers=ANY).status_code == status
    assert ada.get("/skills/strict/md").content == before


def test_a_common_skill_is_read_and_not_changed(ada: httpx.Client) -> None:
    content = ada.get("/skills/haiku/md").content
    assert ada.put("/skills/haiku/md", content=content + b"- More.\n", headers=ANY).status_code == 403
    assert ada.delete("/skills/haiku").status_code == 403
    assert ada.post("/skills/haiku/rollback", json={"to": "0.1.0"}).status_code == 403
    assert ada.get("/skills/haiku/md").content == content


def test_any_version_can_be_read_compared_and_brought_back(ada: httpx.Client) -> None:
    write(ada, "steps", "One.")
    first = ada.get("/skills/steps/md").content
    for rule in ("Two.", "Three."):
        ada.put("/skills/steps/md", content=skill_md("steps", "One.", rule), headers=ANY).raise_for_status()
    told = ada.get("/skills/steps/versions").json()["data"]
    numbers = [each["version"] for each in told]
    assert [each["decision"] for each in told] == ["edit", "edit", "import"]
    assert ada.get("/skills/steps/md", params={"version": numbers[-1]}).content == first
    assert "Two." in ada.get("/skills/steps", params={"version": numbers[1]}).json()["text"]
    diff = ada.get("/skills/steps/diff", params={"since": numbers[1]}).json()["diff"]
    assert "\n-- Two.\n+- Three.\n" in diff
    back = ada.post("/skills/steps/rollback", json={"to": numbers[-1]}).json()
    assert back["decision"] == "revert"
    assert back["version"] not in numbers
    assert b"Two." not in ada.get("/skills/steps/md").content
    assert ada.post("/skills/steps/rollback", json={}).status_code == 200
    assert b"Three." in ada.get("/skills/steps/md").content
    assert ada.post("/skills/steps/rollback", json={"to": "9.9.9"}).status_code == 404
    assert ada.get("/skills/steps/diff", params={"since": "9.9.9"}).status_code == 404


def test_what_was_taken_away_comes_back(ada: httpx.Client) -> None:
    write(ada, "passing", "One.")
    tag = ada.get("/skills/passing").headers["etag"]
    assert ada.delete("/skills/passing", headers={"if-match": '"else"'}).status_code == 412
    gone = ada.delete("/skills/passing", headers={"if-match": tag})
    assert gone.json()["decision"] == "remove"
    assert ada.get("/skills/passing").status_code == 404
    assert ada.delete("/skills/passing").status_code == 404
    assert ada.get("/skills/passing/versions").status_code == 200
    assert ada.post("/skills/passing/rollback", json={}).json()["decision"] == "revert"
    assert ada.get("/skills/passing").status_code == 200


def test_an_export_is_a_zip_archive_that_can_be_uploaded_again(ada: httpx.Client) -> None:
    files = {"kit/SKILL.md": skill_md("kit", "One."), "kit/scripts/run.sh": b"echo hi\n"}
    assert upload(ada, zipped(files), "application/zip").json()["data"][0]["outcome"] == "new"
    sent = ada.get("/skills/kit/export")
    assert sent.headers["content-type"] == "application/zip"
    assert sent.headers["content-disposition"] == "attachment; filename*=UTF-8''kit.zip"
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        assert archive.namelist() == ["kit/SKILL.md", "kit/scripts/run.sh"]
    assert ada.get("/skills/kit/export").content == sent.content
    again = upload(ada, sent.content, "application/zip").json()["data"]
    assert [(each["skill"], each["outcome"]) for each in again] == [("ada/kit", "unchanged")]
    assert upload(ada, zipped(files), "application/zip").json()["data"][0]["outcome"] == "unchanged"


def test_one_bad_skill_refuses_an_upload_unless_it_may_be_left_out(ada: httpx.Client) -> None:
    files = {"lib/good/SKILL.md": skill_md("good", "One."), "lib/bad/SKILL.md": skill_md("users/bob/x", "One.")}
    refused = upload(ada, zipped(files), "application/zip")
    assert refused.status_code == 422
    assert "bad" in refused.json()["error"]["message"]
    assert ada.get("/skills/good").status_code == 404
    taken = upload(ada, zipped(files), "application/zip", keep_going="true").json()
    assert [each["skill"] for each in taken["data"]] == ["ada/good"]
    assert [each["place"] for each in taken["left_out"]] == ["bad"]


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"no archive", "application/zip"),
        (b"", "application/zip"),
        (zipped({"../evil/SKILL.md": skill_md("evil", "One.")}), "application/zip"),
        (zipped({"/evil/SKILL.md": skill_md("evil", "One.")}), "application/zip"),
        (zipped({"readme.txt": b"no skill"}), "application/zip"),
        (b"", "text/markdown"),
        (skill_md("../evil", "One."), "text/markdown"),
        (skill_md("users/bob/government-report", "One."), "text/markdown"),
    ],
    ids=[
        "garbage",
        "nothing",
        "dots",
        "absolute",
        "no-skill",
        "no-markdown",
        "a-name-with-dots",
        "a-name-that-is-a-path",
    ],
)
def test_a_hostile_upload_is_refused_and_says_nothing_of_the_server(
    server: Closed, ada: httpx.Client, content: bytes, media: str
) -> None:
    head = server.repo.resolve("HEAD")
    refused = upload(ada, content, media)
    assert refused.status_code == 422
    assert "/tmp" not in refused.text and "skillgit-" not in refused.text
    assert server.repo.resolve("HEAD") == head


def test_an_upload_that_inflates_to_too_much_is_refused(ada: httpx.Client) -> None:
    noise = bytes(range(256)) * 4096 * 4
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"lib/s{number}/SKILL.md", skill_md(f"s{number}", "One."))
            for part in range(3):
                archive.writestr(f"lib/s{number}/assets/{part}.bin", noise[: 4 << 20])
    assert upload(ada, packed.getvalue(), "application/zip").status_code == 422


def test_a_path_of_the_server_is_nothing_that_a_client_can_name(
    server: Closed, ada: httpx.Client, tmp_path: Path
) -> None:
    for name in (
        "%2e%2e",
        "%00",
        "~",
        "C:",
        "haiku.",
        "HAIKU",
        "a" * 3000,
        "Users%2Fbob%2Fgovernment-report",
    ):
        assert ada.get(f"/skills/{name}").status_code in (404, 405), name
        assert ada.get(f"/skills/{name}/md").status_code in (404, 405), name


def test_of_many_who_write_at_once_none_loses_what_was_acknowledged(server: Closed, ada: httpx.Client) -> None:
    write(ada, "crowded", "Start.")

    def add(rule: str) -> None:
        with httpx.Client(base_url=ada.base_url, headers=ada.headers, timeout=30) as client:
            status = 0
            while status != 200:
                read = client.get("/skills/crowded/md")
                content = read.content + f"- {rule}\n".encode()
                headers = MD | {"if-match": read.headers["etag"]}
                status = client.put("/skills/crowded/md", content=content, headers=headers).status_code
                assert status in (200, 409, 412)

    rules = [f"Rule of writer {number}." for number in range(6)]
    with ThreadPoolExecutor(6) as writers:
        list(writers.map(add, rules))
    text = ada.get("/skills/crowded").json()["text"]
    assert all(rule in text for rule in rules)
    assert len(ada.get("/skills/crowded/versions").json()["data"]) == 7
