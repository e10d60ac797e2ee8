"""A work tree is brought along by a patch of oids: whatever the file is called, and whatever is in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from skillgit.git.message import Decision, encode
from skillgit.git.repo import Entry, Repo
from skillgit.git.transaction import Transaction, write
from tests.git.place import FIRST, NEW, SECOND, SKILL, files, git, put, sound, status

FOLDER = "Users/ada/release"
NAMES = {
    "plain": "notes.md",
    "a space at its end": "notes ",
    "a quote": 'the "notes".md',
    "a backslash": "a\\tnotes.md",
    "a tab and a newline": "a\tb\nc",
    "another script": "注释 é.md",
    "a dash in front": "-notes",
    "what a patch has in front of names": "a/b/notes.md",
    "what ends a header": "x differ",
}
CONTENTS = {
    "nothing": b"",
    "no newline at its end": b"notes",
    "a patch": b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
    "every byte": bytes(range(256)) * 300,
    "carriage returns": b"one\r\ntwo\r\n",
}


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What git was started for, from now on."""
    trace = tmp_path / "trace"
    trace.touch()
    monkeypatch.setenv("GIT_TRACE", str(trace))
    return trace.read_text


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_file_of_any_name_comes_changes_and_goes(
    repo: Repo, top: Path, started: Callable[[], str], name: str
) -> None:
    for content in (b"one\n", b"two\n", None):
        put(repo, {f"{FOLDER}/{name}": content})
        assert (content is not None) == (top / FOLDER / name).exists()
        assert content is None or (top / FOLDER / name).read_bytes() == content
        assert status(top) == []
    assert "read-tree" not in started()


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_a_file_of_any_bytes_comes_changes_and_goes(
    repo: Repo, top: Path, started: Callable[[], str], content: bytes
) -> None:
    for each in (content, b"other\n", content, None):
        put(repo, {f"{FOLDER}/notes": each})
        assert files(top).get(f"{FOLDER}/notes") == each and status(top) == []
    assert "read-tree" not in started()


@pytest.mark.parametrize(
    "config", ["apply.whitespace=error-all", "apply.ignoreWhitespace=change", "diff.noprefix=true"]
)
def test_settings_for_patches_change_nothing(repo: Repo, top: Path, config: str) -> None:
    git("config", *config.split("="), cwd=top)
    put(repo, {SKILL: b"trailing \n\n\n", NEW: b" \t \n"})
    assert (top / SKILL).read_bytes() == b"trailing \n\n\n" and status(top) == []


def test_a_file_has_the_line_ends_that_attributes_say(repo: Repo, top: Path) -> None:
    put(repo, {".gitattributes": b"* text eol=crlf\n"})
    for content in (SECOND, FIRST):
        put(repo, {SKILL: content})
        assert (top / SKILL).read_bytes() == content.replace(b"\n", b"\r\n") and status(top) == []


def test_a_file_is_made_executable_and_plain_again(repo: Repo, top: Path) -> None:
    for executable in (True, False):

        def body(tx: Transaction, executable: bool = executable) -> None:
            tx.commit(_said(), {SKILL: tx.file(FIRST, executable=executable)})

        write(repo, body)
        assert os.access(top / SKILL, os.X_OK) == executable and status(top) == []


def test_a_file_and_a_folder_take_each_others_place(repo: Repo, top: Path) -> None:
    file, inside = f"{FOLDER}/notes", f"{FOLDER}/notes/first.md"
    for path, gone in ((file, None), (inside, file), (file, inside)):
        put(repo, {path: b"one\n", **({gone: None} if gone else {})})
        assert (top / path).read_bytes() == b"one\n" and status(top) == []
    sound(top)


def test_a_link_is_brought_along_too(repo: Repo, top: Path) -> None:
    def body(tx: Transaction) -> None:
        tx.commit(_said(), {SKILL: Entry(tx.file(b"../report/SKILL.md").oid, 0o120000), NEW: tx.file(b"# Fresh\n")})

    write(repo, body)
    assert (top / SKILL).readlink() == Path("../report/SKILL.md") and (top / NEW).is_file() and status(top) == []


def _said() -> str:
    return encode(Decision("edit", FOLDER, "by a test", after="0.1.1"))
