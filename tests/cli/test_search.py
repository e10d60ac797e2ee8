"""Searching from the command line: many queries at once, conversations, other commits, models, what is counted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import shop
from tests.cli.shop import ADA, FRIDAY, MONDAY
from tests.conftest import Run
from tests.git.place import git
from tests.models.server import says, serving, status

QUERY = "write release notes"
FOUND = "ada/release-notes"
REPORT = """\
User: Write a government report about rivers.
Assistant: Done.
User: In government reports, always cite a source for every figure.
"""


@pytest.fixture(autouse=True)
def words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No vectors: they take half a second of each process, and are asked for elsewhere."""
    monkeypatch.setenv("SKILLGIT_EMBEDDER", "none")


@pytest.fixture
def top(cli: Run, tmp_path: Path) -> Path:
    return shop.library(cli, tmp_path / "lib")


def rows(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


LINES = {
    "no JSON": ("release notes", "is no JSON"),
    "cut off": ('{"id": 1, "query": "rel', "is no JSON"),
    "a list": ("[1]", "has no id"),
    "no id": ('{"query": "release notes"}', "has no id"),
    "no query": ('{"id": 1}', "has no query"),
    "a number for a query": ('{"id": 1, "query": 2}', "has no query"),
    "an empty line": ("", "is no JSON"),
    "too deep": ("[" * 100_000, "is no JSON"),
}


@pytest.mark.parametrize(("line", "problem"), LINES.values(), ids=LINES.keys())
def test_a_line_that_is_no_query_is_named_and_the_others_are_answered(
    cli: Run, top: Path, line: str, problem: str
) -> None:
    given = "\n".join(['{"id": "a", "query": "write release notes"}', line, '{"id": null, "query": "bake a cake"}'])
    answer = cli("search", "--queries", "-", cwd=top, stdin=given, env=ADA)
    assert (answer.code, answer.err) == (1, f"error: -: line 2 {problem}\n")
    first, last = rows(answer.out)
    assert [hit.keys() for hit in first["hits"]] == [{"skill", "version", "score"}]  # type: ignore[attr-defined]
    assert first["id"] == "a" and first["hits"][0]["skill"] == FOUND  # type: ignore[index]
    assert last == {"id": None, "hits": []}


def test_each_query_is_answered_as_soon_as_it_is_read(top: Path) -> None:
    words = [sys.executable, "-m", "skillgit", "search", "--queries", "-"]
    env = {**os.environ, **ADA}
    with subprocess.Popen(words, cwd=top, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asked:
        assert asked.stdin is not None and asked.stdout is not None
        for number in range(3):
            asked.stdin.write(f'{{"id": {number}, "query": "release notes"}}\n'.encode())
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["id"] == number
        asked.stdin.close()
        assert asked.wait() == 0


def test_one_query_and_many_have_the_same_hits(cli: Run, top: Path) -> None:
    alone = rows(cli("search", "--json", "--explain", QUERY, cwd=top, env=ADA).out)
    given = json.dumps({"id": 0, "query": QUERY})
    many = rows(cli("search", "--queries", "-", "--explain", cwd=top, stdin=given, env=ADA).out)
    assert many == [{"id": 0, "hits": [{k: row[k] for k in row if k not in ("description", "line")} for row in alone]}]


WRONG = {
    "nothing to ask": (["search"], "it takes a QUERY or --transcript FILE, and not both"),
    "two things to ask": (["search", "x", "--transcript", "-"], "it takes a QUERY or --transcript FILE, and not both"),
    "many and one": (["search", "x", "--queries", "-"], "--queries takes no QUERY and no --transcript"),
    "a model for no conversation": (["search", "x", "--model"], "--model goes with --transcript"),
    "no model": (["context", "x", "--model"], "no model is configured"),
    "no form": (["context", "x", "--form", "xml"], "no form 'xml'"),
    "no scope": (["context", "x", "--scope", "mine"], "no scope 'mine'"),
    "no words of usage": (["usage", "recrod", "x"], "'recrod' is not how usage is recorded"),
    "nothing to record": (["usage", "record"], "'record' is not how usage is recorded"),
}


@pytest.mark.parametrize(("words", "message"), WRONG.values(), ids=WRONG.keys())
def test_wrong_words_exit_2_with_what_is_wrong(cli: Run, top: Path, words: list[str], message: str) -> None:
    answer = cli(*words, cwd=top, env=ADA)
    assert (answer.code, answer.out, answer.err.splitlines()[0]) == (2, "", f"error: {message}")


@pytest.mark.parametrize("command", ["search", "context"])
def test_a_conversation_is_asked_in_any_format(cli: Run, top: Path, command: str) -> None:
    turns = [("user", "Write the release notes."), ("assistant", "Done."), ("user", "Again, for 2.5")]
    chat = json.dumps({"messages": [{"role": role, "content": text} for role, text in turns]})
    plain = "".join(f"{role.capitalize()}: {text}\n" for role, text in turns)
    for given in (chat, plain):
        answer = cli(command, "--transcript", "-", cwd=top, stdin=given, env=ADA)
        assert (answer.code, answer.err) == (0, "query: Write the release notes. , for 2.5\n")
        assert "release-notes" in answer.out


UNASKED = {
    "no file": ("", "nowhere.txt", 128, "cannot read 'nowhere.txt': no such file or directory"),
    "two conversations": (
        '{"messages": [{"role": "user", "content": "a"}]}\n' * 2,
        "-",
        2,
        "'-' holds 2 conversations",
    ),
    "no user": ('{"messages": [{"role": "assistant", "content": "a"}]}', "-", 128, "the user asks nothing in '-'"),
}


@pytest.mark.parametrize(("given", "file", "code", "message"), UNASKED.values(), ids=UNASKED.keys())
def test_a_transcript_that_asks_nothing_is_refused(
    cli: Run, top: Path, given: str, file: str, code: int, message: str
) -> None:
    answer = cli("search", "--transcript", file, cwd=top, stdin=given, env=ADA)
    assert (answer.code, answer.out) == (code, "")
    assert message in answer.err


def test_an_earlier_commit_answers_and_nothing_is_checked_out_or_counted(cli: Run, top: Path) -> None:
    git("tag", "v1", cwd=top)
    cli("ingest", "-", cwd=top, stdin=FRIDAY, env=ADA)
    cli("remove", FOUND, cwd=top, env=ADA)
    assert cli("search", QUERY, cwd=top, env=ADA).code == 1
    head, status_ = git("rev-parse", "HEAD", cwd=top), git("status", "--porcelain", cwd=top)
    for rev, version in {"v1": "0.1.0", "HEAD~1": "0.1.1"}.items():
        assert rows(cli("search", "--json", QUERY, "--at", rev, cwd=top, env=ADA).out)[0]["version"] == version
        assert f'version="{version}"' in cli("context", QUERY, "--at", rev, cwd=top, env=ADA).out
    assert (git("rev-parse", "HEAD", cwd=top), git("status", "--porcelain", cwd=top)) == (head, status_)
    assert cli("usage", cwd=top, env=ADA).err == "nothing was counted yet\n"


def test_a_model_writes_the_query_and_chooses(cli: Run, top: Path) -> None:
    with serving(says('{"query": "release notes"}'), says('{"skills": [1]}'), says('{"skills": []}')) as server:
        env = {**ADA, "SKILLGIT_MODEL": "vllm/x", "SKILLGIT_MODEL_URL": server.url}
        chosen = cli("context", "--transcript", "-", "--model", cwd=top, stdin=MONDAY, env=env)
        none = cli("context", QUERY, "--model", cwd=top, env=env)
    assert (chosen.code, chosen.err) == (0, "query: release notes\n")
    assert chosen.out.startswith('<skill_content name="release-notes"')
    assert (none.code, none.out, none.err) == (1, "", "none of the skills that were found is for that\n")


def test_where_the_model_fails_the_rules_do_and_that_is_said(cli: Run, top: Path) -> None:
    with serving(status(400)) as server:
        env = {**ADA, "SKILLGIT_MODEL": "vllm/x", "SKILLGIT_MODEL_URL": server.url}
        answer = cli("context", QUERY, "--model", cwd=top, env=env)
    assert answer.code == 0
    assert answer.err.startswith("note: chosen by score, as the model did not: ")
    assert answer.out == cli("context", QUERY, cwd=top, env=ADA).out


def test_no_model_is_asked_unless_that_is_asked_for(cli: Run, top: Path) -> None:
    with serving(says("{}")) as server:
        env = {**ADA, "SKILLGIT_MODEL": "vllm/x", "SKILLGIT_MODEL_URL": server.url}
        assert cli("context", "--transcript", "-", cwd=top, stdin=MONDAY, env=env).code == 0
    assert server.requests == []


def test_usage_is_counted_by_user_and_version(cli: Run, top: Path) -> None:
    cli("search", QUERY, cwd=top, env=ADA)
    cli("context", QUERY, cwd=top, env=ADA)
    cli("search", "bake a cake", cwd=top, env=ADA)
    cli("search", "--queries", "-", cwd=top, stdin='{"id": 1, "query": "release notes"}', env=ADA)
    assert cli("usage", "record", "release-notes", f"{FOUND}@0.1.0", cwd=top, env=ADA).code == 0
    (row,) = rows(cli("usage", "--json", cwd=top, env=ADA).out)
    assert {key: row[key] for key in row if key not in ("first", "last")} == {
        "user": "ada",
        "skill": FOUND,
        "version": "0.1.0",
        "retrieved": 2,
        "injected": 1,
        "used": 2,
    }
    assert cli("usage", "--user", "bob", "--json", cwd=top).out == ""


def test_a_model_says_which_skills_the_answers_of_a_conversation_followed(cli: Run, top: Path, tmp_path: Path) -> None:
    file = tmp_path / "chat.txt"
    file.write_text("User: Write the release notes for 2.6.\nAssistant: Breaking changes first: none.\n")
    rule = "List breaking changes first in release notes"
    said = {"skill": 1, "rule": rule, "quote": "Breaking changes first"}
    with serving(says(json.dumps({"followed": [said]}))) as server:
        env = {**ADA, "SKILLGIT_MODEL": "vllm/x", "SKILLGIT_MODEL_URL": server.url}
        done = cli("usage", "audit", file, cwd=top, env=env)
    assert done.out == f'{file}: used {FOUND}@0.1.0: {rule} ("Breaking changes first")\n', done.err
    (row,) = rows(cli("usage", "--json", cwd=top, env=ADA).out)
    assert (row["skill"], row["used"]) == (FOUND, 1)
    assert cli("usage", "audit", file, cwd=top, env=ADA).err.startswith("error: no model is configured\n")


@pytest.mark.parametrize("skill", ["nope", f"{FOUND}@9.9.9"])
def test_what_was_never_there_was_never_used(cli: Run, top: Path, skill: str) -> None:
    answer = cli("usage", "record", skill, cwd=top, env=ADA)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: no ")


def test_a_search_goes_on_where_usage_cannot_be_counted(cli: Run, top: Path) -> None:
    (top / ".git" / "skillgit" / "usage.db").mkdir()
    answer = cli("search", QUERY, cwd=top, env=ADA)
    assert (answer.code, answer.err) == (0, "note: usage is not counted: unable to open database file\n")
    assert FOUND in answer.out


def test_a_skill_that_is_never_of_use_is_suggested_for_archiving_and_stays(cli: Run, top: Path) -> None:
    cli("ingest", "-", cwd=top, stdin=REPORT, env=ADA)
    cli("usage", "record", "government-report", cwd=top, env=ADA)
    for _ in range(20):
        cli("context", QUERY, cwd=top, env=ADA)
    stale = cli("usage", "--stale", cwd=top, env=ADA)
    assert stale.out == f"{FOUND}  in 20 prompts, and never used\n"
    assert stale.err == "hint: 'skillgit remove SKILL' archives one; 'skillgit revert SKILL' brings it back\n"
    assert cli("usage", cwd=top, env=ADA).err == "hint: 1 skill may be archived: 'skillgit usage --stale' says why\n"
    assert rows(cli("usage", "--stale", "--json", cwd=top, env=ADA).out) == [
        {"skill": FOUND, "reason": "in 20 prompts, and never used"}
    ]
    assert FOUND in cli("list", cwd=top, env=ADA).out
