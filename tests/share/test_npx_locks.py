"""The lock files of `npx skills` and `gh skill`: written as these two write them, and read whatever is in them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import random
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest

from skillgit.errors import Invalid
from skillgit.git.repo import Repo, folder_oid
from skillgit.share import npx_locks
from tests.cli.shop import ADA
from tests.conftest import Run
from tests.git.place import git
from tests.share.libraries import add, skill_text
from tests.share.shelf import SCRIPT
from tests.share.skills import commit

CHART = "Common/acme/skills/chart"


@pytest.fixture
def linked(cli: Run, shelved: Path) -> Path:
    """The repository with chart and notes linked in it, and notes and pdf in the home."""
    git("config", "remote.origin.url", "https://hush:token@github.com/ada/skills.git", cwd=shelved)
    for words in (["chart", "notes", "--project"], ["ada/pdf", "notes"]):
        assert cli("link", "claude", *words, cwd=shelved, env=ADA).code == 0
    return shelved


@pytest.fixture
def users() -> Path:
    """The lock file of the sealed home."""
    return npx_locks.file_of("user", Path())


def lock(cli: Run, top: Path) -> None:
    answer = cli("lock", "--npx", cwd=top)
    assert answer.code == 0, answer.err


def entries(file: Path) -> dict[str, Any]:
    said = json.loads(file.read_text())
    assert isinstance(said["skills"], dict)
    return said["skills"]


def test_a_project_s_file_is_as_npx_skills_writes_it(cli: Run, linked: Path) -> None:
    lock(cli, linked)
    text = skill_text("notes")
    acme = git("config", "submodule.Common/acme.url", cwd=linked)
    chart = hashlib.sha256(f"scripts/draw.sh{SCRIPT}SKILL.md{skill_text('chart')}".encode()).hexdigest()
    notes = hashlib.sha256(f"SKILL.md{text}".encode()).hexdigest()
    assert (
        (linked / "skills-lock.json").read_text()
        == f"""{{
  "version": 1,
  "skills": {{
    "chart": {{
      "source": "{acme}",
      "sourceType": "local",
      "skillPath": "skills/chart/SKILL.md",
      "computedHash": "{chart}"
    }},
    "notes": {{
      "source": "ada/skills",
      "sourceType": "github",
      "skillPath": "Users/ada/notes/SKILL.md",
      "computedHash": "{notes}"
    }}
  }}
}}
"""
    )


def test_a_home_s_file_is_as_gh_writes_it(cli: Run, linked: Path, users: Path) -> None:
    lock(cli, linked)
    said, repo = json.loads(users.read_text()), Repo.open(linked)
    assert (list(said), said["version"]) == (["version", "skills"], 3)
    entry = said["skills"]["pdf"]
    moment = entry["installedAt"]
    assert entry == {
        "source": "ada/skills",
        "sourceType": "github",
        "sourceUrl": "https://github.com/ada/skills.git",
        "skillPath": "Users/ada/pdf/SKILL.md",
        "skillFolderHash": folder_oid(repo, repo.tip("HEAD"), "Users/ada/pdf"),
        "installedAt": moment,
        "updatedAt": moment,
    }
    assert not users.read_text().endswith("\n")
    assert "hush" not in users.read_text() + (linked / "skills-lock.json").read_text()


def test_writing_again_changes_no_byte_and_an_update_only_what_it_is_about(cli: Run, linked: Path, users: Path) -> None:
    lock(cli, linked)
    before = users.read_bytes(), (linked / "skills-lock.json").read_bytes()
    lock(cli, linked)
    assert (users.read_bytes(), (linked / "skills-lock.json").read_bytes()) == before
    old = entries(users)
    commit(linked, {"Users/ada/pdf/SKILL.md": skill_text("pdf", license="MIT")})
    lock(cli, linked)
    new = entries(users)
    assert new["notes"] == old["notes"]
    changed = {key for key in new["pdf"] if new["pdf"][key] != old["pdf"][key]}
    assert changed == {"skillFolderHash", "updatedAt"}


def test_what_is_not_ours_stays(cli: Run, linked: Path, users: Path) -> None:
    theirs = {"source": "x/y", "sourceType": "github", "computedHash": "0", "odd": [1, None, False, "ü\u2028"]}
    ours = {"source": "ada/skills", "computedHash": "0", "ref": "v1", "odd": False}
    said = {"version": 1, "skills": {"zeta": theirs, "notes": ours, "alpha": theirs}, "more": {"a": 1}}
    add(linked, {"skills-lock.json": json.dumps(said)})
    dismissed = {"version": 3, "skills": {"zeta": theirs}, "dismissed": {"find": True}, "lastSelectedAgents": ["codex"]}
    add(users.parent, {users.name: json.dumps(dismissed)})
    lock(cli, linked)
    now = json.loads((linked / "skills-lock.json").read_text())
    assert list(now["skills"]) == ["alpha", "chart", "notes", "zeta"]
    assert (now["skills"]["zeta"], now["skills"]["alpha"], now["more"]) == (theirs, theirs, {"a": 1})
    assert list(now["skills"]["notes"]) == ["source", "ref", "sourceType", "skillPath", "computedHash", "odd"]
    assert (now["skills"]["notes"]["ref"], now["skills"]["notes"]["odd"]) == ("v1", False)
    home = json.loads(users.read_text())
    assert (home["dismissed"], home["lastSelectedAgents"]) == ({"find": True}, ["codex"])
    assert list(home["skills"]) == ["zeta", "pdf", "notes"] or list(home["skills"]) == ["zeta", "notes", "pdf"]


def test_an_entry_of_another_source_is_not_written_over(cli: Run, linked: Path) -> None:
    said = '{"version": 1, "skills": {"notes": {"source": "x/y", "computedHash": "0"}}}'
    add(linked, {"skills-lock.json": said})
    answer = cli("lock", "--npx", cwd=linked)
    assert (answer.code, "'notes' in" in answer.err, "is of 'x/y'" in answer.err) == (1, True, True)
    assert (linked / "skills-lock.json").read_text() == said


CONFLICT = """{
  "version": 1,
  "skills": {
%s ours
    "a": {"source": "x/a", "computedHash": "1"},
    "both": {"source": "x/b", "computedHash": "ours"}
%s=======
    "b": {"source": "x/c", "computedHash": "2"},
    "both": {"source": "x/b", "computedHash": "theirs"}
>>>>>>> theirs
  }
}
"""
STYLES = {
    "merge": CONFLICT % ("<<<<<<<", ""),
    "diff3": CONFLICT % ("<<<<<<<", "||||||| base\n    nothing that is JSON\n"),
    "CRLF": (CONFLICT % ("<<<<<<<", "")).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES.keys())
def test_conflict_markers_are_read_as_both_sides(tmp_path: Path, text: str) -> None:
    (tmp_path / "skills-lock.json").write_bytes(text.encode())
    said = npx_locks.read(tmp_path / "skills-lock.json", version=1)["skills"]
    assert isinstance(said, dict)
    assert {name: entry["computedHash"] for name, entry in said.items()} == {"a": "1", "both": "theirs", "b": "2"}


BROKEN = {
    "no JSON": "{",
    "a list": "[]",
    "skills that are a list": '{"version": 1, "skills": []}',
    "an older version": '{"version": 0, "skills": {}}',
    "a newer version": '{"version": 2, "skills": {}}',
    "a version that is a text": '{"version": "1", "skills": {}}',
    "one side that is broken": (CONFLICT % ("<<<<<<<", "")).replace('"x/a"', '"x/a'),
    "a conflict without an end": "{\n<<<<<<< ours\n",
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_be_read_is_said_and_left_alone(cli: Run, linked: Path, text: str) -> None:
    add(linked, {"skills-lock.json": text})
    answer = cli("lock", "--npx", cwd=linked)
    assert (answer.code, "skills-lock.json' " in answer.err, "Traceback" in answer.err) == (1, True, False)
    assert (linked / "skills-lock.json").read_text() == text


def test_an_empty_file_is_one_without_skills(cli: Run, linked: Path) -> None:
    add(linked, {"skills-lock.json": "\n"})
    lock(cli, linked)
    assert list(entries(linked / "skills-lock.json")) == ["chart", "notes"]


def test_a_link_in_a_project_is_not_followed(cli: Run, linked: Path, tmp_path: Path) -> None:
    outside = add(tmp_path / "out", {"x.json": '{"version": 1, "skills": {}}'}) / "x.json"
    (linked / "skills-lock.json").symlink_to(outside)
    answer = cli("lock", "--npx", cwd=linked)
    assert (answer.code, "too many levels of symbolic links" in answer.err) == (128, True)
    assert outside.read_text() == '{"version": 1, "skills": {}}'


PIPES = {
    "npx skills'": ("skills-lock.json", ["lock", "--npx"]),
    "ours, written": ("skillgit.lock", ["lock"]),
    "ours, read": ("skillgit.lock", ["ci"]),
    "ours, compared": ("skillgit.lock", ["verify"]),
}


@pytest.mark.parametrize(("name", "words"), PIPES.values(), ids=PIPES.keys())
def test_a_pipe_is_neither_read_nor_removed(cli: Run, linked: Path, name: str, words: list[str]) -> None:
    os.mkfifo(linked / name)
    answer = cli(*words, cwd=linked)
    assert (answer.code, name in answer.err, "Traceback" in answer.err) == (1, True, False)
    assert (linked / name).is_fifo()


def test_the_lock_that_gh_holds_is_waited_for(cli: Run, linked: Path, users: Path) -> None:
    add(users.parent, {users.name: '{"version": 3, "skills": {}}'})
    done = threading.Event()

    def write() -> None:
        lock(cli, linked)
        done.set()

    with users.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        writer = threading.Thread(target=write)
        writer.start()
        assert not done.wait(0.2)
        held.write('{"version": 3, "skills": {"gh": {"source": "x/y"}}}')
        held.truncate()
    writer.join(20)
    assert done.is_set()
    assert sorted(entries(users)) == ["gh", "notes", "pdf"]


def test_a_drift_from_the_lock_file_is_said(cli: Run, linked: Path, users: Path) -> None:
    lock(cli, linked)
    assert cli("verify", cwd=linked).code == 0
    for file, field in ((linked / "skills-lock.json", "computedHash"), (users, "skillFolderHash")):
        said = json.loads(file.read_text())
        said["skills"]["notes"][field] = "0"
        file.write_text(json.dumps(said))
    answer = cli("verify", cwd=linked)
    assert (answer.code, answer.out.count("it has 'notes' otherwise")) == (1, 2)


SOURCES = {
    "https://github.com/acme/skills": ("acme/skills", "github", "https://github.com/acme/skills.git"),
    "https://github.com/acme/skills.git/": ("acme/skills", "github", "https://github.com/acme/skills.git"),
    "git@github.com:acme/skills.git": ("acme/skills", "github", "https://github.com/acme/skills.git"),
    "ssh://git@gitlab.com/acme/more/skills": ("acme/more/skills", "gitlab", "https://gitlab.com/acme/more/skills.git"),
    "https://user@example.com/x.git": ("https://example.com/x.git", "git", "https://example.com/x.git"),
    "git@example.com:x.git": ("git@example.com:x.git", "git", "git@example.com:x.git"),
    "https://user:token@example.com/x.git": ("https://example.com/x.git", "git", "https://example.com/x.git"),
    "/srv/skills": ("/srv/skills", "local", "/srv/skills"),
    "": ("../skills", "local", "../skills"),
}


@pytest.mark.parametrize(("url", "said"), SOURCES.items(), ids=SOURCES.keys())
def test_an_address_is_said_as_these_tools_say_it(shelved: Path, url: str, said: tuple[str, str, str]) -> None:
    if url:
        git("config", "remote.origin.url", url, cwd=shelved)
    source = npx_locks.source_of(Repo.open(shelved), "Users/ada/pdf", shelved.parent / "shop")
    assert (source.source, source.kind, source.url) == said
    assert source.path == "Users/ada/pdf/SKILL.md"


def test_a_file_that_is_none_is_told_from_one_that_is_missing(tmp_path: Path) -> None:
    assert npx_locks.read(tmp_path / "x", version=3) == {"version": 3, "skills": {}}
    (tmp_path / "x").write_text("x")
    with pytest.raises(Invalid):
        npx_locks.read(tmp_path / "x", version=3)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here to compare with")
def test_paths_are_sorted_as_node_sorts_them() -> None:
    chance, letters = random.Random(1), "aAbBcZzéÉüжЖ019 _-,;:!?.'()[]{}@*&#%`^+<=>|~$/"
    lists = [
        ["".join(chance.choices(letters, k=chance.randint(1, 6))) for _ in range(chance.randint(2, 9))]
        for _ in range(3_000)
    ]
    program = "for (const l of JSON.parse(require('fs').readFileSync(0))) {l.sort((a, b) => a.localeCompare(b));"
    program += "console.log(JSON.stringify(l))}"
    done = subprocess.run(["node", "-e", program], input=json.dumps(lists).encode(), capture_output=True, check=True)
    sorted_by_node = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each for each in sorted_by_node if each != sorted(each, key=npx_locks.collation)] == []
